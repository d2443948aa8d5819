"""Direct upload with local folders: upload URL, single write, completion, and reading of an object by its link."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from scenedex.settings import LimitSettings, Settings
from scenedex.storage.signing import LinkClaims, link_to
from signed_calls import code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2
    from tests.conftest import Service, Serving, Site


def place(site: Site, name: str = "clip.mp4") -> dict[str, Any]:
    opened = site.api("POST", f"{site.base.path}/assets/uploads/presigned-url", {"assetFileName": name})
    assert opened.status_code == 200, opened.text
    return opened.json()["result"]


def write(site: Site, upload: dict[str, Any], content: bytes = b"film") -> httpx2.Response:
    return site.service.client.put(upload["presignedUploadUrl"], content=content)


def complete(site: Site, upload: dict[str, Any], kind: str = "assets") -> httpx2.Response:
    return site.api("POST", f"{site.base.path}/{kind}/uploads/complete", {"assetKey": upload["assetFileKey"]})


def test_the_url_is_for_a_quarter_of_an_hour(site: Site) -> None:
    upload = place(site)

    assert upload.keys() == {"assetFileKey", "presignedUploadUrl", "expirationSeconds"}
    assert upload["expirationSeconds"] == 900


def test_an_uploaded_file_becomes_an_asset(site: Site) -> None:
    upload = place(site, "clip.mp4")
    assert write(site, upload).status_code == 200

    done = complete(site, upload).json()["result"]

    assert done == {"assetKey": upload["assetFileKey"], "uploadStatus": "COMPLETED", "assetId": done["assetId"]}
    asset = site.api("GET", f"{site.base.path}/assets/{done['assetId']}").json()["result"]
    assert (asset["fileName"], asset["key"]) == ("clip.mp4", "clip.mp4")


def test_the_older_path_names_the_asset_twice(site: Site) -> None:
    opened = site.api("POST", f"{site.base.path}/video-assets/uploads/presigned-url", {"assetFileName": "a.mp4"})
    upload = opened.json()["result"]
    write(site, upload)

    done = complete(site, upload, "video-assets").json()["result"]

    assert done["videoId"] == done["assetId"]


def test_completing_again_names_the_same_asset(site: Site) -> None:
    upload = place(site)
    write(site, upload)

    assert complete(site, upload).json() == complete(site, upload).json()


def test_completing_again_after_the_asset_was_deleted_says_that_there_is_no_file(site: Site) -> None:
    upload = place(site)
    write(site, upload)
    asset_id = complete(site, upload).json()["result"]["assetId"]
    assert site.api("DELETE", f"{site.base.path}/assets/{asset_id}").status_code == 200

    done = complete(site, upload).json()["result"]

    assert done == {"assetKey": upload["assetFileKey"], "uploadStatus": "FAILED", "uploadMessage": "FILE_NOT_EXIST"}


def test_completing_before_the_upload_says_that_there_is_no_file(site: Site) -> None:
    upload = place(site)

    done = complete(site, upload).json()["result"]

    assert done == {"assetKey": upload["assetFileKey"], "uploadStatus": "FAILED", "uploadMessage": "FILE_NOT_EXIST"}


def test_an_upload_may_be_completed_after_a_completion_that_came_too_early(site: Site) -> None:
    upload = place(site)
    complete(site, upload)
    write(site, upload)

    assert complete(site, upload).json()["result"]["uploadStatus"] == "COMPLETED"


@pytest.mark.parametrize("key", ["", "none", "a" * 5000, "a\x00b", "../x"])
def test_an_unknown_upload_is_not_found(key: str, site: Site) -> None:
    assert code(complete(site, {"assetFileKey": key})) == (404, "40404")


def test_an_upload_to_another_project_is_not_found(site: Site) -> None:
    upload, other = place(site), site.project("other")
    write(site, upload)

    answer = site.api("POST", f"{other.path}/assets/uploads/complete", {"assetKey": upload["assetFileKey"]})

    assert code(answer) == (404, "40404")


def test_an_upload_whose_time_is_over_is_not_found(site: Site) -> None:
    upload = place(site)
    write(site, upload)
    site.service.rows(
        "UPDATE uploads SET expires_time = now() - interval '25 hours' WHERE asset_key = %s", upload["assetFileKey"]
    )

    assert code(complete(site, upload)) == (404, "40404")


@pytest.mark.parametrize("name", ["", " ", "a/b.mp4", "/", "a;b", "a|b", "a`b", "a\x00b", "a\nb", "a" * 256])
def test_a_file_name_out_of_bounds_is_refused(name: str, site: Site) -> None:
    answer = site.api("POST", f"{site.base.path}/assets/uploads/presigned-url", {"assetFileName": name})

    assert code(answer) == (400, "10001")
    assert answer.json()["responseError"]["details"][0]["field"] == "assetFileName"


@pytest.mark.parametrize("name", ["a" * 255, "한글.mp4", "no extension", ".."])
def test_a_file_name_within_bounds_is_accepted(name: str, site: Site) -> None:
    assert place(site, name)["assetFileKey"]


def test_a_url_is_used_once(site: Site) -> None:
    upload = place(site)
    write(site, upload, b"first")

    assert code(write(site, upload, b"second")) == (409, "40907")


def test_the_first_file_stays(site: Site) -> None:
    upload = place(site)
    write(site, upload, b"first")
    write(site, upload, b"second")
    managed = site.service.platform.managed

    kept = site.service.run(lambda: managed.get(f"uploads/{upload['assetFileKey']}/data", max_bytes=100))

    assert kept == b"first"


@pytest.mark.parametrize(
    ("part", "replacement"),
    [
        (r"signature=\w{4}", "signature=0000"),
        (r"signature=\w+", "signature="),
        (r"expires=\d+", "expires=9999999999"),
        (r"token=\w+", "token=0"),
        (r"uploads/\w{4}", "uploads/0000"),
    ],
)
def test_a_url_that_is_not_ours_is_refused(part: str, replacement: str, site: Site) -> None:
    upload = place(site)

    answer = write(site, {"presignedUploadUrl": re.sub(part, replacement, upload["presignedUploadUrl"])})

    assert code(answer) == (403, "40301")


@pytest.mark.parametrize("part", [r"&signature=\w+", r"expires=\d+&"])
def test_a_url_without_a_part_is_refused(part: str, site: Site) -> None:
    upload = place(site)

    answer = write(site, {"presignedUploadUrl": re.sub(part, "", upload["presignedUploadUrl"])})

    assert code(answer) == (400, "10001")


def test_a_url_to_write_does_not_read(site: Site) -> None:
    upload = place(site)
    write(site, upload)

    assert site.service.client.get(upload["presignedUploadUrl"]).status_code == 404


@pytest.fixture(scope="module")
def small(serving: Serving, new_site: Callable[[Service], Site]) -> Iterator[Site]:
    """A workspace of a service that takes files of 1000 bytes."""
    with serving(Settings(limits=LimitSettings(max_video_bytes=1000, max_image_bytes=1000))) as service:
        yield new_site(service)


def test_a_file_over_the_limit_is_refused(small: Site) -> None:
    assert code(write(small, place(small), b"a" * 1001)) == (413, "41301")


def test_a_chunked_file_over_the_limit_is_refused(small: Site) -> None:
    url = place(small)["presignedUploadUrl"]

    assert code(small.service.client.put(url, content=iter([b"a" * 600, b"b" * 600]))) == (413, "41301")


def test_a_file_over_the_limit_may_be_followed_by_one_that_is_not(small: Site) -> None:
    upload = place(small)
    write(small, upload, b"a" * 1001)

    assert write(small, upload, b"a" * 1000).status_code == 200


def test_a_file_larger_than_a_json_body_may_be_uploaded(site: Site) -> None:
    assert write(site, place(site), b"a" * (11 * 1024 * 1024)).status_code == 200


def test_a_transfer_that_broke_off_may_be_tried_again(site: Site) -> None:
    upload = place(site)
    url = urlsplit(str(upload["presignedUploadUrl"]))
    head = f"PUT {url.path}?{url.query} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf"
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=60) as connection:
        connection.sendall(head.encode())

    answer = write(site, upload)
    while answer.status_code == 409:
        answer = write(site, upload)

    assert answer.status_code == 200


def test_fifty_urls_a_second_and_no_more(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    with serving() as service:
        site = new_site(service)
        path = f"{site.base.path}/assets/uploads/presigned-url"
        answers: list[httpx2.Response] = []
        while not answers or (answers[-1].status_code == 200 and len(answers) < 2000):
            answers.append(site.api("POST", path, {"assetFileName": "a"}))

    error = answers[-1].json()["error"]
    assert (answers[-1].status_code, error["errorCode"], answers[-1].headers["retry-after"]) == (429, "420", "1")
    assert len(answers) > 50


DATA = bytes(range(256)) * 4


@pytest.fixture(scope="module")
def url(module_site: Site) -> str:
    """The link of a keyframe of 1024 bytes."""
    item = module_site.base.imported()
    index_id = item.request_analysis()
    item.publish(index_id, scenes=1)
    item.put(f"assets/{item.asset_id}/index-{index_id}/1.jpg", DATA)
    return item.call("GET", "/index").json()["result"]["scenes"][0]["keyframeUrl"]


class TestReading:
    @pytest.mark.parametrize(
        ("asked", "start", "end"),
        [
            ("bytes=0-9", 0, 10),
            ("bytes=500-599", 500, 600),
            ("bytes=1000-", 1000, 1024),
            ("bytes=-24", 1000, 1024),
            ("bytes=1023-5000", 1023, 1024),
            ("bytes=0-0", 0, 1),
            ("bytes = 0-9", 0, 10),
        ],
    )
    def test_a_range(self, asked: str, start: int, end: int, url: str, service: Service) -> None:
        part = service.client.get(url, headers={"range": asked})

        assert (part.status_code, part.content) == (206, DATA[start:end])
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/1024"
        assert part.headers["content-length"] == str(end - start)

    @pytest.mark.parametrize(
        "asked",
        [None, "bytes=0-", "bytes=0-1023", "bytes=-1024", "bytes=-9999", "bytes=0-1,5-9", "lines=1-2", "bytes=-"],
    )
    def test_all_of_it(self, asked: str | None, url: str, service: Service) -> None:
        whole = service.client.get(url, headers={} if asked is None else {"range": asked})

        assert (whole.status_code, whole.content) == (200, DATA)
        assert whole.headers["accept-ranges"] == "bytes"

    @pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
    def test_an_impossible_range(self, asked: str, url: str, service: Service) -> None:
        answer = service.client.get(url, headers={"range": asked})

        assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */1024")

    @pytest.mark.parametrize(
        ("part", "replacement"),
        [(r"1\.jpg", "2.jpg"), (r"signature=\w{4}", "signature=0000"), (r"expires=\d+", "expires=9999999999")],
    )
    def test_a_link_that_is_not_ours(self, part: str, replacement: str, url: str, service: Service) -> None:
        assert code(service.client.get(re.sub(part, replacement, url))) == (403, "40301")

    @pytest.mark.parametrize("expires", ["", "x", "1.5", "9" * 5000])
    def test_a_link_whose_time_is_none(self, expires: str, url: str, service: Service) -> None:
        answer = service.client.get(re.sub(r"expires=\d+", f"expires={expires}", url))

        assert code(answer) == (400, "10001")

    def test_a_link_does_not_write(self, url: str, service: Service) -> None:
        assert service.client.put(url, content=b"x").status_code in (403, 404)

    def test_a_link_whose_time_is_over(self, url: str, service: Service) -> None:
        key = urlsplit(url).path.removeprefix("/objects/")
        secret = service.platform.box.derive("links")
        past = link_to(f"{service.url}/objects", LinkClaims("GET", key, 1_700_000_000, ""), secret)

        assert code(service.client.get(past)) == (403, "40301")

    def test_an_object_that_is_gone(self, module_site: Site) -> None:
        item = module_site.base.imported()
        index_id = item.request_analysis()
        item.publish(index_id, scenes=1)
        url = item.call("GET", "/index").json()["result"]["scenes"][0]["keyframeUrl"]
        managed = module_site.service.platform.managed
        module_site.service.run(lambda: managed.delete(f"assets/{item.asset_id}/index-{index_id}/1.jpg"))

        assert code(module_site.service.client.get(url)) == (404, "40406")
