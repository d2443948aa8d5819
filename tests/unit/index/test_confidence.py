from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_samples import KEYWORDS, plain_scene, with_findings
from scenedex.index.confidence import ConfidenceLevel, ConfidenceThresholds, with_keywords_from

THRESHOLDS = ConfidenceThresholds()


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (ConfidenceLevel.LOW, ["harbour", "ship", "sea", "fog"]),
        (ConfidenceLevel.MEDIUM, ["harbour", "ship", "sea"]),
        (ConfidenceLevel.HIGH, ["harbour", "ship"]),
    ],
    ids=str,
)
def test_a_level_shows_keywords_from_its_threshold_on(level: ConfidenceLevel, shown: list[str]) -> None:
    [scene] = with_keywords_from([with_findings(plain_scene())], THRESHOLDS.of(level))

    assert [keyword.keyword for keyword in scene.keywords] == shown


def test_a_level_leaves_all_else_as_it_is() -> None:
    whole = with_findings(plain_scene(), 7)

    [scene] = with_keywords_from([whole], 1)

    assert (scene.persons, scene.texts, scene.scripts, scene.sounds, scene.shots) == (
        whole.persons,
        whole.texts,
        whole.scripts,
        whole.sounds,
        whole.shots,
    )


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_shows_no_more(left: float, right: float) -> None:
    scenes = [with_findings(plain_scene())]

    [many] = with_keywords_from(scenes, min(left, right))
    [few] = with_keywords_from(scenes, max(left, right))

    assert set(few.keywords) <= set(many.keywords) <= set(KEYWORDS)
