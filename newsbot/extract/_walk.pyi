from collections.abc import Callable, Mapping

from selectolax.lexbor import LexborNode

from newsbot.extract.elements import Kind
from newsbot.extract.tree import Run

Lists = tuple[list[LexborNode], list[str], list[int], list[int], list[int], list[int], list[Run]]

def walk(
    lists: Lists,
    kinds: Mapping[int, Kind],
    kind_of: Callable[[str], Kind],
    run: Callable[..., Run],
    numbers: tuple[int, int],
    limits: tuple[int, int, int],
) -> bool: ...
