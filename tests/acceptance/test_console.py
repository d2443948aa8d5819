"""The console at both sizes: a link of the operator, a session, its rights and its end."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import httpx2

from console_links import call, link_of, open_link
from console_user import SESSION, token_of
from operators import operate

if TYPE_CHECKING:
    from newsroom import Desk
    from processes import Server

PROJECTS = "/api/v1/workspaces/{}/projects"


def test_a_link_of_the_operator_signs_in_once(server: Server, desk: Desk) -> None:
    token = link_of(server)

    opened, again = open_link(server, token), open_link(server, token)

    session = token_of(opened)
    assert again.status_code == 401
    projects = call(server, session, "GET", PROJECTS.format(desk.workspace))
    assert [one["projectId"] for one in projects.json()["result"]["projects"]] == [desk.project_id]
    assert call(server, session, "DELETE", SESSION).status_code == 200
    assert call(server, session, "GET", PROJECTS.format(desk.workspace)).status_code == 401


def test_a_revoked_key_ends_its_sessions(server: Server, desk: Desk) -> None:
    opened = open_link(server, link_of(server))
    access_key = opened.json()["session"]["accessKey"]
    session = token_of(opened)
    target = PROJECTS.format(desk.workspace)
    assert call(server, session, "GET", target).status_code == 200

    server.run("keys", "revoke", access_key)

    assert call(server, session, "GET", target).status_code == 401
    assert open_link(server, link_of(server)).json()["session"]["accessKey"] != access_key


def test_the_server_sends_the_page(server: Server) -> None:
    page = httpx2.get(f"{server.endpoint}/", headers={"accept": "text/html"}, follow_redirects=True)
    file = re.findall(r'(?:src|href)="(?:\./)?(assets/[^"]+)"', page.text)[0]

    assert str(page.url) == f"{server.endpoint}/console/"
    assert httpx2.get(f"{server.endpoint}/console/{file}").status_code == 200


def test_a_public_address_has_no_links(server: Server) -> None:
    environment = {**server.settings, "SCENEDEX_SERVER_PUBLIC_URL": "https://media.example/video/"}

    refused = operate("console", "link", data_dir=server.data_dir, environment=environment)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Sign in at https://media.example/video/console/ with an access key: " in refused.stderr


def test_the_log_of_a_program_names_the_console_without_a_link(server: Server) -> None:
    log = server.log.read_text()
    entries = [json.loads(line) for line in log.splitlines() if line.startswith("{")]

    [serving, *_] = [entry for entry in entries if entry["event"] == "serving"]
    assert serving["console"] == f"{server.endpoint}/console/"
    assert "sign-in" not in log
