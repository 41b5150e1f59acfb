"""The demo newspaper's sections: language, design and share of the articles; and which articles belong to which section."""

from __future__ import annotations

from dataclasses import dataclass

from newsbot.demo.draw import draw


@dataclass(frozen=True, slots=True)
class Section:
    """A section: one language, one design of article pages."""

    slug: str
    """First segment of its URLs."""
    title: str
    """As pages name it."""
    language: str
    design: str
    share: int
    """Articles of forty."""
    zone: str = "America/Halifax"
    """Zone in which the section's desk stamps its machine-readable dates."""


SECTIONS = (
    Section("world", "World", "en", "quay", 7, "Europe/London"),
    Section("city", "City", "en", "lantern", 6),
    Section("opinion", "Opinion", "en", "mosaic", 4),
    Section("science", "Science", "en", "ledger", 4, "UTC"),
    Section("markets", "Markets", "en", "almanac", 3),
    Section("wirtschaft", "Wirtschaft", "de", "lantern", 3),
    Section("culture", "Culture", "fr", "mosaic", 2, "Europe/Paris"),
    Section("deportes", "Deportes", "es", "ledger", 2, "America/Bogota"),
    Section("obshchestvo", "Общество", "ru", "quay", 2, "Asia/Vladivostok"),
    Section("alam", "العالم", "ar", "quay", 2, "Asia/Dubai"),
    Section("guoji", "国际", "zh", "mosaic", 2, "Asia/Shanghai"),
    Section("keizai", "経済", "ja", "ledger", 1, "Asia/Tokyo"),
    Section("desh", "देश", "hi", "mosaic", 1, "Asia/Kolkata"),
    Section("koinonia", "Κοινωνία", "el", "lantern", 1),
)
CYCLE = sum(section.share for section in SECTIONS)
BY_SLUG = {section.slug: section for section in SECTIONS}


class Allotment:
    """Gives each index its section in cycles of forty, so that the k-th article of a section is found without counting."""

    def __init__(self, seed: int) -> None:
        slots = [section for section in SECTIONS for _ in range(section.share)]
        draw(seed, "allotment", 0).shuffle(slots)
        self._slots = slots
        self._places = {
            section.slug: [place for place, slot in enumerate(slots) if slot is section]
            for section in SECTIONS
        }

    def section(self, index: int) -> Section:
        """Return the section of article `index`."""
        return self._slots[index % CYCLE]

    def member(self, slug: str, position: int) -> int:
        """Return the index of the article at `position` (0: the newest) of a section."""
        places = self._places[slug]
        return position // len(places) * CYCLE + places[position % len(places)]

    def position(self, index: int) -> int:
        """Return which article of its section `index` is, 0 the newest."""
        places = self._places[self.section(index).slug]
        return index // CYCLE * len(places) + places.index(index % CYCLE)

    def count(self, slug: str, articles: int) -> int:
        """Return how many of the first `articles` belong to a section."""
        places, rest = self._places[slug], articles % CYCLE
        return articles // CYCLE * len(places) + sum(place < rest for place in places)
