from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]

def pack(feature: Array, threshold: Array, leaf: Array, depth: int) -> object: ...
def score(packed: object, columns: Array, out: Array) -> None: ...
