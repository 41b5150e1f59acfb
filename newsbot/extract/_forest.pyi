from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]

def score(columns: Array, feature: Array, threshold: Array, leaf: Array, depth: int, out: Array) -> None: ...
