"""Gathering a page's signals in one pass."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from newsbot.extract.marked import Marked
from newsbot.extract.shown_dates import MOST
from newsbot.extract.signals import read_signals
from newsbot.extract.tree import BLOCK_LIMIT
from newsbot.publishers.model import Layout
from tests.extract.reading import page_of, signals_of


def test_an_element_that_several_selectors_match_is_filed_once() -> None:
    found = signals_of(
        '<h1>Bridge</h1><span class="author byline writer" id="author" data-testid="author">Ada Quill</span>'
    )
    assert len(found.shown.bylines) == 1


def test_json_ld_is_found_whatever_the_case_of_its_type() -> None:
    html = '<script type="Application/LD+JSON">{"@type": "Article", "headline": "Bridge"}</script>'
    html += '<script type="text/plain">x</script>'
    assert signals_of(html).graph.article["headline"] == "Bridge"


def test_selected_takes_the_first_selector_that_matches() -> None:
    found = signals_of("<p class=a></p><p class=b>two</p><p class=b>three</p>")
    assert [node.text() for node in found.selected((".none", ".b", ".a"))] == ["two", "three"]
    assert found.selected_text((".a",)) is None
    assert found.selected_text((".b",)) == "two"


def test_texts_begin_before_the_headline_and_leave_scripts_out() -> None:
    found = signals_of("<title>t</title><p>before</p><h1>Bridge</h1><script>var x</script><p>after</p>")
    assert found.texts("Bridge") == (["before", "Bridge", "after"], 1)


def test_a_page_of_many_elements_is_bounded() -> None:
    html = "<h1>Bridge</h1>" + '<li><time datetime="2024-05-03">3 May 2024</time></li>' * 20_000
    found = read_signals(Marked(LexborHTMLParser(html)), page_of(html), Layout())
    assert len(found.shown.times) <= MOST
    assert len(found.dates("Bridge")) <= MOST
    assert len(found.texts("Bridge")[0]) <= BLOCK_LIMIT
