"""What a person is told of runs: the summary at a run's end with its exit status, and the page of runs."""

from __future__ import annotations

from newsbot.report.page import write_page
from newsbot.report.summary import exit_status, how_to_read, summary

__all__ = ["exit_status", "how_to_read", "summary", "write_page"]
