"""Page that shows the OpenAPI document to people."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    import httpx2
    from tests.conftest import Service


@pytest.fixture(scope="module")
def schema(service: Service) -> dict[str, Any]:
    return service.client.get("/schema").json()


class TestPage:
    @pytest.fixture(scope="class")
    @classmethod
    def page(cls, service: Service) -> httpx2.Response:
        return service.client.get("/docs")

    def test_loads_its_script_from_this_server(self, page: httpx2.Response, service: Service) -> None:
        [script] = re.findall(r'src="([^"]*)"', page.text)

        answer = service.client.get(script)

        assert script.startswith("/docs/")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
        assert len(answer.content) > 1_000_000

    def test_shows_the_document_of_this_server(self, page: httpx2.Response) -> None:
        assert "&quot;url&quot;: &quot;/schema&quot;" in page.text

    def test_may_load_nothing_from_other_hosts(self, page: httpx2.Response) -> None:
        policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))

        assert policy["default-src"] == "'none'"
        assert {source for sources in policy.values() for source in sources.split()} == {
            "'none'",
            "'self'",
            "'unsafe-inline'",
            "data:",
        }
        assert "unsafe-inline" not in policy["script-src"]

    @pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
    def test_shows_calls_by_tag_with_answers_in_a_browser(
        self, schema: dict[str, Any], service: Service, tmp_path: Path
    ) -> None:
        shown = subprocess.run(
            [
                str(shutil.which("chromium")),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={tmp_path}",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--enable-logging=stderr",
                "--virtual-time-budget=30000",
                "--dump-dom",
                f"{service.url}/docs",
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )

        assert [line for line in shown.stderr.splitlines() if "Content Security Policy" in line] == []
        assert [tag["name"] for tag in schema["tags"] if f">{tag['name']}<" not in shown.stdout] == []
        for text in ("List workspaces", "Show Schema", "workspace_name", "400", "503"):
            assert text in shown.stdout
