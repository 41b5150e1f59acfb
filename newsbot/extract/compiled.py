"""What is also written in C, where it was built; None where it was not: the same in Python is used then.

`pip install` builds it where there is a C compiler (setup.py). NEWSBOT_PURE=1 leaves it out, to compare.
"""

from __future__ import annotations

import os
from types import ModuleType

walk_in_c: ModuleType | None = None
forest_in_c: ModuleType | None = None
features_in_c: ModuleType | None = None
if not os.environ.get("NEWSBOT_PURE"):
    try:
        from newsbot.extract import _features as features_in_c
        from newsbot.extract import _forest as forest_in_c
        from newsbot.extract import _walk as walk_in_c
    except ImportError:
        features_in_c = forest_in_c = walk_in_c = None
