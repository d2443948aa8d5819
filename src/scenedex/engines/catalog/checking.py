"""Whether the files of an entry are what was published."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from scenedex.engines.catalog import receipts
from scenedex.engines.catalog.entries import Content

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scenedex.engines.catalog.entries import Entry, WeightFile

CHUNK_BYTES: Final = 1 << 20


class Soundness(StrEnum):
    """What is known of a file.

    PUBLISHED: it has the published checksum. PULLED: none is published, it is as it came. UNKNOWN: none is published
    and no pull wrote one down. DAMAGED: it is another file. MISSING: it is not there.
    """

    PUBLISHED = "as published"
    PULLED = "as pulled"
    UNKNOWN = "not known"
    DAMAGED = "damaged"
    MISSING = "missing"

    @property
    def is_fault(self) -> bool:
        """Whether an engine must not be given the file."""
        return self in {Soundness.DAMAGED, Soundness.MISSING}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What was found of one file."""

    name: str
    soundness: Soundness


def check(entry: Entry, folder: Path, on_bytes: Callable[[int], None]) -> Sequence[CheckedFile]:
    """Read every file of an entry and compare it with what was published, else with what a pull wrote down.

    Args:
        entry: whose files they are.
        folder: where they lie.
        on_bytes: hears how many bytes were read since it was last called.

    Raises:
        OSError: a file is there but cannot be read.
    """
    receipt = receipts.read(folder, entry.id)
    return [
        CheckedFile(file.name, soundness(folder / file.name, file, receipt.files.get(file.name), on_bytes))
        for file in entry.files
    ]


def soundness(path: Path, file: WeightFile, pulled: Content | None, on_bytes: Callable[[int], None]) -> Soundness:
    """What is known of one file; see `check`.

    Args:
        path: where it should be.
        file: what it should be.
        pulled: what a pull wrote down of it.
        on_bytes: hears how many bytes were read since it was last called.
    """
    if not path.is_file():
        return Soundness.MISSING
    if path.stat().st_size not in file.sizes:
        return Soundness.DAMAGED
    found = content(path, on_bytes)
    if found in file.known:
        return Soundness.PUBLISHED
    if file.sha256 is not None:
        return Soundness.DAMAGED
    if pulled is None:
        return Soundness.UNKNOWN
    return Soundness.PULLED if found == pulled else Soundness.DAMAGED


def content(path: Path, on_bytes: Callable[[int], None]) -> Content:
    """Size and checksum of a file."""
    digest = hashlib.sha256()
    size_bytes = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            size_bytes += len(chunk)
            on_bytes(len(chunk))
    return Content(size_bytes, digest.hexdigest())
