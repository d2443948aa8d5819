"""Comma-separated values for spreadsheets."""

from __future__ import annotations

import csv
import io
from itertools import chain
from typing import TYPE_CHECKING, Final

from scenedex.exports.content import AssetScenes, SceneSelection
from scenedex.exports.text import clock, encoded, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scenedex.exports.content import EditOptions, ExportedScene, FindingKind, SelectedScene

    Row = tuple[str | float | None, ...]

# At the start of a file, it makes spreadsheets read scripts other than Latin.
_BYTE_ORDER_MARK: Final = "\ufeff"
# Spreadsheets read a cell that starts with one of these as a formula, also in its full-width form.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

FINDING_COLUMNS: Final = (
    *("kind", "sceneId", "id", "startTimeMs", "endTimeMs", "text", "speaker", "category", "language", "confidence"),
    *("left", "top", "width", "height", "rough"),
)
SCENE_COLUMNS: Final = (
    *("rank", "score", "assetId", "projectId", "fileName", "assetType", "indexId", "sceneId"),
    *("startTimeMs", "endTimeMs", "startTime", "endTime", "persons", "keywords", "texts", "dialogues"),
    *("momentStartMs", "momentEndMs", "momentStart", "momentEnd", "matchKind", "matchText", "momentUrl", "copies"),
)


def write_csv(content: AssetScenes | SceneSelection, _options: EditOptions) -> Iterator[bytes]:
    """Write a row for each finding at each time, or a row for each chosen scene."""
    match content:
        case AssetScenes(scenes=scenes):
            rows = chain([FINDING_COLUMNS], chain.from_iterable(map(_finding_rows, scenes)))
        case SceneSelection(scenes=scenes):
            rows = chain([SCENE_COLUMNS], (_scene_row(rank, scene) for rank, scene in enumerate(scenes, 1)))
    return encoded(chain([_BYTE_ORDER_MARK], map(csv_line, rows)))


def _finding_rows(scene: ExportedScene) -> Iterator[Row]:
    """Yield a row for the scene, for each of its shots and for each finding."""
    spans: list[Row] = [
        ("scene", scene.scene_id, None, scene.start_ms, scene.end_ms),
        *(("shot", scene.scene_id, shot.shot_id, shot.start_ms, shot.end_ms) for shot in scene.shots),
    ]
    findings: Iterable[Row] = (
        (
            *(found.kind, scene.scene_id, found.id, found.start_ms, found.end_ms),
            *(found.text, found.speaker, found.category, found.language, found.confidence),
            *(found.box or (None,) * 4),
            True if found.is_rough else None,
        )
        for found in scene.findings
    )
    for row in chain(spans, findings):
        yield (*row, *[None] * (len(FINDING_COLUMNS) - len(row)))


def _scene_row(rank: int, selected: SelectedScene) -> Row:
    scene, moment = selected.scene, selected.moment
    return (
        *(rank, selected.score, selected.asset_id, selected.project_id, selected.file_name, selected.asset_type),
        *(selected.index_id, scene.scene_id, scene.start_ms, scene.end_ms),
        *(clock(scene.start_ms, "."), clock(scene.end_ms, ".")),
        *(_labels(scene, kind) for kind in ("person", "keyword", "text", "script")),
        *(moment.start_ms, moment.end_ms, clock(moment.start_ms, "."), clock(moment.end_ms, ".")),
        *(moment.kind, one_line(moment.text), moment.url, " | ".join(map(str, selected.copies))),
    )


def _labels(scene: ExportedScene, kind: FindingKind) -> str:
    """List findings of a kind, each label once."""
    return " | ".join(dict.fromkeys(found.label for found in scene.findings if found.kind == kind))


def csv_line(row: Row) -> str:
    """Format a row in which no cell is a formula."""
    file = io.StringIO()
    csv.writer(file).writerow(_cell(value) for value in row)
    return file.getvalue()


def _cell(value: str | float | None) -> str | float | None:
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA_STARTS) else value
