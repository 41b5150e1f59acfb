"""Edits change what they say they change, and the truth with it; another edition shares stories."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from newsbot.demo.edits import EDITS, Edit
from newsbot.demo.newspaper import Newspaper
from newsbot.demo.sections import SECTIONS


def before_and_after(kind: Edit, index: int) -> tuple[dict[str, object], dict[str, object]]:
    paper = Newspaper(seed=5, articles=80)
    before = paper.truth(index)
    paper.edit(index, kind)
    return before, paper.truth(index)


@pytest.mark.parametrize("kind", EDITS)
@pytest.mark.parametrize("index", range(0, 80, 9))
def test_an_edit_changes_its_part_only(kind: Edit, index: int) -> None:
    before, after = before_and_after(kind, index)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"headline" if kind == "headline" else "body", "date_modified"}


def test_a_typo_is_two_letters() -> None:
    for index in range(80):
        before, after = before_and_after("typo", index)
        one, other = str(before["body"]), str(after["body"])
        assert sorted(one) == sorted(other)
        assert sum(a != b for a, b in zip(one, other, strict=True)) == 2


def test_a_rewritten_body_is_another_one() -> None:
    before, after = before_and_after("body", 4)
    one, other = str(before["body"]).split("\n\n"), str(after["body"]).split("\n\n")
    assert len(set(other) - set(one)) == 3
    assert one[0] == other[0]


def test_edits_add_up_and_leave_url_and_neighbours() -> None:
    paper = Newspaper(seed=5, articles=30)
    others = [paper.truth(index) for index in range(30) if index != 6]
    url, bodies = paper.url(6), {str(paper.truth(6)["body"])}
    for kind in (*EDITS, *EDITS):
        paper.edit(6, kind)
        bodies.add(str(paper.truth(6)["body"]))
    assert paper.url(6) == url
    assert len(bodies) == 5
    assert [paper.truth(index) for index in range(30) if index != 6] == others
    assert paper.listed(6).headline == paper.truth(6)["headline"]


def test_another_edition_prints_half_the_stories_cut_and_retitled() -> None:
    main, other = Newspaper(seed=2, articles=200), Newspaper(seed=2, articles=200, edition="b")
    shared = [index for index in range(200) if main.story(index) == other.story(index)]
    assert 70 < len(shared) < 130
    for index in shared:
        ours, theirs = str(main.truth(index)["body"]), str(other.truth(index)["body"])
        assert ours.startswith(theirs)
        assert len(theirs) >= 0.3 * len(ours)
        assert main.truth(index)["headline"] != other.truth(index)["headline"]
    for index in set(range(200)) - set(shared):
        ratio = SequenceMatcher(
            None, str(main.truth(index)["body"]), str(other.truth(index)["body"])
        ).quick_ratio
        assert main.truth(index)["body"] != other.truth(index)["body"], ratio()


def test_every_section_has_another_design_in_another_edition() -> None:
    main, other = Newspaper(articles=40), Newspaper(articles=40, edition="b")
    assert all(main.section(index).design != other.section(index).design for index in range(40))
    assert {other.section(index).slug for index in range(40)} == {section.slug for section in SECTIONS}
