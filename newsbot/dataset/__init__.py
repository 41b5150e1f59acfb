"""The dataset on disk: Parquet files under one declared schema, committed exactly once; the only pyarrow code."""
