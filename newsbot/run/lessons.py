"""What a publisher's pages repeat, as a run learns it: from the state, and from batch to batch."""

from __future__ import annotations

from newsbot.clean.boilerplate import Learned, Sightings
from newsbot.state import State


class Lessons:
    """Holds the counts of the texts that recur; those of one article lie in the state until they are met again."""

    def __init__(self, state: State) -> None:
        self._state, self._sightings = state, Sightings()
        self._sightings.merge(state.recurring())
        self.learned: Learned = self._sightings.learned()

    def learn(self, batch: Sightings) -> None:
        """Learn from a batch that is about to be committed, and from what earlier runs saw once of its texts."""
        self._sightings.merge(self._state.texts(batch.counts.keys() - self._sightings.counts.keys()))
        self._sightings.merge(batch.counts.values())
        self.learned = self._sightings.learned()

    def settle(self) -> None:
        """Let go of what is in the state now and recurs nowhere."""
        self._sightings.forget_singles()
