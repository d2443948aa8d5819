"""Formats of exports, each declared once, and parts that routes share: frame rate, OpenAPI description, answer."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Generic, Literal, TypeVar

from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, Schema
from litestar.params import QueryParameter
from litestar.response import Stream

from scenedex.exports.content import EditOptions
from scenedex.exports.edit_lists import write_edl
from scenedex.exports.fcpxml import write_fcpxml
from scenedex.exports.frame_rates import FrameRate, FrameRateName
from scenedex.exports.spreadsheets import write_csv
from scenedex.exports.subtitles import write_chapters, write_srt, write_vtt
from scenedex.exports.text import attachment
from scenedex.exports.timelines import write_otio
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.routing import NO_SNIFFING, NamedExample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from scenedex.exports.content import AssetScenes, SceneSelection

Content = TypeVar("Content")
C_contra = TypeVar("C_contra", contravariant=True)
AssetFormatName = Literal["srt", "vtt", "chapters", "csv", "edl", "otio", "fcpxml"]
SelectionFormatName = Literal["csv", "edl", "otio", "fcpxml"]
FrameRateOfEdit = Annotated[
    FrameRateName | None,
    QueryParameter(
        description="Frames a second that edl, otio and fcpxml count in. By default, those of each media file. `ndf`: "
        "timecodes drop no numbers.",
        schema_extra={"examples": ["25"]},
    ),
]
HandleSeconds = Annotated[
    float | None,
    QueryParameter(
        ge=0,
        le=60,
        description="Seconds before and after each clip that edl, otio and fcpxml contain, 0-60. Default: 2 for the "
        "moments of a search, 0 for an index.",
        schema_extra={"examples": [2]},
    ),
]
HandleFrames = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        le=3600,
        description="Frames before and after each clip that edl, otio and fcpxml contain, 0-3600, instead of "
        "`handleSeconds`.",
        schema_extra={"examples": [12]},
    ),
]


@dataclass(frozen=True, slots=True)
class ExportFormat(Generic[C_contra]):
    """A format of files. The type parameter is the content that it can hold.

    Attributes:
        name: name in requests.
        media_type: media type of a file, without a charset.
        write: writes a file in chunks. Only edits read the options.
        is_text: whether the answer declares a charset.
        suffix: suffix of files, the name if it is empty.
    """

    name: str
    media_type: str
    write: Callable[[C_contra, EditOptions], Iterator[bytes]]
    is_text: bool = True
    suffix: str = ""

    @property
    def content_type(self) -> str:
        """The header ``Content-Type`` of a file."""
        return f"{self.media_type}; charset=utf-8" if self.is_text else self.media_type


SRT: Final[ExportFormat[AssetScenes]] = ExportFormat("srt", "application/x-subrip", write_srt)
VTT: Final[ExportFormat[AssetScenes]] = ExportFormat("vtt", "text/vtt", write_vtt)
CHAPTERS: Final[ExportFormat[AssetScenes]] = ExportFormat("chapters", "text/vtt", write_chapters, suffix="chapters.vtt")
CSV: Final[ExportFormat[AssetScenes | SceneSelection]] = ExportFormat("csv", "text/csv", write_csv)
EDL: Final[ExportFormat[AssetScenes | SceneSelection]] = ExportFormat("edl", "text/plain", write_edl)
OTIO: Final[ExportFormat[AssetScenes | SceneSelection]] = ExportFormat(
    "otio", "application/x-otio+json", write_otio, is_text=False
)
FCPXML: Final[ExportFormat[AssetScenes | SceneSelection]] = ExportFormat(
    "fcpxml", "application/xml", write_fcpxml, is_text=False
)

ASSET_FORMATS: Final[Mapping[str, ExportFormat[AssetScenes]]] = {
    it.name: it for it in (SRT, VTT, CHAPTERS, CSV, EDL, OTIO, FCPXML)
}
SELECTION_FORMATS: Final[Mapping[str, ExportFormat[SceneSelection]]] = {it.name: it for it in (CSV, EDL, OTIO, FCPXML)}


@dataclass
class FileOperation(Operation):
    """Description of a call whose answer is a file in one of many formats, for which the framework has no place.

    Attributes:
        examples: an example of each format, by its name.
        has_json: whether the call also answers with JSON, which the framework describes.
    """

    examples: ClassVar[Mapping[str, object]]
    has_json: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Describe the formats."""
        answer = (self.responses or {})["200"]
        if isinstance(answer, OpenAPIResponse):
            described = (answer.content or {}) if self.has_json else {}
            answer.content = described | {
                media_type: _media_type({name: self.examples[name] for name in names})
                for media_type, names in self._names_of_types().items()
            }

    def _names_of_types(self) -> Mapping[str, Sequence[str]]:
        """Return the formats of each media type."""
        names: defaultdict[str, list[str]] = defaultdict(list)
        for name in self.examples:
            names[ASSET_FORMATS[name].media_type].append(name)
        return names


def _media_type(examples: Mapping[str, object]) -> OpenAPIMediaType:
    is_text = all(isinstance(example, str) for example in examples.values())
    return OpenAPIMediaType(
        schema=Schema(type=OpenAPIType.STRING if is_text else OpenAPIType.OBJECT),
        examples={name: NamedExample(id=name, summary=name, value=example) for name, example in examples.items()},
    )


def edit_options(
    frame_rate: FrameRateName | None, handle_seconds: float | None, handle_frames: int | None, *, default_seconds: float
) -> EditOptions:
    """Return the options of an edit.

    Raises:
        InvalidRequest: the handles are given twice.
    """
    if handle_seconds is not None and handle_frames is not None:
        raise InvalidRequest(FieldProblem("handleFrames", "cannot be given together with handleSeconds"))
    rate = None if frame_rate is None else FrameRate.named(frame_rate)
    if handle_frames is not None:
        return EditOptions(rate, handle_frames=handle_frames)
    return EditOptions(rate, round(1000 * (default_seconds if handle_seconds is None else handle_seconds)))


async def file_answer(
    form: ExportFormat[Content], content: Callable[[], Content], options: EditOptions, file_name: str
) -> Stream:
    """Answer with a file, which is made in a thread and named after a media file."""

    def write() -> Iterator[bytes]:
        return form.write(content(), options)

    headers = {
        "content-type": form.content_type,
        "content-disposition": attachment(file_name, form.suffix or form.name),
    }
    return Stream(await asyncio.to_thread(write), headers=headers | NO_SNIFFING)
