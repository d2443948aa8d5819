from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from scenedex.client import Client, TransportFailed, UploadFailed, UploadInterrupted
from scenedex.client.uploads import CHUNK_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.testing import Recorder

SIZE = 2 * CHUNK_BYTES + 1
COMPLETED = {"assetKey": "k", "uploadStatus": "COMPLETED", "assetId": 7}


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "인터뷰 1.mp4"
    path.write_bytes(b"x" * SIZE)
    return path


def add_ticket(service: Recorder, number: int = 1) -> None:
    service.add_result({"assetFileKey": f"k{number}", "presignedUploadUrl": f"https://store.test/{number}"})


def puts(service: Recorder) -> list[str]:
    return [it.target for it in service.received if it.method == "PUT"]


def test_a_file_is_sent_with_its_length_and_progress(client: Client, service: Recorder, video: Path) -> None:
    heard: list[tuple[int, int]] = []
    add_ticket(service)
    service.answers.append(httpx2.Response(200))
    service.add_result(COMPLETED)

    upload = client.assets("archive", 1001).upload(video, on_progress=lambda sent, size: heard.append((sent, size)))

    assert (upload.asset_id, upload.asset_key) == (7, "k")
    assert heard == [(CHUNK_BYTES, SIZE), (2 * CHUNK_BYTES, SIZE), (SIZE, SIZE)]
    put = service.received[1]
    assert (put.method, put.body) == ("PUT", video.read_bytes())
    assert put.headers["content-length"] == str(SIZE)
    assert not {"transfer-encoding", "x-ncp-iam-access-key"} & put.headers.keys()


@pytest.mark.parametrize("fault", [httpx2.WriteError("cut"), httpx2.Response(503)], ids=repr)
def test_an_interrupted_upload_starts_again_with_a_fresh_address(
    client: Client, service: Recorder, video: Path, fault: httpx2.Response | Exception
) -> None:
    add_ticket(service, 1)
    service.answers.append(fault)
    add_ticket(service, 2)
    service.answers.append(httpx2.Response(200))
    service.add_result(COMPLETED)

    client.assets("archive", 1001).upload(video)

    assert puts(service) == ["/1", "/2"]
    assert service.received[-1].body == b'{"assetKey":"k2"}'


def test_an_upload_that_never_arrives_is_an_error(client: Client, service: Recorder, video: Path) -> None:
    for _ in range(4):
        add_ticket(service)
        service.answers.append(httpx2.WriteError("cut"))

    with pytest.raises(UploadInterrupted, match="cut"):
        client.assets("archive", 1001).upload(video)


def test_a_refused_upload_is_not_repeated(client: Client, service: Recorder, video: Path) -> None:
    add_ticket(service)
    service.answers.append(httpx2.Response(403))

    with pytest.raises(UploadFailed, match="the store answered 403"):
        client.assets("archive", 1001).upload(video)
    assert len(service.received) == 2


def test_an_upload_is_refused_with_the_reason(client: Client, service: Recorder, video: Path) -> None:
    add_ticket(service)
    service.answers.append(httpx2.Response(200))
    service.add_result({"assetKey": "k", "uploadStatus": "FAILED", "uploadMessage": "FILE_NOT_EXIST"})

    with pytest.raises(UploadFailed, match="FILE_NOT_EXIST"):
        client.assets("archive", 1001).upload(video)


def test_a_lost_answer_to_complete_is_not_repeated(client: Client, service: Recorder, video: Path) -> None:
    add_ticket(service)
    service.answers.extend([httpx2.Response(200), httpx2.ReadError("cut")])

    with pytest.raises(TransportFailed):
        client.assets("archive", 1001).upload(video)


def test_a_missing_file_is_an_os_error_before_anything_is_sent(
    client: Client, service: Recorder, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        client.assets("archive", 1001).upload(tmp_path / "nothing.mp4")
    assert service.received == []
