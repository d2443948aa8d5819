"""Access keys and engines in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from console_user import sign_in
from scenedex.auth.keys import Role

if TYPE_CHECKING:
    from tests.conftest import Service

    from console_user import Browser

KEYS = "/console/keys"


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
