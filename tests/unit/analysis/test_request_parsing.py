from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from scenedex.analysis.records import AnalysisStatus
from scenedex.analysis.request_parsing import check_options
from scenedex.analysis.schemas import RequestAnalysis
from scenedex.wire.errors import InvalidRequest

LEAST = RequestAnalysis(analysis_person_count=0)
ANY_INTEGER = st.integers(-(10**6), 10**6)


def wrong_fields(asked: RequestAnalysis) -> set[str]:
    try:
        check_options(asked)
    except InvalidRequest as refused:
        return {problem.field for problem in refused.details}
    return set()


def test_defaults_are_those_of_the_contract() -> None:
    setting = check_options(LEAST)

    assert (setting.scene_range, setting.source_language, setting.detect_audio_effects) == ("MEDIUM", "ENKO", False)
    assert (setting.min_scene_duration_sec, setting.max_scene_duration_sec, setting.tag_id_list) == (None, None, None)


@given(ANY_INTEGER)
def test_from_none_to_ten_persons(count: int) -> None:
    assert wrong_fields(replace(LEAST, analysis_person_count=count)) == (
        set() if 0 <= count <= 10 else {"analysisPersonCount"}
    )


@given(ANY_INTEGER | st.integers(8, 32), ANY_INTEGER | st.integers(8, 605))
def test_custom_lengths_are_within_bounds_or_refused(shortest: int, longest: int) -> None:
    asked = replace(LEAST, min_scene_duration_sec=shortest, max_scene_duration_sec=longest)

    assert (wrong_fields(asked) == set()) is (10 <= shortest <= 30 and shortest < longest <= 600)


def test_custom_lengths_take_the_place_of_a_range() -> None:
    setting = check_options(replace(LEAST, min_scene_duration_sec=10, max_scene_duration_sec=20))

    assert (setting.scene_range, setting.min_scene_duration_sec, setting.max_scene_duration_sec) == (None, 10, 20)


@pytest.mark.parametrize(
    ("shortest", "longest", "wrong"), [(10, None, "maxSceneDurationSec"), (None, 20, "minSceneDurationSec")]
)
def test_custom_lengths_come_in_pairs(shortest: int | None, longest: int | None, wrong: str) -> None:
    asked = replace(LEAST, min_scene_duration_sec=shortest, max_scene_duration_sec=longest)

    assert wrong_fields(asked) == {wrong}


@pytest.mark.parametrize("name", ["EXTRA_SHORT", "SHORT", "MEDIUM", "LONG"])
def test_a_range_excludes_custom_lengths(name: Literal["EXTRA_SHORT", "SHORT", "MEDIUM", "LONG"]) -> None:
    asked = replace(LEAST, scene_range=name, min_scene_duration_sec=10, max_scene_duration_sec=20)

    assert wrong_fields(asked) == {"sceneRange"}


@given(st.lists(st.integers(1, 10**18 - 1), min_size=1, max_size=30))
def test_tags_may_be_integers_or_their_text(tags: list[int]) -> None:
    as_numbers = check_options(replace(LEAST, tag_id_list=tags))
    as_text = check_options(replace(LEAST, tag_id_list=[str(tag) for tag in tags]))

    assert as_numbers == as_text
    assert as_numbers.tag_id_list == tuple(tags)


@pytest.mark.parametrize("tags", [[], list(range(31)), ["a"], [""], ["-1"], [0], [" 1"], ["1.0"], ["\u0661"], [10**18]])
def test_other_tags_are_refused(tags: list[int | str]) -> None:
    assert wrong_fields(replace(LEAST, tag_id_list=tags)) == {"tagIdList"}


def test_all_problems_are_named_at_once() -> None:
    asked = RequestAnalysis(analysis_person_count=11, scene_range="LONG", min_scene_duration_sec=5, tag_id_list=[])

    assert wrong_fields(asked) == {
        "analysisPersonCount",
        "sceneRange",
        "minSceneDurationSec",
        "maxSceneDurationSec",
        "tagIdList",
    }


@pytest.mark.parametrize("status", list(AnalysisStatus))
def test_an_analysis_is_under_way_while_it_waits_or_runs(status: AnalysisStatus) -> None:
    assert status.is_running is (status.value in ("WAIT_ANALYZE", "ANALYZING"))


def test_every_state_of_an_analysis_has_words() -> None:
    assert len({status.message for status in AnalysisStatus}) == len(AnalysisStatus)
