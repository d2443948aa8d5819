from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.client import Client
from scenedex.client.signing import Credentials
from scenedex.client.testing import Recorder

METHODS = st.sampled_from(["GET", "POST", "PATCH", "DELETE"])
KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)
TARGETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=80).map(lambda text: "/" + text)


def test_gives_the_known_signature() -> None:
    credentials = Credentials("AK_TEST", "SK_TEST")
    target = "/vserver/v2/createServerInstances?regionCode=KR"

    signature = credentials.signature("POST", target, 1_700_000_000_000)

    assert signature == "xBcE26XFU55BMjppdPT7ZY3oDrqoOedfPyAn3Cq4lUw="


@given(METHODS, TARGETS, st.integers(min_value=0, max_value=2**53), KEYS, KEYS)
def test_signs_request_line_time_and_access_key(
    method: str, target: str, timestamp_ms: int, access_key: str, secret_key: str
) -> None:
    message = f"{method} {target}\n{timestamp_ms}\n{access_key}".encode()
    digest = hmac.digest(secret_key.encode(), message, hashlib.sha256)

    signature = Credentials(access_key, secret_key).signature(method, target, timestamp_ms)

    assert base64.b64decode(signature) == digest


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_signs_the_target_as_it_is_sent(name: str) -> None:
    service = Recorder()
    service.add_result({"workspaceName": "a"})
    with Client("https://mi.test", "AK", "SK", transport=service) as client:
        client.workspaces.get(name)

    [sent] = service.received
    message = f"GET {sent.target}\n{sent.headers['x-ncp-apigw-timestamp']}\nAK".encode()
    signature = base64.b64decode(sent.headers["x-ncp-apigw-signature-v2"])
    assert signature == hmac.digest(b"SK", message, hashlib.sha256)


def test_carries_the_four_headers() -> None:
    headers = Credentials("AK_TEST", "SK_TEST").headers("GET", "/a", 1_700_000_000_000)

    assert headers == {
        "x-ncp-apigw-timestamp": "1700000000000",
        "x-ncp-iam-access-key": "AK_TEST",
        "x-ncp-apigw-signature-v2": Credentials("AK_TEST", "SK_TEST").signature("GET", "/a", 1_700_000_000_000),
        "Content-Type": "application/json",
    }


def test_keeps_the_secret_out_of_its_repr() -> None:
    assert "SK_TEST" not in repr(Credentials("AK_TEST", "SK_TEST"))


@pytest.mark.parametrize("key", ["", " key", "key\n", "schlüssel", "a\x00b"], ids=ascii)
def test_refuses_keys_that_no_header_can_carry(key: str) -> None:
    with pytest.raises(ValueError, match="access key"):
        Credentials(key, "SK_TEST")
    with pytest.raises(ValueError, match="secret key"):
        Credentials("AK_TEST", key)
