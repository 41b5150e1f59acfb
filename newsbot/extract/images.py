"""Reads the lead image and the article's figures with caption and credit; serves metadata.py."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from newsbot.extract.json_ld import text_in
from newsbot.extract.nodes import short_text, speaks, text_of
from newsbot.extract.shown import Shown
from newsbot.extract.signals import Signals
from newsbot.items import Article

IMAGE_LIMIT = 50
_CREDIT_CLASS = re.compile(r"credit|copyright|source|rights|photographer|fotograf|agency", re.IGNORECASE)
_PLAIN_URL = re.compile(r"https?://[\w.-]+/[\w./~%,+-]*", re.ASCII)
"""An address that joining would leave as it is."""
_CREDIT_TEXT = re.compile(
    r"(?:^|[\s|(/-])((?:©|\(c\)|photo(?:graph)?(?: by)?:|foto:|credit:|image:|bild:|quelle:|crédit|fuente:|фото:)\s*.{2,120})$",
    re.IGNORECASE,
)


def read_images(article: Article, signals: Signals) -> None:
    """Set image_url and images: the lead image first, then figures of the page that are not framed."""
    base = signals.page.url
    images: dict[str, dict[str, str | None]] = {}
    for image in _stated(signals, base):
        images.setdefault(str(image["url"]), image)
    lead = _lead(signals, base)
    if lead is None and images:
        lead = next(iter(images)), "json_ld"
    for node in signals.shown.figures[:200]:
        image_found = _figure(node, base, signals.shown)
        if image_found is not None and len(images) < IMAGE_LIMIT:
            _merge(images, image_found)
    if lead is not None:
        article.image_url, article.provenance["image_url"] = lead
        if lead[0] not in images:
            images = {lead[0]: {"url": lead[0], "caption": None, "credit": None}, **images}
    if images:
        article.images = list(images.values())[:IMAGE_LIMIT]
        article.provenance["images"] = "html"


def _merge(images: dict[str, dict[str, str | None]], image: dict[str, str | None]) -> None:
    known = images.setdefault(str(image["url"]), image)
    for key in ("caption", "credit"):
        known[key] = known[key] or image[key]


def link(value: str | None, base: str | None) -> str | None:
    """Return an absolute http(s) URL of an image, or None."""
    if not value or value.startswith("data:"):
        return None
    if _PLAIN_URL.fullmatch(value):
        return value
    try:
        url = urljoin(base or "", html.unescape(value.strip())).replace(" ", "%20")
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None


def _lead(signals: Signals, base: str | None) -> tuple[str, str] | None:
    for node in signals.selected(signals.layout.image)[:1]:
        url = link(_source(node), base)
        if url:
            return url, "layout"
    declared = signals.declared
    for value, source in (
        (declared.first("og:image", "og:image:url", "og:image:secure_url"), "open_graph"),
        (declared.first("twitter:image", "twitter:image:src", "thumbnail"), "meta"),
        (declared.item("image"), "microdata"),
    ):
        url = link(value, base)
        if url:
            return url, source
    return None


def _stated(signals: Signals, base: str | None) -> list[dict[str, str | None]]:
    """Return the images of the article's JSON-LD node."""
    value = signals.graph.article.get("image")
    found: list[dict[str, str | None]] = []
    for item in (value if isinstance(value, list) else [value])[:IMAGE_LIMIT]:
        node = signals.graph.follow(item)
        if isinstance(node, dict):
            url = link(
                text_in(node.get("url")) or text_in(node.get("contentUrl")) or text_in(node.get("@id")), base
            )
            caption, credit = (
                text_in(node.get("caption")),
                text_in(node.get("creditText")) or text_in(node.get("copyrightHolder")),
            )
        else:
            url, caption, credit = link(node if isinstance(node, str) else None, base), None, None
        if url:
            found.append({"url": url, "caption": caption, "credit": credit})
    return found


def _figure(node: LexborNode, base: str | None, shown: Shown) -> dict[str, str | None] | None:
    if short_text(node, 3000) is None:
        return None
    picture = node.css_first("img")
    if picture is None or shown.is_aside(node):
        return None
    url = link(_source(picture), base)
    if url is None:
        return None
    caption_node = node.css_first("figcaption")
    caption = text_of(caption_node)[:2000] if caption_node is not None else None
    return {"url": url, "caption": caption or None, "credit": _credit(node, caption)}


def _credit(node: LexborNode, caption: str | None) -> str | None:
    for part in node.css("[class]")[:50]:
        if speaks(_CREDIT_CLASS, part.attributes.get("class") or ""):
            text = text_of(part)
            if 1 < len(text) <= 200:
                return text
    match = _CREDIT_TEXT.search(caption or "")
    return match[1] if match else None


def _source(node: LexborNode) -> str | None:
    """Return an image's address, past the placeholders of lazy loading."""
    attributes = node.attributes
    for name in ("data-src", "data-original", "data-lazy-src", "src", "content", "href"):
        value = attributes.get(name)
        if value and not value.startswith("data:"):
            return value
    sets = attributes.get("srcset") or attributes.get("data-srcset") or ""
    return sets.split(",")[0].strip().split(" ")[0] or None
