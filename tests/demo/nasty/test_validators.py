"""Validators lie as their cases say."""

from __future__ import annotations

import pytest

from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import Server, serve
from tests.demo.nasty.visiting import meet


def test_stuck_validators_say_304_to_anything() -> None:
    with serve(Newspaper(articles=20)) as server:
        first = meet(server, "stuck_validators")
        assert first.status == 200
        server.newspaper.edit(0, "body")
        stuck = meet(server, "stuck_validators", if_none_match=first.headers["etag"])
        assert (stuck.status, stuck.body) == (304, b"")
        assert (
            meet(
                server, "stuck_validators", "/rss.xml", if_modified_since="Mon, 02 Mar 2026 10:00:00 GMT"
            ).status
            == 304
        )
        assert meet(server, "stuck_validators").body != first.body


def test_a_lying_etag_is_new_every_time(server: Server) -> None:
    one, other = meet(server, "lying_etag"), meet(server, "lying_etag")
    assert one.body == other.body
    assert one.headers["etag"] != other.headers["etag"]
    assert meet(server, "lying_etag", if_none_match=other.headers["etag"]).status == 200


def test_the_same_etag_for_other_bodies(server: Server) -> None:
    one, other = meet(server, "same_etag"), meet(server, "same_etag")
    assert one.headers["etag"] == other.headers["etag"]
    assert one.body != other.body


@pytest.mark.parametrize("path", ["", "/rss.xml"])
def test_no_validators(server: Server, path: str) -> None:
    got = meet(server, "no_validators", path)
    assert not {"etag", "last-modified"} & got.headers.keys()


def test_conditions_that_are_ignored(server: Server) -> None:
    tag = meet(server, "ignores_conditions").headers["etag"]
    assert meet(server, "ignores_conditions", if_none_match=tag).status == 200


def test_a_frame_that_changes_around_the_same_article(server: Server) -> None:
    one, other = meet(server, "changing_frame"), meet(server, "changing_frame")
    assert one.body != other.body
    assert one.headers["etag"] != other.headers["etag"]
    assert len(one.body) == len(other.body)


def test_an_article_that_is_edited_at_each_visit() -> None:
    with serve(Newspaper(articles=20)) as server:
        truths, pages = [], []
        for _ in range(4):
            pages.append(meet(server, "edited_each_visit").body)
            truths.append(server.newspaper.truth(0))
        assert len(set(pages)) == 4
        assert truths[0]["headline"] != truths[1]["headline"] == truths[2]["headline"]
        assert len({str(truth["body"]) for truth in truths}) == 3
        assert server.newspaper.edits == {0: ["headline", "body", "typo"]}


def test_a_live_blog_grows(server: Server) -> None:
    pages = [meet(server, "live_blog").text for _ in range(3)]
    assert [page.count('class="update"') for page in pages] == [3, 4, 5]
    assert len({page.partition('"dateModified"')[2][:25] for page in pages}) == 3
