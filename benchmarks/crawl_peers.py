"""What the crawl's benchmark runs beside newsbot, each in a process of its own and with its own imports: `NAME URLS OUT`.

`scrapy` only fetches; `news-please` and `fundus` write JSON Lines; `trafilatura-config` writes settings without its pauses.
"""
# ruff: noqa: PLC0415 - each has the imports of its own virtual environment
# mypy: ignore-errors

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path


def scrapy(urls: list[str], out: Path) -> None:
    """Fetch the URLs as a crawl of a loopback site does, and count the answers."""
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    class Fetch(Spider):
        name = "fetch"
        count = 0

        async def start(self):
            for url in urls:
                yield Request(url, dont_filter=True)

        def parse(self, response):
            Fetch.count += response.status == 200

    settings = {"CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "LOG_LEVEL": "WARNING"}
    process = CrawlerProcess({**settings, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False})
    process.crawl(Fetch)
    process.start()
    out.write_text(str(Fetch.count))


def news_please(urls: list[str], out: Path) -> None:
    """Fetch and read 100 URLs at a time: it starts a thread a URL."""
    from newsplease import NewsPlease

    with (out / "articles.jsonl").open("w") as file:
        for at in range(0, len(urls), 100):
            found = NewsPlease.from_urls(
                urls[at : at + 100], request_args={"timeout": 60}, fetch_images=False
            )
            for article in found.values():
                if article:
                    file.write(json.dumps(article.get_serializable_dict()) + "\n")


def fundus(urls: list[str], out: Path) -> None:
    """Read the URLs by its crawler, with a publisher made here: its own publishers are real sites.

    It takes URLs from sources only, and reads no sitemap that is compressed: the benchmark lays one beside the newspaper's.
    """
    from datetime import datetime

    from fundus import Crawler
    from fundus.parser import ArticleBody, BaseParser, ParserProxy, attribute
    from fundus.parser.utility import extract_article_body_with_selector
    from fundus.publishers.base_objects import Publisher, PublisherGroup
    from fundus.scraping.url import Sitemap
    from lxml.cssselect import CSSSelector

    class Parser(ParserProxy):
        class V1(BaseParser):
            @attribute
            def title(self) -> str | None:
                return self.precomputed.meta.get("og:title")

            @attribute
            def body(self) -> ArticleBody | None:
                return extract_article_body_with_selector(
                    self.precomputed.doc, paragraph_selector=CSSSelector("article p, main p, p")
                )

            @attribute
            def publishing_date(self) -> datetime | None:
                return None

    root = "/".join(urls[0].split("/")[:3])

    class Group(metaclass=PublisherGroup):
        default_language = "en"
        Demo = Publisher(name="demo", domain=root, parser=Parser, sources=[Sitemap(f"{root}/some.xml")])

    crawler = Crawler(Group.Demo, delay=0.0)
    with (out / "articles.jsonl").open("w") as file:
        for article in crawler.crawl(max_articles=len(urls), only_complete=False):
            file.write(json.dumps({"url": article.html.responded_url, "body": str(article.body)}) + "\n")


def trafilatura_config(_urls: list[str], out: Path) -> None:
    """Write its own settings with no pause between the pages of a host."""
    from trafilatura.settings import DEFAULT_CONFIG

    DEFAULT_CONFIG.set("DEFAULT", "SLEEP_TIME", "0")
    with out.open("w") as file:
        DEFAULT_CONFIG.write(file)


def main() -> None:
    """Run the one named."""
    name, urls, out = sys.argv[1:]
    logging.disable(logging.INFO)
    run = {
        "scrapy": scrapy,
        "news-please": news_please,
        "fundus": fundus,
        "trafilatura-config": trafilatura_config,
    }
    run[name](Path(urls).read_text().split(), Path(out))


if __name__ == "__main__":
    main()
