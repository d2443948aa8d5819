"""The page of the console, as browsers get it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hatchling.builders.wheel import WheelBuilder

import scenedex
from scenedex.console.pages import STATIC
from scenedex.settings import ServerSettings, Settings

if TYPE_CHECKING:
    from tests.conftest import Service, Serving

INDEX = STATIC / "index.html"
HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize("below", ["", "w/newsroom/assets/12", "sign-in", "w/a%2Fb/search", "sessionless"])
def test_every_address_of_the_console_is_the_page(below: str, service: Service) -> None:
    answer = service.client.get(f"/console/{below}")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.content == INDEX.read_bytes()
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_known_page_is_not_sent_again(service: Service) -> None:
    first = service.client.get("/console/")

    again = service.client.get("/console/", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_head_is_answered_like_get(service: Service) -> None:
    got, head = service.client.get("/console/"), service.client.head("/console/")

    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", got.headers["etag"])


@pytest.mark.parametrize(
    "name",
    [
        "missing.js",
        "assets/missing-0a1b2c3d.js",
        "assets/missing",
        "../pages.py",
        "%2e%2e/pages.py",
        "..%2fpages.py",
        "assets/..%2f..%2fpages.py",
        "assets/../index.html",
        "assets/%2e%2e/index.html",
        ".hidden.js",
        "assets//etc/passwd.txt",
        "%2fetc%2fpasswd.txt",
        "index.html%00.js",
    ],
)
def test_nothing_else_is_sent(name: str, service: Service) -> None:
    answer = service.client.get(service.url, extensions={"target": f"/console/{name}".encode()})

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_the_page_is_only_read(method: str, service: Service) -> None:
    answer = service.client.request(method, "/console/w/newsroom")

    assert (answer.status_code, answer.headers["allow"]) == (404, "GET, HEAD, OPTIONS")


def test_files_with_a_hash_in_their_name_are_kept_by_browsers(service: Service) -> None:
    for file in (STATIC / "assets").glob("*"):
        answer = service.client.get(f"/console/assets/{file.name}")

        assert answer.content == file.read_bytes()
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        if file.stat().st_size > 1000 and file.suffix in {".js", ".css"}:
            assert answer.headers["content-encoding"] in {"gzip", "zstd"}


def test_addresses_without_a_page_lead_to_it(service: Service) -> None:
    answers = [service.client.get("/console"), service.client.get("/", headers=HTML)]

    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(302, "/console/")] * 2


def test_a_program_gets_the_addresses_of_the_server(service: Service) -> None:
    assert service.client.get("/").json()["console"] == "/console/"


def test_the_page_works_below_a_path_of_a_proxy(serving: Serving) -> None:
    with serving(Settings(server=ServerSettings(public_url="https://media.example/video"))) as service:
        page = service.client.get("/console/w/newsroom")
        answers = [service.client.get("/console"), service.client.get("/", headers=HTML)]

    assert '<base href="/video/console/"' in page.text
    assert [answer.headers["location"] for answer in answers] == ["/video/console/"] * 2


def test_the_page_is_in_the_wheel(tmp_path: Path) -> None:
    root = Path(scenedex.__file__).parents[2]
    [wheel] = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])

    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())

    built = {str(path.relative_to(root / "src")) for path in STATIC.rglob("*") if path.is_file()}
    assert "scenedex/console/static/index.html" in built
    assert built <= names
