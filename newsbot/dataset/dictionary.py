"""The data dictionary: each column with its Arrow type and the text under its field in newsbot/items.py."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from itertools import pairwise

from newsbot import items
from newsbot.dataset.schema import SCHEMA

_PARTITION = (
    "The partition: the UTC day of `date_published`, else of `first_seen_at`, as YYYY-MM-DD. Stands in the folder's name, "
    "not in the file."
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the dataset."""

    name: str
    type: str
    """Arrow's, such as list<string>."""
    text: str
    """Meaning, format, and what stands there where nothing was found."""


def dictionary() -> list[Column]:
    """Return the columns in order, the partition last. Raises KeyError for a column without a text."""
    texts = _field_texts()
    columns = [Column(field.name, _short(field.type), texts[field.name]) for field in SCHEMA]
    return [*columns, Column("date", "string", _PARTITION)]


def _field_texts() -> dict[str, str]:
    tree = ast.parse(inspect.getsource(items))
    article = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Article")
    texts = {}
    for member, text in pairwise(article.body):
        if (
            isinstance(member, ast.AnnAssign)
            and isinstance(member.target, ast.Name)
            and isinstance(text, ast.Expr)
        ):
            texts[member.target.id] = " ".join(str(ast.literal_eval(text.value)).split())
    return texts


def _short(kind: object) -> str:
    return re.sub(r"(item|element): ", "", str(kind)).replace(" ('", "<").replace("')", ">")
