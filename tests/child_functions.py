"""Functions of test stages that run in a child process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from scenedex.media.opened import OpenedMedia

ARTEFACT = "size.txt"


class Answer(msgspec.Struct, frozen=True):
    """Result of the stages of tests."""

    text: str


def write_size(opened: OpenedMedia, _params: bytes) -> Answer:
    """Write the number of bytes of the source to the artefact."""
    (opened.work_dir / ARTEFACT).write_text(str(len(opened.file.read())))
    return Answer("written")


def read_all(opened: OpenedMedia, _params: bytes) -> Answer:
    """Return the source."""
    return Answer(opened.file.read().decode())


def write_slowly(opened: OpenedMedia, _params: bytes) -> Answer:
    """Write a file that must not exist yet, and take a second."""
    with (opened.work_dir / ARTEFACT).open("x") as file:
        file.write("begun")
    time.sleep(1)
    return Answer("written")
