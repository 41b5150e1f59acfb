"""Pages built to take a reader's time, and how long each takes: `python -m benchmarks.hostile [--only NAME]`.

Prints seconds of processor time a page, the slowest first, and exits 1 where one takes more than the deadline of 2 seconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from benchmarks.fuzz import DEADLINE, PUBLISHERS
from newsbot.chain import read
from newsbot.exceptions import InputError
from newsbot.items import Media, Page

_LD = "<script type='application/ld+json'>"
_PROSE = (
    "The harbour board bought a ferry on Monday, after four years of talks and two lawsuits, its chair said. "
)

PAGES: dict[str, Callable[[], str]] = {
    "nodes": lambda: "<p>A word.</p>" * 100_000,
    "spans": lambda: "<div>" + "<span><b>x</b></span>" * 50_000 + "</div>",
    "paragraphs": lambda: "<article>" + f"<p>{_PROSE}</p>" * 20_000,
    "nested": lambda: "<div>" * 10_000 + "deep" + "</div>" * 10_000,
    "nested_text": lambda: "".join(f"<div>Level {n} of many." for n in range(10_000)),
    "inline_nested": lambda: "<b><i>" * 5_000 + "deep",
    "links_nested": lambda: "<a href=x><b>" * 20_000 + "deep",
    "one_text": lambda: "<p>" + "word " * 4_000_000,
    "one_sentence_text": lambda: "<p>" + _PROSE * 200_000,
    "one_word": lambda: "<p>" + "x" * 20_000_000,
    "unspaced": lambda: "<p>" + "渡轮终于来了。" * 500_000,
    "breaks": lambda: "<p>" + "A line.<br>" * 100_000,
    "pre": lambda: "<pre>" + "a line of code\n" * 200_000,
    "spaces": lambda: "<title>" + " " * 2_000_000 + "</title><h1>" + " " * 2_000_000 + "x</h1><p>x",
    "attributes": lambda: "<p " + " ".join(f"a{number}=b" for number in range(15_000)) + ">x</p>",
    "attribute_heavy": lambda: f"<p {' '.join(f'data-a{n}=b' for n in range(20))}>x</p>" * 50_000,
    "long_attribute": lambda: f"<div class='{'article-body ' * 300_000}'><p>{_PROSE}</p></div>",
    "classes": lambda: "".join(f"<div class='c{number}'>" for number in range(5_000)) + "x",
    "many_classes": lambda: "".join(f"<p class='c{n} article-text-{n}'>Word {n}.</p>" for n in range(60_000)),
    "styles": lambda: f"<p style='{'display:none;' * 50}'>x</p>" * 20_000,
    "json_ld": lambda: _LD + '{"a":[' * 100_000 + "</script><p>x",
    "json_ld_wide": lambda: _LD + "[" + '{"@type":"NewsArticle","headline":"x"},' * 60_000 + "{}]</script><p>x",
    "json_ld_blocks": lambda: f'{_LD}{{"@type":"NewsArticle","headline":"Ferry bought"}}</script>' * 10_000 + "<p>x",
    "json_ld_broken_blocks": lambda: f'{_LD}{{"@type":"NewsArticle","headline":"Ferry</script>' * 10_000 + "<p>x",
    "json_ld_body": lambda: f'{_LD}{{"@type":"NewsArticle","articleBody":"{_PROSE * 50_000}"}}</script><p>{_PROSE}',
    "json_ld_escapes": lambda: f'{_LD}{{"articleBody":"{chr(92) * 2_000_000}"}}</script><p>x',
    "json_ld_bodies": lambda: f'{_LD}{{"articleBody":"' * 20_000 + "x",
    "json_ld_authors": lambda: _LD
    + '{"@type":"NewsArticle","author":['
    + '{"@type":"Person","name":"Jane Doe"},' * 50_000
    + "{}]}</script>",
    "inline_json": lambda: "<script>window.__STATE__ = {"
    + '"articleBody":"x","datePublished":"2024-05-06",' * 100_000
    + "}</script><p>x",
    "dates": lambda: "<time datetime='2024-05-06'>6 May 2024</time>" * 30_000,
    "date_lines": lambda: "<span class=date>Published 6 May 2024, updated 7 May 2024 10:11</span>" * 20_000,
    "date_bait": lambda: f"<time>{'1 Jan 20 ' * 20_000}</time><span class=date>{'1.1.' * 50_000}</span>",
    "headings": lambda: f"<h1>{'</h1><h1>'.join(f'Heading {number} of many | Site' for number in range(20_000))}</h1>",
    "long_heading": lambda: f"<title>{'Ferry | Tide - ' * 100_000}</title><h1>{'Ferry ' * 200_000}</h1><p>{_PROSE}",
    "metas": lambda: "<meta property='article:published_time' content='2024-05-06'><meta name=author content='Jane Doe'>" * 30_000,
    "links": lambda: "<a href='/a'>A link of four words</a>" * 40_000,
    "linked_lines": lambda: "<li><a href='/a'>A link of four words</a></li>" * 40_000,
    "pictures": lambda: "<figure><img src=a.jpg alt='A boat'><figcaption>A boat. Photo: Jane Doe</figcaption></figure>" * 20_000,
    "sources": lambda: f"<img srcset='{'a.jpg 100w, ' * 100_000}'>" * 3 + "<p>x",
    "punctuation": lambda: "<p>" + ". , – " * 300_000,
    "icons": lambda: "<p>" + "icon a" * 300_000,
    "bylines": lambda: f"<div class=author>{'By Jane Doe and ' * 50_000}</div><p>x",
    "byline_boxes": lambda: "<div class=author>By Jane Doe</div>" * 20_000 + "<p>x",
    "names": lambda: f"<div class=byline>{'A. B. C-' * 50_000}</div><meta name=author content='{'Jane, ' * 100_000}'>",
    "unclosed": lambda: "<!--" * 200_000,
    "entities": lambda: "<p>" + "&#xD800;&#0;&amp;" * 100_000,
    "tables": lambda: "<table>" * 3_000 + "<tr><td>x",
    "giant_table": lambda: "<table>" + ("<tr>" + "<td>12</td>" * 20) * 5_000 + "</table>",
    "select": lambda: f"<select>{'<option>Country' * 100_000}</select><p>x",
    "lists": lambda: "<ul><li>x" * 10_000,
    "templates": lambda: "<template><p>x" * 10_000,
    "noscript": lambda: "<noscript><img src=x><p>x</noscript>" * 30_000,
    "svgs": lambda: "<svg><title>icon</title><path d='M0'/></svg>" * 20_000 + "<p>x",
    "hidden": lambda: "<div hidden><p>x</p></div>" * 30_000,
    "microdata": lambda: "<div itemscope itemtype='https://schema.org/NewsArticle'><b itemprop=author>Jane</b>" * 8_000,
    "clocks": lambda: "<div><time>10:11</time><p>An update came in.</p></div>" * 20_000,
    "email": lambda: "<p>" + "a" * 100_000 + "@" + "1-" * 50_000,
    "addresses": lambda: "<p>" + "http://a.b/" * 100_000,
    "parentheses": lambda: "<p>" + "(" * 300_000 + "</p><p class=byline>" + "((" * 50_000,
    "quotes": lambda: "<p>“" * 50_000,
    "plaintext": lambda: "<plaintext>" + _PROSE * 100_000,
}  # fmt: skip
"""By name, made when asked for: together they are 200 MB."""

DUMPS: dict[str, Callable[[], str]] = {
    "one_line": lambda: "word " * 2_000_000,
    "one_line_of_sentences": lambda: _PROSE * 50_000,
    "one_word": lambda: "x" * 5_000_000,
    "capitals": lambda: "wordWord" * 200_000,
    "glued": lambda: "HomeWorldSport " * 100_000,
    "glued_sentences": lambda: (_PROSE.strip() + "\n") * 10 + _PROSE.strip() * 20_000,
    "ends": lambda: "Ab.Cd" * 200_000,
    "glued_lines": lambda: "He left.She stayed.They wept. Home Sport\n" * 50_000,
    "quotes": lambda: "”“" * 300_000,
    "lines": lambda: "Home\n" * 300_000,
    "paragraphs": lambda: (_PROSE + "\n\n") * 50_000,
    "different_lines": lambda: "\n".join(f"Line {n} of a list that goes on" for n in range(100_000)),
    "dates": lambda: "1 Dec, 2020 11:42\n" * 100_000,
    "titles": lambda: " | - " * 200_000,
    "titled_lines": lambda: "Ferry | Tide - Home » News\n" * 50_000,
    "bylines": lambda: "By Jane and Jane and Jane and Jane and Jane and Jane!\n" * 20_000,
    "digits": lambda: "1 2 3 4 5 6 7 8 9 0 " * 20_000,
    "unspaced": lambda: "渡轮终于来了。" * 300_000,
    "icons": lambda: "icon a" * 300_000,
    "wrapped": lambda: (_PROSE[:70] + "\n") * 100_000,
}
"""Plain-text dumps by name."""


def page_of(text: str, media: Media) -> Page:
    """Return a page of a text."""
    return Page(
        url="https://tide.example/a",
        body=text.encode(),
        fetched_at=datetime(2024, 5, 6, tzinfo=UTC),
        media=media,
    )


def seconds(page: Page) -> float:
    """Return the processor time that reading a page takes."""
    started = time.process_time()
    with suppress(InputError):
        read(page, PUBLISHERS[0])
    return time.process_time() - started


def main() -> None:
    """Read every page, the slowest last."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    seconds(page_of("<p>What is loaded once, and a dump's models too.</p>", "html"))
    seconds(page_of("What is loaded once.", "text"))
    sets: tuple[tuple[Media, dict[str, Callable[[], str]]], ...] = (("html", PAGES), ("text", DUMPS))
    taken = [
        (seconds(page_of(make(), media)), media, name)
        for media, made in sets
        for name, make in made.items()
        if given.only in name
    ]
    for time_taken, media, name in sorted(taken, reverse=True):
        print(f"{time_taken:6.2f} s  {media} {name}")
    sys.exit(any(time_taken > DEADLINE for time_taken, _, _ in taken))


if __name__ == "__main__":
    main()
