from __future__ import annotations

import pytest

from scenedex.jobs import JobKind


def test_names_of_kinds_stay_as_they_are_stored() -> None:
    kept = {"import", "analysis", "erasure", "picture", "search", "reindexing", "proxy", "summary", "question"}
    kept |= {"bulk-import", "watch"}
    assert {kind.value for kind in JobKind} == kept


def test_all_kinds_have_one_name_together() -> None:
    assert JobKind.named("all") == tuple(JobKind)


def test_kinds_are_named_with_commas_between_each_once() -> None:
    assert JobKind.named("search, import,search") == (JobKind.SEARCH, JobKind.IMPORT)


def test_an_unknown_kind_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'films' is no kind of job\. The kinds are all, import, analysis, erasure"):
        JobKind.named("import,films")
