from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.auth.signature import is_signature, sign

METHODS = st.sampled_from(["GET", "POST", "PATCH", "DELETE"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VECTOR = "xBcE26XFU55BMjppdPT7ZY3oDrqoOedfPyAn3Cq4lUw="


def test_gives_the_known_signature() -> None:
    target = "/vserver/v2/createServerInstances?regionCode=KR"

    given = sign("SK_TEST", method="POST", target=target, timestamp="1700000000000", access_key="AK_TEST")

    assert given == VECTOR


@given(METHODS, TEXTS, TEXTS, TEXTS, TEXTS)
def test_is_the_digest_of_the_contract(
    method: str, target: str, timestamp: str, access_key: str, secret_key: str
) -> None:
    text = f"{method} {target}\n{timestamp}\n{access_key}".encode()

    signature = sign(secret_key, method=method, target=target, timestamp=timestamp, access_key=access_key)

    assert base64.b64decode(signature) == hmac.new(secret_key.encode(), text, hashlib.sha256).digest()


@given(st.lists(TEXTS, min_size=2, max_size=2, unique=True))
def test_differs_for_each_target(targets: list[str]) -> None:
    first, second = (sign("s", method="GET", target=t, timestamp="1", access_key="a") for t in targets)

    assert not is_signature(first, second)


@pytest.mark.parametrize("given", ["", VECTOR[:-1], VECTOR.lower(), VECTOR + "\n", "é"])
def test_any_other_text_is_not_the_signature(given: str) -> None:
    assert not is_signature(VECTOR, given)
