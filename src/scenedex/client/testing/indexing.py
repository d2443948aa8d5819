"""What the fake service finds in an asset: scenes of ten seconds with two shots each, and a line in each scene."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from scenedex.client.index_answers import (
    AnalysisOptions,
    AnalysisSetting,
    Engine,
    ExportFormat,
    Index,
    Scene,
    Script,
    Shot,
)

USER: Final = "fake"
TIME: Final = datetime(2025, 4, 23, 16, 49, 23, 885457, tzinfo=UTC).replace(tzinfo=None)
SCENE_MS: Final = 10_000


def fake_setting(options: AnalysisOptions) -> AnalysisSetting:
    """What was asked for, and the engine that did it."""
    return AnalysisSetting(
        scene_range=options.scene_range,
        min_scene_duration_sec=options.min_scene_duration_sec,
        max_scene_duration_sec=options.max_scene_duration_sec,
        analysis_person_count=options.analysis_person_count,
        tag_id_list=options.tag_id_list,
        source_language=options.source_language,
        detect_audio_effects=options.detect_audio_effects,
        engines=(
            Engine(stage="shots", name="fake", version="1"),
            Engine(stage="sounds", not_analysed="The fake service hears no sounds."),
        ),
    )


def fake_index(index_id: int, duration_ms: int, options: AnalysisOptions | None) -> Index:
    """An index whose scenes tile the asset; one from 0 to 0 for an image."""
    scenes: list[Scene] = []
    for scene_id, start in enumerate(range(0, max(duration_ms, 1), SCENE_MS), 1):
        end = min(start + SCENE_MS, duration_ms)
        middle = (start + end) // 2
        shots = (
            Shot(shot_id=1, start_time_ms=start, end_time_ms=middle),
            Shot(shot_id=2, start_time_ms=middle, end_time_ms=end),
        )
        line = Script(
            script_id=scene_id, speaker="Speaker 1", text=f"Line {scene_id}.", start_time_ms=start, end_time_ms=end
        )
        scenes.append(
            Scene(
                scene_id=scene_id,
                start_time_ms=start,
                end_time_ms=end,
                shots=shots,
                scripts=(line,) if duration_ms else (),
            )
        )
    return Index(
        index_id=index_id,
        type="VIDEO" if duration_ms else "IMAGE",
        analysis_setting=fake_setting(options) if options else None,
        scenes=tuple(scenes),
        created_user_name=USER,
        created_time=TIME,
        updated_user_name=USER,
        updated_time=TIME,
    )


def fake_export(index: Index, form: str) -> bytes:
    """An index as a file: JSON as it is, all else as a text of its lines."""
    if form == ExportFormat.JSON.value:
        return msgspec.json.encode(index)
    lines = (line.text for scene in index.scenes for line in scene.scripts)
    return f"{form}\n{chr(10).join(lines)}\n".encode()
