"""Calls of receivers: the address that was checked is the one that is connected to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from scenedex.settings import ServerSettings
from scenedex.webhooks.addresses import AddressPolicy, OwnAddresses, Resolver
from scenedex.webhooks.calls import ReceiverAnswer, ReceiverCalls
from webhook_receiver import webhook_receiver

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from webhook_receiver import Receiver


class RebindingNames(Resolver):
    """Name server that answers the first lookup with some addresses, and each later one with loopback."""

    def __init__(self, *addresses: str) -> None:
        super().__init__()
        self._addresses = addresses
        self.lookups = 0

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        del host, port
        self.lookups += 1
        return self._addresses if self.lookups == 1 else ["127.0.0.1"]


@pytest.fixture(scope="module")
def receiver() -> Generator[Receiver]:
    with webhook_receiver() as started:
        yield started


def post(
    names: RebindingNames, url: str, policy: AddressPolicy, server: ServerSettings | None = None
) -> ReceiverAnswer:
    async def call() -> ReceiverAnswer:
        calls = ReceiverCalls(policy, names, seconds=3, per_endpoint=1)
        own = OwnAddresses.of(server or ServerSettings())
        headers = {"host": "hooks.example", "content-length": "2"}
        try:
            return await calls.post(1, url, own, headers, b"{}")
        finally:
            await calls.close()
            names.close()

    return asyncio.run(call())


def test_a_name_of_a_private_address_is_not_connected_to(receiver: Receiver) -> None:
    names = RebindingNames("127.0.0.1")

    answer = post(names, f"http://hooks.example:{receiver.port}/ok/private", AddressPolicy(allow_http=True))

    assert answer.reason is not None
    assert answer.reason.startswith("127.0.0.1 is no public address.")
    assert receiver.received("ok/private") == []


def test_a_name_is_looked_up_once_for_check_and_connection(receiver: Receiver) -> None:
    names = RebindingNames("::ffff:127.0.0.1")

    refused = post(names, f"http://hooks.example:{receiver.port}/ok/rebound", AddressPolicy(allow_http=True))

    assert names.lookups == 1
    assert refused.status is None
    assert receiver.received("ok/rebound") == []


def test_an_allowed_address_among_others_is_connected_to(receiver: Receiver) -> None:
    names = RebindingNames("169.254.169.254", "127.0.0.1")

    answer = post(names, f"http://hooks.example:{receiver.port}/ok/second", AddressPolicy(allow_private=True))

    assert (answer.status, answer.reason) == (204, None)
    assert names.lookups == 1


def test_the_listening_address_of_the_server_is_not_connected_to(receiver: Receiver) -> None:
    names = RebindingNames("127.0.0.1")
    server = ServerSettings(host="0.0.0.0", port=receiver.port)  # noqa: S104

    answer = post(names, f"http://hooks.example:{receiver.port}/ok/self", AddressPolicy(allow_private=True), server)

    assert answer.reason == "This is the address of this server itself. Give the URL of a receiver."
    assert receiver.received("ok/self") == []
