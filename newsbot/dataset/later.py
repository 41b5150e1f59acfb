"""What a crawl spares itself of the libraries beneath the dataset: modules that it never asks for, and memory."""

from __future__ import annotations

import importlib
import sys
from importlib.abc import MetaPathFinder
from typing import Any

import pyarrow as pa


class Later:
    """Stands for a module that is loaded when it is first asked for something.

    It is not in `sys.modules`, as a module of `importlib.util.LazyLoader` is: whatever looks at all modules there, such as
    `inspect.stack`, would load it.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        """Return what the module has under a name. Raises ModuleNotFoundError, AttributeError."""
        found = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, found)
        return found


def later(name: str) -> Any:
    """Return a stand-in for a module: `pyarrow.dataset` takes 13 MB, `pyarrow.compute` 9, `duckdb` 15."""
    return Later(name)


def give_back() -> None:
    """Give what is free of the process' memory back to the system, some milliseconds: before and after what takes a lot of it."""
    pa.system_memory_pool().release_unused()


def spare_memory() -> None:
    """Let pyarrow hold as little as a crawl needs: called once, at its start.

    Its first conversion looks for pandas and loads it, 40 MB, which only items that hold pandas objects need; with pandas out of
    sight for that moment it goes without, until something asks for pandas itself, such as `to_pandas`. The system's allocator gives
    back what a batch took, where pyarrow's own keeps 38 MB of it (1,200 rows); `newsbot.dataset` asks for it, but Arrow may have
    been loaded before.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if "pandas" in sys.modules:
        return
    hiding = _Hiding()
    sys.meta_path.insert(0, hiding)
    try:
        pa.array([None])
    finally:
        sys.meta_path.remove(hiding)


class _Hiding(MetaPathFinder):
    """Says that there is no pandas."""

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> None:
        """Raise ModuleNotFoundError for pandas."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)
