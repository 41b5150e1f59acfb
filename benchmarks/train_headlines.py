"""Trains the headline model: `python -m benchmarks.train_headlines FOLDER` writes newsbot/extract/headlines.json (deterministic,
a minute).

FOLDER holds folders of labelled pages (`truth.jsonl` beside `<id>.html.gz`). A conditional logit over the candidates of a page: the
probability of a candidate is the softmax of its weighted features; L2 keeps weights small. The file names its corpora and the share
of right picks by cross-validation, grouped by registered domain. Needs scipy (extra `train`).
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from benchmarks.logit import Group, Task, run
from benchmarks.pages import read_folder
from newsbot.exceptions import InputError
from newsbot.extract.decode import decode
from newsbot.extract.headline_features import features
from newsbot.extract.headlines import list_choices
from newsbot.extract.marked import Marked
from newsbot.extract.signals import read_signals
from newsbot.extract.tree import parse
from newsbot.normalize.headline import cut_site_name

MODEL = Path(__file__).resolve().parent.parent / "newsbot" / "extract" / "headlines.json"
TRUST = {"trafilatura": 0.3}
"""Weight of a corpus' pages; 1 if not named. This one has forums, shops and wikis too: at 0.3 it raises the right picks on
fundus by 1.7 points and on wcxb by 0.8 (means of six divisions into folds), at 1 by no more."""
STRENGTH = 2.0
FOLD = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("–—‑−", "-"),
        **dict.fromkeys("\u00ad\u200b\ufeff"),
        "…": "...",
    }
)


def same(text: str) -> str:
    """Return the text as the evaluation compares it."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).translate(FOLD)).strip().casefold()


def read_groups(folder: Path, weight: float) -> list[Group]:
    """Return domain, candidate features, which are right, and weight of each page with a known headline."""
    groups: list[Group] = []
    for labelled in read_folder(folder):
        title, page = labelled.truth.get("title"), labelled.page()
        if not title:
            continue
        try:
            signals = read_signals(Marked(parse(decode(page).text)), page, None)
        except InputError:
            continue
        choices = list_choices(signals)
        names = [*signals.graph.site_names, signals.declared.first("og:site_name") or ""]
        right = [same(cut_site_name(choice.text, names)) == same(title) for choice in choices]
        groups.append((labelled.domain, features(choices, signals), right, weight))
    return groups


def main() -> None:
    """Train on every page below a folder whose headline is known, and write the model."""
    run(Task(__doc__ or "", read_groups, MODEL, "newsbot/extract/headline_features.py", TRUST, STRENGTH))


if __name__ == "__main__":
    main()
