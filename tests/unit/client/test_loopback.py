from __future__ import annotations

import socket

import pytest

from scenedex.client import Client, NotFound, TransportFailed
from scenedex.client.signing import Credentials
from scenedex.client.testing import FakeService, loopback


def test_speaks_http() -> None:
    service = FakeService(Credentials("AK_TEST", "SK_TEST"))
    with loopback(service) as endpoint, Client(endpoint, "AK_TEST", "SK_TEST") as client:
        client.workspaces.create("archive")
        with pytest.raises(NotFound) as caught:
            client.workspaces.get("a b/ü%2E?#")

    assert caught.value.trace_id == "0123456789abcdef"
    assert service.received[-1].target == "/api/v1/workspaces/a%20b%2F%C3%BC%252E%3F%23"


def test_says_which_service_could_not_be_reached() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with (
            Client(endpoint, "AK_TEST", "SK_TEST", max_retries=0) as client,
            pytest.raises(TransportFailed, match=endpoint) as caught,
        ):
            client.workspaces.get("archive")

    assert not caught.value.is_sent
