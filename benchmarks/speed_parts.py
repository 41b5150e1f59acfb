"""Times the parts that reading a page is made of, by wrapping the functions that do them; `speed.py --parts` prints them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from newsbot import chain, extract
from newsbot.extract import body, features, model
from newsbot.extract.forest import Forest
from newsbot.items import Page

_FEATURES = "body: features of blocks"
PARTS: tuple[tuple[str, Any, str], ...] = (
    ("decode", extract, "decode"),
    ("parse", extract, "parse"),
    ("walk over the tree", extract, "walk"),
    ("metadata", extract, "read_metadata"),
    ("body: blocks, classes, places", body, "make_blocks"),
    (f"{_FEATURES}: class names", features, "mark_elements"),
    (f"{_FEATURES}: the rest", model, "describe"),
    ("body: features of the second forest", model, "describe_again"),
    ("body: forests", Forest, "probabilities"),
    ("body: the rest", extract, "read_body"),
    ("kind of page", extract, "classify"),
    ("clean", chain, "clean"),
    ("normalize", chain, "normalize"),
    ("fingerprint, id", chain, "seal"),
)
"""Name, and the module or class and the function that does it; what wraps others stands behind them."""
REST = "the rest"


class _Clock:
    """Adds up processor time by part; a part's time is without that of the parts in it."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys((*(name for name, *_ in PARTS), REST), 0.0)
        self._inside = [0.0]

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, its time counted under a name."""

        def wrapper(*arguments: Any, **named: Any) -> Any:
            self._inside.append(0.0)
            start = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                spent = time.process_time() - start
                self.spent[name] += spent - self._inside.pop()
                self._inside[-1] += spent

        return wrapper

    def reset(self) -> None:
        """Begin anew."""
        for name in self.spent:
            self.spent[name] = 0.0


@contextmanager
def clocked() -> Iterator[_Clock]:
    """Give a clock that runs in all parts."""
    clock = _Clock()
    with ExitStack() as stack:
        for name, place, function in PARTS:
            stack.enter_context(patch.object(place, function, clock.timed(name, getattr(place, function))))
        yield clock


def time_parts(read: Callable[[Page], object], pages: Sequence[Page], rounds: int) -> dict[str, list[float]]:
    """Return for each part the milliseconds of each page, the best of some rounds after one to warm up."""
    with clocked() as clock:
        whole = clock.timed(REST, read)
        best = {name: [float("inf")] * len(pages) for name in clock.spent}
        for round_ in range(rounds + 1):
            for index, page in enumerate(pages):
                clock.reset()
                whole(page)
                for name, spent in clock.spent.items():
                    best[name][index] = min(best[name][index], spent * 1e3 if round_ else float("inf"))
    return best
