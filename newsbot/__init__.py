"""newsbot crawls news publishers into a Parquet dataset of clean articles, one row a version of an article."""

__version__ = "0.1.0"
