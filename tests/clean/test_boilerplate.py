"""newsbot.clean.boilerplate: what recurs is learned, what rightly recurs survives."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.clean.boilerplate import FEW_PAGES, LEARNED, Learned, Sightings, needed, remove_learned
from newsbot.clean.rightful import may_recur
from newsbot.items import Article, Block
from newsbot.state import State

PROMPT = "Hang your lantern beside ours before the tide turns."
PLACE = "main>div.text>p"


def article(number: int, *extra: Block, first: Block | None = None) -> Article:
    """Return an article of five paragraphs of its own, with other blocks amid them."""
    own = [Block(f"Paragraph {number}.{part} says what no other one says.", path=PLACE) for part in range(5)]
    blocks = [*([first] if first else []), *own[:3], *extra, *own[3:]]
    return Article(blocks=blocks, fetched_at=datetime(2024, 5, 6, tzinfo=UTC))


def prompt(text: str = PROMPT, path: str = PLACE, role: str = "body") -> Block:
    return Block(text, path=path, role=role)


def learn(articles: list[Article]) -> Sightings:
    sightings = Sightings()
    for one in articles:
        sightings.add(one)
    return sightings


def texts(sightings: Sightings) -> set[str]:
    return {lesson.text for lesson in sightings.explain()}


def test_a_prompt_that_recurs_is_learned_and_removed_where_it_stood() -> None:
    pages = [article(number, *([prompt()] if number % 5 == 0 else [])) for number in range(100)]
    sightings = learn(pages)
    (lesson,) = sightings.explain()
    assert (lesson.text, lesson.place, lesson.pages, lesson.of, lesson.why) == (
        PROMPT,
        PLACE,
        20,
        100,
        "recurs",
    )
    again = article(999, prompt())
    assert remove_learned(again.blocks, sightings.learned()) == 1
    assert [block.text for block in again.blocks if block.reason == LEARNED] == [PROMPT]
    elsewhere = article(998, prompt(path="main>aside>p"))
    assert remove_learned(elsewhere.blocks, sightings.learned()) == 0


def test_typography_and_case_do_not_matter() -> None:
    sightings = learn([article(number, prompt("Don’t miss the tide!")) for number in range(30)])
    again = article(99, prompt("DON'T MISS THE TIDE"))
    assert remove_learned(again.blocks, sightings.learned()) == 1


@pytest.mark.parametrize(
    "block",
    [
        prompt("“Count the boats in the morning, not at night.”"),
        prompt("Zählt die Boote am Morgen, nicht bei Nacht.", role="quote"),
        prompt("Costs and consequences", role="heading"),
        prompt("Correction: an earlier version gave a wrong number of boats."),
        prompt("An earlier version of this article named the wrong boat."),
        prompt("Korrektur: In einer früheren Fassung stand die falsche Zahl."),
        prompt("With reporting by the Northline agency."),
        prompt("Mit Material der Agentur Nordlinie."),
        prompt("(Northline) –"),
        prompt("PORT ALDER (Northline) —"),
    ],
    ids=lambda block: block.text[:30],
)
def test_what_rightly_recurs_survives(block: Block) -> None:
    assert may_recur(block)
    pages = [article(number, *([block] if number % 8 == 0 else [])) for number in range(100)]
    assert texts(learn(pages)) == set()


def test_a_columns_title_that_opens_its_articles_survives() -> None:
    title = prompt("Letters to a Ferryman")
    pages = [article(number, first=title if number % 6 == 0 else None) for number in range(100)]
    assert texts(learn(pages)) == set()


def test_a_sentence_that_two_of_a_hundred_articles_share_survives() -> None:
    shared = prompt("The board could not be reached for a word on the matter on Monday evening.")
    pages = [article(number, *([shared] if number in {7, 70} else [])) for number in range(100)]
    assert texts(learn(pages)) == set()


def test_a_slot_that_holds_nothing_but_recurring_texts_is_boilerplates_own() -> None:
    slot = "main>div.text>blockquote.social-post>p"
    placeholder = prompt("This post could not be loaded", path=slot, role="quote")
    quotes = "main>div.text>blockquote>p"
    pages = [
        article(
            number,
            *([placeholder] if number % 10 == 0 else []),
            prompt(f"Quote {number} of somebody.", path=quotes, role="quote"),
        )
        for number in range(100)
    ]
    (lesson,) = learn(pages).explain()
    assert (lesson.text, lesson.why) == ("This post could not be loaded", "place")


def test_few_pages_teach_only_what_stands_on_half_of_them() -> None:
    assert (
        texts(learn([article(number, *([prompt()] if number < 2 else [])) for number in range(5)])) == set()
    )
    assert texts(learn([article(number, *([prompt()] if number < 3 else [])) for number in range(5)])) == {
        PROMPT
    }
    assert needed(5, 5) == 3 and needed(FEW_PAGES, FEW_PAGES) == 2
    assert needed(100, 100) == 5 and needed(10_000, 10_000) == 100
    every = [needed(of, of) for of in range(FEW_PAGES, 3000)]
    assert every == sorted(every)


def test_a_standfirst_and_dropped_blocks_are_not_counted() -> None:
    lead = prompt("A lead that several share.", role="standfirst")
    dropped = Block("Dropped.", path=PLACE, kept=False, reason="extract/model")
    sightings = learn([article(number, lead, dropped) for number in range(30)])
    assert not {row.get("text") for row in sightings.rows()} & {lead.text, dropped.text}
    assert remove_learned([lead], Learned(frozenset(sightings.counts))) == 0


def test_what_was_removed_as_learned_counts_on() -> None:
    first = learn([article(number, prompt()) for number in range(40)])
    later = Sightings()
    later.merge(first.rows())
    for number in range(40, 400):
        page = article(number, prompt())
        assert remove_learned(page.blocks, later.learned()) == 1 if number % 90 == 0 else True
        later.add(page)
    assert texts(later) == {PROMPT}


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 60))
def test_the_same_pages_in_any_order_and_in_any_runs_teach_the_same(rng: random.Random, cut: int) -> None:
    def pages() -> list[Article]:
        return [
            article(
                number,
                *([prompt()] if number % 3 == 0 else []),
                *([prompt("Ring the bell twice.")] if number % 7 == 0 else []),
            )
            for number in range(60)
        ]

    straight, shuffled = learn(pages()), pages()
    rng.shuffle(shuffled)
    first, second = learn(shuffled[:cut]), learn(shuffled[cut:])
    second.merge(first.rows())
    assert second.rows() == straight.rows()
    assert second.explain() == straight.explain()
    assert second.learned() == straight.learned()


def test_rows_are_json_and_their_numbers_add_up() -> None:
    rows = learn([article(number, prompt()) for number in range(3)]).rows()
    assert all(isinstance(value, (str, int)) for row in rows for value in row.values())
    assert [row["key"] for row in rows] == sorted(row["key"] for row in rows)
    (row,) = [row for row in rows if row.get("text") == PROMPT]
    assert (row["pages"], row["opening"], row["rightful"]) == (3, 0, 0)


def test_long_paragraphs_do_not_fill_the_state() -> None:
    sightings = learn([article(1, prompt("word " * 300))])
    assert all(len(str(row)) < 900 for row in sightings.rows())
    assert not any(str(row.get("text", "")).startswith("word") for row in sightings.rows())


def test_what_is_far_from_recurring_is_not_remembered() -> None:
    sightings = learn([article(number, *([prompt()] if number % 9 == 0 else [])) for number in range(500)])
    assert {row["text"] for row in sightings.rows() if "text" in row} == {PROMPT}
    later = Sightings()
    later.merge(sightings.rows())
    assert later.learned() == sightings.learned()
    assert PROMPT in texts(later)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsbot.clean.boilerplate.MOST", 300)
    sightings = learn([article(number, *([prompt()] if number % 9 == 0 else [])) for number in range(500)])
    assert len(sightings.counts) <= 310
    assert PROMPT in texts(sightings)


def test_what_several_runs_put_into_the_state_teaches_what_one_would(tmp_path: Path) -> None:
    pages = [
        article(number, *([prompt()] if number % 6 == 0 else []), first=prompt("Low Water"))
        for number in range(60)
    ]
    state = State.open(tmp_path, "tide")
    for start in (0, 20, 40):
        state.apply(f"batch {start}", {"boilerplate": learn(pages[start : start + 20]).rows()})
    sightings = Sightings()
    sightings.merge(state.boilerplate())
    assert sightings.rows() == learn(pages).rows()
    assert texts(sightings) == {PROMPT}
    state.close()


def test_the_state_forgets_the_oldest_texts_that_never_recurred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsbot.state.deltas.MOST_TEXTS", 100)
    state = State.open(tmp_path, "tide")
    for start in range(0, 60, 10):
        pages = [article(number, prompt()) for number in range(start, start + 10)]
        for page in pages:
            page.fetched_at = datetime(2024, 5, 1 + start // 10, tzinfo=UTC)
        state.apply(f"batch {start}", {"boilerplate": learn(pages).rows()})
    rows = state.boilerplate()
    assert len(rows) <= 100
    sightings = Sightings()
    sightings.merge(rows)
    assert texts(sightings) == {PROMPT}
    kept = {
        str(row["text"]).split()[1].split(".")[0]
        for row in rows
        if str(row.get("text", "")).startswith("Paragraph")
    }
    assert "59" in kept and "0" not in kept
    state.close()


def test_texts_of_one_article_can_be_left_out_and_looked_up_again(tmp_path: Path) -> None:
    """What a run does: it holds what recurs, and asks the state for what it meets again."""
    pages = [article(number, *([prompt()] if number in {3, 40} else [])) for number in range(44)]
    whole, held = learn(pages), Sightings()
    state = State.open(tmp_path, "tide")
    state.apply("first", {"boilerplate": learn(pages[:22]).rows()})
    held.merge(state.recurring())
    assert PROMPT not in str(held.counts)
    batch = learn(pages[22:])
    held.merge(state.texts(batch.counts.keys() - held.counts.keys()))
    held.merge(batch.rows())
    assert held.learned() == whole.learned()
    held.forget_singles()
    assert held.learned() == whole.learned()
    assert len(held.counts) < len(whole.counts) / 2
    state.close()
