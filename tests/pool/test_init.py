"""The pool: answers go to those who asked, a message that hangs or kills costs itself only, processes are renewed and end."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from newsbot import pool
from newsbot.pool import Overdue, Pool, WorkerDied


class Unpicklable(Exception):
    """Comes back from a pickle with other arguments than it takes."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def work(message: Any) -> Any:
    """Do what the message says."""
    match message:
        case "pid":
            return os.getpid()
        case "hang":
            time.sleep(60)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise ValueError("no")
        case "raise oddly":
            raise Unpicklable("a", "b")
        case "sleep":
            time.sleep(0.2)
    return message


def with_pool(use: Callable[[Pool], Awaitable[None]], most: int = 2, deadline: float = 60) -> None:
    async def main() -> None:
        given = Pool(work, most, deadline)
        try:
            await use(given)
        finally:
            await given.close()

    asyncio.run(main())


def test_each_answer_goes_to_its_own_message_whatever_its_size() -> None:
    messages = [bytes([n]) * size for n, size in enumerate([0, 1, 70_000, 3_000_000] * 6)]

    async def use(given: Pool) -> None:
        assert await asyncio.gather(*map(given.run, messages)) == messages

    with_pool(use)


def test_what_the_work_raises_is_raised_here_with_its_traceback() -> None:
    async def use(given: Pool) -> None:
        with pytest.raises(ValueError, match="no") as caught:
            await given.run("raise")
        assert "in work" in caught.value.__notes__[0]
        with pytest.raises(RuntimeError, match="Unpicklable: ab"):
            await given.run("raise oddly")
        assert await given.run("x") == "x"

    with_pool(use)


def test_an_overdue_message_costs_itself_only_and_the_one_behind_it_is_done() -> None:
    async def use(given: Pool) -> None:
        first = await given.run("pid")
        hanging, behind = asyncio.ensure_future(given.run("hang")), asyncio.ensure_future(given.run("pid"))
        with pytest.raises(Overdue):
            await hanging
        assert await behind != first

    with_pool(use, most=1, deadline=1.0)


def test_the_clock_of_a_message_starts_when_the_one_before_is_answered() -> None:
    async def use(given: Pool) -> None:
        await given.run("pid")
        assert await asyncio.gather(*[given.run("sleep") for _ in range(8)]) == ["sleep"] * 8

    with_pool(use, most=1, deadline=1.0)


def test_a_message_does_not_pay_for_what_this_process_did_meanwhile() -> None:
    async def use(given: Pool) -> None:
        await given.run("pid")
        running = asyncio.ensure_future(given.run(b"x" * 5_000_000))
        await asyncio.sleep(0)
        time.sleep(1.5)  # noqa: ASYNC251 - the loop stands still
        assert len(await running) == 5_000_000

    with_pool(use, most=1, deadline=1.0)


def test_a_process_that_dies_costs_the_message_it_had_begun() -> None:
    async def use(given: Pool) -> None:
        dying, behind = asyncio.ensure_future(given.run("die")), asyncio.ensure_future(given.run("x"))
        with pytest.raises(WorkerDied, match="-9"):
            await dying
        assert await behind == "x"

    with_pool(use, most=1)


def test_a_process_that_is_dead_when_it_is_given_its_first_messages_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = [True]

    def take(worker: pool._Worker, task: pool._Task) -> None:
        if first and first.pop():
            worker.process.kill()
            time.sleep(0.2)
        taking(worker, task)

    taking = pool._Worker.take
    monkeypatch.setattr(pool._Worker, "take", take)

    async def use(given: Pool) -> None:
        answers = await asyncio.gather(given.run("x"), given.run("y"), return_exceptions=True)
        assert isinstance(answers[0], WorkerDied) and answers[1] == "y"

    with_pool(use, most=1)


def test_processes_are_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "MOST_MESSAGES", 3)

    async def use(given: Pool) -> None:
        pids = await asyncio.gather(*[given.run("pid") for _ in range(9)])
        assert sorted(map(pids.count, set(pids))) == [3, 3, 3]

    with_pool(use, most=1)


def test_nobody_waits_for_ever_where_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("too many processes")

    monkeypatch.setattr(pool, "launch", refuse)

    async def use(given: Pool) -> None:
        with pytest.raises(WorkerDied, match="too many processes"):
            await given.run("x")

    with_pool(use)


def test_one_message_starts_one_process_and_closing_ends_it() -> None:
    found: list[int] = []

    async def use(given: Pool) -> None:
        found.extend([await given.run("pid"), await given.run("pid")])

    with_pool(use, most=4)
    assert found[0] == found[1]
    with pytest.raises(ProcessLookupError):
        os.kill(found[0], 0)
