"""Files what a page's head and attributes declare: meta elements, links, microdata; serves metadata.py."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from newsbot.extract.nodes import Attributes, short_text

ITEM_PROPERTIES = frozenset(
    [
        "headline",
        "name",
        "alternativeheadline",
        "datepublished",
        "datecreated",
        "datemodified",
        "author",
        "creator",
        "articlesection",
        "keywords",
        "description",
        "inlanguage",
        "isaccessibleforfree",
        "image",
    ]
)
"""Microdata properties that are read."""

NOT_THE_ARTICLE = frozenset(
    [
        "comment",
        "usercomments",
        "person",
        "organization",
        "newsmediaorganization",
        "imageobject",
        "videoobject",
        "audioobject",
        "website",
        "wpheader",
        "wpfooter",
        "wpsidebar",
        "sitenavigationelement",
        "breadcrumblist",
        "listitem",
        "itemlist",
        "product",
        "offer",
        "rating",
        "aggregaterating",
        "postaladdress",
    ]
)
"""Microdata types whose `name`, `image` or date is not the article's."""

TEXT_LIMIT = 2000
"""Characters of a microdata value; an `articleBody` is never read here."""


@dataclass(slots=True)
class Declared:
    """Meta elements, links and microdata by name in lower case, values in the page's order, none empty."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    """`href`s by `rel`; of licences only those of the type application/rsl+xml."""
    items: dict[str, list[str]] = field(default_factory=dict)
    language: str | None = None
    """The root element's `lang`."""

    def first(self, *names: str) -> str | None:
        """Return the first value of the first of the meta `names` that has one."""
        for name in names:
            if name in self.meta:
                return self.meta[name][0]
        return None

    def item(self, *names: str) -> str | None:
        """Return the first value of the first of the microdata `names` that has one."""
        for name in names:
            if name in self.items:
                return self.items[name][0]
        return None

    def add_meta(self, attributes: Attributes) -> None:
        """File a meta element under its property, name and http-equiv."""
        value = (attributes.get("content") or attributes.get("value") or "").strip()
        if not value:
            return
        for key in ("property", "name", "http-equiv"):
            name = attributes.get(key)
            if name:
                self.meta.setdefault(name.strip().lower(), []).append(value)

    def add_link(self, attributes: Attributes) -> None:
        """File a link element if its `rel` is one that is read."""
        href = (attributes.get("href") or "").strip()
        for rel in (attributes.get("rel") or "").lower().split():
            if rel == "license" and (attributes.get("type") or "").lower() != "application/rsl+xml":
                continue
            if href and rel in ("canonical", "license"):
                self.links.setdefault(rel, []).append(href)

    def add_item(self, node: LexborNode, attributes: Attributes) -> None:
        """File a microdata property that is the article's own."""
        names = [
            name for name in (attributes.get("itemprop") or "").lower().split() if name in ITEM_PROPERTIES
        ]
        if not names or _stands_in_another(node):
            return
        value = _item_value(node, attributes, names)
        if value:
            for name in names:
                self.items.setdefault(name, []).append(value)


def _item_value(node: LexborNode, attributes: Attributes, names: list[str]) -> str:
    """Return a property's value: an attribute, else its text; of a person or organisation the `name` in it."""
    value = attributes.get("content") or attributes.get("datetime")
    if not value and "image" in names:
        value = attributes.get("src") or attributes.get("href")
    elif not value and "itemscope" in attributes:
        name = node.css_first('[itemprop~="name"]')
        if name is not None:
            value = name.attributes.get("content") or short_text(name, TEXT_LIMIT)
    if not value and "image" not in names:
        value = short_text(node, TEXT_LIMIT)
    return " ".join((value or "")[:TEXT_LIMIT].split())


def _stands_in_another(node: LexborNode) -> bool:
    """Tell whether the nearest item around a property is something else than the article."""
    parent = node.parent
    for _ in range(40):
        if parent is None or parent.tag in ("body", "html"):
            return False
        attributes = parent.attributes
        if "itemscope" in attributes:
            kind = (attributes.get("itemtype") or "").rsplit("/", 1)[-1].strip().lower()
            return kind in NOT_THE_ARTICLE
        parent = parent.parent
    return False
