"""Builds what is also written in C, where there is a compiler; an install without one goes on without it."""

from __future__ import annotations

from pathlib import Path

from setuptools import Extension, setup

# The same on every machine: no fused multiply-add, no reordered sums.
FLAGS = ["-O3", "-ffp-contract=off"]
EXTRACT, DEDUP = Path("newsbot", "extract"), Path("newsbot", "dedup")


def sources(folder: Path, name: str) -> list[str]:
    """Return the C files of a module: that of its name, and those that say what of it they hold."""
    return sorted(str(path) for path in (folder / f"{name}.c", *folder.glob(f"{name}_*.c")))


setup(
    ext_modules=[
        Extension(
            ".".join((*folder.parts, name)),
            sources(folder, name),
            depends=sorted(map(str, folder.glob(f"{name}*.h"))),
            extra_compile_args=FLAGS,
            optional=True,
        )
        for folder, name in (
            (EXTRACT, "_walk"),
            (EXTRACT, "_forest"),
            (EXTRACT, "_features"),
            (DEDUP, "_texts"),
        )
    ]
)
