from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.records import AnalysisSetting, StageEngine

SETTINGS = st.builds(
    AnalysisSetting,
    analysis_person_count=st.integers(0, 10),
    scene_range=st.none() | st.just("MEDIUM"),
    tag_id_list=st.none() | st.lists(st.integers(1, 10**18), min_size=1).map(tuple),
    detect_audio_effects=st.none() | st.booleans(),
)


@given(SETTINGS)
def test_a_setting_is_read_as_it_was_stored(setting: AnalysisSetting) -> None:
    assert msgspec.json.decode(msgspec.json.encode(setting), type=AnalysisSetting) == setting


def test_a_setting_is_stored_under_the_wire_s_names() -> None:
    assert msgspec.to_builtins(AnalysisSetting(analysis_person_count=1, scene_range="LONG")) == {
        "analysisPersonCount": 1,
        "sceneRange": "LONG",
    }


@pytest.mark.parametrize(
    "engine",
    [
        StageEngine("shots", "scenedex-shots", "1"),
        StageEngine("faces", "dlib-resnet", "1", "sha256:00"),
        StageEngine("sounds", not_analysed="No weights."),
    ],
    ids=lambda engine: engine.stage,
)
def test_an_engine_is_read_as_it_was_stored(engine: StageEngine) -> None:
    assert msgspec.convert(msgspec.to_builtins(engine), StageEngine) == engine
