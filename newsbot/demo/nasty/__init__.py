"""The demo server's nasty mode: cases by name, the faults and traps that news sites show, one function each; called by server.py.

A case is met in three ways: under the prefix `/nasty/<name>/…` of any URL; on all URLs it applies to, or a share of them, where
the server is started with it; on one path, by `server.wrongs.at[path] = name`.
"""

from __future__ import annotations

from newsbot.demo.nasty import (
    charsets,
    pages,
    redirects,
    robots,
    slow,
    sources,
    statuses,
    transfers,
    traps,
    validators,
)
from newsbot.demo.nasty.registry import CASES, Case, Visit, Wrongs, case

# Each of them registers its cases.
MODULES = (charsets, pages, redirects, robots, slow, sources, statuses, transfers, traps, validators)
__all__ = ["CASES", "MODULES", "Case", "Visit", "Wrongs", "case"]
