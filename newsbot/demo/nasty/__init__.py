"""The demo server's nasty mode: cases by name, each one fault of faults and traps that news sites show; called by server.py.

A case is met in three ways: under the prefix `/nasty/<name>/…` of any URL; on all URLs it applies to, or a share of them, where
the server is started with it; on one path, by `server.wrongs.at[path] = name`.
"""

from __future__ import annotations

from newsbot.demo.nasty.registry import CASES, Case, Visit, Wrongs, case

__all__ = ["CASES", "Case", "Visit", "Wrongs", "case"]
