"""Comma-separated values for spreadsheets: a row for each hit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.index.exports.cues import clock, one_line
from scenedex.index.exports.cuts import called, said
from scenedex.index.exports.spreadsheet import BYTE_ORDER_MARK, csv_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scenedex.search.records import FoundScene

COLUMNS: Final = (
    "rank",
    "score",
    "assetId",
    "projectId",
    "fileName",
    "assetType",
    "indexId",
    "sceneId",
    "startTimeMs",
    "endTimeMs",
    "startTime",
    "endTime",
    "persons",
    "keywords",
    "texts",
    "dialogues",
)


def write_csv(hits: Iterable[FoundScene]) -> Iterator[str]:
    """A head, then hit by hit its rank, the scene and its matches, each of which is named once."""
    yield BYTE_ORDER_MARK + csv_line(COLUMNS)
    for rank, hit in enumerate(hits, 1):
        yield csv_line(_cells(rank, hit))


def _cells(rank: int, hit: FoundScene) -> tuple[str | float, ...]:
    scene = hit.scene
    return (
        rank,
        "" if hit.score is None else hit.score,
        hit.asset_id,
        hit.project_id,
        hit.file_name,
        hit.type,
        hit.index_id,
        scene.scene_id,
        scene.start_ms,
        scene.end_ms,
        clock(scene.start_ms, "."),
        clock(scene.end_ms, "."),
        _list(called(person) for person in scene.persons),
        _list(one_line(keyword.keyword) for keyword in scene.keywords),
        _list(one_line(text.text) for text in scene.texts),
        _list(said(line) for line in scene.scripts),
    )


def _list(names: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(names))
