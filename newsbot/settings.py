"""The settings: each component once, in order, and every value with its default, its reason and who reads it.

Each NEWSBOT_ name can be given in three ways; the later wins: here, in the environment, with `-s NAME=VALUE`.
"""

from __future__ import annotations

import os

from newsbot import __version__
from newsbot.items import columns


def _setting(name: str, default: str) -> str:
    """Return the environment's value of `name`, else `default`; readers convert and complain."""
    return os.environ.get(name, default)


BOT_NAME = "newsbot"
SPIDER_MODULES = ["newsbot.spiders"]
COMMANDS_MODULE = "newsbot.commands"

# ---- where things lie --------------------------------------------------------------------------------------------------
# The output root: a folder, or s3://bucket/prefix. Read by extensions.run and the dataset commands.
NEWSBOT_OUTPUT = _setting("NEWSBOT_OUTPUT", "output")
# Local folder of states and locks; empty: `state` under the output root. An object store as output needs it. Read by options.
NEWSBOT_STATE = _setting("NEWSBOT_STATE", "")
# Folders of users' own publisher files, parted by commas; they come before the ones shipped. Read by the registry's callers.
NEWSBOT_PUBLISHERS = _setting("NEWSBOT_PUBLISHERS", "")
# Where the demo newspaper is served; the publisher `demo` reads it, and the address guard lets its host and port pass.
NEWSBOT_DEMO_URL = _setting("NEWSBOT_DEMO_URL", "")

# ---- who we are and what we may do ------------------------------------------------------------------------------------
# A mail address or URL where a site's owner reaches you; real sites are not crawled until it is set. Read by spiders.news.
NEWSBOT_CONTACT = _setting("NEWSBOT_CONTACT", "")
# What rights signals do: record, default or strict; see docs/SAFETY.md. Read by pipelines.
NEWSBOT_RIGHTS = _setting("NEWSBOT_RIGHTS", "default")
# Special addresses that may be reached all the same: CIDR blocks with optional ports, parted by commas. Read by the guard.
NEWSBOT_ALLOWED_ADDRESSES = _setting("NEWSBOT_ALLOWED_ADDRESSES", "")

# ---- how pages are asked for ----------------------------------------------------------------------------------------------
# Bytes of a page at most, before and after decompression; the largest of 1,450 real article pages had 2.2 MB. Read by middlewares.
NEWSBOT_MAX_PAGE_BYTES = _setting("NEWSBOT_MAX_PAGE_BYTES", "16777216")
# Bytes of a feed, sitemap or section page at most; the sitemap protocol allows 50 MB. Read by middlewares.
NEWSBOT_MAX_SOURCE_BYTES = _setting("NEWSBOT_MAX_SOURCE_BYTES", "67108864")
# Seconds a host is left alone after 429 or 503 without Retry-After, twice as long each time in a row. Read by middlewares.
NEWSBOT_PAUSE = _setting("NEWSBOT_PAUSE", "5")
# Seconds a run waits for a host that asks for it; one that asks for longer is left to the next run. Read by middlewares.
NEWSBOT_MAX_PAUSE = _setting("NEWSBOT_MAX_PAUSE", "120")
# Seconds between requests that a robots.txt can ask for by Crawl-delay; more is cut to this. Read by middlewares.
NEWSBOT_MAX_CRAWL_DELAY = _setting("NEWSBOT_MAX_CRAWL_DELAY", "30")
# What a robots.txt that answers 401 or 403 means: allow (RFC 9309) or disallow. Read by middlewares.
NEWSBOT_ROBOTS_FORBIDDEN = _setting("NEWSBOT_ROBOTS_FORBIDDEN", "allow")
# Chromium for publishers with `render = true`; empty: the system's, else the one that Playwright installed. Read by middlewares.
NEWSBOT_CHROMIUM = _setting("NEWSBOT_CHROMIUM", "")

