"""What the tests of nasty cases share: a server for them, and the URL at which a path meets a case."""

from __future__ import annotations

import http.client
import socket

from newsbot.demo.server import Server
from tests.demo.browsing import Got, get


def at(server: Server, name: str, path: str = "") -> str:
    """Return the URL at which a path (the newest article's, if empty) meets a case."""
    return f"{server.url}/nasty/{name}{path or server.newspaper.path(0)}"


def meet(server: Server, name: str, path: str = "", **headers: str) -> Got:
    """Ask for a path that meets a case."""
    return get(at(server, name, path), "GET", 30, **headers)


def raw(server: Server, name: str, path: str = "", timeout: float = 10) -> bytes:
    """Return the bytes of an answer up to the end of the connection."""
    target = at(server, name, path).removeprefix(server.url)
    parts = []
    with socket.create_connection(("127.0.0.1", server.port), timeout=timeout) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        while piece := connection.recv(65_536):
            parts.append(piece)
    return b"".join(parts)


BROKEN = (ConnectionError, http.client.HTTPException)
