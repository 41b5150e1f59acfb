"""Builds the two loops that are also written in C, where there is a compiler; an install without one goes on without them."""

from __future__ import annotations

from setuptools import Extension, setup

# The same on every machine: no fused multiply-add, no reordered sums.
FLAGS = ["-O3", "-ffp-contract=off"]

setup(
    ext_modules=[
        Extension(
            f"newsbot.extract.{name}", [f"newsbot/extract/{name}.c"], extra_compile_args=FLAGS, optional=True
        )
        for name in ("_walk", "_forest")
    ]
)
