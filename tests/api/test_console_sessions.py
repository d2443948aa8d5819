"""Sessions of the console: sign in, rights, lists and ends."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from console_user import COOKIE, SESSION, Browser, cookie_attributes, sign_in, token_of
from scenedex.auth.keys import AccessKeys, Role
from scenedex.auth.sessions import delete_ended_sessions
from scenedex.settings import AuthSettings, RateSettings, ServerSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Service, Serving, Site

    from signed_calls import Api

LIST = "/api/v1/workspaces?pageNum=1&pageSize=1"


def refusal(answer: httpx2.Response) -> tuple[int, str, str]:
    error = answer.json()["error"]
    return answer.status_code, error["errorCode"], error["details"]


ENDED = (401, "200", "The session has ended.")
NO_SESSION = (401, "200", "There is no session.")


def sought(project_id: int) -> dict[str, object]:
    """Body of a search."""
    return {"query": {"textQuery": "sea"}, "filter": {"projectIds": [project_id]}}


@pytest.fixture
def browser(site: Site) -> Browser:
    return sign_in(site.api, site.service)


def revoke(service: Service, api: Api) -> None:
    keys = AccessKeys(service.platform.database, service.platform.box)
    service.transact(lambda tx: keys.revoke(tx, api.key.access_key))


class TestSigningIn:
    def test_tells_the_rights_of_the_key(self, service: Service) -> None:
        api = service.api(Role.VIEWER, "two", "one", user="vera")

        session = api("POST", SESSION).json()["session"]

        assert set(session) == {
            "id", "userName", "accessKey", "role", "workspaces", "createdTime", "expiresTime", "timeZone",
        }  # fmt: skip
        assert (session["userName"], session["accessKey"], session["role"], session["workspaces"]) == (
            "vera",
            api.key.access_key,
            "viewer",
            ["one", "two"],
        )
        created, expires = (datetime.fromisoformat(session[name]) for name in ("createdTime", "expiresTime"))
        assert (expires - created, session["timeZone"]) == (timedelta(hours=12), "UTC")

    def test_names_no_workspaces_if_the_key_sees_all(self, site: Site) -> None:
        assert site.api("POST", SESSION).json()["session"]["workspaces"] is None

    def test_sets_a_cookie_for_this_site_alone(self, site: Site) -> None:
        answer = site.api("POST", SESSION)

        assert len(token_of(answer)) == 43
        assert cookie_attributes(answer) == {"httponly": "", "max-age": "43200", "path": "/", "samesite": "strict"}
        assert answer.headers["cache-control"] == "no-store"

    def test_limits_the_cookie_to_tls_and_to_the_path_of_the_public_address(self, serving: Serving) -> None:
        settings = Settings(
            server=ServerSettings(public_url="https://media.example/video/"), auth=AuthSettings(session_hours=1)
        )
        with serving(settings) as service:
            answer = service.api()("POST", SESSION)

        assert cookie_attributes(answer) == {
            "httponly": "", "max-age": "3600", "path": "/video/", "samesite": "strict", "secure": "",
        }  # fmt: skip

    def test_limits_the_cookie_to_tls_behind_a_proxy_with_tls(self, site: Site) -> None:
        answer = site.api("POST", SESSION, headers={"x-forwarded-proto": "https"})

        assert "secure" in cookie_attributes(answer)

    def test_stores_a_hash_of_the_cookie_alone(self, browser: Browser, service: Service) -> None:
        digest = hashlib.sha256(browser.token.encode()).digest()

        [row] = service.rows("SELECT s::text FROM console_sessions s WHERE digest = %s", digest)

        assert browser.token not in row[0]

    def test_is_recorded_with_the_end(self, site: Site) -> None:
        browser = sign_in(site.api, site.service)
        session_id = browser("GET", SESSION).json()["session"]["id"]
        browser("DELETE", SESSION)

        events = site.service.rows(
            "SELECT event, user_name, resource, created_id, source_address FROM audit_events "
            "WHERE access_key = %s AND event LIKE '%%Console%%' ORDER BY event_id",
            site.api.key.access_key,
        )

        assert events == [
            ("Create Console Session", "alice", SESSION, str(session_id), "127.0.0.1"),
            ("Delete Console Session", "alice", SESSION, None, "127.0.0.1"),
        ]

    def test_needs_a_signature(self, site: Site, browser: Browser) -> None:
        unsigned = site.service.client.post(SESSION)
        renewed = browser("POST", SESSION)

        assert refusal(unsigned)[:2] == (401, "200")
        assert refusal(renewed) == (401, "210", "This call must be signed by an access key.")

    def test_takes_a_signed_call_once(self, site: Site) -> None:
        headers = site.api.key.headers("POST", SESSION.encode())

        answers = [site.service.client.post(SESSION, headers=headers) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 401]
        assert "received before" in refusal(answers[1])[2]
        assert "set-cookie" not in answers[1].headers

    def test_has_a_rate_for_each_key(self, serving: Serving) -> None:
        with serving(Settings(rates=RateSettings(sign_in_per_minute=2))) as service:
            api, other = service.api(), service.api()
            answers = [api("POST", SESSION) for _ in range(3)] + [other("POST", SESSION)]

        assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
        assert 1 <= int(answers[2].headers["retry-after"]) <= 60

    def test_ends_the_oldest_of_more_than_a_hundred_sessions(self, site: Site) -> None:
        browser = sign_in(site.api, site.service)
        site.service.rows(
            "INSERT INTO console_sessions (digest, access_key, expires_time) "
            "SELECT decode(md5(%s || n), 'hex'), %s, now() + interval '1 hour' FROM generate_series(1, 99) n",
            site.name,
            site.api.key.access_key,
        )
        assert browser("GET", LIST).status_code == 200

        latest = sign_in(site.api, site.service)

        assert refusal(browser("GET", LIST)) == ENDED
        assert len(latest("GET", "/console/sessions").json()["sessions"]) == 100


class TestRights:
    def test_are_those_of_the_key(self, site: Site, browser: Browser) -> None:
        made = browser("POST", f"{site.path}/projects", {"name": "by the page"})
        project = made.json()["result"]["projectId"]

        assert made.status_code == 200
        assert browser("GET", f"{site.path}/projects/{project}").json()["result"]["createdUserName"] == "alice"
        assert browser("DELETE", f"{site.path}/projects/{project}").status_code == 200

    def test_are_recorded_like_those_of_the_key(self, site: Site, browser: Browser) -> None:
        browser("POST", f"{site.path}/projects", {"name": "by the page"})

        events = site.service.rows(
            "SELECT event, access_key FROM audit_events WHERE workspace_name = %s ORDER BY event_id DESC LIMIT 1",
            site.name,
        )

        assert events == [("Create Project", site.api.key.access_key)]

    def test_of_a_viewer_are_to_read_and_to_search(self, site: Site) -> None:
        viewer = sign_in(site.service.api(Role.VIEWER, site.name), site.service)

        assert viewer("GET", f"{site.path}/projects").status_code == 200
        assert viewer("POST", f"{site.path}/assets/search", sought(site.base_project)).status_code == 200
        refused = viewer("POST", f"{site.path}/projects", {"name": "by a viewer"})
        assert refusal(refused) == (401, "210", "The access key may read only.")
        assert viewer("DELETE", SESSION).status_code == 200

    def test_end_at_the_workspaces_of_the_key(self, site: Site) -> None:
        other = sign_in(site.service.api(Role.MANAGER, "elsewhere"), site.service)

        assert other("GET", site.path).status_code == 404

    def test_follow_a_change_of_the_key(self, site: Site, browser: Browser) -> None:
        site.service.rows("UPDATE access_keys SET role = 'viewer' WHERE access_key = %s", site.api.key.access_key)

        refused = browser("POST", f"{site.path}/projects", {"name": "no more"})

        assert refusal(refused)[1] == "210"

    def test_share_the_rate_of_the_key(self, serving: Serving, new_site: Callable[[Service], Site]) -> None:
        with serving(Settings(rates=RateSettings(search_per_minute=2))) as limited:
            rated = new_site(limited)
            browser = sign_in(rated.api, limited)
            target, body = f"{rated.path}/assets/search", sought(rated.base_project)
            answers = [call("POST", target, body) for call in (rated.api, browser, browser, rated.api)]

        assert [answer.status_code for answer in answers] == [200, 200, 429, 429]

    def test_are_not_asked_twice_of_the_database(self, site: Site, browser: Browser) -> None:
        site.service.statements.clear()

        browser("GET", SESSION)

        assert sum("console_sessions" in one for one in site.service.statements) == 2

    @pytest.mark.parametrize("is_cookie_of_other", [True, False], ids=["cookie", "signature"])
    def test_are_those_of_the_signature_where_there_is_one(
        self, is_cookie_of_other: bool, site: Site, browser: Browser
    ) -> None:
        viewer = site.service.api(Role.VIEWER)
        cookie = {"cookie": f"{COOKIE}={(sign_in(viewer, site.service) if is_cookie_of_other else browser).token}"}
        api = site.api if is_cookie_of_other else viewer

        answer = api("POST", f"{site.path}/projects", {"name": "signed"}, headers=cookie)

        assert answer.status_code == (200 if is_cookie_of_other else 401)

    @pytest.mark.parametrize("header", ["x-ncp-apigw-timestamp", "x-ncp-iam-access-key", "x-ncp-apigw-signature-v2"])
    def test_are_refused_with_a_part_of_a_signature(self, header: str, browser: Browser) -> None:
        answer = browser("GET", LIST, headers={header: "1"})

        assert refusal(answer) == (401, "200", "Authentication information are missing.")


class TestEnds:
    def test_when_the_user_signs_out(self, browser: Browser) -> None:
        answer = browser("DELETE", SESSION)

        assert (answer.status_code, cookie_attributes(answer)["max-age"]) == (200, "0")
        assert refusal(browser("GET", LIST)) == ENDED
        assert refusal(browser("GET", SESSION)) == ENDED

    def test_when_it_expires(self, site: Site, browser: Browser) -> None:
        site.service.rows(
            "UPDATE console_sessions SET expires_time = now() WHERE access_key = %s", site.api.key.access_key
        )

        assert refusal(browser("GET", LIST)) == ENDED
        assert refusal(browser("DELETE", SESSION)) == ENDED

    def test_when_its_key_is_revoked(self, site: Site, browser: Browser) -> None:
        assert browser("GET", LIST).status_code == 200
        revoke(site.service, site.api)

        assert refusal(browser("GET", LIST)) == ENDED

    def test_are_swept(self, serving: Serving) -> None:
        with serving() as service:
            kept, expired, revoked = (service.api() for _ in range(3))
            browsers = [sign_in(api, service) for api in (kept, expired, revoked)]
            service.rows(
                "UPDATE console_sessions SET expires_time = now() - interval '1 second' WHERE access_key = %s",
                expired.key.access_key,
            )
            revoke(service, revoked)
            service.transact(delete_ended_sessions)
            left = service.rows("SELECT access_key FROM console_sessions")
            assert browsers[0]("GET", SESSION).status_code == 200

        assert left == [(kept.key.access_key,)]

    @pytest.mark.parametrize("token", ["", "x", "A" * 43, "é" * 43, "A" * 5000, '"; path=/'])
    def test_of_an_unknown_cookie(self, token: str, service: Service) -> None:
        raw = [(b"cookie", f"{COOKIE}={token}".encode("latin-1"))]

        assert refusal(service.client.get(service.url + LIST, headers=raw)) == ENDED

    def test_leave_the_database_alone_within_a_minute(self, site: Site, browser: Browser) -> None:
        site.service.statements.clear()
        browser("GET", LIST)
        assert not any("UPDATE console_sessions" in one for one in site.service.statements)
        site.service.rows(
            "UPDATE console_sessions SET seen_time = now() - interval '61 s' WHERE access_key = %s",
            site.api.key.access_key,
        )

        browser("GET", LIST)

        [(seconds,)] = site.service.rows(
            "SELECT extract(epoch FROM now() - seen_time) FROM console_sessions WHERE access_key = %s",
            site.api.key.access_key,
        )
        assert seconds < 60


class TestLists:
    def test_have_the_sessions_of_the_same_key(self, site: Site, browser: Browser) -> None:
        sign_in(site.service.api(), site.service)
        other = sign_in(site.api, site.service, user_agent="B" * 300)

        answer = other("GET", "/console/sessions")

        found = answer.json()["sessions"]
        assert [(one["userAgent"], one["current"]) for one in found] == [("B" * 200, True), ("Browser/1", False)]
        assert set(found[0]) == {"id", "createdTime", "expiresTime", "seenTime", "userAgent", "current"}
        assert answer.headers["cache-control"] == "no-store"
        assert browser.token not in answer.text

    @pytest.mark.usefixtures("browser")
    def test_can_be_read_by_a_signed_call(self, site: Site) -> None:
        found = site.api("GET", "/console/sessions").json()["sessions"]

        assert [one["current"] for one in found] == [False]
        assert refusal(site.api("GET", SESSION)) == NO_SESSION
        assert refusal(site.api("DELETE", SESSION)) == NO_SESSION

    def test_end_another_session_of_the_key(self, site: Site, browser: Browser) -> None:
        other = sign_in(site.api, site.service)
        session_id = other("GET", SESSION).json()["session"]["id"]

        assert browser("DELETE", f"/console/sessions/{session_id}").status_code == 200
        assert refusal(other("GET", LIST)) == ENDED
        assert browser("GET", LIST).status_code == 200

    def test_end_no_session_of_another_key(self, site: Site, browser: Browser) -> None:
        session_id = browser("GET", SESSION).json()["session"]["id"]
        stranger = sign_in(site.service.api(), site.service)

        answers = [stranger("DELETE", f"/console/sessions/{one}") for one in (session_id, 2**62, -1)]

        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "40417")] * 3
        assert stranger("DELETE", "/console/sessions/one").status_code == 400
        assert browser("GET", LIST).status_code == 200
