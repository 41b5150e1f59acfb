"""Articles whose text comes by script: the page is a shell that fetches it as JSON; served by site.py for the render extra."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from markupsafe import escape

from newsbot.demo.wire import Answer

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper

_SHELL = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<link rel="canonical" href="{url}"></head><body>
<div id="app"><p class="wait">Loading …</p></div>
<noscript>This page needs a script to run.</noscript>
<script>
fetch("/fragments/{index}/").then(function (answer) {{ return answer.json(); }}).then(function (story) {{
  var article = document.createElement("article");
  function put(tag, text, name) {{
    var node = document.createElement(tag);
    node.textContent = text;
    if (name) {{ node.className = name; }}
    article.appendChild(node);
  }}
  put("h1", story.headline);
  put("p", story.standfirst, "quay-lead");
  var stamp = document.createElement("time");
  stamp.setAttribute("datetime", story.published);
  stamp.textContent = story.published;
  article.appendChild(stamp);
  var text = document.createElement("div");
  text.className = "quay-text";
  story.paragraphs.forEach(function (words) {{
    var node = document.createElement("p");
    node.textContent = words;
    text.appendChild(node);
  }});
  article.appendChild(text);
  document.getElementById("app").replaceChildren(article);
  document.title = story.headline;
}});
</script></body></html>
"""


def scripted_path(index: int) -> str:
    """Return the path under which article `index` comes by script."""
    return f"/scripted/{index}/"


def scripted_page(paper: Newspaper, index: int, *, bare: bool) -> Answer | None:
    """Return the shell of article `index` (`bare`), or the JSON its script fetches; None where there is no such article."""
    if not paper.newest <= index < paper.articles:
        return None
    if bare:
        url = paper.base + scripted_path(index)
        page = _SHELL.format(
            language=paper.section(index).language, title=escape(paper.title), url=url, index=index
        )
        return Answer(page.encode())
    truth = paper.truth(index)
    story = {
        "headline": truth["headline"],
        "standfirst": truth["description"],
        "published": truth["date_published"],
        "paragraphs": str(truth["body"]).split("\n\n"),
    }
    return Answer(orjson.dumps(story), media="application/json")
