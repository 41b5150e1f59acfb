"""Parses one block of JSON-LD, however broken; serves json_ld.py.

Strict parsing first, then what real pages need, cheapest first: comment and CDATA wrappers, control characters in strings,
HTML-escaped JSON, trailing commas and comments, several values in one block, and at last single fields out of what stays
unreadable.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

import orjson

Node = dict[str, object]

ARTICLE_TYPES = {
    "newsarticle": 10,
    "reportagenewsarticle": 10,
    "analysisnewsarticle": 10,
    "opinionnewsarticle": 10,
    "backgroundnewsarticle": 10,
    "reviewnewsarticle": 10,
    "askpublicnewsarticle": 10,
    "liveblogposting": 10,
    "advertisercontentarticle": 9,
    "satiricalarticle": 9,
    "article": 9,
    "blogposting": 9,
    "report": 8,
    "scholarlyarticle": 8,
    "techarticle": 8,
    "socialmediaposting": 7,
    "discussionforumposting": 6,
    "review": 6,
    "recipe": 6,
    "howto": 6,
    "creativework": 5,
    "videoobject": 4,
    "audioobject": 4,
    "podcastepisode": 4,
    "webpage": 2,
    "itempage": 2,
    "aboutpage": 1,
    "collectionpage": 1,
}
"""How well a schema.org type says "this is the article", highest best; others are never the article."""

REPAIR_LIMIT = 2_000_000
"""Characters of a block that repairs are tried on; beyond it (5 MB blocks were seen) only the strict parser and the rescue run."""

_WRAPPER = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?://\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>|-->)\s*;?\s*$"
)
# Strings and comments that nothing ends run to the end of the text: trying anew at each quote would take quadratic time.
_STRING = r'("(?:[^"\\]++|\\.)*+(?:"|\Z|\\\Z))'
_COMMENT = re.compile(_STRING + r'|/\*.*?(?:\*/|\Z)|(?<![:"\w])//[^\n]*', re.DOTALL)
_TRAILING_COMMA = re.compile(_STRING + r"|,(?=\s*[}\]])", re.DOTALL)
_RESCUED = re.compile(
    r'"(@type|headline|datePublished|dateModified|dateCreated|description|articleSection|inLanguage)"\s*:\s*"((?:[^"\\\n]|\\.){1,2000})"'
)
_RESCUED_AUTHOR = re.compile(
    r'"author"\s*:\s*(?:\[\s*)?(?:\{[^{}]{0,500}?"name"\s*:\s*)?"((?:[^"\\\n]|\\.){1,300})"'
)


def parse(text: str) -> list[object]:
    """Return the JSON values of one block, repaired where needed; empty where nothing can be read."""
    try:
        return [orjson.loads(text)]
    except orjson.JSONDecodeError:
        pass
    if len(text) <= REPAIR_LIMIT:
        for attempt in _repairs(text):
            values = _lenient(attempt)
            if values:
                return values
    return _rescue(text)


def _repairs(text: str) -> Iterator[str]:
    """Yield the text with more and more of the usual faults taken out."""
    bare = _WRAPPER.sub("", _WRAPPER.sub("", text)).strip().rstrip(";").lstrip("\ufeff")
    yield bare
    if "&quot;" in bare or "&#34;" in bare or "&#x22;" in bare:
        yield html.unescape(bare)
    tidy = _COMMENT.sub(lambda match: match[1] or " ", bare)
    tidy = _TRAILING_COMMA.sub(lambda match: match[1] or "", tidy)
    yield tidy


def _lenient(text: str) -> list[object]:
    """Parse one or several concatenated values; control characters in strings are let through."""
    decoder = json.JSONDecoder(strict=False)
    values: list[object] = []
    position = 0
    while position < len(text) and len(values) < 50:
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return [value for value in values if isinstance(value, dict | list)]


def _rescue(text: str) -> list[object]:
    """Pick single fields out of a block that no parser reads, if it speaks of an article."""
    node: Node = {}
    for key, raw in _RESCUED.findall(text[:REPAIR_LIMIT]):
        if key == "@type" and raw.lower() not in ARTICLE_TYPES:
            continue
        node.setdefault(key, unquote(raw))
    if "@type" not in node:
        return []
    author = _RESCUED_AUTHOR.search(text, 0, REPAIR_LIMIT)
    if author:
        node["author"] = unquote(author[1])
    return [node]


def unquote(raw: str) -> str:
    """Undo JSON's string escapes, as far as they are valid."""
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw
