"""Calls with the cookie of the console that other sites make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from console_user import Browser, sign_in
from scenedex.settings import ServerSettings, Settings

if TYPE_CHECKING:
    import httpx2
    from tests.conftest import Serving, Site

LIST = "/api/v1/workspaces?pageNum=1&pageSize=1"


def refusal(answer: httpx2.Response) -> tuple[int, str, str]:
    error = answer.json()["error"]
    return answer.status_code, error["errorCode"], error["details"]


@pytest.fixture
def browser(site: Site) -> Browser:
    return sign_in(site.api, site.service)


class TestOtherSites:
    """Pages of other sites, for which the browser may send the cookie."""

    @pytest.mark.parametrize("site_header", ["cross-site", "same-site", "none", "", "same-origin, cross-site"])
    @pytest.mark.parametrize("method", ["POST", "DELETE"])
    def test_change_nothing(self, site_header: str, method: str, site: Site, browser: Browser) -> None:
        headers = {"sec-fetch-site": site_header, "origin": site.service.url}
        target = f"{site.path}/projects" if method == "POST" else site.path

        answer = browser(method, target, {"name": "x"} if method == "POST" else None, headers=headers)

        assert refusal(answer) == (401, "210", "Calls of the console come from its own page only.")

    @pytest.mark.parametrize("site_header", ["cross-site", "same-site"])
    def test_read_nothing(self, site_header: str, site: Site, browser: Browser) -> None:
        assert refusal(browser("GET", site.path, headers={"sec-fetch-site": site_header}))[1] == "210"

    @pytest.mark.parametrize("site_header", ["same-origin", "none", None])
    def test_are_not_the_page_or_an_address_that_is_typed(
        self, site_header: str | None, site: Site, browser: Browser
    ) -> None:
        answer = browser("GET", site.path, headers={"sec-fetch-site": site_header, "x-scenedex-console": None})

        assert answer.status_code == 200

    @pytest.mark.parametrize("value", [None, "0", "true"])
    @pytest.mark.parametrize("site_header", ["same-origin", None])
    def test_cannot_send_the_header_of_the_console(
        self, value: str | None, site_header: str | None, site: Site, browser: Browser
    ) -> None:
        headers = {"x-scenedex-console": value, "sec-fetch-site": site_header, "origin": site.service.url}

        answer = browser("POST", f"{site.path}/projects", {"name": "x"}, headers=headers)

        assert refusal(answer)[1] == "210"

    @pytest.mark.parametrize(
        "origin",
        [None, "null", "https://evil.example", "http://127.0.0.1", "http://127.0.0.1:1", "http://localhost:{port}",
         "https://127.0.0.1:{port}", "http://127.0.0.1:{port}.evil.example", "http://127.0.0.1:{port}/", ""],
    )  # fmt: skip
    def test_have_another_origin(self, origin: str | None, site: Site, browser: Browser) -> None:
        port = site.service.url.rpartition(":")[2]
        headers = {"sec-fetch-site": None, "origin": origin and origin.format(port=port)}

        answer = browser("POST", f"{site.path}/projects", {"name": "x"}, headers=headers)

        assert refusal(answer) == (401, "210", "Calls of the console come from its own page only.")

    def test_are_told_from_the_page_by_the_origin_in_an_older_browser(self, site: Site, browser: Browser) -> None:
        headers = {"sec-fetch-site": None, "origin": site.service.url}

        assert browser("POST", f"{site.path}/projects", {"name": "x"}, headers=headers).status_code == 200

    @pytest.mark.parametrize(
        ("origin", "status"), [("https://media.example", 200), ("http://media.example", 401), ("{url}", 401)]
    )
    def test_are_told_by_the_public_address(self, origin: str, status: int, serving: Serving) -> None:
        with serving(Settings(server=ServerSettings(public_url="https://Media.example/video"))) as service:
            browser = sign_in(service.api(), service)
            headers = {"sec-fetch-site": None, "origin": origin.format(url=service.url)}
            answer = browser("POST", "/api/v1/workspaces", {"workspaceName": "told"}, headers=headers)

        assert answer.status_code == status

    def test_get_no_permission_from_a_preflight(self, site: Site) -> None:
        answer = site.service.client.options(
            site.path,
            headers={
                "origin": "https://evil.example",
                "access-control-request-method": "DELETE",
                "access-control-request-headers": "x-scenedex-console",
            },
        )

        assert not [name for name in answer.headers if name.startswith("access-control")]

    def test_have_no_say_in_signed_calls(self, site: Site) -> None:
        headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}

        assert site.api("GET", site.path, headers=headers).status_code == 200
