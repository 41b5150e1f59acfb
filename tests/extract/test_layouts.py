"""Tests of newsbot.extract.layouts: which layout a page has, and what is text under it."""

from __future__ import annotations

from datetime import date

from newsbot.extract.layouts import choose_layout, matches, remove_declared
from newsbot.extract.tree import parse
from newsbot.publishers.model import Layout
from tests.extract.blocks import read

OLD = Layout(valid_until=date(2020, 12, 31), body=(".text",))
OLDER = Layout(valid_until=date(2018, 12, 31), body=(".text",), headline=("h2",))
NEW = Layout(body=(".article-text",))
EITHER = Layout(body=(".article-text", ".text"))


def test_a_page_meets_the_rules_of_its_day() -> None:
    parser = parse("<div class=text><p>x</p></div>")
    assert choose_layout(parser, (EITHER, OLD, OLDER), date(2020, 1, 1)) is OLD
    assert choose_layout(parser, (EITHER, OLD, OLDER), date(2018, 1, 1)) is OLDER
    assert choose_layout(parser, (EITHER, OLD, OLDER), date(2024, 1, 1)) is EITHER


def test_a_page_saved_long_ago_and_read_today_finds_its_old_layout() -> None:
    parser = parse("<div class=text><p>x</p></div>")
    assert choose_layout(parser, (NEW, OLDER, OLD), date(2024, 1, 1)) is OLD
    assert choose_layout(parse("<p>x"), (NEW, OLD), date(2024, 1, 1)) is None


def test_the_first_selector_that_matches_gives_all_its_matches() -> None:
    parser = parse("<p class=b>1</p><p class=b>2</p><p class=c>3</p>")
    assert [node.text() for node in matches(parser, (".a", ".b", ".c"))] == ["1", "2"]


def test_what_is_to_be_removed_is_gone_even_where_it_nests() -> None:
    parser = parse("<div class=x>a<div class=x>b</div></div><p>c</p>")
    remove_declared(parser, Layout(remove=(".x",)))
    assert parser.body is not None
    assert parser.body.text() == "c"


PAGE = """<html><head><meta property="og:description" content="Declared."></head>
<body><nav>Menu</nav><h1 class=t>Ferry <i>leaves</i></h1>
<div class=lead>The <b>stand</b>first.</div><div class=text><p>One <a href=/>link</a>ed word.</p><div class=ad>Buy!</div>
<h2>Between</h2><ul><li>First</li><li>Second</li></ul><blockquote><p>Quoted.</p></blockquote>
<figure><img src=a><figcaption>A boat.</figcaption></figure></div><div class=lead>Second lead.</div>
<footer>Foot</footer></body></html>"""
LAYOUT = Layout(headline=("h1.t",), standfirst=(".lead",), body=(".text",), remove=(".ad",))


def test_a_layout_gives_the_article_exactly() -> None:
    article = read(PAGE, LAYOUT)
    kept = [(block.role, block.text) for block in article.blocks if block.kept]
    assert kept == [
        ("headline", "Ferry leaves"),
        ("standfirst", "The standfirst."),
        ("body", "One linked word."),
        ("heading", "Between"),
        ("list", "First"),
        ("list", "Second"),
        ("quote", "Quoted."),
        ("caption", "A boat."),
    ]
    dropped = {block.text: block.reason for block in article.blocks if not block.kept}
    assert dropped == {"Menu": "extract/layout", "Second lead.": "extract/layout", "Foot": "extract/layout"}
    assert (article.confidence, article.provenance["body"]) == (1.0, "layout")


def test_a_layout_whose_container_holds_no_text_leaves_the_page_to_the_model() -> None:
    article = read(PAGE, Layout(body=("figure img",)))
    assert article.provenance["body"] == "model"
