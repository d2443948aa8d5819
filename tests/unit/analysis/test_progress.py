"""The progress of an analysis: over all of its stages, and never back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.all_stages import STAGES
from scenedex.analysis.progress import PERCENT_OF_STAGES, Progression

SHARES = {stage.name: stage.share for stage in STAGES}


@given(st.lists(st.tuples(st.sampled_from(sorted(SHARES)), st.floats(-1, 2)), max_size=40))
def test_progress_never_goes_back_and_never_claims_the_end(notes: list[tuple[str, float]]) -> None:
    progression = Progression(SHARES)

    said = [progression.note(stage, fraction) for stage, fraction in notes]

    assert said == sorted(said)
    assert all(0 <= percent <= PERCENT_OF_STAGES for percent in said)


def test_all_stages_done_is_all_but_publishing() -> None:
    progression = Progression({"visual": 20, "text": 25})

    assert [progression.note("visual", 1), progression.note("text", 1)][-1] == PERCENT_OF_STAGES


def test_stages_that_do_not_run_take_no_share() -> None:
    assert Progression({"visual": 20}).note("visual", 0.5) == PERCENT_OF_STAGES // 2


def test_a_stage_that_was_not_planned_changes_nothing() -> None:
    assert Progression({"visual": 20}).note("speech", 1) == 0


def test_a_stage_that_goes_on_is_shown_beside_one_that_has_ended() -> None:
    progression = Progression({"speech": 25, "pictures": 6})
    shown: list[str | None] = []

    for stage, fraction in [("speech", 0.1), ("pictures", 0.5), ("pictures", 1.0), ("speech", 1.0)]:
        progression.note(stage, fraction)
        shown.append(progression.stage)

    assert shown == ["speech", "pictures", "speech", "speech"]
