"""newsbot.clean.phrases: phrases found word by word."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from newsbot.clean.phrases import Phrases, phrases
from newsbot.dedup.exact import fold

SOME = Phrases(["read more", "follow * on twitter", "share", "don't miss", "訂閱", "«»"])


def words(text: str) -> list[str]:
    return fold(text).split()


@pytest.mark.parametrize(
    ("text", "start", "anywhere"),
    [
        ("Read more about it", 2, True),
        ("READ MORE", 2, True),
        ("You may read more", 0, True),
        ("Readmore", 0, False),
        ("Follow us on Twitter", 4, True),
        ("Follow the old pilot on Twitter", 6, True),
        ("Follow one two three four on Twitter", 0, False),
        ("Follow on Twitter", 0, False),
        ("Don’t miss it", 3, True),
        ("請訂閱我們", 0, True),
        ("", 0, False),
    ],
)
def test_start_and_anywhere(text: str, start: int, anywhere: bool) -> None:
    assert SOME.start(words(text), text) == start
    assert SOME.holds(words(text), text) == anywhere


def test_whole_and_made_of() -> None:
    assert SOME.is_whole("read more") and not SOME.is_whole("read more now")
    assert SOME.is_made_of(words("Share read more share"))
    assert not SOME.is_made_of(words("Share it"))
    assert not SOME.is_made_of([])


def test_every_concept_of_the_data_is_read_and_none_is_empty() -> None:
    listed = tomllib.loads((files("newsbot.clean") / "phrases.toml").read_text(encoding="utf-8"))
    for concept, groups in listed.items():
        assert groups and all(groups.values()), concept
        first = next(iter(groups.values()))[0]
        assert phrases(concept).holds(words(first.replace("*", "x")), first)
    assert len(listed["related"]) >= 25 and len(listed["prompt"]) >= 25


def test_a_phrase_is_listed_once_in_its_language() -> None:
    listed = tomllib.loads((files("newsbot.clean") / "phrases.toml").read_text(encoding="utf-8"))
    for concept, groups in listed.items():
        for language, group in groups.items():
            doubles = {phrase for phrase in group if group.count(phrase) > 1}
            assert not doubles, f"{concept}.{language}: {doubles}"


def test_a_word_that_begins_several_phrases_is_followed_by_any_of_theirs() -> None:
    several = Phrases(["read more", "read our story", "sign up", "follow * here"])
    assert several.start(["read", "our", "story", "now"], "read our story now") == 3
    assert several.start(["read", "more"], "read more") == 2
    assert several.start(["read"], "read") == several.start(["read", "less"], "read less") == 0
    assert several.start(["follow", "us", "here"], "follow us here") == 3
    assert Phrases(["share", "share it"]).start(["share", "that"], "share that") == 1
