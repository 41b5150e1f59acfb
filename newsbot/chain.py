"""extract -> clean -> normalize -> validate as one pure function of (page, publisher, learned boilerplate).

It runs inline, or in worker processes under a deadline (`newsbot.workers`); nothing in it knows Scrapy or the disk.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from newsbot.clean import clean
from newsbot.clean.boilerplate import LEARNED, Learned, remove_learned
from newsbot.dedup.exact import content_hash
from newsbot.dedup.versions import fingerprint
from newsbot.items import Article, Page
from newsbot.normalize import Place, normalize
from newsbot.normalize.text import count_words, fold_line, fold_paragraphs
from newsbot.publishers.model import Publisher
from newsbot.reclean import without
from newsbot.urls import article_id, url_key
from newsbot.validate import problems


def read(page: Page, publisher: Publisher, learned: Learned | None = None) -> Article:
    """Return the article on a page, every field filled that the page, its headers or its source name.

    Raises UnreadablePage where the bytes are no page. What the page says wrongly is None and named in `problems`.
    """
    # The process that fetches leaves reading to its workers: 0.1 s of its start and some MB that it need not spend on this.
    from newsbot.extract import extract  # noqa: PLC0415

    page = with_sound_url(page)
    article = extract(page, publisher)
    clean(article)
    normalize(article, place_of(publisher, page))
    stamp(article, page, publisher)
    seal(article)
    if learned is not None:
        forget_learned(article, learned)
    article.problems.extend(problems(article))
    return article


def seal(article: Article) -> None:
    """Give a normalised article its id, its fingerprint and its content's hash, in place."""
    article.article_id = identify(article)
    article.fingerprint = fingerprint(article)
    article.content_hash, article.folded = article.fingerprint.page_hash, None


def with_sound_url(page: Page) -> Page:
    """Return the page, without its URL where that is none: half an IPv6 address in a WARC record must not end the reading."""
    try:
        if page.url is not None:
            _ = urlsplit(page.url).port
    except ValueError:
        return replace(page, url=None)
    return page


def forget_learned(article: Article, learned: Learned) -> None:
    """Take learned boilerplate out of an article whose fingerprint was taken: learning more makes no new version."""
    if remove_learned(article.blocks, learned):
        gone = {fold_paragraphs(block.text) for block in article.blocks if block.reason == LEARNED}
        article.counters["clean/learned"] = len(gone)
        article.body = without(article.body, gone)
        article.word_count = count_words(article.body)
        article.content_hash = content_hash(article.headline, article.body)


def place_of(publisher: Publisher, page: Page) -> Place:
    """Return what normalize must know of the publisher: its zone, languages, order of dates, names, and the time of the visit."""
    names = tuple(name for name in (publisher.title, publisher.name) if name)
    return Place(
        time_zone=publisher.time_zone,
        languages=publisher.languages,
        date_order=publisher.date_order,
        now=page.fetched_at,
        site_names=names,
    )


def stamp(article: Article, page: Page, publisher: Publisher) -> None:
    """Fill in place the fields that come from the fetch, not from the page's text."""
    article.publisher = publisher.name
    article.publisher_country = publisher.country
    # A saved page names no URL of its own: the one it declares stands in.
    article.url = fold_line(page.url) or article.canonical_url
    article.fetched_at = page.fetched_at
    article.first_seen_at = page.first_seen_at or page.fetched_at
    article.http_status = page.status
    article.warc_file, article.warc_offset = page.warc_file, page.warc_offset
    article.run_id = page.run_id
    if page.is_truncated:
        article.is_truncated = True
    if not publisher.verify_tls and (page.url or "").startswith("https:"):
        article.provenance["tls"] = "unverified"


def identify(article: Article) -> str:
    """Return the article's id: of its URL's key, the canonical one where declared; of its content for a dump without URL.

    A declared URL that is none (a host with bad bytes, half an IPv6 address) is passed over.
    """
    for url in (article.canonical_url, article.url):
        try:
            if url:
                return article_id(url_key(url))
        except ValueError:
            continue
    return article_id(
        "\n".join(("text", article.publisher or "", article.headline or "", article.body or ""))
    )
