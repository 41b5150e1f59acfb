"""Builds what is also written in C, where there is a compiler; an install without one goes on without it."""

from __future__ import annotations

from pathlib import Path

from setuptools import Extension, setup

# The same on every machine: no fused multiply-add, no reordered sums.
FLAGS = ["-O3", "-ffp-contract=off"]
FOLDER = Path("newsbot", "extract")


def sources(name: str) -> list[str]:
    """Return the C files of a module: that of its name, and those that say what of it they hold."""
    return sorted(str(path) for path in (FOLDER / f"{name}.c", *FOLDER.glob(f"{name}_*.c")))


setup(
    ext_modules=[
        Extension(
            f"newsbot.extract.{name}",
            sources(name),
            depends=sorted(map(str, FOLDER.glob(f"{name}*.h"))),
            extra_compile_args=FLAGS,
            optional=True,
        )
        for name in ("_walk", "_forest", "_features")
    ]
)
