"""Representations of answers: codings, entity tags, and HEAD."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from scenedex.wire.encodings import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Site

DECODERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "zstd": zstd.decompress}


def get(site: Site, target: str, accepted: str | None = None, **headers: str) -> httpx2.Response:
    given: dict[str, str | None] = {"accept-encoding": accepted, **headers}
    return site.api("GET", target, headers={name.replace("_", "-"): value for name, value in given.items()})


def raw(site: Site, target: str, accepted: str) -> tuple[httpx2.Response, bytes]:
    """Return an answer with the bytes as sent."""
    headers = {**site.api.key.headers("GET", target.encode()), "accept-encoding": accepted}
    with site.service.client.stream("GET", target, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.fixture
def long_list(site: Site) -> str:
    for number in range(8):
        site.base.register(f"{number}.mp4")
    return f"{site.base.path}/assets?pageNum=1"


@pytest.mark.parametrize("coding", DECODERS)
def test_compresses_json_when_asked(coding: str, long_list: str, site: Site) -> None:
    plain = get(site, long_list, "identity")

    answer, sent = raw(site, long_list, coding)

    assert (answer.headers["content-encoding"], answer.headers["vary"]) == (coding, "Accept-Encoding")
    assert DECODERS[coding](sent) == plain.content
    assert int(answer.headers["content-length"]) == len(sent) < len(plain.content)


def test_sends_json_as_it_is_unless_asked(long_list: str, site: Site) -> None:
    answer = get(site, long_list, "identity")

    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


def test_does_not_compress_below_one_kilobyte(site: Site) -> None:
    answer = get(site, site.path, "gzip")

    assert len(answer.content) < 1000
    assert "content-encoding" not in answer.headers


def test_does_not_compress_objects_behind_presigned_urls(site: Site) -> None:
    item = site.base.imported()
    item.publish(item.request_analysis())
    index = item.call("GET", "/index").json()["result"]
    url = index["scenes"][0]["keyframeUrl"]
    site.service.run(
        lambda: site.service.platform.managed.put(
            f"assets/{item.asset_id}/index-{index['indexId']}/1.jpg", b"a" * 5000, "image/jpeg"
        )
    )

    whole = site.service.client.get(url, headers={"accept-encoding": "gzip"})
    part = site.service.client.get(url, headers={"accept-encoding": "gzip", "range": "bytes=0-1999"})

    assert [(one.status_code, len(one.content)) for one in (whole, part)] == [(200, 5000), (206, 2000)]
    assert all("content-encoding" not in one.headers for one in (whole, part))
    assert whole.headers["etag"] == part.headers["etag"]


def test_answers_304_to_the_tag_of_an_unchanged_list(long_list: str, site: Site) -> None:
    first = get(site, long_list, "identity")

    again = get(site, long_list, "identity", if_none_match=first.headers["etag"])

    assert (again.status_code, again.content) == (304, b"")
    assert [again.headers[name] for name in ("etag", "vary", "cache-control")] == [
        first.headers[name] for name in ("etag", "vary", "cache-control")
    ]


def test_answers_200_once_the_list_has_changed(long_list: str, site: Site) -> None:
    first = get(site, long_list, "identity")
    site.base.register("another.mp4")

    again = get(site, long_list, "identity", if_none_match=first.headers["etag"])

    assert again.status_code == 200
    assert again.headers["etag"] != first.headers["etag"]


def test_each_coding_has_a_tag_of_its_own(long_list: str, site: Site) -> None:
    tags = {get(site, long_list, coding).headers["etag"] for coding in ("identity", "gzip", "zstd")}

    assert len(tags) == 3


def test_answers_304_to_the_tag_of_an_unchanged_index(site: Site) -> None:
    item = site.base.imported()
    item.publish(item.request_analysis())
    first = item.call("GET", "/index")

    again = get(site, f"{item.path}/index", if_none_match=first.headers["etag"])
    item.call("POST", "/index/cancel")
    item.publish(item.request_analysis(), scenes=3)
    changed = get(site, f"{item.path}/index", if_none_match=first.headers["etag"])

    assert first.headers["etag"].startswith('W/"')
    assert (again.status_code, changed.status_code) == (304, 200)


def test_an_unchanged_index_is_not_read(site: Site) -> None:
    item = site.base.imported()
    item.publish(item.request_analysis(), scenes=40)
    tag = item.call("GET", "/index").headers["etag"]
    site.service.statements.clear()

    answer = get(site, f"{item.path}/index", if_none_match=tag)

    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert len(site.service.statements) == 5
    assert not any("FROM scenes" in statement for statement in site.service.statements)


def test_the_tag_of_an_index_depends_on_the_level(site: Site) -> None:
    item = site.base.imported()
    item.publish(item.request_analysis())

    tags = {item.call("GET", f"/index?confidence_level={level}").headers["etag"] for level in ("LOW", "MEDIUM", "HIGH")}

    assert len(tags) == 3


def test_an_older_path_answers_for_its_index_alone(site: Site) -> None:
    item = site.base.imported()
    item.publish(index_id := item.request_analysis())
    tag = get(site, f"{item.path}/index").headers["etag"]

    other = get(site, f"{item.path}/indexes/{index_id + 1}", if_none_match=tag)

    assert other.status_code == 404


def test_errors_and_changes_have_no_tag(site: Site) -> None:
    answers = [
        site.api("GET", f"{site.path}/projects/999999999"),
        site.api("POST", f"{site.path}/projects", {"name": "a"}),
    ]

    assert [(answer.status_code, "etag" in answer.headers) for answer in answers] == [(404, False), (200, False)]


def calls(site: Site) -> list[str]:
    item = site.base.imported()
    item.publish(item.request_analysis())
    return [
        "/api/v1/workspaces?pageNum=1",
        site.path,
        f"{site.path}/projects",
        site.base.path,
        f"{site.base.path}/assets?pageNum=1",
        item.path,
        f"{item.path}/import-status",
        f"{item.path}/index/status",
        f"{item.path}/index",
        f"{item.path}/index/export?format=srt",
        f"{site.path}/persons?pageNum=1",
        f"{site.path}/person-tags?pageNum=1",
        f"{item.path}/index/nothing",
        f"{site.path}/projects/999999999",
        "/api/v1/workspaces",
    ]


def test_answers_head_wherever_it_answers_get(site: Site) -> None:
    varying = {"date", "x-ncp-trace-id", "x-ncp-request-id", "etag", "transfer-encoding"}
    for target in calls(site):
        head, found = site.api("HEAD", target), site.api("GET", target)

        assert (head.status_code, head.content) == (found.status_code, b""), target
        shown: list[Any] = [
            {name: value for name, value in answer.headers.items() if name not in varying} for answer in (head, found)
        ]
        assert shown[0] == shown[1], target


def test_answers_head_of_an_object(site: Site) -> None:
    item = site.base.imported()
    item.publish(item.request_analysis())
    url = item.call("GET", "/index").json()["result"]["scenes"][0]["keyframeUrl"]

    head = site.service.client.head(url)

    assert (head.status_code, head.headers["content-length"], head.content) == (200, "5", b"")


def test_head_is_signed_as_head(site: Site) -> None:
    signed_for_get = site.api.key.headers("GET", site.path.encode())

    assert site.service.client.head(site.path, headers=signed_for_get).status_code == 401
    assert site.service.client.head(site.path).status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/schema", "/docs"])
def test_answers_head_of_public_pages(path: str, site: Site) -> None:
    head = site.service.client.head(path)

    assert (head.status_code, head.content) == (200, b"")
