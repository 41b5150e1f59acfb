"""Writes the data dictionary of docs/DATASET.md from Article's field texts and the schema; `--check` only says whether it is true.

python scripts/generate_dataset_docs.py [--check]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from newsbot.dataset.dictionary import dictionary

PAGE = Path(__file__).resolve().parent.parent / "docs" / "DATASET.md"


def table() -> str:
    """Return the table of columns."""
    rows = [
        f"| `{column.name}` | `{column.type}` | {column.text.replace('|', '&#124;')} |"
        for column in dictionary()
    ]
    return "\n".join(
        [
            "| column | Arrow type | meaning, and what stands there where nothing was found |",
            "|---|---|---|",
            *rows,
        ]
    )


def generate(page: str) -> str:
    """Return the page with the table between its markers made anew."""
    made = f"<!-- generated: dictionary -->\n{table()}\n<!-- end -->"
    return re.sub(r"<!-- generated: dictionary -->\n.*?<!-- end -->", lambda _: made, page, flags=re.DOTALL)


def main() -> int:
    """Write the page, or check it; 1 where it is out of date."""
    old = PAGE.read_text(encoding="utf-8")
    new = generate(old)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(new, encoding="utf-8")
    elif new != old:
        print(f"{PAGE} is out of date; run python scripts/generate_dataset_docs.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
