"""Worker processes on asyncio: messages go out and answers come back over sockets, each message has a deadline.

A worker holds the message it works on and the next few, so that it seldom waits for this process. Sockets of the event loop that is
there anyway cost this process less of each page than the thread and two queues a pool that pebble and concurrent.futures have.
"""

from __future__ import annotations

import asyncio
import pickle
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any

from newsbot.pool.process import HEAD, end, launch

# Messages that a worker holds, the one under way among them. This process may be busy for as long as several pages take: of 5,000
# pages (benchmarks/crawl.py) a crawl with 2 read 315 a second, with 3 338, with 4 342, with 8 335, with 16 325.
HELD = 4
# Messages after which a worker is renewed: parsers of hostile input fragment memory.
MOST_MESSAGES = 2000
# Seconds after which a clock that rings tells more of this process, which wrote a batch meanwhile, than of the worker.
LATE = 0.2
# Seconds that a worker may take to come up, on a machine however busy.
_LONGEST_START = 120.0


class Overdue(Exception):
    """Raised when a message took longer than the deadline, from Pool.run; its worker was killed."""


class WorkerDied(Exception):
    """Raised when the worker of a message ended under it, from Pool.run."""


@dataclass(slots=True)
class _Task:
    """A message on its way, and who waits for the answer."""

    message: bytes
    done: asyncio.Future[Any]


class Pool:
    """Up to `most` processes that do `work` on one message after the other; they start when there is something to do."""

    def __init__(self, work: Callable[[Any], Any], most: int, deadline: float) -> None:
        """`work` can be pickled; `deadline` in seconds for each message."""
        self._work, self._most, self._deadline = work, most, deadline
        self._waiting: deque[_Task] = deque()
        self._workers: list[_Worker] = []
        self._starting: set[asyncio.Task[None] | None] = set()
        self._retired: list[_Worker] = []

    async def run(self, message: Any) -> Any:
        """Return what `work` makes of a message; raises what it raised, Overdue, WorkerDied."""
        task = _Task(
            pickle.dumps(message, pickle.HIGHEST_PROTOCOL), asyncio.get_running_loop().create_future()
        )
        self._waiting.append(task)
        self._hand_out()
        return await task.done

    async def close(self) -> None:
        """End the processes."""
        await asyncio.gather(*filter(None, self._starting), return_exceptions=True)
        workers, self._workers = [*self._workers, *self._retired], []
        for worker in workers:
            worker.leave()
        processes = [worker.process for worker in workers]
        await asyncio.get_running_loop().run_in_executor(None, end, processes)

    def _hand_out(self) -> None:
        """Give what waits to those who hold least; start another process where all have enough."""
        while self._waiting:
            worker = min(self._workers, key=_load, default=None)
            if worker is None or _load(worker) >= HELD:
                break
            worker.take(self._waiting.popleft())
            if not worker.left:
                self._workers.remove(worker)
                self._retired.append(worker)
        if len(self._waiting) > len(self._starting) and len(self._workers) + len(self._starting) < self._most:
            self._starting.add(asyncio.get_running_loop().create_task(self._start()))

    async def _start(self) -> None:
        # In a thread, for a fork server that is still loading what the workers need answers after a second.
        loop = asyncio.get_running_loop()
        try:
            process, ours = await loop.run_in_executor(None, launch, self._work)
            worker = _Worker(self, process, self._deadline)
            await loop.create_connection(lambda: worker, sock=ours)
            await asyncio.wait_for(worker.ready, _LONGEST_START)
        except Exception as error:  # noqa: BLE001 - whatever the system refuses: those who wait must not wait for ever
            self._fail_waiting(error)
            return
        finally:
            # Not later: what is handed out now may be back, its worker dead, before a callback of this task would run.
            self._starting.discard(asyncio.current_task())
        self._workers.append(worker)
        self._hand_out()

    def _fail_waiting(self, error: Exception) -> None:
        if self._workers or self._retired:
            return
        while self._waiting:
            task = self._waiting.popleft()
            if not task.done.done():
                task.done.set_exception(WorkerDied(f"no worker could be started: {error}"))

    def _answered(self, worker: _Worker) -> None:
        if worker.left:
            self._hand_out()
        elif not worker.tasks:
            worker.leave()

    def _lost(self, worker: _Worker, untouched: deque[_Task]) -> None:
        """Forget a worker that ended; others take what it had not begun."""
        for workers in (self._workers, self._retired):
            if worker in workers:
                workers.remove(worker)
        self._waiting.extendleft(reversed(untouched))
        self._hand_out()


