"""Addresses that webhooks reach."""

from __future__ import annotations

import pytest

from scenedex.settings import ServerSettings, WebhookSettings
from scenedex.webhooks.addresses import AddressPolicy, AddressRefused, OwnAddresses, host_and_port

STRICT = AddressPolicy.of(WebhookSettings())
PRIVATE = AddressPolicy.of(WebhookSettings(allow_private=True))
PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e", "::ffff:93.184.215.14")
INNER = ("127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "::1", "fd12::1", "::ffff:10.0.0.1")
NEVER_PRIVATE = (
    "169.254.169.254",
    "169.254.1.1",
    "fe80::1",
    "fe80::1%eth0",
    "100.100.100.200",
    "fd00:ec2::254",
    "168.63.129.16",
    "100.64.0.1",
    "192.0.2.1",
    "240.0.0.1",
    "255.255.255.255",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "::7f00:1",
)
NEVER = ("0.0.0.0", "::", "224.0.0.1", "239.255.255.250", "ff02::1", "::ffff:224.0.0.1", "::ffff:0.0.0.0")  # noqa: S104


def is_allowed(policy: AddressPolicy, address: str, *, is_tls: bool = True) -> bool:
    try:
        policy.require(address, is_tls=is_tls)
    except AddressRefused:
        return False
    return True


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_reached_by_tls(address: str) -> None:
    assert is_allowed(STRICT, address)
    assert not is_allowed(STRICT, address, is_tls=False)
    assert is_allowed(AddressPolicy(allow_http=True), address, is_tls=False)


@pytest.mark.parametrize("address", INNER)
def test_private_addresses_are_reached_if_an_operator_allows_it(address: str) -> None:
    assert not is_allowed(STRICT, address)
    assert is_allowed(PRIVATE, address)
    assert is_allowed(PRIVATE, address, is_tls=False)


@pytest.mark.parametrize("address", NEVER_PRIVATE)
def test_special_addresses_are_reached_only_if_they_are_listed(address: str) -> None:
    assert not is_allowed(STRICT, address)
    assert not is_allowed(PRIVATE, address)


@pytest.mark.parametrize("address", NEVER)
def test_addresses_of_no_machine_are_never_reached(address: str) -> None:
    everything = AddressPolicy.of(WebhookSettings(allow_private=True, allowed_networks="0.0.0.0/0, ::/0"))

    assert not is_allowed(everything, address)


def test_a_listed_network_is_reached() -> None:
    policy = AddressPolicy.of(WebhookSettings(allowed_networks="10.1.0.0/16, 169.254.7.7"))

    assert is_allowed(policy, "10.1.200.3", is_tls=False)
    assert is_allowed(policy, "169.254.7.7")
    assert is_allowed(policy, "::ffff:10.1.200.3")
    assert not is_allowed(policy, "10.2.0.1")


def test_the_server_is_no_receiver() -> None:
    server = ServerSettings(host="0.0.0.0", port=8600, public_url="https://mi.example/scenedex")  # noqa: S104
    own = OwnAddresses.of(server, "http://127.0.0.1:8601")

    for name in ("https://mi.example/hooks", "http://127.0.0.1:8601/"):
        with pytest.raises(AddressRefused):
            own.refuse_name(*host_and_port(name))
    for address, port in (("127.0.0.1", 8600), ("127.0.0.2", 8601), ("::1", 8600)):
        with pytest.raises(AddressRefused):
            own.refuse_address(address, port)
    own.refuse_name(*host_and_port("https://hooks.example/"))
    own.refuse_address("127.0.0.1", 9000)
    own.refuse_address("93.184.215.14", 8600)
