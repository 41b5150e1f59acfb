"""newsbot.urls: which spellings and variants are one page, and what is no web address."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsbot.urls import article_id, clean_url, same_site, site_of, url_key

PLAIN = "https://tide.example/isles/4711-ferry"

SAME = [
    "http://tide.example/isles/4711-ferry",
    "https://www.tide.example/isles/4711-ferry/",
    "https://m.tide.example/isles/4711-ferry",
    "https://amp.tide.example/isles/4711-ferry",
    "https://mobile.tide.example/isles/4711-ferry",
    "HTTPS://TIDE.example:443/isles/4711-ferry",
    "http://tide.example:80/isles/4711-ferry",
    "https://tide.example./isles/4711-ferry",
    "https://user:secret@tide.example/isles/4711-ferry",
    f"{PLAIN}#comments",
    f"{PLAIN}?utm_source=rss&utm_medium=feed",
    f"{PLAIN}?fbclid=abc&gclid=def",
    f"{PLAIN}?PHPSESSID=0123456789",
    f"{PLAIN};jsessionid=ABC123",
    f"{PLAIN}/amp",
    f"{PLAIN}/amp/",
    f"{PLAIN}/amp.html",
    f"{PLAIN}?amp",
    f"{PLAIN}?amp=1",
    f"{PLAIN}?outputType=amp",
    "https://tide.example/amp/isles/4711-ferry",
    f"{PLAIN}/print",
    f"{PLAIN}?print=1",
    f"{PLAIN}?view=print",
    f"{PLAIN}/index.html",
    "https://tide.example//isles///4711-ferry",
    f"  {PLAIN}\n",
]
DIFFERENT = [
    "https://tide.example/isles/4711-ferry-2",
    "https://tide.example/isles/4712-ferry",
    "https://tide.example/Isles/4711-ferry",
    "https://news.tide.example/isles/4711-ferry",
    "https://tide.example:8080/isles/4711-ferry",
    f"{PLAIN}?id=5",
    f"{PLAIN}?page=2",
    f"{PLAIN}?view=2",
    "https://tide.example/",
    "https://tide.test/isles/4711-ferry",
]


@pytest.mark.parametrize("url", SAME)
def test_variants_of_a_page_share_its_key(url: str) -> None:
    assert url_key(url) == url_key(PLAIN)


@pytest.mark.parametrize("url", DIFFERENT)
def test_other_pages_have_other_keys(url: str) -> None:
    assert url_key(url) != url_key(PLAIN)


def test_parameters_are_a_set() -> None:
    assert url_key(f"{PLAIN}?b=2&a=1&utm_source=x") == url_key(f"{PLAIN}?a=1&b=2")
    assert url_key(f"{PLAIN}?a=") == f"{url_key(PLAIN)}?a="


def test_names_in_any_script_are_one_host() -> None:
    assert url_key("https://zeitung-münchen.example/a") == url_key("https://xn--zeitung-mnchen-osb.example/a")
    assert url_key("https://пример.example/новости") == url_key(
        "https://пример.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"
    )


def test_addresses_keep_their_port_and_are_not_taken_for_mobile_hosts() -> None:
    assert url_key("http://127.0.0.1:8642/a") == "127.0.0.1:8642/a"
    assert url_key("http://[::1]:8642/a") == "[::1]:8642/a"
    assert url_key("https://m.example/a") == "m.example/a"


BAD = [
    *(
        "",
        " ",
        "tide.example/a",
        "ftp://tide.example/a",
        "javascript:void(0)",
        "mailto:a@tide.example",
        "https://",
        "http://:80/a",
    ),
    *(
        "http://tide.example:99999/",
        "http://tide.example:port/",
        "http://[::1/",
        "data:text/html,x",
        "//tide.example/a",
    ),
]


@pytest.mark.parametrize("url", BAD)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    for function in (url_key, clean_url, site_of):
        with pytest.raises(ValueError):  # noqa: PT011 - the message is urllib's or ours
            function(url)
    assert not same_site(url, PLAIN)


def test_a_clean_url_is_what_a_reader_would_share() -> None:
    assert (
        clean_url("HTTPS://user:secret@tide.example:443/isles/?utm_source=x&id=5#top")
        == "https://tide.example/isles/?id=5"
    )
    assert clean_url("http://tide.example") == "http://tide.example/"
    assert clean_url("http://tide.example:8080/a?b=%20c") == "http://tide.example:8080/a?b=%20c"


def test_sites_are_registered_domains() -> None:
    assert site_of("https://news.tide.co.uk/a") == "tide.co.uk"
    assert same_site("https://www.tide.co.uk", "http://sport.tide.co.uk/b")
    assert not same_site("https://one.co.uk", "https://two.co.uk")
    assert site_of("http://127.0.0.1:8642/a") == "127.0.0.1:8642"
    assert not same_site("http://127.0.0.1:1/", "http://127.0.0.1:2/")


def test_ids_are_32_hex_digits_of_the_key() -> None:
    identity = article_id(url_key(PLAIN))
    assert len(identity) == 32 and set(identity) <= set(string.hexdigits.lower())
    assert identity != article_id("x") and article_id("\ud800")


hosts = st.from_regex(r"(?:(?:www|m|amp|news)\.)?[a-zäöü]{1,8}\.(?:example|co\.uk)", fullmatch=True)
paths = st.lists(
    st.sampled_from(
        [
            "amp",
            "print",
            "a",
            "b;c",
            "%20",
            "ü",
            "index.html",
            "",
            ".",
            "..",
            "amp.html",
            "2024",
            "%C3%BC",
            "é?",
        ]
    ),
    max_size=5,
)
queries = st.lists(
    st.sampled_from(
        ["utm_source=x", "amp=1", "id=5", "a", "b=", "=c", "m=1", "sid=3", "x=%26", "y=+", "z=ü", "%zz"]
    ),
    max_size=4,
)


@given(st.sampled_from(["http", "https"]), hosts, paths, queries, st.sampled_from(["", "/", "#f", "/#"]))
def test_a_key_is_its_own_key(scheme: str, host: str, path: list[str], query: list[str], end: str) -> None:
    url = f"{scheme}://{host}/{'/'.join(path)}{end}?{'&'.join(query)}"
    key = url_key(url)
    assert url_key(f"{scheme}://{key}") == key
    assert clean_url(clean_url(url)) == clean_url(url)
    assert url_key(clean_url(url)) == key


@given(
    st.text(max_size=60), st.sampled_from(["", "http://", "https://tide.example/", "https://tide.example?"])
)
@example(".", "http://")
@example("1\u3002", "http://")
def test_any_string_is_a_key_or_a_value_error(text: str, before: str) -> None:
    try:
        key = url_key(before + text)
    except ValueError:
        return
    assert key.encode("utf-8", "surrogatepass")
    assert url_key(f"http://{key}") == key
