from collections.abc import Callable, Mapping

from selectolax.lexbor import LexborNode

from newsbot.extract.elements import Kind
from newsbot.extract.tree import Attributes, Lists, Run, Sign

def walk(
    root: LexborNode,
    lists: Lists,
    kinds: Mapping[int, Kind],
    kind_of: Callable[[str], Kind],
    run: type[Run],
    numbers: tuple[int, int],
    limits: tuple[int, int, int],
) -> bool: ...
def signs(tags: list[str], attributes: list[Attributes]) -> tuple[list[Sign], list[int]]: ...
def paths(
    parents: list[int],
    depths: list[int],
    signs: tuple[list[Sign], list[int]],
    elements: list[int],
    deepest: int,
) -> list[str]: ...
