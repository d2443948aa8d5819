"""Writing the hits of a search in one of the formats."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from scenedex.index.exports.formats import ExportFormat
from scenedex.index.exports.writing import chunks
from scenedex.search.exports.edl import write_edl
from scenedex.search.exports.otio import write_otio
from scenedex.search.exports.spreadsheet import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.index.exports.formats import FrameRate
    from scenedex.search.records import FoundScene


class ReelFormat(StrEnum):
    """A format; the value is its name in requests and the suffix of its files."""

    CSV = "csv"
    EDL = "edl"
    OTIO = "otio"

    @property
    def media_type(self) -> str:
        """What ``Content-Type`` says of such a file."""
        return ExportFormat(self.value).media_type


def write_reel(hits: Sequence[FoundScene], form: ReelFormat, rate: FrameRate, title: str) -> Iterator[bytes]:
    """The file in parts of moderate size; edits, which are made as a whole, in one.

    Args:
        hits: in their order, the best first.
        form: the format.
        rate: what edits count frames in.
        title: what editors call the edit.
    """
    match form:
        case ReelFormat.CSV:
            return chunks(write_csv(hits))
        case ReelFormat.EDL:
            return iter((write_edl(hits, rate, title),))
        case ReelFormat.OTIO:
            return iter((write_otio(hits, rate, title),))
