from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from scenedex.db.embedded.binaries import Binaries
from scenedex.db.embedded.errors import DiskFull, PostgresDidNotStart
from scenedex.db.embedded.folders import ServerFolder
from scenedex.db.embedded.identity import IdentityKind, ServerIdentity
from scenedex.db.embedded.launcher import SupervisorArguments, format_failure, parse_failure
from scenedex.db.embedded.placement import Placement

paths = st.text(st.characters(exclude_categories=["C"]), min_size=1).map(lambda text: Path("/") / text)
identities = st.builds(
    ServerIdentity, st.sampled_from(IdentityKind), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)
)
placements = st.builds(Placement, st.builds(ServerFolder, paths), st.builds(Binaries, paths), identities)
orders = st.builds(
    SupervisorArguments,
    placements,
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.floats(0, 1e6, width=32),
    st.booleans(),
)


@given(orders)
def test_an_order_survives_the_command_line(order: SupervisorArguments) -> None:
    assert SupervisorArguments.parse(order.encode()) == order


@given(st.text())
def test_a_failure_is_one_line_and_keeps_its_class(detail: str) -> None:
    line = format_failure(DiskFull(detail))

    assert len(line.splitlines()) == 1
    assert parse_failure(line)[0] is DiskFull


def test_no_report_at_all_is_a_failed_start() -> None:
    assert parse_failure("") == (PostgresDidNotStart, "")