# ---- reading pages ------------------------------------------------------------------------------------------------------
# Processes that read pages, beside the one that fetches; 0 reads inline, without a deadline. Read by extensions.run.
NEWSBOT_WORKERS = _setting("NEWSBOT_WORKERS", "1")
# Seconds a page may take to be read before its worker is killed (median 4 ms, a hostile page 0.7 s). Same reader.
NEWSBOT_DEADLINE = _setting("NEWSBOT_DEADLINE", "2")
# Whether fetched pages are kept as WARC under archive/, for replay; costs about 0.3 ms a page. Read by extensions.run.
NEWSBOT_ARCHIVE = _setting("NEWSBOT_ARCHIVE", "true")

# ---- the dataset ----------------------------------------------------------------------------------------------------------
# A batch is committed when it holds this many rows, bytes of text, or is this many seconds old. Read by extensions.run.
NEWSBOT_BATCH_ROWS = _setting("NEWSBOT_BATCH_ROWS", "2000")
NEWSBOT_BATCH_BYTES = _setting("NEWSBOT_BATCH_BYTES", "67108864")
NEWSBOT_BATCH_SECONDS = _setting("NEWSBOT_BATCH_SECONDS", "300")
# Bytes of an open batch held in memory; those beyond lie in staging. 2,000 usual articles take 8 MB. Read by extensions.run.
NEWSBOT_BATCH_MEMORY = _setting("NEWSBOT_BATCH_MEMORY", "16777216")
# Threads that compress a closing batch, 15 MB each; 0: one a processor, 4 at most, for a replay. Read by extensions.run.
NEWSBOT_BATCH_THREADS = _setting("NEWSBOT_BATCH_THREADS", "1")

# ---- how far a run goes ---------------------------------------------------------------------------------------------------
# Article pages fetched a run at most; the rest is deferred to the next. Read by spiders.news.
NEWSBOT_MAX_PAGES = _setting("NEWSBOT_MAX_PAGES", "100000")
# Seconds after which a run stops taking on pages; 0: never. Read by spiders.news.
NEWSBOT_RUN_SECONDS = _setting("NEWSBOT_RUN_SECONDS", "0")
# Hours after first sight at which an article is looked at again, parted by commas. Read by schedule through spiders.news.
NEWSBOT_REVISITS = _setting("NEWSBOT_REVISITS", "1,6,24,168")
# Share of fetched pages that may fail before the run counts as partly failed. Read by extensions.run.
NEWSBOT_FAILURE_SHARE = _setting("NEWSBOT_FAILURE_SHARE", "0.1")
# Exit status of a run that did its job and found nothing new; 0 keeps cron and make quiet, 2 lets a script tell. Same reader.
NEWSBOT_NOTHING_NEW_STATUS = _setting("NEWSBOT_NOTHING_NEW_STATUS", "0")

# ---- the flow ---------------------------------------------------------------------------------------------------------------
# Scrapy's own, without those that are not needed: what its lists name is loaded even where it is switched off, which took 0.15 s
# and 9 MB of every crawl (the remote control brings aiohttp, cookies bring requests).
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
}
EXTENSIONS = {
    "newsbot.extensions.run.RunExtension": 100,
    "newsbot.extensions.throttle.Throttle": 200,
}
# From the engine to the network; answers come back the other way. Of Scrapy's own, those that have no counterpart below.
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": 900,
}
DOWNLOADER_MIDDLEWARES = {
    "newsbot.middlewares.limits.LimitsMiddleware": 50,
    "newsbot.middlewares.robots.RobotsMiddleware": 100,
    "newsbot.middlewares.retry.RetryMiddleware": 550,
    "newsbot.middlewares.hosts.HostsMiddleware": 560,
    "newsbot.middlewares.redirect.MetaRefreshMiddleware": 580,
    "newsbot.middlewares.compression.CompressionMiddleware": 590,
    "newsbot.middlewares.redirect.RedirectMiddleware": 600,
}
# Each is a generator around everything that a callback yields. What Scrapy's others do is seen to elsewhere: statuses are outcomes,
# long addresses are traps, depth is counted by the sources, no referer is sent.
SPIDER_MIDDLEWARES_BASE = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
}
ITEM_PIPELINES = {
    "newsbot.pipelines.ArchivePipeline": 100,
    "newsbot.pipelines.ExtractPipeline": 200,
    "newsbot.pipelines.NormalizePipeline": 300,
    "newsbot.pipelines.ValidatePipeline": 400,
    "newsbot.pipelines.DedupPipeline": 500,
    "newsbot.pipelines.ExportPipeline": 600,
}
# Scrapy's own `-O FILE`: one more format, and instants that keep zone and microseconds.
FEED_EXPORTERS = {
    "parquet": "newsbot.exporters.ParquetItemExporter",
    "json": "newsbot.exporters.JsonExporter",
    "jsonlines": "newsbot.exporters.JsonLinesExporter",
    "jsonl": "newsbot.exporters.JsonLinesExporter",
    "jl": "newsbot.exporters.JsonLinesExporter",
    "csv": "newsbot.exporters.CsvExporter",
}
# The row's columns; what follows in Article are working values that stay inside.
FEED_EXPORT_FIELDS = columns()

