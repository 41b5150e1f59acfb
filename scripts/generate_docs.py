"""Writes the generated tables of docs/OPERATIONS.md from the code they describe; `--check` only says whether they are true.

python scripts/generate_docs.py [--check]
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "OPERATIONS.md"


def settings_table() -> list[str]:
    """Return the table of NEWSBOT_ settings: name, default, and the comment above each group."""
    rows = ["| setting | default | what it does |", "|---|---|---|"]
    comment: list[str] = []
    follows_comment = False
    for line in (ROOT / "newsbot" / "settings.py").read_text(encoding="utf-8").splitlines():
        found = re.match(r'(NEWSBOT_\w+) = _setting\("\w+", (.+)\)$', line)
        if found:
            rows.append(f"| `{found[1]}` | `{ast.literal_eval(found[2])}` | {' '.join(comment)} |")
        elif line.startswith("# ----"):
            comment = []
        elif line.startswith("#"):
            # A comment after a setting begins a new group; lines of one group run on.
            comment = [*comment, line[2:]] if follows_comment else [line[2:]]
        follows_comment = line.startswith("#") and not line.startswith("# ----")
    return rows


def outcomes_table() -> list[str]:
    """Return the table of outcomes: value and sentence."""
    return [
        "| outcome | what became of the URL |",
        "|---|---|",
        *(f"| {name} | {text} |" for name, text in _members("Outcome")),
    ]


def _members(name: str) -> Iterator[tuple[str, str]]:
    tree = ast.parse((ROOT / "newsbot" / "outcomes.py").read_text(encoding="utf-8"))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name).body
    for member, text in pairwise(body):
        if isinstance(member, ast.Assign) and isinstance(text, ast.Expr):
            yield ast.literal_eval(member.value), " ".join(str(ast.literal_eval(text.value)).split())


TABLES: dict[str, Callable[[], list[str]]] = {"settings": settings_table, "outcomes": outcomes_table}


def generate(text: str) -> str:
    """Return the page with each table between its markers made anew."""
    for name, table in TABLES.items():
        pattern = rf"(<!-- generated: {name} -->\n).*?(<!-- end -->)"
        made = "\n".join(table()) + "\n"
        text = re.sub(pattern, lambda found, made=made: found[1] + made + found[2], text, flags=re.DOTALL)
    return text


def main() -> int:
    """Write the page, or check it; 1 where it is out of date."""
    old = PAGE.read_text(encoding="utf-8")
    new = generate(old)
    if "--check" in sys.argv[1:]:
        if new != old:
            print(f"{PAGE} is out of date; run python scripts/generate_docs.py", file=sys.stderr)
        return int(new != old)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
