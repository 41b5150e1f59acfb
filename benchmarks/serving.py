"""Serves the demo newspaper's files by nginx on loopback, for the crawl's benchmark; without nginx, by the demo's own server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsbot.demo.newspaper import Newspaper

ROOT = Path(__file__).resolve().parent.parent
CONFIG = """\
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
  types {{ application/xml xml; application/json json; text/plain txt; }}
  charset utf-8; charset_types text/plain application/xml application/json;
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000; default_type text/html;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {site}; index index.html; }}
}}
"""


def find_nginx() -> str | None:
    """Return nginx's path, installed where it is missing and this is root on Debian; else None."""
    name = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if name is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-q", "nginx-light"], check=False, capture_output=True)
        name = shutil.which("nginx", path="/usr/sbin")
    return name


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(pages: int, folder: Path, seed: int = 1) -> Iterator[tuple[str, list[str]]]:
    """Serve a newspaper of `pages` articles; yield its address and the articles' URLs."""
    port, nginx = free_port(), find_nginx()
    base = f"http://127.0.0.1:{port}"
    paper = ["-m", "newsbot.demo", "--articles", str(pages), "--seed", str(seed)]
    command = [sys.executable, *paper, "--port", str(port), "--plain"]
    if nginx:
        site = folder / f"site-{port}"
        subprocess.run([sys.executable, *paper, "--base", base, "--write", str(site)], cwd=ROOT, check=True)
        config = folder / "nginx.conf"
        config.write_text(CONFIG.format(folder=folder, port=port, site=site))
        # One process, as `master_process off` says, stays the user who runs this and may read the folder.
        command = [nginx, "-p", str(folder), "-c", str(config)]
    else:
        print("nginx is missing: the demo's own server, in Python, takes its place", file=sys.stderr)
    newspaper = Newspaper(seed, pages)
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait(process, port)
        yield base, [base + newspaper.path(index) for index in range(pages)]
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the port answers. Raises RuntimeError where the server ended or a minute passed."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"nothing answers on port {port}")
