"""Sign-in at an OpenID provider: the whole way, and every way in which it must fail."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from pydantic import SecretStr

from console_user import COOKIE, SESSION
from openid_provider import CLIENT_ID, CLIENT_SECRET, StubProvider, stub_provider
from provider_visitor import CALLBACK, PUBLIC_URL, START, Visitor, refusal_of
from scenedex.auth.openid.accounts import delete_idle_accounts
from scenedex.settings import OidcSettings, RateSettings, ServerSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.conftest import Service, Serving

GROUPS = {"editors": "manager", "readers": "viewer", "sport desk": "viewer: sport", "news desk": "manager: news, wire"}
LIST = "/api/v1/workspaces?pageNum=1&pageSize=1"
IN_A_DAY = 24 * 3600


def settings_for(provider: StubProvider, **changed: Any) -> Settings:
    oidc: dict[str, Any] = {
        "issuer": provider.url,
        "client_id": CLIENT_ID,
        "client_secret": SecretStr(CLIENT_SECRET),
        "groups": GROUPS,
        **changed,
    }
    return Settings(
        server=ServerSettings(public_url=PUBLIC_URL),
        oidc=OidcSettings(**oidc),
        rates=RateSettings(sign_in_per_minute=10_000),
    )


@dataclass(frozen=True)
class Own:
    """A provider with a server that nothing else uses."""

    provider: StubProvider
    service: Service
    visitor: Visitor


@pytest.fixture(scope="module")
def shared_provider() -> Generator[StubProvider]:
    with stub_provider(CALLBACK) as found:
        yield found


@pytest.fixture(scope="module")
def shared_service(shared_provider: StubProvider, serving: Serving) -> Generator[Service]:
    with serving(settings_for(shared_provider)) as service:
        yield service


@pytest.fixture
def provider(shared_provider: StubProvider) -> StubProvider:
    shared_provider.reset()
    return shared_provider


@pytest.fixture
def signing(shared_service: Service) -> Service:
    """Server without users and sessions."""
    shared_service.rows("TRUNCATE provider_accounts, console_sessions, audit_events RESTART IDENTITY CASCADE")
    return shared_service


@pytest.fixture
def visitor(signing: Service, provider: StubProvider) -> Visitor:
    del provider
    return Visitor(signing)


@pytest.fixture
def own(serving: Serving) -> Generator[Own]:
    with stub_provider(CALLBACK) as provider, serving(settings_for(provider)) as service:
        yield Own(provider, service, Visitor(service))


def session_of(visitor: Visitor) -> dict[str, Any]:
    answer = visitor.browser()("GET", SESSION)
    assert answer.status_code == 200, answer.text
    return answer.json()["session"]


class TestSigningIn:
    def test_opens_a_session_with_the_rights_of_the_group(self, visitor: Visitor, provider: StubProvider) -> None:
        answer = visitor.sign_in()

        assert provider.problems == []
        assert (answer.status_code, answer.headers["location"]) == (302, "/video/console/")
        session = session_of(visitor)
        assert (session["userName"], session["accessKey"], session["role"], session["workspaces"]) == (
            "ann",
            None,
            "manager",
            None,
        )
        made = visitor.browser()("POST", "/api/v1/workspaces", {"workspaceName": "of-ann"})
        assert made.status_code == 200

    def test_sets_the_same_cookie_as_a_sign_in_by_key(self, visitor: Visitor) -> None:
        answer = visitor.sign_in()

        [line] = [one for one in answer.headers.get_list("set-cookie") if one.startswith(COOKIE)]
        attributes = set(line.lower().split("; ")[1:])
        assert attributes == {"httponly", "max-age=43200", "path=/video/", "samesite=strict", "secure"}
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"

    def test_keeps_its_secrets_in_a_short_encrypted_cookie(self, visitor: Visitor) -> None:
        answer = visitor.get(START)

        address = answer.headers["location"]
        [line] = answer.headers.get_list("set-cookie")
        attributes = set(line.lower().split("; ")[1:])
        path = "/video/console/oidc/callback"
        assert attributes == {"httponly", "max-age=600", f"path={path}", "samesite=lax", "secure"}
        query = parse_qs(urlsplit(address).query)
        assert all(query[name][0] not in line for name in ("state", "nonce", "code_challenge"))

    def test_is_recorded_with_issuer_and_subject(
        self, visitor: Visitor, provider: StubProvider, signing: Service
    ) -> None:
        visitor.sign_in()
        session = session_of(visitor)
        visitor.browser()("POST", "/api/v1/workspaces", {"workspaceName": "recorded"})

        events = signing.rows(
            "SELECT event, user_name, access_key, identity, resource, created_id, length(trace_id) "
            "FROM audit_events ORDER BY event_id"
        )

        identity = f"{provider.url} u-1"
        assert events == [
            ("Create Console Session", "ann", None, identity, "/console/oidc/callback", str(session["id"]), 32),
            ("Create Workspace", "ann", None, identity, "/api/v1/workspaces", "recorded", 32),
        ]
        [shown, *_] = visitor.browser()("GET", "/api/v1/audit-events?pageNum=1&pageSize=10").json()["result"]["content"]
        assert shown["identity"] == identity
        assert "accessKey" not in shown

    @pytest.mark.parametrize(
        ("to", "place"),
        [
            ("w/news/assets%3Fpage=2", "w/news/assets?page=2"),
            ("/w/news", "w/news"),
            ("//evil.example", "evil.example"),
            ("https://evil.example", "https://evil.example"),
            ("%5C%5Cevil.example", ""),
            ("/%09/evil.example", ""),
            ("..%2F..%2Fobjects%2Fx", ""),
            ("a%0d%0aset-cookie:x=y", ""),
            ("x" * 1001, ""),
        ],
    )
    def test_returns_to_a_place_of_the_console_alone(self, to: str, place: str, visitor: Visitor) -> None:
        answer = visitor.sign_in(to)

        assert answer.headers["location"] == f"/video/console/{place}"

    @pytest.mark.parametrize("algorithm", ["PS256", "ES256", "EdDSA", "Ed25519"])
    def test_takes_every_signature_of_a_private_key(
        self, algorithm: str, visitor: Visitor, provider: StubProvider
    ) -> None:
        provider.rotate(algorithm, name=algorithm)

        visitor.sign_in()

        assert session_of(visitor)["userName"] == "ann"

    def test_in_two_tabs_at_once_opens_two_sessions(self, visitor: Visitor) -> None:
        first, second = visitor.start(), visitor.start()

        answers = [visitor.get(visitor.at_provider(address)) for address in (first, second)]

        assert [COOKIE in answer.headers["set-cookie"] for answer in answers] == [True, True]

    def test_leaves_the_sign_in_by_key_as_it_is(self, signing: Service) -> None:
        assert signing.api()("POST", SESSION).status_code == 200

    def test_is_unknown_without_a_provider(self, service: Service) -> None:
        found = [service.client.get(service.url + path) for path in (START, "/console/oidc/callback")]

        assert [answer.status_code for answer in found] == [404, 404]

    def test_of_a_public_client_sends_its_id_alone(self, provider: StubProvider, serving: Serving) -> None:
        with serving(settings_for(provider, client_secret=None)) as service:
            Visitor(service).sign_in()

        assert set(provider.problems) == {"authorization", "no secret in body"}

    def test_sends_the_secret_in_the_body_where_the_provider_wants_it(self, own: Own) -> None:
        own.provider.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

        own.visitor.sign_in()

        assert set(own.provider.problems) == {"authorization", "no secret in body"}


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


class TestTokens:
    @pytest.mark.parametrize(
        "changed",
        [
            {"nonce": "another"},
            {"nonce": None},
            {"nonce": 1},
            {"aud": "another"},
            {"aud": None},
            {"aud": [CLIENT_ID, "another"]},
            {"aud": [CLIENT_ID, "another"], "azp": "another"},
            {"azp": "another"},
            {"iss": "https://another.example"},
            {"iss": None},
            {"exp": int(time.time()) - 3600},
            {"exp": None},
            {"exp": "tomorrow"},
            {"iat": int(time.time()) + IN_A_DAY},
            {"iat": None},
            {"nbf": int(time.time()) + IN_A_DAY},
            {"sub": ""},
            {"sub": "x" * 256},
            {"sub": 7},
        ],
    )
    def test_with_a_wrong_claim_are_refused(
        self, changed: dict[str, Any], visitor: Visitor, provider: StubProvider
    ) -> None:
        provider.changed = changed

        assert refusal_of(visitor.sign_in()) == "failed"
        assert provider.problems == []

    @pytest.mark.parametrize(
        "changed", [{"aud": [CLIENT_ID]}, {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID}], ids=str
    )
    def test_for_this_server_among_others_are_taken(
        self, changed: dict[str, Any], visitor: Visitor, provider: StubProvider
    ) -> None:
        provider.changed = changed

        visitor.sign_in()

        assert session_of(visitor)["userName"] == "ann"

    def test_of_a_clock_that_differs_a_little_are_taken(self, visitor: Visitor, provider: StubProvider) -> None:
        now = int(time.time())
        provider.changed = {"iat": now + 240, "nbf": now + 240, "exp": now - 240}

        visitor.sign_in()

        assert session_of(visitor)["userName"] == "ann"

    @pytest.mark.parametrize("algorithm", ["none", "HS256 public", "HS256 secret"])
    def test_without_the_signature_of_a_private_key_are_refused(
        self, algorithm: str, visitor: Visitor, provider: StubProvider
    ) -> None:
        provider.algorithm = algorithm

        assert refusal_of(visitor.sign_in()) == "failed"

    def test_of_a_key_that_is_published_later_are_taken(self, own: Own) -> None:
        address = own.visitor.start()
        own.provider.rotate()

        own.visitor.get(own.visitor.at_provider(address))

        assert session_of(own.visitor)["userName"] == "ann"
        assert own.provider.requests.count("/keys") == 2

    def test_of_a_key_that_is_not_published_are_refused(self, own: Own) -> None:
        address = own.visitor.start()
        own.provider.rotate()
        own.provider.published = False

        assert refusal_of(own.visitor.get(own.visitor.at_provider(address))) == "failed"

    def test_of_another_key_of_the_same_name_are_refused(self, own: Own) -> None:
        address = own.visitor.start()
        own.provider.rotate(name="first")

        assert refusal_of(own.visitor.get(own.visitor.at_provider(address))) == "failed"


class TestAnswers:
    def test_work_once(self, visitor: Visitor) -> None:
        back = visitor.at_provider(visitor.start())
        kept = dict(visitor.cookies)
        visitor.get(back)

        again = Visitor(visitor.service, kept).get(back)

        assert refusal_of(again) == "expired"

    def test_with_a_used_code_are_refused(self, visitor: Visitor) -> None:
        first = visitor.at_provider(visitor.start())
        second = visitor.at_provider(visitor.start())
        visitor.get(first)
        code = parse_qs(urlsplit(first).query)["code"][0]
        own = parse_qs(urlsplit(second).query)["code"][0]

        assert refusal_of(visitor.get(second.replace(own, code))) == "expired"

    def test_of_another_browser_are_refused(self, visitor: Visitor, signing: Service, provider: StubProvider) -> None:
        back = visitor.at_provider(visitor.start())
        victim = Visitor(signing)
        victim.start()

        assert refusal_of(victim.get(back)) == "expired"
        assert COOKIE not in victim.cookies
        assert "/token" not in provider.requests

    def test_with_the_cookie_of_another_state_are_refused(self, visitor: Visitor) -> None:
        first = visitor.at_provider(visitor.start())
        [name] = visitor.cookies
        visitor.start()
        [other] = visitor.cookies.keys() - {name}
        visitor.cookies[name] = visitor.cookies[other]

        assert refusal_of(visitor.get(first)) == "expired"

    @pytest.mark.parametrize("state", ["", "x", "é", "%00", "x" * 5000])
    def test_with_an_unknown_state_are_refused(self, state: str, visitor: Visitor) -> None:
        visitor.start()

        assert refusal_of(visitor.get(f"/console/oidc/callback?code=1&state={state}")) == "expired"

    def test_with_a_forged_cookie_are_refused(self, visitor: Visitor) -> None:
        back = visitor.at_provider(visitor.start())
        [name] = visitor.cookies
        visitor.cookies[name] = "gAAAAABforged"

        assert refusal_of(visitor.get(back)) == "expired"

    @pytest.mark.parametrize(
        ("error", "reason"), [("access_denied", "cancelled"), ("server_error", "failed"), ("<script>", "failed")]
    )
    def test_with_an_error_are_told(self, error: str, reason: str, visitor: Visitor, provider: StubProvider) -> None:
        provider.authorization_error = error

        answer = visitor.sign_in()

        assert refusal_of(answer) == reason
        assert "script" not in answer.headers["location"]

    def test_of_another_issuer_are_refused(self, visitor: Visitor, provider: StubProvider) -> None:
        address = visitor.start()
        back = visitor.at_provider(address).replace("iss=http", "iss=https")

        assert refusal_of(visitor.get(back)) == "failed"
        assert "/token" not in provider.requests

    def test_without_an_issuer_are_refused_if_the_provider_names_it(
        self, visitor: Visitor, provider: StubProvider
    ) -> None:
        provider.names_issuer = False

        assert refusal_of(visitor.sign_in()) == "failed"

    def test_without_an_issuer_are_taken_from_others(self, own: Own) -> None:
        own.provider.names_issuer = False
        own.provider.discovery = {"authorization_response_iss_parameter_supported": None}

        own.visitor.sign_in()

        assert session_of(own.visitor)["userName"] == "ann"

    def test_to_a_sign_in_that_another_site_began_do_not_come(self, visitor: Visitor) -> None:
        answer = visitor.get(START, **{"sec-fetch-site": "cross-site"})

        assert (answer.headers["location"], visitor.cookies) == ("/video/console/", {})

    @pytest.mark.parametrize("site", ["same-origin", "none"])
    def test_to_a_sign_in_of_the_page_come(self, site: str, visitor: Visitor) -> None:
        assert visitor.get(START, **{"sec-fetch-site": site}).headers["location"].startswith("http://127.0.0.1")


class TestPkce:
    def test_protects_a_code_that_was_stolen(self, visitor: Visitor, provider: StubProvider, signing: Service) -> None:
        stolen = parse_qs(urlsplit(visitor.at_provider(visitor.start())).query)["code"][0]
        thief = Visitor(signing)
        own = thief.at_provider(thief.start())
        code = parse_qs(urlsplit(own).query)["code"][0]

        answer = thief.get(own.replace(code, stolen))

        assert refusal_of(answer) == "expired"
        assert provider.problems == ["code_verifier"]


class TestProviders:
    def test_that_are_away_are_named_unreachable(self, serving: Serving) -> None:
        with stub_provider(CALLBACK) as gone:
            settings = settings_for(gone)
        with serving(settings) as service:
            answer = Visitor(service).get(START)
            assert service.api()("POST", SESSION).status_code == 200

        assert refusal_of(answer) == "unreachable"

    def test_that_come_back_are_used(self, own: Own) -> None:
        own.provider.discovery = {"jwks_uri": "http://127.0.0.1:1/keys"}
        assert refusal_of(own.visitor.get(START)) == "unreachable"
        own.provider.discovery = {}
        assert refusal_of(own.visitor.get(START)) == "unreachable"

        time.sleep(5.1)

        assert own.visitor.sign_in().headers["location"] == "/video/console/"

    def test_that_are_slow_are_not_waited_for(self, visitor: Visitor, provider: StubProvider) -> None:
        provider.stalls = True
        started = time.monotonic()

        answer = visitor.sign_in()

        assert refusal_of(answer) == "unreachable"
        assert 9 < time.monotonic() - started < 15

    @pytest.mark.parametrize(
        "discovery",
        [
            {"issuer": "https://another.example"},
            {"token_endpoint": None},
            {"jwks_uri": 7},
            {"authorization_endpoint": "javascript:alert(1)"},
            {"token_endpoint": "ftp://provider.example/token"},
        ],
        ids=str,
    )
    def test_that_describe_themselves_wrongly_are_refused(self, discovery: dict[str, Any], own: Own) -> None:
        own.provider.discovery = discovery

        assert refusal_of(own.visitor.get(START)) == "failed"

    @pytest.mark.parametrize(
        ("status", "reason"), [(400, "failed"), (401, "failed"), (302, "failed"), (503, "unreachable")]
    )
    def test_that_give_no_token_are_refused(
        self, status: int, reason: str, visitor: Visitor, provider: StubProvider
    ) -> None:
        provider.token_status = status

        assert refusal_of(visitor.sign_in()) == reason

    def test_are_not_asked_again_for_ten_minutes(self, own: Own) -> None:
        for _ in range(3):
            Visitor(own.service).sign_in()

        assert own.provider.requests.count("/.well-known/openid-configuration") == 1
        assert own.provider.requests.count("/token") == 3


class TestSigningOut:
    def test_names_the_sign_out_of_the_provider(self, visitor: Visitor, provider: StubProvider) -> None:
        visitor.sign_in()

        address: str = visitor.browser()("DELETE", SESSION).json()["providerAddress"]

        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{provider.url}/logout?")
        assert query == {"client_id": CLIENT_ID, "post_logout_redirect_uri": f"{PUBLIC_URL}/console/"}
        assert httpx2.get(address).status_code == 200
        assert visitor.browser()("GET", LIST).status_code == 401

    def test_names_none_where_there_is_none(self, own: Own) -> None:
        own.provider.discovery = {"end_session_endpoint": None}
        own.visitor.sign_in()

        assert own.visitor.browser()("DELETE", SESSION).json() == {}


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
