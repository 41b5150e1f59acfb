"""Names the language of an article: the declared one if its script fits the text, else the one detected; used by normalize()."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

SAMPLE = 600
"""Characters that detection reads: py3langid takes 0.3 ms for them and names no more of 934 labelled pages rightly from 2,000."""
ENOUGH = 40
"""Letters below which no language is detected."""

_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(?:-[a-z0-9]{1,8})*", re.IGNORECASE)
# Most texts hold none but those of general punctuation: looking for one is a fifth of sorting out the letters.
_NOT_LATIN_LETTER = re.compile("[^\x00-\u024f\u2000-\u206f]")
_OBSOLETE = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "mo": "ro",
    "jp": "ja",
    "cn": "zh",
    "ua": "uk",
    "cz": "cs",
    "gr": "el",
    "kr": "ko",
    "dk": "da",
}
"""Withdrawn codes, and country codes that sites write for the language; none of them is another language's code of ISO 639-1."""
_SCRIPTS = {
    "CYRILLIC": {
        "ru",
        "uk",
        "be",
        "bg",
        "sr",
        "mk",
        "kk",
        "ky",
        "mn",
        "tg",
        "tt",
        "ba",
        "cv",
        "os",
        "uz",
        "az",
        "bs",
        "sh",
        "cnr",
        "ce",
        "ab",
    },
    "ARABIC": {"ar", "fa", "ur", "ps", "ckb", "ku", "sd", "ug", "pa", "ks", "az", "arz", "dv", "ms", "pnb"},
    "GREEK": {"el"},
    "HEBREW": {"he", "yi"},
    "DEVANAGARI": {"hi", "mr", "ne", "sa", "kok", "mai", "bho", "sd", "ks"},
    "THAI": {"th"},
    "HANGUL": {"ko"},
    "HIRAGANA": {"ja"},
    "KATAKANA": {"ja"},
    "CJK": {"zh", "ja", "ko", "yue"},
    "GEORGIAN": {"ka"},
    "ARMENIAN": {"hy"},
    "BENGALI": {"bn", "as"},
    "TAMIL": {"ta"},
    "TELUGU": {"te"},
    "GUJARATI": {"gu"},
    "KANNADA": {"kn"},
    "MALAYALAM": {"ml"},
    "GURMUKHI": {"pa"},
    "ETHIOPIC": {"am", "ti"},
    "KHMER": {"km"},
    "LAO": {"lo"},
    "MYANMAR": {"my"},
    "SINHALA": {"si"},
}
_NOT_LATIN = frozenset(
    [
        "ru",
        "uk",
        "be",
        "bg",
        "mk",
        "ar",
        "fa",
        "ur",
        "he",
        "el",
        "th",
        "ko",
        "ja",
        "zh",
        "hi",
        "mr",
        "ne",
        "bn",
        "ta",
        "te",
        "gu",
        "kn",
        "ml",
        "ka",
        "hy",
        "am",
        "km",
        "lo",
        "my",
        "si",
    ]
)


def fold_tag(tag: str | None) -> str | None:
    """Return a language tag in BCP 47's case (`pt-BR`, `zh-Hant`), from forms such as `pt_br` too; None where it is none."""
    match = _TAG.fullmatch((tag or "").split(",")[0].strip().replace("_", "-").split(".")[0])
    if match is None or match[1].lower() in ("und", "mul", "zxx", "mis"):
        return None
    language, script, region = match[1].lower(), match[2], match[3]
    parts = [_OBSOLETE.get(language, language), script and script.capitalize(), region and region.upper()]
    return "-".join(part for part in parts if part)


def script_of(text: str) -> str | None:
    """Return the script most of the letters are in, as Unicode names it; None without letters."""
    sample = text[:400]
    if _NOT_LATIN_LETTER.search(sample) is None:
        return "LATIN" if any(map(str.isalpha, sample)) else None
    letters = "".join(filter(str.isalpha, sample))
    if letters and max(letters) < "\u0250":
        return "LATIN"
    counts = Counter(unicodedata.name(char, "?").split(" ", 1)[0].split("-")[0] for char in letters)
    return counts.most_common(1)[0][0] if counts else None


def fits(tag: str, text: str) -> bool:
    """Tell whether a language is written in the script of the text: a German template around a Russian text declares wrongly."""
    primary = tag.split("-", maxsplit=1)[0]
    script = script_of(text)
    if script == "LATIN":
        return primary not in _NOT_LATIN or "-Latn" in tag
    return script not in _SCRIPTS or primary in _SCRIPTS[script]


def detect(text: str) -> str | None:
    """Return the primary subtag of the text's language by py3langid; None for less than a few words."""
    if sum(char.isalpha() for char in text[:SAMPLE]) < ENOUGH:
        return None
    # Imported here: the model takes 0.6 s to load and most pages declare their language.
    import py3langid  # noqa: PLC0415

    return str(py3langid.classify(text[:SAMPLE])[0])
