"""Rules that the options of an analysis follow. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from scenedex.index.records import AnalysisSetting
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.schemas import RequestAnalysis

_MIN_SCENE_SECONDS = range(10, 31)
_MAX_SCENE_SECONDS = 600
_MOST_PERSONS = 10
_MOST_TAGS = 30
_MOST_TRACKS = 32
_TAG_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def check_options(asked: RequestAnalysis) -> AnalysisSetting:
    """Return the setting of an analysis with defaults filled in.

    Raises:
        InvalidRequest: an option is out of bounds or contradicts another. The message names every problem.
    """
    tags, tag_problems = _tags(asked.tag_id_list)
    problems = [*_scene_length_problems(asked), *tag_problems, *_track_problems(asked.audio_tracks)]
    if not 0 <= asked.analysis_person_count <= _MOST_PERSONS:
        problems.append(FieldProblem("analysisPersonCount", f"must be from 0 to {_MOST_PERSONS}"))
    if problems:
        raise InvalidRequest(*problems)
    is_custom = asked.min_scene_duration_sec is not None
    return AnalysisSetting(
        analysis_person_count=asked.analysis_person_count,
        scene_range=None if is_custom else asked.scene_range or "MEDIUM",
        min_scene_duration_sec=asked.min_scene_duration_sec,
        max_scene_duration_sec=asked.max_scene_duration_sec,
        tag_id_list=tags,
        source_language=asked.source_language or "ENKO",
        detect_audio_effects=bool(asked.detect_audio_effects),
        audio_tracks=_tracks(asked.audio_tracks),
    )


def _scene_length_problems(asked: RequestAnalysis) -> list[FieldProblem]:
    shortest, longest = asked.min_scene_duration_sec, asked.max_scene_duration_sec
    if shortest is None and longest is None:
        return []
    problems: list[FieldProblem] = []
    if asked.scene_range is not None:
        problems.append(FieldProblem("sceneRange", "cannot be combined with a minimum and maximum duration"))
    if shortest is None:
        problems.append(FieldProblem("minSceneDurationSec", "is required with maxSceneDurationSec"))
    elif shortest not in _MIN_SCENE_SECONDS:
        problems.append(FieldProblem("minSceneDurationSec", "must be from 10 to 30"))
    if longest is None:
        problems.append(FieldProblem("maxSceneDurationSec", "is required with minSceneDurationSec"))
    elif longest > _MAX_SCENE_SECONDS or (shortest is not None and longest <= shortest):
        problems.append(
            FieldProblem(
                "maxSceneDurationSec", f"must be more than minSceneDurationSec and at most {_MAX_SCENE_SECONDS}"
            )
        )
    return problems


def _track_problems(given: str | Sequence[int] | None) -> list[FieldProblem]:
    if given is None or isinstance(given, str):
        return []
    if not 1 <= len(given) <= _MOST_TRACKS:
        return [FieldProblem("audioTracks", f"must name 1 to {_MOST_TRACKS} tracks")]
    if len(set(given)) < len(given) or not all(number >= 1 for number in given):
        return [FieldProblem("audioTracks", "must name each track once, by its number from 1")]
    return []


def _tracks(given: str | Sequence[int] | None) -> Literal["all"] | tuple[int, ...] | None:
    """Return the setting, which is not stored if it is the default."""
    if given is None or given == "auto":
        return None
    return "all" if isinstance(given, str) else tuple(sorted(given))


def _tags(given: Sequence[int | str] | None) -> tuple[tuple[int, ...] | None, list[FieldProblem]]:
    if given is None:
        return None, []
    if not 1 <= len(given) <= _MOST_TAGS:
        return None, [FieldProblem("tagIdList", f"must have 1 to {_MOST_TAGS} entries")]
    if not all(_TAG_ID.fullmatch(str(entry)) for entry in given):
        return None, [FieldProblem("tagIdList", "must hold ids of tags")]
    return tuple(int(entry) for entry in given), []
