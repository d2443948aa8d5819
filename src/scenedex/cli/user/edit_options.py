"""Options of commands that export edits."""

from typing import Annotated

import typer

from scenedex.client import FrameRate, Handles


def _parse_handles(text: str) -> Handles:
    try:
        return Handles.parse(text)
    except ValueError as error:
        message = f"{text!r} is neither seconds from 0 to 60, such as 1.5, nor frames from 0 to 3600, such as 12f"
        raise typer.BadParameter(message) from error


EditRate = Annotated[
    FrameRate | None, typer.Option(help="Frames per second of edl, otio and fcpxml. Default: those of each media file.")
]
EditHandles = Annotated[
    Handles | None,
    typer.Option(
        help="Seconds or frames (12f) before and after each clip in edl, otio and fcpxml.",
        metavar="SECONDS|FRAMESf",
        parser=_parse_handles,
    ),
]
