"""Sign-in at an OpenID provider and sign-out: the whole way, and every way in which answers must fail."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from console_user import COOKIE, SESSION
from openid_provider import CLIENT_ID, StubProvider
from provider_visitor import LIST, PUBLIC_URL, START, Own, Visitor, refusal_of, session_of, settings_for

if TYPE_CHECKING:
    from tests.conftest import Service, Serving


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
