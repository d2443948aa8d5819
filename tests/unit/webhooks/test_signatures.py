"""Signatures, as an implementation of the standard verifies them."""

from __future__ import annotations

import base64
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from scenedex.webhooks.signatures import (
    SignatureScheme,
    make_secret,
    problem_of_secret,
    public_key_of,
    signature_header,
)

BODY = b'{"type":"index.completed","timestamp":"2026-12-01T00:00:00Z","data":{"assetId":1}}'


def headers(keys: list[str], timestamp: int | None = None) -> dict[str, str]:
    at = int(time.time()) if timestamp is None else timestamp
    signature = signature_header(keys, "msg_1", at, BODY)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": signature}


def verify_ed25519(public_key: str, sent: dict[str, str], body: bytes) -> None:
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
    version, signature = sent["webhook-signature"].split(",")
    assert version == "v1a"
    key.verify(base64.b64decode(signature), f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body)


def test_the_library_of_the_standard_verifies_a_signature() -> None:
    secret = make_secret(SignatureScheme.V1)

    assert Webhook(secret).verify(BODY, headers([secret]))["type"] == "index.completed"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" ", headers([secret]))
    with pytest.raises(WebhookVerificationError):
        Webhook(make_secret(SignatureScheme.V1)).verify(BODY, headers([secret]))


def test_the_example_of_the_standard_has_its_signature() -> None:
    body = b'{"test": 2432232314}'

    made = signature_header(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body
    )

    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_both_secrets_verify_during_a_rotation() -> None:
    former, latest = make_secret(SignatureScheme.V1), make_secret(SignatureScheme.V1)

    sent = headers([latest, former])

    for secret in (former, latest):
        Webhook(secret).verify(BODY, sent)


def test_a_public_key_verifies_ed25519() -> None:
    private = make_secret(SignatureScheme.V1A)
    public = public_key_of(private)

    assert public is not None
    verify_ed25519(public, headers([private]), BODY)
    assert public_key_of(make_secret(SignatureScheme.V1)) is None


@given(st.binary(min_size=0, max_size=80))
def test_a_secret_has_24_to_64_bytes(key: bytes) -> None:
    problem = problem_of_secret("whsec_" + base64.b64encode(key).decode())

    assert (problem is None) == (24 <= len(key) <= 64)


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_!!!!", "secret", "whsk_" + "A" * 44, "whsec_" + "A" * 43])
def test_other_texts_are_no_secrets(text: str) -> None:
    assert problem_of_secret(text)
