from __future__ import annotations

from dataclasses import dataclass

import pytest

from scenedex.app.connections import (
    ConnectionLimits,
    ConnectionRegistry,
    WaitReason,
    fitting_total,
    is_in,
    owner_of,
    parse_networks,
)


@dataclass(eq=False)
class Peer:
    """Connection that records how it was closed."""

    owner: str
    fate: str = "open"

    def check(self, now: float, /) -> None:
        self.fate = f"checked at {now}"

    def drop(self) -> None:
        self.fate = "dropped"

    def refuse(self) -> None:
        self.fate = "refused"

    def pause(self) -> None: ...

    def resume(self) -> None: ...


def registry_of(total: int, of_address: int = 100, trusted: tuple[str, ...] = ()) -> ConnectionRegistry:
    return ConnectionRegistry(ConnectionLimits(total, of_address, trusted=parse_networks(trusted)))


def connect(registry: ConnectionRegistry, *owners: str) -> list[Peer]:
    peers = [Peer(owner) for owner in owners]
    for peer in peers:
        registry.add(peer)
    return peers


def fates(peers: list[Peer]) -> list[str]:
    return [peer.fate for peer in peers]


def test_the_oldest_unfinished_connection_of_the_address_with_the_most_makes_room() -> None:
    registry = registry_of(4)

    peers = connect(registry, "few", "many", "many", "many", "new")

    assert fates(peers) == ["open", "dropped", "open", "open", "open"]
    assert len(registry) == 4


def test_an_unfinished_connection_makes_room_before_an_idle_one_and_an_ending_one_before_both() -> None:
    registry = registry_of(3)
    peers = connect(registry, "a", "a", "a")
    registry.wait(peers[0], WaitReason.FURTHER_REQUEST)
    registry.wait(peers[2], WaitReason.ENDING)

    connect(registry, "b")
    first = fates(peers)
    connect(registry, "c")

    assert (first, fates(peers)) == (["open", "open", "dropped"], ["open", "dropped", "dropped"])


def test_a_busy_connection_never_makes_room() -> None:
    registry = registry_of(2)
    peers = connect(registry, "a", "a")
    for peer in peers:
        registry.begin(peer)

    late = connect(registry, "b")

    assert (fates(peers), fates(late)) == (["open", "open"], ["refused"])


def test_an_address_with_too_many_connections_loses_one_of_its_own() -> None:
    registry = registry_of(100, of_address=2)

    peers = connect(registry, "b", "a", "a", "a")

    assert fates(peers) == ["open", "dropped", "open", "open"]


def test_a_trusted_proxy_has_as_many_connections_as_there_are() -> None:
    registry = registry_of(100, of_address=2, trusted=("10.0.0.0/24",))

    assert fates(connect(registry, *["10.0.0.7"] * 5)) == ["open"] * 5


def test_a_closed_connection_counts_no_more() -> None:
    registry = registry_of(100, of_address=1)
    (peer,) = connect(registry, "a")
    registry.remove(peer)
    registry.remove(peer)

    assert fates(connect(registry, "a")) == ["open"]
    assert len(registry) == 1


def test_a_closed_connection_does_not_wait() -> None:
    registry = registry_of(1)
    (closed,) = connect(registry, "a")
    registry.remove(closed)
    registry.wait(closed, WaitReason.FURTHER_REQUEST)

    assert fates(connect(registry, "b", "b")) == ["dropped", "open"]
    assert closed.fate == "open"


def test_checks_all_connections() -> None:
    registry = registry_of(100)
    peers = connect(registry, "a", "b")

    registry.check(7)

    assert fates(peers) == ["checked at 7"] * 2


@pytest.mark.parametrize(
    ("address", "owner"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::1", "::1"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
    ],
)
def test_an_ipv6_host_counts_by_its_network(address: str, owner: str) -> None:
    assert owner_of(address) == owner


@pytest.mark.parametrize(
    ("address", "network", "is_inside"),
    [
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.4", "10.1.2.3", False),
        ("2001:db8::5", "2001:db8::/32", True),
        ("2001:db8::5", "2001:db8::5", True),
        ("2001:db8:1::5", "2001:db8::5", False),
        ("::1", "::1", True),
    ],
)
def test_finds_an_address_in_networks(address: str, network: str, *, is_inside: bool) -> None:
    assert is_in(owner_of(address), parse_networks((network,))) is is_inside


@pytest.mark.parametrize(("descriptors", "total"), [(256, 91), (1024, 475), (1 << 20, 4096), (64, 16)])
def test_connections_leave_descriptors_for_the_rest_of_the_process(descriptors: int, total: int) -> None:
    assert fitting_total(4096, descriptors=descriptors, database_connections=10) == total
