"""Modules that are loaded when they are first asked for something: a crawl, which asks for nothing, need not hold them."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType


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
