"""What the slice talks about. Times are whole milliseconds from the first presented frame, as on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from typing import Literal

import msgspec

IndexType = Literal["IMAGE", "VIDEO"]


class Engine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What produced the findings of a stage."""

    stage: str
    name: str
    version: str
    weights: str | None = None


class AnalysisSetting(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What was asked of an analysis, by the wire's names."""

    analysis_person_count: int
    scene_range: str | None = None
    min_scene_duration_sec: int | None = None
    max_scene_duration_sec: int | None = None
    tag_id_list: tuple[int, ...] | None = None
    source_language: str | None = None
    detect_audio_effects: bool | None = None


@dataclass(frozen=True, slots=True)
class IndexedShot:
    """An uncut run of frames."""

    shot_id: int
    start_ms: int
    end_ms: int
    keyframe_key: str


@dataclass(frozen=True, slots=True)
class IndexedScene:
    """Consecutive shots of one place and time; scenes tile the asset, and shots tile their scene."""

    scene_id: int
    start_ms: int
    end_ms: int
    keyframe_key: str
    shots: tuple[IndexedShot, ...]


class IndexHead(msgspec.Struct, frozen=True):
    """An index without its scenes."""

    index_id: int
    asset_id: int
    type: IndexType
    options: dict[str, object]
    engines: list[dict[str, str]]
    duration_ms: int
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime


@dataclass(frozen=True, slots=True)
class Index:
    """The analysis result of an asset."""

    head: IndexHead
    setting: AnalysisSetting
    engines: tuple[Engine, ...]
    scenes: tuple[IndexedScene, ...]


@dataclass(frozen=True, slots=True)
class NewIndex:
    """An analysis result to be published."""

    index_id: int
    asset_id: int
    type: IndexType
    setting: AnalysisSetting
    engines: tuple[Engine, ...]
    duration_ms: int
    scenes: tuple[IndexedScene, ...]
    user_name: str


def keyframe_folder(asset_id: int, index_id: int) -> str:
    """The folder of managed storage for the keyframes of an index; it is erased with the index's row."""
    return f"assets/{asset_id}/index-{index_id}"
