"""ID tokens of an OpenID provider: claims, clocks, signatures and keys."""

from __future__ import annotations

import time
from typing import Any

import pytest

from openid_provider import CLIENT_ID, StubProvider
from provider_visitor import Own, Visitor, refusal_of, session_of

IN_A_DAY = 24 * 3600


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
