"""The `scrapy …` commands."""
