"""What a crawl spares itself of the libraries beneath the dataset: modules that it never asks for, and memory."""

from __future__ import annotations

import importlib.util
import sys
from importlib.abc import MetaPathFinder
from types import ModuleType

import pyarrow as pa


def later(name: str) -> ModuleType:
    """Return a module that loads itself with the first look at one of its names. Raises ModuleNotFoundError where there is none.

    `pyarrow.dataset` brings pandas with it where that is installed, together 55 MB and half a second; `duckdb` 0.1 s.
    """
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"no module named {name!r}", name=name)
    loader = importlib.util.LazyLoader(spec.loader)
    spec.loader = loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    parent, _, child = name.rpartition(".")
    if parent:
        # `import a.b` elsewhere finds it in sys.modules and leaves the parent as it is.
        setattr(sys.modules[parent], child, module)
    return module


def spare_memory() -> None:
    """Let pyarrow hold as little as a crawl needs: called once, at its start.

    Its first conversion looks for pandas and loads it, 40 MB, which only items that hold pandas objects need; with pandas out of
    sight for that moment it goes without, until something asks for pandas itself, such as `to_pandas`. The system's allocator gives
    back what a batch took, where pyarrow's own keeps 38 MB of it (1,200 rows).
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
