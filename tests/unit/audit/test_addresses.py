"""Where a call came from, as a proxy says."""

from __future__ import annotations

import pytest

from scenedex.audit.middleware import address_of


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::7"])
def test_an_address_is_kept(address: str) -> None:
    assert address_of(address) == address


@pytest.mark.parametrize(
    "said", ["", "<script>", "x" * 5000, "10.0.0.1.example", "10.0.0.1:80"], ids=lambda said: said[:20]
)
def test_what_is_no_address_is_not_kept(said: str) -> None:
    assert address_of(said) is None
