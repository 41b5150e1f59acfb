"""Single-page rules: each says of one block whether it is one kind of text that is not the article's.

A rule sees only blocks that are still kept, reads phrases from phrases.toml, and is named by the counter `clean/RULE`. All are
narrow on purpose: what they do not know, the extraction's model and the boilerplate learned across pages decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from newsbot.clean.phrases import phrases
from newsbot.dedup.exact import fold, fold_all
from newsbot.items import Article, Block

SHORT = 220
"""Characters: longer blocks are text that happens to begin like a prompt."""
NOTICE = 400
LONGEST = 1_000_000
"""Characters of text an article has at most, ten times a long novella: what lies beyond is dropped as `clean/endless`."""
_ICONS = re.compile(r"(?:icon[ -]?[\w-]+ ?){3}", re.IGNORECASE)
_STOPS = re.compile(r"[.!?…。！？।]")
_SENTENCES = re.compile(r"[.!?…](?=[\s\"”’»)]|$)|[。！？।]")
_ENDS = re.compile(r"[.!?…。！？।؟][\"'”’»)\]]*$")
_LAST = frozenset(".!?…。！？।؟\"'”’»)]\n")
"""What a text ends with that _ENDS finds."""
_COLON = re.compile(r"^[^:：|–>»]{2,60}\s?[:：|–>»]")
_DOMAIN = re.compile(
    r"(?:also|more|read more|see|voir|lire|mehr) (?:on|at|in|from|bei|auf|sur) (?:the )?[\w-]+(?:\.[\w-]+)+\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|pic\.twitter\.com/\S+", re.IGNORECASE)
_SIGN = re.compile(r"^\W*[©®℗]")
_QUOTES = frozenset("\"“„«‘'「『")
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|er|h|am|pm)?")
_CELLS = frozenset({"li", "td", "th", "dt", "dd", "pre", "code"})
"""Elements in which short texts, numbers and repetitions are the matter itself."""
_TABLE = frozenset({"td", "th", "dd"})
"""Elements in which a word that is a button elsewhere is a value: `Instagram` among channels."""
_MONTHISH = re.compile(r"[^\W\d_]{3,12}")


@dataclass(slots=True)
class Look:
    """A block as the rules see it."""

    block: Block
    text: str
    folded: str
    words: list[str]
    is_short: bool
    """Short enough to be a prompt or a link."""
    is_ended: bool
    """Ends as a sentence does."""
    is_quote: bool
    """Begins with a quotation mark: somebody says it."""


@dataclass(slots=True)
class Scene:
    """What the rules know of the article, beside the block."""

    headline: str = ""
    """Folded."""
    authors: frozenset[str] = frozenset()
    """Folded names of everyone credited."""
    sites: frozenset[str] = frozenset()
    seen: dict[str, str] = field(default_factory=dict)
    """Folded texts kept so far, and where on the page the first of each stands."""
    latest: list[str] = field(default_factory=list)
    """The last two of them."""


Rule = Callable[[Look, Scene], bool]


def icons(look: Look, _: Scene) -> bool:
    """Icon and sprite text: the titles of svg symbols run together."""
    return bool(_ICONS.match(look.text))


def repeated_headline(look: Look, scene: Scene) -> bool:
    """The headline said again, as alt text, in a breadcrumb or over the body; with the site's name or without."""
    headline = scene.headline
    if not headline or len(look.folded) < len(headline):
        return False
    return look.folded == headline or (
        look.folded.startswith(headline) and look.folded[len(headline) :].strip() in scene.sites
    )


def related(look: Look, _: Scene) -> bool:
    """Inserts that lead to another article: "Also on …", "Read more: …", and the headings of such boxes."""
    if not look.is_short or look.is_quote or not look.words:
        return False
    if _DOMAIN.match(look.text):
        return True
    if phrases("related").start(look.words, look.text):
        return not look.is_ended or len(look.words) <= 12 or bool(_COLON.match(look.text))
    size = phrases("related_if").start(look.words, look.text)
    # "Video: Boat sinks" leads away, "More: a life" may be a sub-heading and "Also, he left." is a sentence.
    return (
        bool(size)
        and bool(_COLON.match(look.text))
        and not _is_cell(look.block)
        and _label_size(look.text) == size
        and not look.is_ended
        and len(look.words) >= size + 5
    )


def _is_cell(block: Block) -> bool:
    return block.tag in _CELLS or block.role == "list"


def _label_size(text: str) -> int:
    """Return the number of words before the first colon."""
    return len(fold(re.split("[:：|–>»]", text, maxsplit=1)[0]).split())


def prompts(look: Look, _: Scene) -> bool:
    """Prompts to share, subscribe, follow, comment or donate."""
    return look.is_short and not look.is_quote and phrases("prompt").holds(look.words, look.text)


def labels(look: Look, _: Scene) -> bool:
    """What a button or the head of a box says: "Advertisement", "Share", "Comments"."""
    if not look.folded:
        return True
    return (
        0 < len(look.words) <= 8
        and look.block.tag not in _TABLE
        and (phrases("label").is_whole(look.folded) or phrases("label").is_made_of(look.words))
    )


def notices(look: Look, _: Scene) -> bool:
    """What the site says of itself, its cookies and its forms."""
    if len(look.text) > NOTICE or look.is_quote:
        return False
    return bool(_SIGN.match(look.text)) or phrases("notice").holds(look.words, look.text)


