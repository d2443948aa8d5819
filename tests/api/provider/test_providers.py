"""OpenID providers that are away, slow or wrongly described."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from console_user import SESSION
from openid_provider import StubProvider, stub_provider
from provider_visitor import CALLBACK, PUBLIC_URL, START, Own, Visitor, refusal_of, settings_for
from scenedex.auth.openid.provider import Discovery, OpenIdProvider
from scenedex.auth.openid.refusals import RefusalReason, SignInRefused
from scenedex.auth.openid.transport import call

if TYPE_CHECKING:
    from tests.conftest import Serving


class TestProviders:
    def test_that_are_away_are_named_unreachable(self, serving: Serving) -> None:
        with stub_provider(CALLBACK) as gone:
            settings = settings_for(gone)
        with serving(settings) as service:
            answer = Visitor(service).get(START)
            assert service.api()("POST", SESSION).status_code == 200

        assert refusal_of(answer) == "unreachable"

    def test_that_do_not_answer_are_asked_again_after_five_seconds(self, provider: StubProvider) -> None:
        seconds = 0.0
        asked = OpenIdProvider(settings_for(provider).oidc, CALLBACK, PUBLIC_URL, 300, clock=lambda: seconds)

        provider.discovery = {"jwks_uri": "http://127.0.0.1:1/keys"}
        with pytest.raises(SignInRefused) as first:
            asyncio.run(asked.known())
        provider.discovery, seconds = {}, 4.9
        with pytest.raises(SignInRefused) as second:
            asyncio.run(asked.known())
        seconds = 5.1

        assert asyncio.run(asked.known()).discovery.issuer == provider.url
        assert [one.value.refusal for one in (first, second)] == [RefusalReason.UNREACHABLE] * 2

    def test_that_are_slow_are_not_waited_for(self, provider: StubProvider) -> None:
        provider.stalls = True

        with pytest.raises(SignInRefused) as refused:
            asyncio.run(call("POST", f"{provider.url}/token", Discovery, form={"code": "1"}, seconds=0.3))

        assert refused.value.refusal is RefusalReason.UNREACHABLE

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
