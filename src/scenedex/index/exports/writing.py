"""Writing an index in one of the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from scenedex.index.exports.edl import write_edl
from scenedex.index.exports.formats import ExportFormat
from scenedex.index.exports.otio import write_otio
from scenedex.index.exports.spreadsheet import write_csv
from scenedex.index.exports.srt import write_srt
from scenedex.index.exports.vtt import write_vtt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scenedex.index.exports.formats import FrameRate
    from scenedex.index.records import Index

WrittenFormat = Literal[ExportFormat.SRT, ExportFormat.VTT, ExportFormat.CSV, ExportFormat.EDL, ExportFormat.OTIO]
_CHUNK_CHARACTERS: Final = 64 * 1024


def write(index: Index, form: WrittenFormat, rate: FrameRate) -> Iterator[bytes]:
    """The file in parts of moderate size; edits, which are made as a whole, in one."""
    match form:
        case ExportFormat.SRT:
            return chunks(write_srt(index))
        case ExportFormat.VTT:
            return chunks(write_vtt(index))
        case ExportFormat.CSV:
            return chunks(write_csv(index))
        case ExportFormat.EDL:
            return iter((write_edl(index, rate),))
        case ExportFormat.OTIO:
            return iter((write_otio(index, rate),))


def chunks(texts: Iterable[str]) -> Iterator[bytes]:
    """A text that comes in small pieces, encoded in parts of moderate size."""
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _CHUNK_CHARACTERS:
            yield "".join(held).encode(errors="replace")
            held.clear()
            size = 0
    yield "".join(held).encode(errors="replace")
