from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.storage.errors import SignatureExpired, SignatureInvalid
from scenedex.storage.signing import LinkClaims, link_to, require_valid, signature_of

if TYPE_CHECKING:
    from typing import Literal

SECRET = b"0123456789abcdef"
EXPIRY = 1_800_000_000
BEFORE = datetime.fromtimestamp(EXPIRY, UTC) - timedelta(microseconds=1)
CLAIMS = LinkClaims("GET", "assets/1/a.mp4", EXPIRY, "token")

all_claims = st.builds(
    LinkClaims,
    st.sampled_from(("GET", "PUT")),
    st.text(st.characters(codec="utf-8"), min_size=1),
    st.integers(0, 2**40),
    st.text(st.characters(codec="utf-8")),
)


def test_a_link_is_valid_until_its_second() -> None:
    require_valid(CLAIMS, signature_of(CLAIMS, SECRET), SECRET, now=BEFORE)

    with pytest.raises(SignatureExpired):
        require_valid(CLAIMS, signature_of(CLAIMS, SECRET), SECRET, now=BEFORE + timedelta(microseconds=1))


@given(all_claims)
def test_a_link_says_what_was_signed(claims: LinkClaims) -> None:
    url = urlsplit(link_to("https://media.example/objects/", claims, SECRET))

    query = {name: values[0] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
    method: Literal["GET", "PUT"] = claims.method
    read = LinkClaims(method, unquote(url.path.removeprefix("/objects/")), int(query["expires"]), query["token"])
    assert read == claims
    assert query["signature"] == signature_of(claims, SECRET)


@given(all_claims, all_claims)
def test_no_other_claims_pass_with_a_signature(signed: LinkClaims, claimed: LinkClaims) -> None:
    if signed == claimed:
        return
    with pytest.raises(SignatureInvalid):
        require_valid(claimed, signature_of(signed, SECRET), SECRET, now=BEFORE)


@pytest.mark.parametrize(
    "claimed",
    [
        replace(CLAIMS, method="PUT"),
        replace(CLAIMS, key="assets/2/a.mp4"),
        replace(CLAIMS, expires_at=EXPIRY + 1),
        replace(CLAIMS, token="token2"),
    ],
    ids=["method", "key", "expiry", "token"],
)
def test_a_changed_claim_is_refused(claimed: LinkClaims) -> None:
    with pytest.raises(SignatureInvalid):
        require_valid(claimed, signature_of(CLAIMS, SECRET), SECRET, now=BEFORE)


@pytest.mark.parametrize("signature", ["", "0" * 64, "ü", "\ud800"], ids=ascii)
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(SignatureInvalid):
        require_valid(CLAIMS, signature, SECRET, now=BEFORE)


def test_a_forged_link_that_has_expired_is_called_forged() -> None:
    with pytest.raises(SignatureInvalid):
        require_valid(CLAIMS, "0" * 64, SECRET, now=BEFORE + timedelta(days=1))
