"""Parts that routes of exports share: the frame rate, the OpenAPI description and the answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeVar

from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, Schema
from litestar.params import QueryParameter
from litestar.response import Stream

from scenedex.exports.formats import ASSET_FORMATS
from scenedex.exports.frame_rates import FrameRate
from scenedex.exports.text import attachment
from scenedex.wire.routing import NamedExample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scenedex.exports.formats import ExportFormat

Content = TypeVar("Content")
FrameRateName = Annotated[
    Literal["23.976", "24", "25", "29.97", "30", "50", "59.94", "60"],
    QueryParameter(description="Frames a second that edl and otio count in."),
]


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
            files = {ASSET_FORMATS[name].media_type: _media_type(name, it) for name, it in self.examples.items()}
            answer.content = described | files


def _media_type(name: str, example: object) -> OpenAPIMediaType:
    kind = OpenAPIType.STRING if isinstance(example, str) else OpenAPIType.OBJECT
    return OpenAPIMediaType(
        schema=Schema(type=kind), examples={name: NamedExample(id=name, summary=name, value=example)}
    )


async def file_answer(
    form: ExportFormat[Content], content: Callable[[], Content], frame_rate: FrameRateName, file_name: str
) -> Stream:
    """Answer with a file, which is made in a thread and named after a media file."""

    def write() -> Iterator[bytes]:
        return form.write(content(), FrameRate(frame_rate))

    headers = {"content-type": form.content_type, "content-disposition": attachment(file_name, form.name)}
    return Stream(await asyncio.to_thread(write), headers=headers)
