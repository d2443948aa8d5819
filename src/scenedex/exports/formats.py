"""Export formats: each is declared here, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Literal, TypeVar

from scenedex.exports.edits import write_edl, write_otio
from scenedex.exports.spreadsheets import write_csv
from scenedex.exports.subtitles import write_srt, write_vtt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scenedex.exports.content import AssetScenes, SceneSelection
    from scenedex.exports.frame_rates import FrameRate

C_contra = TypeVar("C_contra", contravariant=True)
AssetFormatName = Literal["srt", "vtt", "csv", "edl", "otio"]
SelectionFormatName = Literal["csv", "edl", "otio"]


@dataclass(frozen=True, slots=True)
class ExportFormat(Generic[C_contra]):
    """A format of files. The type parameter is the content that it can hold.

    Attributes:
        name: name in requests, and suffix of files.
        media_type: media type of a file, without a charset.
        write: writes a file in chunks. Only edits use the frame rate.
        is_text: whether the answer declares a charset.
    """

    name: str
    media_type: str
    write: Callable[[C_contra, FrameRate], Iterator[bytes]]
    is_text: bool = True

    @property
    def content_type(self) -> str:
        """The header ``Content-Type`` of a file."""
        return f"{self.media_type}; charset=utf-8" if self.is_text else self.media_type


SRT: Final[ExportFormat[AssetScenes]] = ExportFormat("srt", "application/x-subrip", write_srt)
VTT: Final[ExportFormat[AssetScenes]] = ExportFormat("vtt", "text/vtt", write_vtt)
CSV: Final[ExportFormat[AssetScenes | SceneSelection]] = ExportFormat("csv", "text/csv", write_csv)
EDL: Final[ExportFormat[AssetScenes | SceneSelection]] = ExportFormat("edl", "text/plain", write_edl)
OTIO: Final[ExportFormat[AssetScenes | SceneSelection]] = ExportFormat(
    "otio", "application/x-otio+json", write_otio, is_text=False
)

ASSET_FORMATS: Final[Mapping[str, ExportFormat[AssetScenes]]] = {it.name: it for it in (SRT, VTT, CSV, EDL, OTIO)}
SELECTION_FORMATS: Final[Mapping[str, ExportFormat[SceneSelection]]] = {it.name: it for it in (CSV, EDL, OTIO)}
