from __future__ import annotations

from scenedex.jobs import JobKind


def test_names_of_kinds_stay_as_they_are_stored() -> None:
    assert {kind.value for kind in JobKind} == {"import", "analysis", "erasure", "picture"}
