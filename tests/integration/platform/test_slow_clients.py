"""Slow, silent and numerous connections to a real API process."""

from __future__ import annotations

import contextlib
import itertools
import socket
import time
from typing import TYPE_CHECKING

import pytest

from api_process import HOST, ApiProcess, api_process, read_all, seconds_until_closed
from processes import until

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.conftest import Cluster

HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "
HEADER_SECONDS = 10
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def hurried(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Generator[ApiProcess]:
    """Process with a shorter time for headers, and with few connections of one address."""
    settings = {"SCENEDEX_SERVER_HEADER_SECONDS": "1", "SCENEDEX_SERVER_MAX_CONNECTIONS_OF_ADDRESS": "20"}
    with api_process(tmp_path_factory.mktemp("hurried"), cluster.create_database(), settings) as process:
        yield process


@pytest.mark.parametrize("is_signed", [False, True], ids=["half a head", "half a signed body"])
def test_500_unfinished_connections_and_256_descriptors_keep_nobody_out(
    is_signed: bool, cluster: Cluster, tmp_path: Path
) -> None:
    with api_process(tmp_path, cluster.create_database(), descriptors=256) as process, contextlib.ExitStack() as stack:
        unfinished = half_a_body(process) if is_signed else HALF_A_HEAD
        held: list[socket.socket] = []
        for _ in range(500):
            connection = stack.enter_context(process.connect())
            connection.sendall(unfinished)
            held.append(connection)

        durations: list[float] = []
        for number in range(100):
            started = time.monotonic()
            assert process.status() == 200
            durations.append(time.monotonic() - started)
            # The database of a busy machine may take longer to answer than readiness waits.
            until(lambda: process.status("/readyz") == 200, "the process is ready")
            # The attack goes on: what was closed is opened again.
            held[number] = stack.enter_context(process.connect())
            held[number].sendall(unfinished)

    # Those who wait for a held connection to be closed wait until the time for its headers is over.
    assert max(durations) < HEADER_SECONDS
    assert "Traceback" not in process.log()


def half_a_body(process: ApiProcess) -> bytes:
    """Return the beginning of a signed call whose body does not end."""
    target = "/api/v1/workspaces"
    headers = process.key().headers("POST", target, time.time_ns() // 1_000_000)
    head = [f"POST {target} HTTP/1.1", "Host: x", "Content-Length: 500"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + b"{"


def test_a_connection_that_sends_nothing_is_closed(hurried: ApiProcess) -> None:
    with hurried.connect() as connection:
        seconds, found = seconds_until_closed(connection)

    assert (found, seconds > 0.9) == (b"", True)


def test_headers_that_arrive_byte_by_byte_are_refused(hurried: ApiProcess) -> None:
    with hurried.connect() as connection:
        data = b""
        connection.sendall(HALF_A_HEAD)
        connection.settimeout(0.2)
        with contextlib.suppress(OSError):
            for _ in range(300):
                connection.sendall(b"a")
                with contextlib.suppress(TimeoutError):
                    if data := connection.recv(1000):
                        break

    assert data.startswith(b"HTTP/1.1 408 ")


def test_the_headers_of_a_further_request_have_the_same_time(hurried: ApiProcess) -> None:
    with hurried.connect() as connection:
        connection.sendall(WHOLE)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        time.sleep(1.5)  # an idle connection may wait
        connection.sendall(HALF_A_HEAD)
        seconds, found = seconds_until_closed(connection)

    assert (b"HTTP/1.1 408" in found, seconds > 0.9) == (True, True)


def test_empty_lines_are_no_request_and_keep_no_connection(hurried: ApiProcess) -> None:
    with hurried.connect() as connection, contextlib.suppress(OSError):
        for _ in range(600):
            connection.sendall(b"\r\n")
            time.sleep(0.1)
            if is_over(connection):
                return
        pytest.fail("still open")


def test_headers_without_end_are_refused(hurried: ApiProcess) -> None:
    with hurried.connect() as connection:
        connection.sendall(HALF_A_HEAD)
        with contextlib.suppress(OSError):
            for _ in range(64):
                connection.sendall(b"a" * 4096)
        found = read_all(connection)

    assert found.startswith(b"HTTP/1.1 431 ")


def test_one_address_has_a_limited_number_of_connections(hurried: ApiProcess) -> None:
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(hurried.connect()) for _ in range(40)]
        for connection in held:
            connection.sendall(WHOLE)
        until(lambda: open_ones(held) <= 20, "the connections beyond the limit are closed")
        assert open_ones(held) == 20
        assert hurried.status() == 200


def open_ones(connections: list[socket.socket]) -> int:
    return sum(not is_over(one) for one in connections)


def is_over(connection: socket.socket) -> bool:
    """Return whether the peer has closed the connection."""
    connection.setblocking(False)
    with contextlib.suppress(BlockingIOError, ConnectionError):
        while data := connection.recv(1000):
            del data
        return True
    try:
        connection.recv(1)
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    return True


def test_a_body_that_nobody_sends_is_given_up(hurried: ApiProcess) -> None:
    """The call is signed, so the server waits for the body."""
    with hurried.connect() as connection:
        connection.sendall(half_a_body(hurried))
        seconds, found = seconds_until_closed(connection)

    assert (found[:12], seconds > 9) == (b"HTTP/1.1 408", True)


def test_trailers_are_no_headers(hurried: ApiProcess) -> None:
    """A signature in trailers does not sign, even if the headers arrive in one piece with them."""
    target = "/api/v1/workspaces?pageNum=1"
    headers = hurried.key().headers("GET", target, time.time_ns() // 1_000_000)
    head = f"GET {target} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
    head += "Content-Type: application/json\r\n"
    trailers = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name.startswith("x-ncp"))
    with hurried.connect() as connection:
        connection.sendall(f"{head}\r\n0\r\n{trailers}\r\n".encode())
        in_trailers = read_all(connection)
    with hurried.connect() as connection:
        connection.sendall(f"{head}{trailers}\r\n0\r\n\r\n".encode())
        in_headers = read_all(connection)

    assert (in_trailers[:12], in_headers[:12]) == (b"HTTP/1.1 401", b"HTTP/1.1 200")


def test_a_client_may_wait_for_the_server_to_ask_for_the_body(hurried: ApiProcess) -> None:
    target = "/api/v1/workspaces"
    body = b'{"workspaceName": "asked"}'
    headers = hurried.key().headers("POST", target, time.time_ns() // 1_000_000)
    head = [f"POST {target} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", "Expect: 100-continue"]
    head += ["Content-Type: application/json", "Connection: close", *(f"{name}: {it}" for name, it in headers.items())]
    with hurried.connect() as connection:
        connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        asked = connection.recv(1000)
        connection.sendall(body)
        found = read_all(connection)

    assert (asked[:12], found[:12]) == (b"HTTP/1.1 100", b"HTTP/1.1 200")


def test_a_malformed_request_is_refused_readably(hurried: ApiProcess) -> None:
    with hurried.connect() as connection:
        connection.sendall(b"\x16\x03\x01 no HTTP\r\n\r\n" + b"a" * 500_000)
        found = read_all(connection)

    assert found.startswith(b"HTTP/1.1 400 ")


def test_requests_in_one_piece_are_all_answered(hurried: ApiProcess) -> None:
    with hurried.connect() as connection:
        connection.sendall(WHOLE * 9 + WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        found = read_all(connection)

    assert found.count(b"HTTP/1.1 200") == 10


def test_an_answer_that_nobody_reads_holds_no_other_client_up(hurried: ApiProcess) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            silent = stack.enter_context(socket.socket())
            silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            silent.connect((HOST, hurried.port))
            silent.sendall(b"GET /schema HTTP/1.1\r\nHost: x\r\n\r\n" * 5)
        answers = [hurried.status() for _ in itertools.repeat(None, 5)]

    assert answers == [200] * 5
