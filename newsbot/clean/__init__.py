"""Takes out what is not the article's text by single-page rules; boilerplate.py learns what recurs."""

from __future__ import annotations

from newsbot.clean.rules import apply_rules
from newsbot.items import Article


def clean(article: Article) -> None:
    """Mark blocks that are no text as dropped, with reason and counter, then set body, and description by a shown standfirst."""
    apply_rules(article)
    assemble(article)


def assemble(article: Article) -> None:
    """Set body from the kept blocks, and description from a kept standfirst."""
    standfirst = [block.text for block in article.blocks if block.kept and block.role == "standfirst"]
    if standfirst:
        article.description = " ".join(standfirst)
        if article.provenance.get("description") != "layout":
            article.provenance["description"] = "standfirst"
    paragraphs = [
        block.text for block in article.blocks if block.kept and block.role not in {"standfirst", "headline"}
    ]
    article.body = "\n\n".join(paragraphs) or None
