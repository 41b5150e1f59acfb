"""What flows from stage to stage: Candidate, Page, Block, Article.

Under each field stand its meaning, its format and what it is where nothing was found. `docs/DATASET.md` is generated from
Article's field texts. Unknown is None (or an empty list), never a guess. All instants are timezone-aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Literal

Media = Literal["html", "text"]


@dataclass(slots=True)
class Candidate:
    """A URL that a source announced, with its hints, not fetched yet."""

    url: str
    """Absolute http(s) URL as announced."""
    source: str | None = None
    """URL of the source that announced it; None where the user named the URL or file."""
    source_kind: str = "request"
    """feed, sitemap, news_sitemap, section, archive, or request (named by the user)."""
    headline: str | None = None
    """The title the source gave."""
    date_published_raw: str | None = None
    """The publication date as the source wrote it."""
    date_modified_raw: str | None = None
    """The date of last change as the source wrote it (a sitemap's `lastmod`, Atom's `updated`)."""
    in_language: str | None = None
    """BCP 47, where the source says it."""


@dataclass(slots=True)
class Page:
    """What was fetched (or read from a file), before anything was understood of it. Can be pickled."""

    url: str | None
    """Final URL after redirects; None for a dump that names none."""
    body: bytes
    """Decompressed bytes."""
    fetched_at: datetime
    """When the response came, UTC; for a saved file the time of reading."""
    status: int | None = 200
    """HTTP status; None for a saved file."""
    headers: list[tuple[str, str]] = field(default_factory=list)
    """Response headers in order, names in lower case."""
    media: Media = "html"
    """html, or text for a page flattened to plain text."""
    candidate: Candidate | None = None
    """Where the URL came from, with its hints."""
    is_truncated: bool = False
    """The transfer ended early or a size limit cut it."""
    rights: dict[str, str | None] = field(default_factory=dict)
    """Rights signals known from outside the page (robots.txt, tdmrep.json), by the names of Article.rights."""
    first_seen_at: datetime | None = None
    """When newsbot first met this URL, UTC; None: now."""
    run_id: str = ""
    """The run that fetched it."""
    warc_file: str | None = None
    """Path of the WARC file under the output root's `archive/`."""
    warc_offset: int | None = None
    """Offset of the record in bytes."""

    def header(self, name: str) -> str | None:
        """Return the values of header `name` (lower case) joined by ', ', or None."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None


@dataclass(slots=True)
class Block:
    """A run of text with its place in the tree: the unit of cleaning."""

    text: str
    """The text, white space folded to single spaces; `\\n` only where the page has a <br> or <pre> line."""
    tag: str = "p"
    """Name of the element that holds it: p, h2, li, blockquote, pre, td, figcaption …"""
    path: str = ""
    """Ancestors from body down as `tag.class.class` joined by `>`, the place that recurs from page to page."""
    role: str = "body"
    """headline, standfirst, body, byline, dateline, caption, heading, quote, list, or other."""
    kept: bool = True
    """Whether it is part of the article's text."""
    reason: str | None = None
    """Why it was dropped, as `stage/rule`, such as `extract/model`, `clean/read_more`, `learned`."""
    score: float | None = None
    """Probability that it is article text, 0 to 1, where a model gave one."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is compared between two versions of an article; hashes are 32 hex digits."""

    page_hash: str | None
    """Of headline and body as single-page extraction gave them, before learned boilerplate was taken out: so learning
    more makes no new version."""
    headline_hash: str | None
    sketch: str | None
    """Hex of the body's near-duplicate sketch."""
    extractor_version: str | None