# ---- Scrapy: who may be asked -------------------------------------------------------------------------------------------
USER_AGENT = f"newsbot/{__version__}"
# Behind the address guard; any scheme but http and https is refused.
DOWNLOAD_HANDLERS = {
    "http": "newsbot.middlewares.download.GuardedDownloadHandler",
    "https": "newsbot.middlewares.download.GuardedDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
# IPv6 beside IPv4, cached.
TWISTED_DNS_RESOLVER = "scrapy.resolver.CachingHostnameResolver"
# Scrapy's default is not to verify; the publisher key `verify_tls` makes an exception.
DOWNLOAD_VERIFY_CERTIFICATES = True
# A proxy would connect in our place, to addresses that the guard cannot see.
HTTPPROXY_ENABLED = False
COOKIES_ENABLED = False
REFERER_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# ---- Scrapy: how often --------------------------------------------------------------------------------------------------
CONCURRENT_REQUESTS = 16
# The spider keeps its own queues and hands over what is to be fetched next: Scrapy's need not look for the least busy host.
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"
# Tasks that Scrapy makes for each response, whatever it yields: of its 100 a page's one item leaves 99 idle.
CONCURRENT_ITEMS = 1
# Requests to a host under way at a time, and seconds between two; a publisher's `budgets` and its robots.txt go before.
CONCURRENT_REQUESTS_PER_DOMAIN = 4
DOWNLOAD_DELAY = 0.5
# Slows down as the site does: a site that answers in 2 s is asked about every second, up to once in 30 s.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 30.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 2.0

# ---- Scrapy: how much ---------------------------------------------------------------------------------------------------
# Seconds for a whole answer, so that a server which sends a byte a minute holds nothing up.
DOWNLOAD_TIMEOUT = 60
# Where a request has no limit of its own, which NEWSBOT_MAX_PAGE_BYTES and NEWSBOT_MAX_SOURCE_BYTES give it.
DOWNLOAD_MAXSIZE = 16777216
DOWNLOAD_WARNSIZE = 0
# An answer that ended early comes with a flag; middlewares.retry asks once more, then gives it up.
DOWNLOAD_FAIL_ON_DATALOSS = False
# RFC 9309 asks for at least 5 for robots.txt; the rest is room for http to https to www to language.
REDIRECT_MAX_TIMES = 10
# Only pages that move on at once; news pages refresh themselves after a minute or five.
METAREFRESH_MAXDELAY = 1
RETRY_TIMES = 2
# What was given up is in the run record, with its reason.
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
# 429 and 503 are in: the pause that goes before their next try is the middleware's.
RETRY_HTTP_CODES = [408, 429, 500, 502, 503, 504, 522, 524]

# ---- Scrapy: what it says -----------------------------------------------------------------------------------------------
# The run record and summary say what matters; INFO adds a line a page.
LOG_LEVEL = "WARNING"
# What Scrapy would spend on a page for nothing: records that no handler shows, wrapped counters, callbacks parsed for a `return`.
LOG_FORMATTER = "newsbot.extensions.quiet.QuietLogFormatter"
STATS_CLASS = "newsbot.extensions.quiet.QuietStats"
WARN_ON_GENERATOR_RETURN_VALUE = False
FEED_EXPORT_ENCODING = "utf-8"
