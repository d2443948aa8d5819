"""Lists of the objects that imports may read, and the root of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scenedex.auth.keys import Role
from scenedex.workspaces.grants import grant_bucket

if TYPE_CHECKING:
    from tests.conftest import Site

    from signed_calls import Api

KEYS = ["a.mp4", "clips/b.mp4", "clips/c.mp4", "clips2/d.mp4"]
ABSENT = (404, "40414")


@pytest.fixture
def bucket(site: Site) -> str:
    """A bucket of its own."""
    name = f"films-{site.name}"
    for key in KEYS:
        file = site.service.platform.settings.data_dir / "buckets" / name / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"bytes")
    return name


def listed(api: Api, site: Site, bucket: str, query: str = "") -> dict[str, Any]:
    answer = api("GET", f"{site.path}/buckets/{bucket}/objects{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def keys(api: Api, site: Site, bucket: str, query: str = "") -> list[str]:
    return [item["key"] for item in listed(api, site, bucket, query)["objects"]]


def code(api: Api, site: Site, bucket: str, query: str = "") -> tuple[int, str]:
    answer = api("GET", f"{site.path}/buckets/{bucket}/objects{query}")
    return answer.status_code, answer.json()["code"]


def grant(site: Site, bucket: str, prefix: str) -> None:
    site.service.transact(lambda tx: grant_bucket(tx, site.name, bucket, prefix, operator="op"))


def test_objects_are_listed_page_by_page(site: Site, bucket: str) -> None:
    first = listed(site.api, site, bucket, "?pageSize=3")
    rest = listed(site.api, site, bucket, "?pageSize=3&startAfter=clips%2Fc.mp4")

    assert [item["key"] for item in first["objects"]] == KEYS[:3]
    assert (first["hasMore"], rest["hasMore"]) == (True, False)
    assert [item["key"] for item in rest["objects"]] == KEYS[3:]
    assert first["objects"][0]["size"] == 5
    assert keys(site.api, site, bucket, "?prefix=clips%2F") == KEYS[1:3]
    assert keys(site.api, site, bucket, "?prefix=x") == []


def test_a_limited_key_lists_what_is_granted(site: Site, bucket: str) -> None:
    limited = site.service.api(Role.MANAGER, site.name)
    assert code(limited, site, bucket) == ABSENT

    grant(site, bucket, "clips/")

    assert keys(limited, site, bucket) == KEYS[1:3]
    assert keys(limited, site, bucket, "?prefix=clips%2Fb") == KEYS[1:2]
    assert keys(limited, site, bucket, "?prefix=a") == []
    grant(site, bucket, "clips")
    assert keys(limited, site, bucket) == KEYS[1:]
    assert keys(limited, site, bucket, "?pageSize=1&startAfter=clips%2Fc.mp4") == KEYS[3:]


def test_what_is_not_granted_is_answered_like_what_does_not_exist(site: Site, bucket: str) -> None:
    limited = site.service.api(Role.MANAGER, site.name)
    absent = limited("GET", f"{site.path}/buckets/no-such-bucket/objects")
    refused = limited("GET", f"{site.path}/buckets/{bucket}/objects")

    assert (absent.status_code, absent.json()) == (refused.status_code, refused.json())
    assert code(site.api, site, "no-such-bucket") == ABSENT
    grant(site, "no-such-bucket", "clips/")
    assert code(limited, site, "no-such-bucket") == ABSENT
    assert code(limited, site, "no-such-bucket", "?prefix=x") == ABSENT


@pytest.mark.parametrize(
    ("bucket_name", "query", "expected"),
    [
        ("Films", "", (400, "10001")),
        ("films", "?prefix=%00", (400, "10001")),
        ("films", f"?startAfter={'x' * 1025}", (400, "10001")),
        ("films", "?pageSize=1001", (400, "10001")),
    ],
)
def test_what_no_bucket_can_have_is_refused(
    site: Site, bucket_name: str, query: str, expected: tuple[int, str]
) -> None:
    assert code(site.api, site, bucket_name, query) == expected


def test_viewers_and_strangers_list_nothing(site: Site, bucket: str) -> None:
    viewer = site.service.api(Role.VIEWER)("GET", f"{site.path}/buckets/{bucket}/objects")
    stranger = site.service.api(Role.MANAGER, "another")

    assert (viewer.status_code, viewer.json()["error"]["errorCode"]) == (401, "210")
    assert code(stranger, site, bucket) == (404, "40401")


def test_the_root_leads_a_browser_to_the_console(site: Site) -> None:
    client = site.service.client

    browser = client.get("/", headers={"accept": "text/html,*/*"}, follow_redirects=False)
    program = client.get("/")

    assert (browser.status_code, browser.headers["location"]) == (302, "/console/")
    assert program.json()["docs"] == "/docs"
    assert client.head("/").status_code == 200
