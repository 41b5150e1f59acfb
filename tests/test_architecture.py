"""The import rules of docs/ARCHITECTURE.md, held by reading the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "newsbot"

FLOORS: dict[int, tuple[str, ...]] = {
    1: (
        "items", "urls", "outcomes", "exceptions", "monitors", "dedup", "options", "rights", "robots", "kill",
        "pool",
    ),
    2: ("publishers", "clean", "normalize", "validate", "archive", "dataset", "state", "lock", "record", "politeness"),
    3: (
        "discover", "extract", "schedule", "report", "middlewares", "extensions", "exporters", "chain", "workers", "run",
        "delta", "reclean", "adapt", "tombstone", "warm",
    ),
    4: ("spiders", "pipelines", "commands"),
}  # fmt: skip
STAGES = {"discover", "extract", "clean", "normalize", "validate", "dedup"}
STORES = {"archive", "dataset", "state", "lock", "record"}
SHELL = {"middlewares", "extensions", "exporters", "spiders", "pipelines", "commands", "settings"}
APART = {"settings", "demo", "__init__"}
# Library -> the only parts that may import it.
BORDERS = {
    "scrapy": SHELL,
    "twisted": SHELL,
    "pyarrow": {"dataset"},
    "sqlite3": {"state"},
    "fastwarc": {"archive"},
    "isal": {"archive"},
    "warcio": {"archive"},
    "lightgbm": set(),
    "duckdb": {"dataset", "commands"},
}


def _parts() -> dict[str, int]:
    return {part: floor for floor, parts in FLOORS.items() for part in parts}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "newsbot":
                yield from (f"newsbot.{alias.name}" for alias in node.names)


def _part(name: str) -> str:
    return name.split(".")[1] if "." in name else "__init__"


FILES = sorted(PACKAGE.rglob("*.py"))


def _own(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _newsbot_imports(path: Path) -> list[str]:
    found = {_part(name) for name in _imports(path) if name.startswith("newsbot.")}
    return sorted(found - {_own(path), "__version__"})


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_what_its_floor_allows(path: Path) -> None:
    own, floors = _own(path), _parts()
    if own in APART:
        return
    assert own in floors, f"{own} stands on no floor: name it in this test and in docs/ARCHITECTURE.md"
    for part in _newsbot_imports(path):
        assert part in floors, f"{path}: nobody imports {part}"
        assert floors[part] <= floors[own], (
            f"{path}: floor {floors[own]} imports {part} of floor {floors[part]}"
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_stages_and_stores_keep_apart(path: Path) -> None:
    own = _own(path)
    for part in _newsbot_imports(path):
        if own in STAGES:
            assert part not in STAGES - {"dedup"}, f"{path}: a stage imports the stage {part}"
            assert part not in STORES, f"{path}: a stage imports the store {part}"
            assert part not in SHELL, f"{path}: a stage imports the shell's {part}"
        if own in STORES:
            assert part not in STAGES - {"dedup"}, f"{path}: a store imports the stage {part}"
            assert part not in SHELL, f"{path}: a store imports the shell's {part}"
        if own not in {"spiders", "commands", "settings"}:
            assert part not in {"spiders", "commands", "settings"}, f"{path}: nobody imports {part}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_is_used_behind_its_border_only(path: Path) -> None:
    own = _own(path)
    for name in _imports(path):
        library = name.split(".")[0]
        if library in BORDERS:
            assert own in BORDERS[library], f"{path} imports {library}; only {sorted(BORDERS[library])} may"


def test_nobody_but_the_registry_knows_a_publisher_by_name() -> None:
    names = {path.stem for path in (PACKAGE / "publishers").rglob("*.toml")} - {"demo"}
    texts = {
        path: path.read_text(encoding="utf-8") for path in FILES if _own(path) not in {"publishers", "demo"}
    }
    assert len(names) > 1
    for path, text in texts.items():
        strings = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
        known = names & {value for value in strings if isinstance(value, str)}
        assert not known, f"{path} knows the publisher {known}"
