"""Users of an OpenID provider: names, rights, sessions and rates."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from console_user import COOKIE
from provider_visitor import LIST, Visitor, refusal_of, session_of, settings_for
from scenedex.auth.openid.accounts import delete_idle_accounts
from scenedex.settings import RateSettings

if TYPE_CHECKING:
    from tests.conftest import Service, Serving

    from openid_provider import StubProvider


class TestUsers:
    def test_are_known_by_issuer_and_subject(self, visitor: Visitor, provider: StubProvider, signing: Service) -> None:
        visitor.sign_in()
        provider.user = {**provider.user, "preferred_username": "ann.kim"}
        Visitor(signing).sign_in()
        provider.user = {**provider.user, "sub": "u-2"}
        Visitor(signing).sign_in()

        accounts = signing.rows("SELECT subject, user_name FROM provider_accounts ORDER BY subject")

        assert accounts == [("u-1", "ann.kim"), ("u-2", "ann.kim")]
        assert session_of(visitor)["userName"] == "ann.kim"

    @pytest.mark.parametrize(
        ("groups", "role", "workspaces"),
        [
            (["readers"], "viewer", None),
            ("readers", "viewer", None),
            (["sport desk"], "viewer", ["sport"]),
            (["sport desk", "readers", "unknown"], "viewer", None),
            (["news desk", "sport desk"], "manager", ["news", "wire"]),
            (["news desk", "readers"], "manager", ["news", "wire"]),
        ],
    )
    def test_have_the_rights_of_their_groups(
        self, groups: object, role: str, workspaces: object, visitor: Visitor, provider: StubProvider
    ) -> None:
        provider.user = {**provider.user, "groups": groups}

        visitor.sign_in()

        session = session_of(visitor)
        assert (session["role"], session["workspaces"]) == (role, workspaces)

    def test_change_nothing_as_viewers(self, visitor: Visitor, provider: StubProvider) -> None:
        provider.user = {**provider.user, "groups": ["readers"]}
        visitor.sign_in()

        refused = visitor.browser()("POST", "/api/v1/workspaces", {"workspaceName": "of-a-viewer"})

        assert refused.json()["error"]["errorCode"] == "210"

    def test_get_the_rights_of_their_latest_sign_in_in_all_sessions(
        self, visitor: Visitor, provider: StubProvider, signing: Service
    ) -> None:
        visitor.sign_in()
        provider.user = {**provider.user, "groups": ["readers"]}

        Visitor(signing).sign_in()

        assert session_of(visitor)["role"] == "viewer"

    @pytest.mark.parametrize("groups", [[], ["others"], None, 7, [{"name": "editors"}]])
    def test_without_a_group_are_refused(
        self, groups: object, visitor: Visitor, provider: StubProvider, signing: Service
    ) -> None:
        provider.user = {**provider.user, "groups": groups}

        answer = visitor.sign_in()

        assert refusal_of(answer) == "noGroup"
        assert COOKIE not in visitor.cookies
        assert signing.rows("SELECT * FROM console_sessions") == []

    def test_lose_their_sessions_with_their_last_group(
        self, visitor: Visitor, provider: StubProvider, signing: Service
    ) -> None:
        visitor.sign_in()
        provider.user = {**provider.user, "groups": ["others"]}
        Visitor(signing).sign_in()

        answer = visitor.browser()("GET", LIST)

        assert answer.json()["error"]["details"] == "The session has ended."

    def test_may_be_named_by_the_user_info(self, visitor: Visitor, provider: StubProvider) -> None:
        provider.has_user_info = True

        visitor.sign_in()

        assert session_of(visitor)["userName"] == "ann"
        assert provider.problems == []

    def test_are_not_taken_from_the_user_info_of_another(self, visitor: Visitor, provider: StubProvider) -> None:
        provider.has_user_info, provider.info = True, {"sub": "u-2"}

        assert refusal_of(visitor.sign_in()) == "failed"

    def test_are_not_named_by_an_address_that_is_not_verified(self, visitor: Visitor, provider: StubProvider) -> None:
        provider.user = {"sub": "u-1", "email": "boss@example.com", "groups": ["readers"]}

        visitor.sign_in()

        assert session_of(visitor)["userName"] == "u-1"

    def test_are_deleted_when_they_are_idle(self, visitor: Visitor, signing: Service, provider: StubProvider) -> None:
        visitor.sign_in()
        provider.user = {**provider.user, "sub": "idle"}
        Visitor(signing).sign_in()
        signing.rows("DELETE FROM console_sessions WHERE account_id <> 1")
        signing.rows("UPDATE provider_accounts SET signed_in_time = now() - interval '401 days'")

        signing.transact(lambda tx: delete_idle_accounts(tx, timedelta(days=400)))

        assert signing.rows("SELECT subject FROM provider_accounts") == [("u-1",)]


class TestSettings:
    def test_that_name_another_provider_end_its_sessions(self, signing: Service, visitor: Visitor) -> None:
        visitor.sign_in()
        signing.rows("UPDATE provider_accounts SET issuer = 'https://former.example'")

        assert visitor.browser()("GET", LIST).status_code == 401

    def test_that_take_the_role_from_a_group_count_at_once(self, provider: StubProvider, serving: Serving) -> None:
        with serving(settings_for(provider)) as service:
            before = Visitor(service)
            before.sign_in()
            with serving(settings_for(provider, groups={"readers": "viewer"})) as other:
                # Another process on the same database, with other settings.
                row = service.rows("SELECT * FROM provider_accounts")
                session = service.rows("SELECT digest, expires_time FROM console_sessions")[0]
                other.rows(
                    "INSERT INTO provider_accounts (issuer, subject, user_name, groups) VALUES (%s, %s, %s, %s)",
                    *row[0][1:5],
                )
                other.rows(
                    "INSERT INTO console_sessions (digest, account_id, expires_time) VALUES (%s, 1, %s)", *session
                )
                assert Visitor(other, before.cookies).browser()("GET", LIST).status_code == 401
            assert before.browser()("GET", LIST).status_code == 200


class TestRates:
    def test_are_counted_for_each_user(self, provider: StubProvider, serving: Serving) -> None:
        settings = settings_for(provider).model_copy(update={"rates": RateSettings(search_per_minute=2)})
        with serving(settings) as service:
            visitor, other = Visitor(service), Visitor(service)
            visitor.sign_in()
            provider.user = {**provider.user, "sub": "u-2"}
            other.sign_in()
            visitor.browser()("POST", "/api/v1/workspaces", {"workspaceName": "rated"})
            projects = visitor.browser()("GET", "/api/v1/workspaces/rated/projects").json()["result"]["projects"]
            body = {"query": {"textQuery": "sea"}, "filter": {"projectIds": [projects[0]["projectId"]]}}
            target = "/api/v1/workspaces/rated/assets/search"
            answers = [one.browser()("POST", target, body).status_code for one in (visitor, visitor, visitor, other)]

        assert answers == [200, 200, 429, 200]

    def test_limit_the_sign_ins_of_an_address(self, provider: StubProvider, serving: Serving) -> None:
        settings = settings_for(provider).model_copy(update={"rates": RateSettings(sign_in_per_minute=2)})
        with serving(settings) as service:
            answers = [Visitor(service).sign_in() for _ in range(3)]

        assert [COOKIE in answer.headers["set-cookie"] for answer in answers[:2]] == [True, True]
        assert refusal_of(answers[2]) == "tooMany"


class TestLists:
    def test_have_the_sessions_of_the_same_user(
        self, visitor: Visitor, signing: Service, provider: StubProvider
    ) -> None:
        visitor.sign_in()
        Visitor(signing).sign_in()
        provider.user = {**provider.user, "sub": "u-2"}
        stranger = Visitor(signing)
        stranger.sign_in()

        found = visitor.browser()("GET", "/console/sessions").json()["sessions"]
        other = next(one["id"] for one in found if not one["current"])
        refused = stranger.browser()("DELETE", f"/console/sessions/{other}")
        ended = visitor.browser()("DELETE", f"/console/sessions/{other}")

        assert [one["current"] for one in found] == [False, True]
        assert (refused.status_code, ended.status_code) == (404, 200)
        assert len(visitor.browser()("GET", "/console/sessions").json()["sessions"]) == 1
