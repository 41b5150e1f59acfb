"""newsbot.dataset.later: a crawl leaves the readers' libraries where they are; who asks for them gets them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from newsbot.dataset.later import later

_CRAWL = "import newsbot.commands.dataset, newsbot.extensions.run, newsbot.pipelines, newsbot.spiders.news"


def _run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_crawl_loads_no_reader() -> None:
    look = "[name in sys.modules for name in ('pandas', 'pyarrow._dataset', '_duckdb')]"
    code = f"{_CRAWL}\nimport inspect, sys; inspect.stack(); print({look})"
    assert _run(code) == "[False, False, False]"


def test_the_first_look_loads() -> None:
    code = (
        "from newsbot.dataset.later import later; import inspect, sys; ds = later('pyarrow.dataset'); inspect.stack()\n"
        "print('pyarrow.dataset' in sys.modules, ds.field('a') is not None, 'pyarrow.dataset' in sys.modules)"
    )
    assert _run(code) == "False True True"


def test_a_module_that_is_not_there() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such"):
        _ = later("no_such").name


def test_a_conversion_loads_no_pandas_until_it_is_asked_for() -> None:
    code = (
        "from newsbot.dataset.later import spare_memory; import sys, pyarrow as pa; spare_memory()\n"
        "table = pa.table({'a': [1, None]}); print('pandas' in sys.modules)\n"
        "print(table.to_pandas()['a'].sum(), pa.array(table.to_pandas()['a']).null_count)\n"
    )
    assert _run(code).splitlines() == ["False", "1.0 1"]


def test_pandas_that_is_loaded_stays() -> None:
    code = (
        "import pandas, sys, pyarrow as pa; from newsbot.dataset.later import spare_memory; spare_memory()\n"
        "print(sys.modules['pandas'] is pandas, pa.array(pandas.Series([1.0, float('nan')])).null_count)"
    )
    assert _run(code) == "True 1"


def test_arrow_takes_the_systems_allocator_unless_told_otherwise() -> None:
    code = "import newsbot.dataset, pyarrow as pa; print(pa.default_memory_pool().backend_name)"
    assert _run(code) == "system"
    told = "import os; os.environ['ARROW_DEFAULT_MEMORY_POOL'] = 'mimalloc'\n"
    assert _run(told + code) == "mimalloc"
