"""What is done with each character of a text and is also written in C; None where that was not built: Python does the same then.

`pip install` builds it where there is a C compiler (setup.py). NEWSBOT_PURE=1 leaves it out, to compare.
"""

from __future__ import annotations

import os
from types import ModuleType

texts_in_c: ModuleType | None = None
if not os.environ.get("NEWSBOT_PURE"):
    try:
        from newsbot.dedup import _texts as texts_in_c
    except ImportError:
        texts_in_c = None
