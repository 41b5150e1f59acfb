"""Nasty cases: redirects in chains, circles, to other hosts, to private addresses and to other schemes."""

# ruff: noqa: ARG001 - every case is given the visit, some need nothing of it

from __future__ import annotations

from newsbot.demo.nasty.registry import Visit, nasty
from newsbot.demo.wire import Answer, redirect


def _here(visit: Visit, query: str) -> Answer:
    return redirect(f"{visit.paper.base}{visit.sent.path}?{query}")


def _hop(visit: Visit) -> int:
    text = visit.sent.query.removeprefix("hop=")
    return int(text) if text.isdigit() else 0


@nasty()
async def redirect_chain(visit: Visit) -> Answer:
    """Three redirects, then the right answer."""
    hop = _hop(visit)
    return visit.usual() if hop >= 3 else _here(visit, f"hop={hop + 1}")


@nasty()
async def redirect_endless(visit: Visit) -> Answer:
    """Every redirect leads to a new one."""
    return _here(visit, f"hop={_hop(visit) + 1}")


@nasty()
async def redirect_loop(visit: Visit) -> Answer:
    """A URL that redirects to itself."""
    return redirect(visit.paper.base + visit.sent.target)


@nasty()
async def redirect_host(visit: Visit) -> Answer:
    """A redirect to another host of this machine, localhost."""
    return redirect(visit.paper.base.replace("127.0.0.1", "localhost") + visit.asked.path)


@nasty()
async def redirect_home(visit: Visit) -> Answer:
    """A redirect to the home page, as sites do whose article is gone."""
    return redirect(f"{visit.paper.base}/")


@nasty()
async def redirect_private(visit: Visit) -> Answer:
    """A redirect to 10.0.0.1."""
    return redirect(f"http://10.0.0.1{visit.asked.path}")


@nasty()
async def redirect_metadata(visit: Visit) -> Answer:
    """A redirect to 169.254.169.254, where clouds keep their machines' secrets."""
    return redirect("http://169.254.169.254/latest/meta-data/")


@nasty()
async def redirect_other_port(visit: Visit) -> Answer:
    """A redirect to another port of loopback."""
    return redirect("http://127.0.0.1:9/admin/")


@nasty()
async def redirect_ipv6(visit: Visit) -> Answer:
    """A redirect to [::1]."""
    return redirect("http://[::1]:9/admin/")


@nasty()
async def redirect_mapped(visit: Visit) -> Answer:
    """A redirect to [::ffff:10.0.0.1], IPv4 in IPv6's clothes."""
    return redirect("http://[::ffff:10.0.0.1]/admin/")


@nasty()
async def redirect_hex(visit: Visit) -> Answer:
    """A redirect to 0x7f000001, loopback as a number."""
    return redirect("http://0x7f000001:9/admin/")


@nasty()
async def redirect_file(visit: Visit) -> Answer:
    """A redirect to file:///etc/passwd."""
    return redirect("file:///etc/passwd")


@nasty()
async def redirect_ftp(visit: Visit) -> Answer:
    """A redirect to ftp:."""
    return redirect("ftp://127.0.0.1/pub/")


@nasty()
async def redirect_data(visit: Visit) -> Answer:
    """A redirect to a data: URL."""
    return redirect("data:text/html,<h1>Not the article</h1>")


@nasty()
async def redirect_gopher(visit: Visit) -> Answer:
    """A redirect to gopher:."""
    return redirect("gopher://127.0.0.1:9/_x")


@nasty()
async def redirect_nowhere(visit: Visit) -> Answer:
    """A redirect that names no target."""
    return Answer(b"", 302, validates=False)


@nasty()
async def redirect_garbage(visit: Visit) -> Answer:
    """A redirect to what is no URL."""
    return redirect("http://[not-an-address/%zz")


@nasty()
async def redirect_with_password(visit: Visit) -> Answer:
    """A redirect to another host with a password in the URL."""
    host = visit.paper.base.removeprefix("http://").replace("127.0.0.1", "localhost")
    return redirect(f"http://reader:secret@{host}{visit.asked.path}")