def captions(look: Look, _: Scene) -> bool:
    """Captions and credits of pictures that stand between paragraphs."""
    if look.block.role == "caption":
        return True
    if not look.is_short or look.is_quote or not look.words:
        return False
    size = phrases("credit").start(look.words, look.text)
    is_short = len(look.words) - size <= 8
    if size and is_short and (_COLON.match(look.text) or not (look.is_ended or _speaks_of(look, size))):
        return True
    return phrases("agency").is_made_of(look.words)


def _speaks_of(look: Look, size: int) -> bool:
    """Whether what follows a credit's word is no name: "Photo manipulation techniques", "Credits expire after 12 months"."""
    parts = look.text.split(maxsplit=size)
    return (
        len(parts) > size and parts[size][0].islower() and not phrases("credit_of").is_whole(look.words[size])
    )


def bylines(look: Look, scene: Scene) -> bool:
    """A byline or dateline that stands in the body; it is in `authors` and the dates."""
    if look.block.role in {"byline", "dateline"}:
        return True
    if len(look.text) > 80 or look.is_ended or not look.words:
        return False
    if look.folded in scene.authors:
        return True
    size = phrases("byline").start(look.words, look.text)
    rest = " ".join(look.words[size:])
    return bool(size) and any(rest.startswith(name) for name in scene.authors if name)


def times(look: Look, _: Scene) -> bool:
    """A line that only says when: a date, "Updated 5 minutes ago", "3 min read"."""
    words = look.words
    if not 2 <= len(words) <= 14 or look.is_ended or _is_cell(look.block):
        return False
    numbers = [word for word in words if _NUMBER.fullmatch(word)]
    if not numbers:
        return False
    others = [word for word in words if not _NUMBER.fullmatch(word) and not phrases("dated").is_whole(word)]
    is_date = len(numbers) >= 2 and any(len(word) == 4 and word[:2] in {"19", "20"} for word in numbers)
    is_said = phrases("said").holds(words, look.text)
    return (
        len(others) <= (2 if is_date else 0)
        and all(map(_MONTHISH.fullmatch, others))
        and (is_date or is_said)
    )


def addresses(look: Look, _: Scene) -> bool:
    """A web or mail address that stands alone."""
    text = look.text
    if len(text) > SHORT:
        return False
    # Every address has one of these: most texts are spared the expression.
    if "/" in text or "@" in text or "www." in text.lower():
        text = _ADDRESS.sub("", text)
    return not text.strip(" |·,;:()[]-–")


def doubled(look: Look, scene: Scene) -> bool:
    """A block that says again what one before it, or the standfirst, said.

    What is said again in the same kind of place is the matter itself: the days of a plan, a refrain.
    """
    place = scene.seen.get(look.folded)
    if place is None or len(look.folded) <= 20 or _is_cell(look.block):
        return False
    if look.folded.count(" ") < 12:
        return look.folded in scene.latest
    return not place or place != look.block.path


RULES: tuple[Rule, ...] = (
    icons, repeated_headline, related, prompts, labels, notices, captions, bylines, times, addresses, doubled,
)  # fmt: skip
"""In the order in which they look at a block; the first that says yes names the reason."""
RULES_OF_LONG: tuple[Rule, ...] = (icons, repeated_headline, labels, captions, bylines, doubled)
"""Those that may say yes of a block of more than NOTICE characters."""
RULES_OF_MIDDLING: tuple[Rule, ...] = (
    icons, repeated_headline, labels, notices, captions, bylines, times, doubled,
)  # fmt: skip
"""Those that may say yes of one of more than SHORT."""


def apply_rules(article: Article) -> None:
    """Mark the kept blocks that a rule finds as dropped, with reason and counter; set what the others are, folded, as `folded`."""
    scene = Scene(
        headline=fold(article.headline or ""),
        authors=frozenset(fold(name) for name in (*article.authors, *article.credited)),
        sites=frozenset(fold(name) for name in article.site_names),
    )
    blocks = _within(article)
    kept: list[str] = []
    for block, folded in zip(blocks, fold_all([block.text for block in blocks]), strict=True):
        look, size = look_at(block, folded), len(block.text)
        for rule in RULES if size <= SHORT else RULES_OF_MIDDLING if size <= NOTICE else RULES_OF_LONG:
            if rule(look, scene):
                _mark(article, block, rule.__name__)
                break
        else:
            scene.seen.setdefault(folded, block.path)
            scene.latest = [*scene.latest[-1:], folded]
            if folded and block.role != "standfirst":
                kept.append(folded)
    # Blocks fold alone as they do in the body, where blank lines part them.
    article.folded = " ".join(kept)


def _within(article: Article) -> list[Block]:
    """Return the kept blocks that an article has room for, and mark the others."""
    room = LONGEST
    within: list[Block] = []
    for block in article.blocks:
        if block.kept and block.role != "headline":
            room -= len(block.text)
            if room >= 0:
                within.append(block)
            else:
                _mark(article, block, "endless")
    return within


def _mark(article: Article, block: Block, rule: str) -> None:
    block.kept, block.reason = False, f"clean/{rule}"
    article.counters[block.reason] = article.counters.get(block.reason, 0) + 1


def look_at(block: Block, folded: str) -> Look:
    """Return a block as the rules see it, by its text and that folded; of a long one only what they read."""
    text = block.text
    return Look(
        block,
        text,
        folded,
        [] if len(text) > NOTICE else folded.split(),
        len(text) <= SHORT and _has_few_sentences(text),
        # Most texts end in a letter or a full stop: the expression is for the others.
        text[-1:] in _LAST and bool(_ENDS.search(text[-8:])),
        text.lstrip()[:1] in _QUOTES,
    )


def _has_few_sentences(text: str) -> bool:
    return len(_STOPS.findall(text)) <= 3 or len(_SENTENCES.findall(text)) <= 3
