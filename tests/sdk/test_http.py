"""The SDK over a socket."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from scenedex.client import Client, NotFound, TransportFailed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Serving


def test_speaks_http_and_sends_files(serving: Serving, tmp_path: Path) -> None:
    video = tmp_path / "interview.mp4"
    video.write_bytes(b"x" * 600_000)

    with serving() as service:
        key = service.api().key
        with Client(service.url, key.access_key, key.secret_key) as client:
            client.workspaces.create("archive")
            [project] = client.projects("archive").list()
            upload = client.assets("archive", project.project_id).upload(video)
            with pytest.raises(NotFound) as caught:
                client.workspaces.get("a b ü?#")

    assert upload.asset_id
    assert caught.value.trace_id


def test_a_service_that_cannot_be_reached_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with (
            Client(endpoint, "AK_TEST", "SK_TEST", max_retries=0) as client,
            pytest.raises(TransportFailed, match=endpoint) as caught,
        ):
            client.workspaces.get("archive")

    assert not caught.value.is_sent
