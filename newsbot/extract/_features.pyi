from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from newsbot.extract.tree import Attributes, Run, Sign

Rows = npt.NDArray[np.float32]
Signs = tuple[list[Sign], list[int]]
Elements = tuple[list[int], list[int], list[int], list[int], Signs, list[int]]

def lexicon(words: Mapping[str, int]) -> object: ...
def is_utf8(page: bytes) -> bool: ...
def tags_with(page: bytes, letter: bytes) -> int: ...
def tables(
    characters: tuple[bytes, bytes, bytes],
    lexicon: object,
    tags: Mapping[str, int],
    marks: int,
    wordings: int,
) -> object: ...
def marks(
    lexicon: object,
    attributes: list[Attributes],
    signs: Signs,
    bits: tuple[Mapping[str, int], frozenset[str], int, int],
) -> list[int]: ...
def first(
    tables: object, lists: Elements, runs: list[Run], hints: tuple[str, str, str, bool], rows: Rows
) -> tuple[object, int]: ...
def second(page: object, probabilities: npt.NDArray[np.float64], rows: Rows, filled: int) -> int: ...
