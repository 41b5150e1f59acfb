"""Writes a first publisher file for each line of a JSON Lines file of facts; files that are there are left as they are.

    python scripts/generate_publishers.py FACTS.jsonl [FOLDER]

Each line has name, country (ISO 3166), url and sources (kind, url, languages). It was run once for the publishers that are shipped,
which have been cared for by hand since.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Facts = dict[str, Any]

# Countries with one zone, or whose listed publishers share one; the others are named one by one below.
ZONES = {
    "at": "Europe/Vienna", "au": "Australia/Sydney", "be": "Europe/Brussels", "ca": "America/Toronto",
    "ch": "Europe/Zurich", "cn": "Asia/Shanghai",
    "cz": "Europe/Prague", "de": "Europe/Berlin", "dk": "Europe/Copenhagen", "es": "Europe/Madrid", "fr": "Europe/Paris",
    "gb": "Europe/London", "gl": "America/Nuuk", "id": "Asia/Jakarta", "il": "Asia/Jerusalem", "in": "Asia/Kolkata",
    "is": "Atlantic/Reykjavik", "it": "Europe/Rome", "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "lb": "Asia/Beirut",
    "li": "Europe/Vaduz", "ls": "Africa/Maseru", "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg", "mx": "America/Mexico_City",
    "my": "Asia/Kuala_Lumpur", "na": "Africa/Windhoek", "no": "Europe/Oslo", "pl": "Europe/Warsaw", "pt": "Europe/Lisbon",
    "py": "America/Asuncion", "ru": "Europe/Moscow", "se": "Europe/Stockholm", "tr": "Europe/Istanbul", "tw": "Asia/Taipei",
    "tz": "Africa/Dar_es_Salaam", "ua": "Europe/Kyiv", "us": "America/New_York", "vn": "Asia/Ho_Chi_Minh",
    "za": "Africa/Johannesburg",
}  # fmt: skip
# By host: newsrooms outside the zone of the most, and those that date their pages otherwise.
ZONES_BY_HOST = {
    "nine.com.au": "Australia/Sydney",
    "thewest.com.au": "Australia/Perth",
    "theprovince.com": "America/Vancouver",
    "latimes.com": "America/Los_Angeles",
    "techcrunch.com": "America/Los_Angeles",
    "thegatewaypundit.com": "America/Chicago",
    "reuters.com": "UTC",
    # All editions are dated in the time of the newsroom in Lyon.
    "euronews.com": "Europe/Paris",
    "de.euronews.com": "Europe/Paris",
}
# Order of dates in figures; not set where a country's publishers write both.
ORDERS = {
    "MDY": "us",
    "YMD": "cn jp kr lt tw",
    "DMY": "at au be ch cz de dk es fr gb gl id il in is it lb li ls lu my na no pl pt py ru tr tz ua vn za",
}
# Names by host where the title would give a long or an ambiguous one.
NAMES = {
    "20min.ch": "20min", "aa.com.tr": "aa-tr", "abc.es": "abc-es", "apnews.com": "apnews", "bbc.co.uk": "bbc",
    "boersen-zeitung.de": "boersen-zeitung", "br.de": "br24", "businessinsider.com": "businessinsider-us",
    "businessinsider.de": "businessinsider-de", "canada.com": "canada-com", "citizen.co.za": "citizen-za",
    "dailynews.co.tz": "dailynews-tz", "dailystar.co.uk": "dailystar", "db.no": "dagbladet", "de.euronews.com":
    "euronews-de", "dw.com": "dw", "elmundo.es": "elmundo", "elpais.com": "elpais", "euronews.com": "euronews-en",
    "express.co.uk": "express-uk", "faz.net": "faz", "focus.de": "focus-online", "fr.de": "fr-online",
    "fr.euronews.com": "euronews-fr", "freitag.de": "der-freitag", "independent.co.uk": "independent-uk",
    "inews.co.uk": "inews", "kicker.de": "kicker-online", "lavanguardia.com": "lavanguardia", "lbcgroup.tv":
    "lbcgroup", "lrt.lt": "lrt", "lto.de": "lto", "mbl.is": "mbl", "mdr.de": "mdr", "merkur.de": "merkur",
    "metro.co.uk": "metro-uk", "mirror.co.uk": "mirror-uk", "mk.co.kr": "mk-kr", "mz.de": "mz-de", "n-tv.de":
    "n-tv", "nature.com": "nature-news", "ndr.de": "ndr", "netzpolitik.org": "netzpolitik", "nine.com.au":
    "nine-news", "nrk.no": "nrk", "ntv.com.tr": "ntv-tr", "nzz.ch": "nzz", "orf.at": "orf", "people.com.cn":
    "people-cn", "politico.eu": "politico-eu", "pravda.com.ua": "ukrainska-pravda", "publico.es": "publico",
    "rp.pl": "rp-pl", "sn.at": "sn-at", "spiegel.de": "spiegel", "srf.ch": "srf", "standard.co.uk": "standard-uk",
    "stern.de": "stern", "sueddeutsche.de": "sueddeutsche", "tageblatt.lu": "tageblatt-lu", "tageszeitung.it":
    "tageszeitung-it", "taz.de": "taz", "timesofindia.indiatimes.com": "timesofindia", "vg.no": "vg-no",
    "voanews.com": "voanews", "vogue.de": "vogue-de", "washingtonpost.com": "washingtonpost", "waz.de": "waz",
    "welt.de": "welt", "wired.com": "wired-us", "wort.lu": "wort-lu", "www1.wdr.de": "wdr", "zeit.de": "zeit",
}  # fmt: skip
_KINDS = {"feed": 0, "news_sitemap": 1, "section": 2, "sitemap": 3, "archive": 4}
_RECENT = re.compile(r"recent|latest|48hrs|today|yesterday|news", re.IGNORECASE)
_MONTHLY = re.compile(r"(?<!\d)20[0-2]\d([-/]?)(?:0[1-9]|1[0-2])(?!\d)")
_YEARLY = re.compile(r"(?<!\d)20[0-2]\d(?!\d)")
_DAILY = re.compile(r"(?<!\d)20[0-2]\d([-/]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)")


def host_of(url: str) -> str:
    """Return the host of a URL without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def name_of(facts: Facts) -> str:
    """Return the registry name: of the table, else the host's first label, which is how people call most of them."""
    host = host_of(facts["url"])
    if host in NAMES:
        return NAMES[host]
    plain = unicodedata.normalize("NFKD", host.partition(".")[0]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def zone_of(facts: Facts) -> str:
    """Return the zone in which its pages are dated."""
    return ZONES_BY_HOST.get(host_of(facts["url"]), ZONES[facts["country"]])


def order_of(country: str) -> str | None:
    """Return the order of dates in figures, or None where a country's publishers write both."""
    return next((order for order, countries in ORDERS.items() if country in countries.split()), None)


def languages_of(facts: Facts) -> list[str]:
    """Return the languages, the one of most sources first."""
    counts: dict[str, int] = {}
    for source in facts["sources"]:
        for language in source["languages"]:
            counts[language] = counts.get(language, 0) + 1
    return sorted(counts, key=lambda language: (-counts[language], language))


def sources_of(facts: Facts) -> list[dict[str, Any]]:
    """Return the sources: those that announce news first, archives read in backfills only, dated ones as one template."""
    found: dict[str, dict[str, Any]] = {}
    for given in facts["sources"]:
        source = {"kind": given["kind"], "url": given["url"]}
        template = template_of(given["url"])
        if template:
            source = {"kind": "archive", "url": template}
        if len(given["languages"]) == 1 and given["languages"] != languages_of(facts)[:1]:
            source["language"] = given["languages"][0]
        found.setdefault(source["url"], source)
    sources = list(found.values())
    is_fresh = any(source["kind"] in {"feed", "news_sitemap"} for source in sources)
    for source in sources:
        is_old = source["kind"] == "sitemap" and not _RECENT.search(urlsplit(source["url"]).path)
        if is_old or (source["kind"] == "archive" and is_fresh):
            source["backfill"] = True
    if all(source.get("backfill") for source in sources):
        sources.append({"kind": "section", "url": facts["url"].rstrip("/") + "/"})
    return sorted(sources, key=lambda source: _KINDS[source["kind"]])


def template_of(url: str) -> str | None:
    """Return the template of a sitemap whose address names a day, month or year, or None."""
    if _DAILY.search(url):
        return _DAILY.sub(r"{year}\1{month:02}\1{day:02}", url)
    if re.search(r"yyyy=\d{4}&mm=\d+&dd=\d+", url):
        return re.sub(r"yyyy=\d{4}&mm=\d+&dd=\d+", "yyyy={year}&mm={month:02}&dd={day:02}", url)
    if _MONTHLY.search(url):
        return _MONTHLY.sub(r"{year}\1{month:02}", url)
    return _YEARLY.sub("{year}", url) if _YEARLY.search(url) else None


def text_of(facts: Facts) -> str:
    """Return the file."""
    lines = [
        f"title = {json.dumps(facts['name'], ensure_ascii=False)}",
        f'country = "{facts["country"]}"',
        f'site = "{facts["url"].rstrip("/")}"',
        f"languages = {json.dumps(languages_of(facts))}",
        f'time_zone = "{zone_of(facts)}"',
    ]
    order = order_of(facts["country"])
    if order:
        lines.append(f'date_order = "{order}"')
    if facts.get("was_marked_unreachable"):
        lines.insert(0, "# Was marked unreachable where these facts were read, in 2026.")
    for source in sources_of(facts):
        lines += ["", "[[sources]]", *(f"{key} = {json.dumps(value)}" for key, value in source.items())]
    return "\n".join(lines) + "\n"


def main(words: list[str]) -> int:
    """Write the files and say how many; return the exit status."""
    if not words:
        print(__doc__, file=sys.stderr)
        return 64
    folder = Path(words[1] if len(words) > 1 else "newsbot/publishers")
    written = kept = 0
    for line in Path(words[0]).read_text(encoding="utf-8").splitlines():
        facts = json.loads(line)
        path = folder / facts["country"] / f"{name_of(facts)}.toml"
        if path.exists():
            kept += 1
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(facts), encoding="utf-8")
        written += 1
    print(f"{written} files written, {kept} were there")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
