"""The words around the articles, by language: menus, prompts, inserts, and lines that recur rightly; read by story.py and paper."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rightful:
    """Lines that stand in several articles and belong to each of them."""

    agency: str
    agency_note: str
    correction: str
    columns: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chrome:
    """What a page says beside its article."""

    language: str
    labels: dict[str, str]
    """Short labels by name: by, updated, share, most_read, comments, cookie, accept, newsletter, footer …"""
    leads: tuple[str, ...]
    """How an insert that links another article begins."""
    prompts: tuple[str, ...]
    """Recurring prompts in mid-text."""
    closers: tuple[str, ...]
    """Recurring last lines."""
    months: tuple[str, ...]
    date: str
    """Pattern of a shown date: {day}, {month}, {year}, {clock}."""
    rightful: Rightful

    @property
    def direction(self) -> str:
        """rtl or ltr."""
        return "rtl" if self.language == "ar" else "ltr"

    def shown(self, local: datetime, *, clock: bool = True) -> str:
        """Return a local time as readers see it."""
        text = self.date.format(
            day=local.day, month=self.months[local.month - 1], year=local.year, clock="{clock}"
        )
        if clock:
            return text.format(clock=f"{local:%H:%M}")
        return text.split("{clock}")[0].rstrip(" ,،à")


@cache
def chrome(language: str) -> Chrome:
    """Return the words around articles in `language`."""
    with files("newsbot.demo").joinpath(f"words/{language}.chrome.toml").open("rb") as file:
        read = tomllib.load(file)
    lines = read["rightful"]
    return Chrome(
        language=language,
        labels=read["labels"],
        leads=tuple(read["leads"]),
        prompts=tuple(read["prompts"]),
        closers=tuple(read["closers"]),
        months=tuple(read["months"]),
        date=read["date"],
        rightful=Rightful(
            lines["agency"],
            lines["agency_note"],
            lines["correction"],
            tuple(lines["columns"]),
            tuple(lines["quotes"]),
        ),
    )
