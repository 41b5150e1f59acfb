"""The dataset on disk: Parquet files under one declared schema, committed exactly once; the only pyarrow code."""

from newsbot.dataset.reader import Dataset, Rows, open  # noqa: A004 - read as newsbot.dataset.open

__all__ = ["Dataset", "Rows", "open"]
