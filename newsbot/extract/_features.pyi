from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from newsbot.extract.tree import Run

Rows = npt.NDArray[np.float32]
Elements = tuple[list[int], list[int], list[int], list[int], list[int], list[int], list[int]]

def tables(signs: bytes, words: Mapping[str, int], marks: int, wordings: int) -> object: ...
def marks(
    attributes: Sequence[Mapping[str, str | None]],
    codes: list[int],
    own: list[int],
    looked_at: frozenset[str],
    said: Callable[[str, str | None], int],
    longest: int,
) -> list[int]: ...
def first(
    tables: object, lists: Elements, runs: list[Run], hints: tuple[str, str, str, bool], rows: Rows
) -> tuple[object, int]: ...
def second(page: object, probabilities: npt.NDArray[np.float64], rows: Rows, filled: int) -> int: ...
