"""The nginx of `docs/how-to/console.md`, which serves Scenedex below a path."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from processes import until

if TYPE_CHECKING:
    from collections.abc import Generator

PREFIX = "/video"
_PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "console.md"
_FRAME = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {text}
}}
"""


@contextlib.contextmanager
def stripping_proxy(folder: Path, port: int, server_port: int) -> Generator[str]:
    """Run the proxy on a port of this machine before a server, without TLS, and return its address with the path."""
    nginx = shutil.which("nginx")
    if nginx is None:
        pytest.skip("nginx is not installed")
    found = re.search(r"```nginx\n(.*?)```", _PAGE.read_text(), re.DOTALL)
    assert found is not None
    text = (
        found[1]
        .replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        .replace("127.0.0.1:8600", f"127.0.0.1:{server_port}")
    )
    text = re.sub(r"ssl_certificate(_key)? .*;", "", text)
    (folder / "nginx.conf").write_text(_FRAME.format(folder=folder, text=text))
    process = subprocess.Popen([nginx, "-e", str(folder / "nginx.log"), "-c", str(folder / "nginx.conf")])
    url = f"http://127.0.0.1:{port}{PREFIX}"
    try:
        until(lambda: _is_up(f"{url}/healthz"), "the proxy answers")
        yield url
    finally:
        process.terminate()
        process.wait(60)


def _is_up(address: str) -> bool:
    try:
        return httpx2.get(address).status_code in (200, 502)
    except httpx2.TransportError:
        return False
