"""The source address of an event, as a proxy reports it."""

from __future__ import annotations

import pytest

from scenedex.audit.actor import ip_address_or_none


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::7"])
def test_an_address_is_kept(address: str) -> None:
    assert ip_address_or_none(address) == address


@pytest.mark.parametrize(
    "text", ["", "<script>", "x" * 5000, "10.0.0.1.example", "10.0.0.1:80"], ids=lambda text: text[:20]
)
def test_other_text_is_not_kept(text: str) -> None:
    assert ip_address_or_none(text) is None
