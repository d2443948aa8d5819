"""Integrity of the files of an entry, and receipts of pulls for those without published checksums."""

from __future__ import annotations

import hashlib
import os
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.engines.catalog.entries import Content

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from scenedex.engines.catalog.entries import Entry, WeightFile

CHUNK_BYTES: Final = 1 << 20
RECEIPT_NAME: Final = "weights.json"


class Soundness(StrEnum):
    """State of a file.

    PUBLISHED: its checksum is the published one. PULLED: no checksum is published, and it is unchanged since its pull.
    UNKNOWN: no checksum is published, and no pull recorded one. DAMAGED: its content is another. MISSING: it is absent.
    """

    PUBLISHED = "as published"
    PULLED = "as pulled"
    UNKNOWN = "not known"
    DAMAGED = "damaged"
    MISSING = "missing"

    @property
    def is_fault(self) -> bool:
        """True if engines must not use the file."""
        return self in {Soundness.DAMAGED, Soundness.MISSING}


def check(entry: Entry, folder: Path, on_bytes: Callable[[int], None]) -> Mapping[str, Soundness]:
    """Read every file of an entry and compare it with the published checksum, or else with the receipt of the pull.

    ``on_bytes`` is called with the number of bytes read since the last call. Return the state of each file by its name.

    Raises:
        OSError: a file exists but cannot be read.
    """
    receipt = read_receipt(folder, entry.id)
    return {
        file.name: soundness(folder / file.name, file, receipt.files.get(file.name), on_bytes) for file in entry.files
    }


def soundness(path: Path, file: WeightFile, pulled: Content | None, on_bytes: Callable[[int], None]) -> Soundness:
    """Return the state of one file, whose content a pull may have recorded. See `check`."""
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
    """Return the size and checksum of a file."""
    digest = hashlib.sha256()
    size_bytes = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            size_bytes += len(chunk)
            on_bytes(len(chunk))
    return Content(size_bytes, digest.hexdigest())


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Files of the entry with this id as received, by name."""

    id: str
    files: dict[str, Content]


def read_receipt(folder: Path, identifier: str) -> Receipt:
    """Return the receipt of an entry in a folder, an empty one if none is readable."""
    try:
        receipt = msgspec.json.decode((folder / RECEIPT_NAME).read_bytes(), type=Receipt)
    except (OSError, msgspec.MsgspecError):
        return Receipt(id=identifier, files={})
    return receipt if receipt.id == identifier else Receipt(id=identifier, files={})


def write_receipt(folder: Path, receipt: Receipt) -> None:
    """Write the receipt into the folder atomically.

    Raises:
        OSError: the folder cannot be written.
    """
    fresh = folder / f"{RECEIPT_NAME}.part"
    with fresh.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(receipt), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / RECEIPT_NAME)
