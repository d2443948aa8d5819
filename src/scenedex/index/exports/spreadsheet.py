"""Comma-separated values for spreadsheets: a row for each finding at each time."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scenedex.index.records import Index, IndexedScene

    Row = Mapping[str, str | int | float]

# At the start of a file, it makes spreadsheets read other than Latin letters.
BYTE_ORDER_MARK: Final = "\ufeff"
COLUMNS: Final = (
    "kind",
    "sceneId",
    "id",
    "startTimeMs",
    "endTimeMs",
    "text",
    "speaker",
    "category",
    "language",
    "confidence",
    "left",
    "top",
    "width",
    "height",
)
# Spreadsheets read a cell that begins so as a formula, in whichever width the sign is written.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_csv(index: Index) -> Iterator[str]:
    """A head, then scene by scene the scene, its shots and its findings.

    ``id`` is a shot's, person's or script's; ``text`` is a person's name, a keyword, a text on screen, a line or the
    type of a sound.
    """
    yield BYTE_ORDER_MARK + csv_line(COLUMNS)
    for scene in index.scenes:
        for row in _rows(scene):
            yield csv_line(row.get(column, "") for column in COLUMNS)


def _rows(scene: IndexedScene) -> Iterator[Row]:
    def row(kind: str, start_ms: int, end_ms: int, **cells: str | float) -> Row:
        return {"kind": kind, "sceneId": scene.scene_id, "startTimeMs": start_ms, "endTimeMs": end_ms, **cells}

    yield row("scene", scene.start_ms, scene.end_ms)
    for shot in scene.shots:
        yield row("shot", shot.start_ms, shot.end_ms, id=shot.shot_id)
    for person in scene.persons:
        for seen in person.appearances:
            said = {"id": person.person_id, "text": person.name or "", "confidence": seen.confidence}
            yield row("person", seen.start_ms, seen.end_ms, **said)
    for keyword in scene.keywords:
        for start_ms, end_ms in keyword.appearances:
            said = {"text": keyword.keyword, "category": keyword.category, "confidence": keyword.confidence}
            yield row("keyword", start_ms, end_ms, **said)
    for text in scene.texts:
        box = {"left": text.left, "top": text.top, "width": text.width, "height": text.height}
        yield row("text", text.start_ms, text.end_ms, text=text.text, confidence=text.confidence, **box)
    for line in scene.scripts:
        said = {"id": line.script_id, "text": line.text, "speaker": line.speaker, "language": line.language}
        yield row("script", line.start_ms, line.end_ms, confidence=line.confidence, **said)
    for sound in scene.sounds:
        yield row("audioEffect", sound.start_ms, sound.end_ms, text=sound.type, confidence=sound.confidence)


def csv_line(cells: Iterable[str | float]) -> str:
    """A line of the file, in which no cell is a formula."""
    file = io.StringIO()
    csv.writer(file).writerow(_cell(cell) for cell in cells)
    return file.getvalue()


def _cell(value: str | float) -> str | float:
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value
