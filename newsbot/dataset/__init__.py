"""The dataset on disk: Parquet files under one declared schema, committed exactly once; the only pyarrow code."""

import os

# Arrow's own allocator asks for huge pages and keeps what a batch took, 12 MB more, and threads that write files wait for each
# other in it. Arrow reads this when it first allocates, and nothing of newsbot loads it before; what the user says goes first.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

from newsbot.dataset.reader import Dataset, Rows, open  # noqa: A004 - read as newsbot.dataset.open

__all__ = ["Dataset", "Rows", "open"]
