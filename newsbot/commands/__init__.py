"""The `scrapy …` commands."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder


class _NoPandas(MetaPathFinder):
    """Says that pandas is not installed."""

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> None:
        """Raise ModuleNotFoundError for pandas."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


# pyarrow imports pandas where it finds it, which no command needs and which costs 50 MB; whoever needs it imports it later.
_finder = _NoPandas()
sys.meta_path.insert(0, _finder)
try:
    import newsbot.dataset  # noqa: F401 - for what it loads
finally:
    sys.meta_path.remove(_finder)
