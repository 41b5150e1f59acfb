"""Loads what reading pages needs, on import: the fork server imports this once, and every worker is born with it.

Model, phrases, month names and language tables take a second or more to load; a worker that replaces a killed one must not spend
its first page's deadline on them.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from newsbot.chain import read
from newsbot.items import Page
from newsbot.normalize.language import detect
from newsbot.publishers.model import Publisher
from newsbot.urls import site_of, url_key

_PARAGRAPH = "<p>The council of the harbour met on Tuesday evening, and nobody spoke against the plan for a bridge.</p>"
# No date is declared, so that relative dates are loaded too.
_HTML = (
    "<html lang='en'><head><title>A bridge - The Alder Courier</title></head><body><h1>A bridge</h1>"
    f"<span class='date'>2 hours ago</span><article>{_PARAGRAPH * 5}</article></body></html>"
)

# The model of languages takes 0.4 s of the 0.9 and is for the most part decompressed, beside which another thread can run, as long
# as it hands the interpreter back more often than each 5 ms: decompression asks for it 700 times.
_interval = sys.getswitchinterval()
sys.setswitchinterval(0.0001)
with ThreadPoolExecutor(1) as _beside:
    _language = _beside.submit(detect, _PARAGRAPH)
    # Lists that only some pages ask for: of public suffixes, of tracking parameters.
    site_of("https://alder.example")
    url_key("https://alder.example/?page=1")
    read(
        Page("https://alder.example/city/a", _HTML.encode(), datetime.now(UTC)),
        Publisher("alder", "https://alder.example"),
    )
_language.result()
sys.setswitchinterval(_interval)
