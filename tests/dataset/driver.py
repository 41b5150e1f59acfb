"""A crawl without a site: writes the rows 0 … COUNT-1 that the state does not know yet, as Run does, and dies where it is told.

python tests/dataset/driver.py ROOT PUBLISHER COUNT [ROWS A BATCH] [STATE FOLDER]
"""

from __future__ import annotations

import hashlib
import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newsbot.dataset.commit import recover
from newsbot.dataset.schema import row
from newsbot.dataset.writer import Limits, Writer
from newsbot.exceptions import NewsbotError
from newsbot.lock import PublisherLock
from newsbot.state import State

EPOCH = datetime(2026, 2, 1, tzinfo=UTC)
DAYS = 5


def identity(publisher: str, number: int) -> str:
    """Return the article id of a row."""
    return hashlib.blake2b(f"{publisher} {number}".encode(), digest_size=16).hexdigest()


def make_row(publisher: str, number: int) -> dict[str, Any]:
    """Return row `number`, the same in every process."""
    return row(
        {
            "article_id": identity(publisher, number),
            "version": 1,
            "change": "first",
            "publisher": publisher,
            "url": f"https://{publisher}.example/{number}",
            "headline": f"Headline {number}",
            "body": f"Paragraph of article {number}.\n\n" * (1 + number % 40),
            "authors": ["A. Writer"],
            "keywords": [],
            "provenance": {"headline": "json_ld"},
            "date_published": EPOCH + timedelta(days=number % DAYS, minutes=number),
            "fetched_at": EPOCH,
            "first_seen_at": EPOCH,
        }
    )


def known(publisher: str, number: int) -> dict[str, list[dict[str, Any]]]:
    """Return what the state learns of row `number`."""
    key = identity(publisher, number)
    url = {
        "key": key,
        "url": f"https://{publisher}.example/{number}",
        "outcome": "new",
        "article_id": key,
        "visits": 1,
    }
    article = {
        "article_id": key,
        "version": 1,
        "page_hash": key,
        "first_seen_at": 1.0,
        "changed_at": 1.0,
        "edits": 0,
    }
    return {"urls": [url], "articles": [article], "boilerplate": [{"key": "footer", "pages": 1}]}


def add_up(deltas: list[dict[str, list[dict[str, Any]]]]) -> dict[str, list[dict[str, Any]]]:
    """Return several rows' deltas as one."""
    return {
        name: [value for delta in deltas for value in delta[name]]
        for name in ("urls", "articles", "boilerplate")
    }


def drive(
    root: str, publisher: str, numbers: range, batch_rows: int = 10, state_root: Path | None = None
) -> int:
    """Write the rows that are not known yet; return how many."""
    folder = state_root or Path(root) / "state"
    written = 0
    with PublisherLock(folder, publisher, "driver"):
        state = State.open(folder, publisher)
        recover(root, publisher, state)
        run_id = f"{publisher}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        writer = Writer(root, run_id, publisher, Limits(rows=batch_rows), state)
        deltas: list[dict[str, list[dict[str, Any]]]] = []
        for number in numbers:
            if state.url(identity(publisher, number)) is None:
                writer.add({**make_row(publisher, number), "run_id": run_id})
                deltas.append(known(publisher, number))
                written += 1
            if writer.due():
                writer.commit(add_up(deltas))
                deltas.clear()
        if writer.rows:
            writer.commit(add_up(deltas))
        writer.close()
        state.close()
    return written


def main(words: list[str]) -> int:
    """Run as a program; an error of newsbot's is one line and status 1."""
    root, publisher, count = words[0], words[1], int(words[2])
    state_root = Path(words[4]) if len(words) > 4 else None
    try:
        drive(root, publisher, range(count), int(words[3]) if len(words) > 3 else 10, state_root)
    except NewsbotError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
