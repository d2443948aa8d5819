"""Bodies over the limits, sent to a real API process by different clients."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from statistics import median
from typing import TYPE_CHECKING, Final

import httpx2
import pytest

from api_process import ApiProcess, api_process, read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from tests.conftest import Cluster

    from scenedex.client.signing import Credentials

PERSONS = "/api/v1/workspaces/none/persons/search"
CLIENTS: Final = 64
BYTES: Final = 9_700_000


@pytest.fixture(scope="module")
def process(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Generator[ApiProcess]:
    with api_process(tmp_path_factory.mktemp("large"), cluster.create_database()) as started:
        yield started


@pytest.fixture(scope="module")
def key(process: ApiProcess) -> Credentials:
    return process.key()


def signed(key: Credentials, method: str = "POST", target: str = PERSONS) -> dict[str, str]:
    headers = key.headers(method, target, time.time_ns() // 1_000_000)
    return {**headers, "content-type": "application/json"}


def by_urllib(process: ApiProcess, headers: dict[str, str], body: bytes, _folder: Path) -> int:
    request = urllib.request.Request(process.url + PERSONS, data=body, headers=headers, method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    with refused.value as error:
        assert b"errorCode" in error.read()
        return error.code


def by_httpx(process: ApiProcess, headers: dict[str, str], body: bytes, _folder: Path) -> int:
    return httpx2.post(process.url + PERSONS, content=body, headers=headers, timeout=60).status_code


def by_httpx_in_chunks(process: ApiProcess, headers: dict[str, str], body: bytes, _folder: Path) -> int:
    parts = (body[start : start + 50_000] for start in range(0, len(body), 50_000))
    return httpx2.post(process.url + PERSONS, content=parts, headers=headers, timeout=60).status_code


def by_curl(process: ApiProcess, headers: dict[str, str], body: bytes, folder: Path) -> int:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("needs curl")
    (folder / "body").write_bytes(body)
    command = [curl, "--silent", "--show-error", "--output", "/dev/null", "--write-out", "%{http_code}"]
    for name, value in {**headers, "expect": ""}.items():
        command += ["--header", f"{name}: {value}"]
    command += ["--data-binary", f"@{folder / 'body'}", process.url + PERSONS]
    sent = subprocess.run(command, check=True, capture_output=True, timeout=60)
    return int(sent.stdout)


@pytest.mark.parametrize("send", [by_urllib, by_httpx, by_httpx_in_chunks, by_curl])
@pytest.mark.parametrize("size", [70_000, 10_500_000, 64_000_000], ids=["70 kB", "10.5 MB", "64 MB"])
def test_every_client_reads_that_a_body_is_too_large(
    size: int,
    send: Callable[[ApiProcess, dict[str, str], bytes, Path], int],
    process: ApiProcess,
    key: Credentials,
    tmp_path: Path,
) -> None:
    assert send(process, signed(key), b"[" * size, tmp_path) == 413


def test_a_body_that_is_too_large_is_refused_before_the_signature(process: ApiProcess, tmp_path: Path) -> None:
    assert by_urllib(process, {}, b"a" * 10_500_000, tmp_path) == 413


def test_a_body_without_end_is_not_received_for_ever(process: ApiProcess, key: Credentials) -> None:
    head = [f"POST {PERSONS} HTTP/1.1", "Host: x", "Transfer-Encoding: chunked"]
    head += [f"{name}: {value}" for name, value in signed(key).items()]
    part = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    sent = 0
    with process.connect() as connection:
        connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                connection.sendall(part)
                sent += len(part)
        read_all(connection)

    assert sent < 300 * 1024**2


def test_large_bodies_do_not_delay_other_clients(process: ApiProcess, key: Credentials) -> None:
    """The clients run in a process of their own, since they need more time than the server."""
    usual = usual_seconds(process, key, 100)
    words = ("large-bodies", str(process.port), "600", key.access_key, key.secret_key)
    attack = subprocess.Popen([sys.executable, "-m", "benchmarks.availability.attacks", *words])
    try:
        time.sleep(1)
        attacked = usual_seconds(process, key, 200)
    finally:
        attack.kill()
        attack.wait()

    # A call takes a hundredth of a second if the machine does nothing else.
    assert attacked < max(0.1, 20 * usual)


def usual_seconds(process: ApiProcess, key: Credentials, calls: int) -> float:
    """Return the median duration of a small call."""
    target = "/api/v1/workspaces?pageNum=1"
    durations: list[float] = []
    with httpx2.Client(base_url=process.url, timeout=60) as client:
        for _ in range(calls):
            started = time.perf_counter()
            assert client.get(target, headers=signed(key, "GET", target)).status_code == 200
            durations.append(time.perf_counter() - started)
    return median(durations)
