"""Addresses in answers: presigned URLs name no host that a stranger made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.settings import ServerSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import httpx2
    from tests.conftest import Service, Serving, Site


def open_upload(site: Site, host: str) -> httpx2.Response:
    target = f"{site.base.path}/assets/uploads/presigned-url"
    return site.api("POST", target, {"assetFileName": "a.mp4"}, headers={"host": host})


def url_of(answer: httpx2.Response) -> str:
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["presignedUploadUrl"]


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8600", "LOCALHOST", "app.localhost", "127.0.0.1:8600", "127.9.9.9", "[::1]:8600"]
)
def test_loopback_hosts_are_named_as_they_are(host: str, site: Site) -> None:
    assert url_of(open_upload(site, host)).lower().startswith(f"http://{host.lower()}/objects/")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.0.2.1",
        "192.168.0.1",
        "[2001:db8::1]",
        "localhost@evil.example",
        "evil.example@localhost",
    ],
)
def test_another_host_is_refused_and_named(host: str, site: Site) -> None:
    answer = open_upload(site, host)

    details = answer.json()["responseError"]["details"]
    assert (answer.status_code, details[0]["field"]) == (400, "Host")
    assert "server.public_url" in details[0]["reason"]


def test_a_call_without_presigned_urls_takes_any_host(site: Site) -> None:
    assert site.api("GET", f"{site.path}/projects", headers={"host": "evil.example"}).status_code == 200


@pytest.fixture(scope="module")
def allowing(serving: Serving) -> Generator[Service]:
    with serving(Settings(server=ServerSettings(allowed_hosts="media.example, Other.Example"))) as service:
        yield service


@pytest.mark.parametrize("host", ["media.example", "MEDIA.example:8600", "other.example", "localhost"])
def test_allowed_hosts_are_named(host: str, allowing: Service, new_site: Callable[[Service], Site]) -> None:
    answer = open_upload(new_site(allowing), host)

    assert url_of(answer).lower().startswith(f"http://{host.lower()}/objects/")


def test_the_configured_address_wins_over_the_host(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    with serving(Settings(server=ServerSettings(public_url="https://media.example/"))) as service:
        answer = open_upload(new_site(service), "evil.example")

    assert url_of(answer).startswith("https://media.example/objects/")


def test_objects_are_taken_for_nothing_but_their_type(site: Site) -> None:
    item = site.base.imported()
    item.publish(item.request_analysis())
    url = item.call("GET", "/index").json()["result"]["scenes"][0]["keyframeUrl"]

    answer = site.service.client.get(url)

    assert (answer.status_code, answer.headers["x-content-type-options"]) == (200, "nosniff")
