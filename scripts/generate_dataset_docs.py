"""Writes the data dictionary of docs/DATASET.md from Article's field texts and the schema; `--check` only says whether it is true.

python scripts/generate_dataset_docs.py [--check]
"""

from __future__ import annotations

import ast
import re
import sys
from itertools import pairwise
from pathlib import Path

from newsbot.dataset.schema import SCHEMA

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "DATASET.md"
PARTITION = (
    "The partition: the UTC day of `date_published`, else of `first_seen_at`, as YYYY-MM-DD. Stands in the folder's name, "
    "not in the file."
)


def field_texts() -> dict[str, str]:
    """Return the text under each field of Article."""
    tree = ast.parse((ROOT / "newsbot" / "items.py").read_text(encoding="utf-8"))
    article = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Article")
    texts = {}
    for member, text in pairwise(article.body):
        if (
            isinstance(member, ast.AnnAssign)
            and isinstance(member.target, ast.Name)
            and isinstance(text, ast.Expr)
        ):
            texts[member.target.id] = " ".join(str(ast.literal_eval(text.value)).split()).replace("|", r"\|")
    return texts


def short(kind: object) -> str:
    """Return an Arrow type as one reads it."""
    return re.sub(r"(item|element): ", "", str(kind)).replace(" ('", "<").replace("')", ">")


def dictionary() -> str:
    """Return the table of columns. Raises KeyError for a column without a text."""
    texts = field_texts()
    rows = [f"| `{field.name}` | `{short(field.type)}` | {texts[field.name]} |" for field in SCHEMA]
    rows.append(f"| `date` | `string` | {PARTITION} |")
    return "\n".join(
        [
            "| column | Arrow type | meaning, and what stands there where nothing was found |",
            "|---|---|---|",
            *rows,
        ]
    )


def generate(page: str) -> str:
    """Return the page with the table between its markers made anew."""
    made = f"<!-- generated: dictionary -->\n{dictionary()}\n<!-- end -->"
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
