"""What normalize knows of the publisher."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from newsbot.normalize.place import Place


def test_a_place_cannot_be_changed() -> None:
    place = Place(now=datetime(2024, 5, 4, tzinfo=UTC))
    assert (place.time_zone, place.languages, place.date_order, place.site_names) == ("UTC", (), None, ())
    with pytest.raises(dataclasses.FrozenInstanceError):
        place.time_zone = "Europe/Berlin"  # type: ignore[misc]