@dataclass(slots=True)
class Article:
    """One row of the dataset: one version of one article. Names are schema.org's, in snake_case.

    Fields after `run_id` are working values of the chain and never reach a file.
    """

    article_id: str | None = None
    """32 hex digits: a 128-bit hash of the article's `url_key`. A plain-text dump names no URL: there it is the hash of
    the publisher's name, headline and body, so the same dump always gets the same id."""
    version: int | None = None
    """1 for the first state seen of an article, then 2, 3, …"""
    change: str | None = None
    """What is new in this version: first, headline, body, minor, removed or reprocessed."""
    publisher: str | None = None
    """The publisher's name in the registry, such as `rt`; for a site without a publisher file its host."""
    publisher_country: str | None = None
    """ISO 3166-1 alpha-2 in lower case; null where the publisher has none."""
    url: str | None = None
    """The URL as fetched, after redirects; null for a plain-text dump."""
    canonical_url: str | None = None
    """The URL the page declares for itself (`link rel=canonical`, `og:url`, JSON-LD), absolute, without tracking
    parameters; null where none is declared."""
    headline: str | None = None
    """The headline shown, without the site's name; else the declared one."""
    description: str | None = None
    """The standfirst if the page shows one, else the declared description; `provenance` says which."""
    body: str | None = None
    """The article's text: paragraphs parted by a blank line, NFC, without boilerplate. Does not repeat the standfirst."""
    authors: list[str] = field(default_factory=list)
    """Names of persons, in the page's order; empty where none is named. Organisations and the site itself are left out."""
    date_published: datetime | None = None
    """First publication, UTC; null rather than wrong."""
    date_modified: datetime | None = None
    """Last change the page admits, UTC; null where it says none."""
    date_published_raw: str | None = None
    """The text that `date_published` was read from, as found."""
    date_modified_raw: str | None = None
    """The text that `date_modified` was read from, as found."""
    date_precision: str | None = None
    """Precision of `date_published`: instant (zone given), minute (zone is the publisher's) or day."""
    date_source: str | None = None
    """Which date made the partition: date_published or first_seen_at."""
    section: str | None = None
    """The section or rubric, as the page names it."""
    keywords: list[str] = field(default_factory=list)
    """Tags and keywords, in the page's order, without doubles."""
    in_language: str | None = None
    """BCP 47, such as `en` or `pt-BR`: declared by the page, else detected from the text."""
    image_url: str | None = None
    """The lead image, absolute."""
    images: list[dict[str, str | None]] = field(default_factory=list)
    """Images of the article: structs of url, caption and credit."""
    is_accessible_for_free: bool | None = None
    """schema.org's paywall flag; null: not said."""
    is_live_blog: bool | None = None
    """Whether the page is a live blog; its updates are not in the body where a text of its own stands above them."""
    is_truncated: bool | None = None
    """Cut short by a paywall or in transfer."""
    word_count: int | None = None
    """Words of `body` by Unicode word boundaries; a character a word in Chinese, Japanese and Thai."""
    fetched_at: datetime | None = None
    """When the page was fetched, UTC."""
    first_seen_at: datetime | None = None
    """When newsbot first met the article, UTC."""
    http_status: int | None = None
    """HTTP status of the response; null for a saved file."""
    replacement_characters: int | None = None
    """Bytes that could not be decoded, each now U+FFFD."""
    content_hash: str | None = None
    """32 hex digits of headline and body, normalised (case, white space, punctuation)."""
    cluster_id: str | None = None
    """The same for near-duplicates across publishers; null until the dataset was compacted or where there are none."""
    rights: dict[str, str | None] = field(default_factory=dict)
    """What the publisher allows, as found: robots, x_robots_tag, tdm_reservation, tdm_policy, content_usage,
    content_signal, rsl_license."""
    provenance: dict[str, str] = field(default_factory=dict)
    """Field -> where its value came from: json_ld, microdata, open_graph, meta, html, layout, standfirst, model, text,
    feed, sitemap, url, header, publisher, detected or item (a spider's own item). `tls`: unverified
    where the publisher's certificates are not checked."""
    confidence: float | None = None
    """Confidence in `body`, 0 to 1."""
    extractor_version: str | None = None
    """Version of the code and model that read the page."""
    warc_file: str | None = None
    """The page's WARC file under `archive/`, where it was kept."""
    warc_offset: int | None = None
    """Offset of its record in that file, in bytes."""
    run_id: str | None = None
    """The run that wrote the row."""

    kind: str = "article"
    """Kind of page: article, live_blog, video, gallery, index, error, consent, login, paywall or challenge."""
    blocks: list[Block] = field(default_factory=list)
    """The page's blocks, kept and dropped, in document order."""
    date_candidates: list[tuple[str, str, str]] = field(default_factory=list)
    """(field, raw text, provenance) of every statement of date_published and date_modified, those of a field best first;
    normalize takes the first that is a date."""
    credited: list[str] = field(default_factory=list)
    """Everyone the page credits, as names: `authors` and also agencies, desks and the site itself."""
    site_names: list[str] = field(default_factory=list)
    """What the page calls its site, for telling that from headline and authors."""
    locale: str | None = None
    """The language with its region as og:locale declares it, such as `en_US`: tells the order of numbers in dates."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """(field, reason) of every value that was found and set to null."""
    counters: dict[str, int] = field(default_factory=dict)
    """Counts by `stage/rule`, added to the run's stats."""
    folded: str | None = None
    """`body` as newsbot.dedup.exact folds it, from clean to the fingerprint; None where that is not known."""
    fingerprint: Fingerprint | None = None
    """What tells this version from others."""
    packed: bytes | None = None
    """What of `blocks` travels with the spooled row, see newsbot.reclean; None where nobody looked them over yet."""
    sighted: bytes = b""
    """What `blocks` add to the counts of texts that recur, as JSON; see newsbot.clean.boilerplate."""
    page: Page | None = None
    """The page it was read from, its bytes dropped; None for an item of a user's own spider."""


def columns() -> list[str]:
    """Return the names of the row's columns: Article's fields up to run_id; what follows are working values."""
    names = [given.name for given in fields(Article)]
    return names[: names.index("run_id") + 1]
