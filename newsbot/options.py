"""The NEWSBOT_ settings as typed values, read once a run; a value of the wrong form is named with its remedy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from newsbot.exceptions import SettingError

Getter = Callable[[str], object]
Rights = Literal["record", "default", "strict"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a run may be told. Seconds, bytes and hours as the names say."""

    root: str
    """Output root as given: a folder or a URL of an object store."""
    state_root: Path
    """Local folder of the states and locks."""
    batch_rows: int
    batch_bytes: int
    batch_seconds: float
    batch_memory: int
    batch_threads: int
    """0: one a processor, 4 at most."""
    workers: int
    deadline: float
    archive: bool
    rights: Rights
    contact: str
    max_pages: int
    run_seconds: float
    revisits: tuple[float, ...]
    failure_share: float
    nothing_new_status: int
    publishers: tuple[str, ...]
    """Folders of users' own publisher files."""
    demo_url: str
    chromium: str = ""
    """Path of the browser; empty: the system's."""

    @property
    def batch(self) -> dict[str, Any]:
        """When a batch closes and what writing it may take, by the names in `newsbot.dataset.writer.Limits`."""
        return {
            "rows": self.batch_rows,
            "bytes": self.batch_bytes,
            "seconds": self.batch_seconds,
            "held": self.batch_memory,
            "threads": self.batch_threads,
        }

    @property
    def is_remote(self) -> bool:
        """Whether the output root is an object store."""
        return "://" in self.root

    def variables(self, demo_url: str = "") -> dict[str, str]:
        """Return what stands for `${NAME}` in publisher files; `demo_url` where none is set, for saved pages, which need none."""
        return {"NEWSBOT_DEMO_URL": self.demo_url or demo_url}

    def folder(self, name: str) -> Path:
        """Return the local folder `name` (runs, archive, report …) of the output: beside the state where the root is remote."""
        return (self.state_root.parent if self.is_remote else Path(self.root)) / name


def read_options(get: Getter) -> Options:
    """Return the options as `get(name)` (such as `settings.get`) tells them. Raises SettingError."""
    root = _text(get, "NEWSBOT_OUTPUT") or "output"
    rights = _text(get, "NEWSBOT_RIGHTS") or "default"
    if rights not in {"record", "default", "strict"}:
        raise SettingError(f"NEWSBOT_RIGHTS is {rights!r}; take record, default or strict")
    return Options(
        root=root,
        state_root=_state_root(root, _text(get, "NEWSBOT_STATE")),
        batch_rows=int(_number(get, "NEWSBOT_BATCH_ROWS", least=1)),
        batch_bytes=int(_number(get, "NEWSBOT_BATCH_BYTES", least=1)),
        batch_seconds=_number(get, "NEWSBOT_BATCH_SECONDS", least=0.1),
        batch_memory=int(_number(get, "NEWSBOT_BATCH_MEMORY")),
        batch_threads=int(_number(get, "NEWSBOT_BATCH_THREADS")),
        workers=int(_number(get, "NEWSBOT_WORKERS")),
        deadline=_number(get, "NEWSBOT_DEADLINE", least=0.01),
        archive=_flag(get, "NEWSBOT_ARCHIVE"),
        rights=cast("Rights", rights),
        contact=_text(get, "NEWSBOT_CONTACT"),
        max_pages=int(_number(get, "NEWSBOT_MAX_PAGES")),
        run_seconds=_number(get, "NEWSBOT_RUN_SECONDS"),
        revisits=_numbers(get, "NEWSBOT_REVISITS"),
        failure_share=_number(get, "NEWSBOT_FAILURE_SHARE", most=1),
        nothing_new_status=int(_number(get, "NEWSBOT_NOTHING_NEW_STATUS")),
        publishers=folders(get),
        demo_url=_demo_url(get),
        chromium=_text(get, "NEWSBOT_CHROMIUM"),
    )


@dataclass(frozen=True, slots=True)
class Fetching:
    """How pages are asked for. Seconds and bytes as the names say."""

    max_page_bytes: int
    max_source_bytes: int
    pause: float
    max_pause: float
    max_crawl_delay: float
    run_seconds: float
    robots_forbidden: Literal["allow", "disallow"]


def read_fetching(get: Getter) -> Fetching:
    """Return how pages are asked for, as `get(name)` tells it; read by the middlewares. Raises SettingError."""
    forbidden = _text(get, "NEWSBOT_ROBOTS_FORBIDDEN")
    if forbidden not in {"allow", "disallow"}:
        raise SettingError(f"NEWSBOT_ROBOTS_FORBIDDEN is {forbidden!r}; take allow or disallow")
    return Fetching(
        max_page_bytes=int(_number(get, "NEWSBOT_MAX_PAGE_BYTES", least=1)),
        max_source_bytes=int(_number(get, "NEWSBOT_MAX_SOURCE_BYTES", least=1)),
        pause=_number(get, "NEWSBOT_PAUSE"),
        max_pause=_number(get, "NEWSBOT_MAX_PAUSE"),
        max_crawl_delay=_number(get, "NEWSBOT_MAX_CRAWL_DELAY"),
        run_seconds=_number(get, "NEWSBOT_RUN_SECONDS"),
        robots_forbidden=cast("Literal['allow', 'disallow']", forbidden),
    )


def folders(get: Getter) -> tuple[str, ...]:
    """Return the folders of NEWSBOT_PUBLISHERS; a list or text parted by commas."""
    value = get("NEWSBOT_PUBLISHERS")
    parts = value if isinstance(value, (list, tuple)) else str(value or "").split(",")
    return tuple(str(part).strip() for part in parts if str(part).strip())


def _demo_url(get: Getter) -> str:
    url = _text(get, "NEWSBOT_DEMO_URL")
    if url and not url.startswith(("http://", "https://")):
        raise SettingError(
            f"NEWSBOT_DEMO_URL is {url!r}; give the address that `python -m newsbot.demo` prints, such as http://127.0.0.1:8642"
        )
    return url


def _state_root(root: str, given: str) -> Path:
    if given:
        return Path(given)
    if "://" in root:
        raise SettingError(
            f"NEWSBOT_OUTPUT is {root}, an object store: set NEWSBOT_STATE to a local folder for states and locks"
        )
    return Path(root) / "state"


def _text(get: Getter, name: str) -> str:
    value = get(name)
    return "" if value is None else str(value).strip()


def _number(get: Getter, name: str, least: float = 0, most: float = sys.float_info.max) -> float:
    text = _text(get, name)
    wanted = f"{least:g} or more" if most == sys.float_info.max else f"{least:g} to {most:g}"
    try:
        number = float(text)
    except ValueError:
        raise SettingError(f"{name} is {text!r}; give a number, {wanted}") from None
    if not least <= number <= most:
        raise SettingError(f"{name} is {text}; give a number, {wanted}")
    return number


def _numbers(get: Getter, name: str) -> tuple[float, ...]:
    value = get(name)
    parts = value if isinstance(value, (list, tuple)) else str(value or "").split(",")
    try:
        return tuple(float(part) for part in parts if str(part).strip())
    except ValueError:
        raise SettingError(
            f"{name} is {value!r}; give numbers parted by commas, such as 1,6,24,168"
        ) from None


_FLAGS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def _flag(get: Getter, name: str) -> bool:
    text = _text(get, name).lower()
    if text not in _FLAGS:
        raise SettingError(f"{name} is {text!r}; give true or false")
    return _FLAGS[text]