class _Worker(asyncio.Protocol):
    """One process, as this side sees it."""

    def __init__(self, pool: Pool, process: BaseProcess, deadline: float) -> None:
        self.process, self.left = process, MOST_MESSAGES
        self.tasks: deque[_Task] = deque()
        self._pool, self._deadline = pool, deadline
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = bytearray()
        self._clock: asyncio.TimerHandle | None = None
        self._was_killed = self._was_spared = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def take(self, task: _Task) -> None:
        """Send a message to the process."""
        self.left -= 1
        self.tasks.append(task)
        self._transport.write(HEAD.pack(len(task.message)) + task.message)
        # It is on its way: should the process die, it has not begun with more than the first.
        if len(self.tasks) == 1:
            self._wind()

    def _wind(self) -> None:
        """Start the clock of the first message."""
        if self._clock is not None:
            self._clock.cancel()
        self._was_spared = False
        loop = asyncio.get_running_loop()
        self._clock = loop.call_later(self._deadline, self._expire) if self.tasks else None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= HEAD.size:
            end = HEAD.size + HEAD.unpack_from(self._buffer)[0]
            if len(self._buffer) < end:
                return
            answer = bytes(memoryview(self._buffer)[HEAD.size : end])
            del self._buffer[:end]
            if answer:
                self._take_answer(answer)
            else:
                self.ready.set_result(None)

    def _take_answer(self, packed: bytes) -> None:
        answer, is_fault = pickle.loads(packed)  # noqa: S301 - from our own process
        self._settle(self.tasks.popleft(), answer, is_fault=is_fault)
        self._wind()
        self._pool._answered(self)  # noqa: SLF001 - its other half

    @staticmethod
    def _settle(task: _Task, answer: Any, *, is_fault: bool) -> None:
        if task.done.done():
            return
        if is_fault:
            task.done.set_exception(answer)
        else:
            task.done.set_result(answer)

    def _expire(self) -> None:
        loop = asyncio.get_running_loop()
        if self._clock is not None and loop.time() - self._clock.when() > LATE and not self._was_spared:
            # This process was busy itself: the message may lie unsent, or its answer unread.
            self._was_spared = True
            self._clock = loop.call_later(self._deadline, self._expire)
            return
        self._settle(self.tasks.popleft(), Overdue(), is_fault=True)
        self._was_killed = True
        self.process.kill()
        self._transport.abort()

    def leave(self) -> None:
        """Close the socket: the process ends when it has read it to its end. One that works on is killed."""
        self._was_killed = True
        if self.tasks:
            self.process.kill()
        self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        if self._clock is not None:
            self._clock.cancel()
        tasks, self.tasks = self.tasks, deque()
        if not self._was_killed:
            status = asyncio.get_running_loop().run_in_executor(None, end, [self.process])
            status.add_done_callback(partial(self._blame, tasks.popleft() if tasks else None))
        self._pool._lost(self, tasks)  # noqa: SLF001 - its other half

    def _blame(self, task: _Task | None, status: asyncio.Future[list[int | None]]) -> None:
        """Tell the message that was under way; without one, whoever waits for the process to come up."""
        died = WorkerDied(f"exit status {status.result()[0]}")
        if task is not None:
            self._settle(task, died, is_fault=True)
        elif not self.ready.done():
            self.ready.set_exception(died)


def _load(worker: _Worker) -> int:
    return len(worker.tasks)
