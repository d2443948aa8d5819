from __future__ import annotations

from scenedex.jobs import JobKind


def test_names_of_kinds_stay_as_they_are_stored() -> None:
    kept = {"import", "analysis", "erasure", "picture", "search", "reindexing"}
    assert {kind.value for kind in JobKind} == kept
