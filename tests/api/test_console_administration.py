"""Access keys, sessions and engines in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from console_user import sign_in
from scenedex.auth.keys import Role

if TYPE_CHECKING:
    from tests.conftest import Service

    from console_user import Browser

KEYS = "/console/keys"
SESSIONS = "/console/user-sessions"


@pytest.fixture
def administrator(service: Service) -> Browser:
    return sign_in(service.api(), service)


def test_a_key_is_made_listed_and_revoked(service: Service, administrator: Browser) -> None:
    made = administrator("POST", KEYS, {"userName": "vera", "role": "viewer", "workspaces": ["news-room"]}).json()

    [listed] = [one for one in administrator("GET", KEYS).json()["keys"] if one["accessKey"] == made["accessKey"]]
    revoked = administrator("DELETE", f"{KEYS}/{made['accessKey']}")
    [after] = [one for one in administrator("GET", KEYS).json()["keys"] if one["accessKey"] == made["accessKey"]]

    assert len(made["secretKey"]) == 40
    assert (listed["userName"], listed["role"], listed["workspaces"]) == ("vera", "viewer", ["news-room"])
    assert listed["revokedTime"] is None
    assert revoked.status_code == 200
    assert after["revokedTime"] is not None
    events = service.rows(
        "SELECT event FROM audit_events WHERE created_id = %s OR resource LIKE %s",
        made["accessKey"],
        f"%{made['accessKey']}",
    )
    assert sorted(event for (event,) in events) == ["Create Access Key", "Revoke Access Key"]


def test_secrets_are_not_listed(administrator: Browser) -> None:
    made = administrator("POST", KEYS, {"userName": "vera", "role": "viewer"}).json()

    assert made["secretKey"] not in administrator("GET", KEYS).text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"userName": " ", "role": "viewer"}, "userName"),
        ({"userName": "vera", "role": "owner"}, "role"),
        ({"userName": "vera", "role": "viewer", "workspaces": ["UPPER"]}, "workspaces"),
    ],
)
def test_a_key_that_cannot_be_is_refused(body: object, field: str, administrator: Browser) -> None:
    answer = administrator("POST", KEYS, body)

    assert answer.status_code == 400
    assert answer.json()["responseError"]["details"][0]["field"] == field


def test_an_unknown_key_is_not_found(administrator: Browser) -> None:
    assert administrator("DELETE", f"{KEYS}/SDXnobody").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_only_a_manager_of_all_workspaces_may(role: Role, service: Service) -> None:
    limited = sign_in(service.api(role, "news-room"), service)

    for method, target in (("GET", KEYS), ("POST", KEYS), ("DELETE", f"{KEYS}/SDX1"), ("GET", "/console/engines")):
        body = {"userName": "vera", "role": "viewer"} if method == "POST" else None
        assert limited(method, target, body).json()["error"]["errorCode"] == "210"


def test_engines_have_a_name_or_a_reason(administrator: Browser) -> None:
    engines = administrator("GET", "/console/engines").json()["engines"]

    assert {"speech", "faces", "text"} <= {one["port"] for one in engines}
    assert all(("engine" in one) != ("reason" in one) for one in engines)


def test_weights_are_offered_with_their_use_licence_and_command(administrator: Browser) -> None:
    weights = {one["id"]: one for one in administrator("GET", "/console/engines").json()["weights"]}

    whisper = weights["whisper-base"]
    assert (whisper["ports"], whisper["command"]) == (["speech"], "scenedex weights pull whisper-base")
    assert whisper["size"] > 0
    assert all(one["purpose"] and one["licence"] and one["page"] for one in weights.values())


class TestSessions:
    def test_of_all_users_are_listed(self, service: Service, administrator: Browser) -> None:
        key = service.api(Role.VIEWER, "news-room", user="vera")
        other = sign_in(key, service, user_agent="Other/1")
        own, its = (one("GET", "/console/session").json()["session"]["id"] for one in (administrator, other))

        answer = administrator("GET", SESSIONS)

        found = {one["id"]: one for one in answer.json()["sessions"]}
        assert (found[own]["current"], found[its]["current"]) == (True, False)
        assert {name: found[its][name] for name in ("userName", "accessKey", "identity", "role", "workspaces")} == {
            "userName": "vera",
            "accessKey": key.key.access_key,
            "identity": None,
            "role": "viewer",
            "workspaces": ["news-room"],
        }
        assert found[its]["userAgent"] == "Other/1"
        assert answer.headers["cache-control"] == "no-store"
        assert other.token not in answer.text

    def test_of_others_are_ended(self, service: Service, administrator: Browser) -> None:
        other = sign_in(service.api(user="vera"), service)
        session_id = other("GET", "/console/session").json()["session"]["id"]

        ended = administrator("DELETE", f"{SESSIONS}/{session_id}")
        again = administrator("DELETE", f"{SESSIONS}/{session_id}")

        assert (ended.status_code, again.status_code, again.json()["code"]) == (200, 404, "40417")
        assert other("GET", "/console/session").json()["error"]["details"] == "The session has ended."
        assert all(one["id"] != session_id for one in administrator("GET", SESSIONS).json()["sessions"])
        events = service.rows(
            "SELECT event, user_name FROM audit_events WHERE resource = %s", f"{SESSIONS}/{session_id}"
        )
        assert events == [("Delete Console Session", "alice")]

    def test_that_have_ended_are_not_listed(self, service: Service, administrator: Browser) -> None:
        expired, revoked = service.api(), service.api()
        for api in (expired, revoked):
            sign_in(api, service)
        service.rows("UPDATE console_sessions SET expires_time = now() WHERE access_key = %s", expired.key.access_key)
        administrator("DELETE", f"{KEYS}/{revoked.key.access_key}")

        keys = {one["accessKey"] for one in administrator("GET", SESSIONS).json()["sessions"]}

        assert keys.isdisjoint({expired.key.access_key, revoked.key.access_key})

    @pytest.mark.parametrize("session_id", ["0", "-1", str(2**62)])
    def test_that_do_not_exist_are_not_found(self, session_id: str, administrator: Browser) -> None:
        assert administrator("DELETE", f"{SESSIONS}/{session_id}").status_code == 404

    def test_are_for_managers_of_all_workspaces(self, service: Service, administrator: Browser) -> None:
        session_id = administrator("GET", "/console/session").json()["session"]["id"]
        for api in (service.api(Role.VIEWER), service.api(Role.MANAGER, "news-room")):
            limited = sign_in(api, service)
            answers = [limited("GET", SESSIONS), limited("DELETE", f"{SESSIONS}/{session_id}")]
            assert [answer.json()["error"]["errorCode"] for answer in answers] == ["210", "210"]
        assert administrator("GET", SESSIONS).status_code == 200
