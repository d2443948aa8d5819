from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from scenedex.client import Client, TransportFailed, UploadFailed, UploadInterrupted
from scenedex.client.testing import FakeService, loopback
from scenedex.client.uploading import CHUNK_BYTES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "인터뷰 1.mp4"
    path.write_bytes(b"x" * (2 * CHUNK_BYTES + 1))
    return path


def test_a_file_becomes_an_asset(client: Client, service: FakeService, video: Path) -> None:
    heard: list[tuple[int, int]] = []
    assets = client.assets("archive", 1001)

    upload = assets.upload(video, on_progress=lambda sent, size: heard.append((sent, size)))

    size = 2 * CHUNK_BYTES + 1
    assert assets.wait_import(upload.asset_id).asset_id == upload.asset_id
    assert assets.get(upload.asset_id).file_name == "인터뷰 1.mp4"
    assert heard == [(CHUNK_BYTES, size), (2 * CHUNK_BYTES, size), (size, size)]
    assert [it.body for it in service.received if it.method == "PUT"] == [video.read_bytes()]


def test_a_file_is_sent_with_its_length_over_the_wire(service: FakeService, video: Path) -> None:
    sent: list[httpx2.Request] = []

    class Recorder(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            sent.append(request)
            return httpx2.Response(200) if request.method == "PUT" else service.handle_request(request)

    with loopback(Recorder()) as endpoint, Client(endpoint, "AK_TEST", "SK_TEST", max_retries=0) as client:
        service.faults.append(ticket(f"{endpoint}/uploads/1"))
        service.faults.append(httpx2.Response(200, content=b'{"code":"0","result":' + COMPLETED + b"}"))
        client.assets("archive", 1001).upload(video)

    put = next(request for request in sent if request.method == "PUT")
    assert put.headers["content-length"] == str(2 * CHUNK_BYTES + 1)
    assert "transfer-encoding" not in put.headers
    assert "x-ncp-iam-access-key" not in put.headers
    assert put.read() == video.read_bytes()


COMPLETED = b'{"assetKey":"k","uploadStatus":"COMPLETED","assetId":7}'


def ticket(url: str) -> httpx2.Response:
    result = b'{"assetFileKey":"k","presignedUploadUrl":"%s"}' % url.encode()
    return httpx2.Response(200, content=b'{"code":"0","result":' + result + b"}")


@pytest.mark.parametrize("fault", [httpx2.WriteError("cut"), httpx2.Response(503)], ids=repr)
def test_an_interrupted_upload_starts_anew_with_a_fresh_address(
    client: Client, service: FakeService, video: Path, fault: httpx2.Response | Exception
) -> None:
    service.faults.extend([ticket("https://store.test/1"), fault])

    client.assets("archive", 1001).upload(video)

    targets = [it.target for it in service.received if it.method == "PUT"]
    assert len(targets) == 2
    assert targets[0] == "/1"
    assert targets[1] != "/1"


def test_an_upload_that_never_arrives_is_an_error(client: Client, service: FakeService, video: Path) -> None:
    for _ in range(4):
        service.faults.extend([ticket("https://store.test/1"), httpx2.WriteError("cut")])

    with pytest.raises(UploadInterrupted, match="cut"):
        client.assets("archive", 1001).upload(video)


def test_a_refused_upload_is_not_repeated(client: Client, service: FakeService, video: Path) -> None:
    service.faults.extend([ticket("https://store.test/1"), httpx2.Response(403)])

    with pytest.raises(UploadFailed, match="the store answered 403"):
        client.assets("archive", 1001).upload(video)
    assert len(service.received) == 2


def test_says_why_uploaded_bytes_were_not_taken(client: Client, service: FakeService, video: Path) -> None:
    failed = b'{"code":"0","result":{"assetKey":"k","uploadStatus":"FAILED","uploadMessage":"FILE_NOT_EXIST"}}'
    service.faults.extend([ticket("https://store.test/1"), httpx2.Response(200), httpx2.Response(200, content=failed)])

    with pytest.raises(UploadFailed, match="FILE_NOT_EXIST"):
        client.assets("archive", 1001).upload(video)


def test_a_lost_answer_to_complete_is_not_repeated(client: Client, service: FakeService, video: Path) -> None:
    service.faults.extend([ticket("https://store.test/1"), httpx2.Response(200), httpx2.ReadError("cut")])

    with pytest.raises(TransportFailed):
        client.assets("archive", 1001).upload(video)


def test_a_missing_file_is_an_os_error(client: Client, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        client.assets("archive", 1001).upload(tmp_path / "nothing.mp4")
