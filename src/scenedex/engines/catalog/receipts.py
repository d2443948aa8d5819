"""Receipts of pulls, for weights without published checksums."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.engines.catalog.entries import Content

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "weights.json"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one entry as received.

    Attributes:
        id: the entry.
        files: size and SHA-256 of each file, by its name.
    """

    id: str
    files: dict[str, Content]


def read(folder: Path, identifier: str) -> Receipt:
    """Return the receipt of an entry in a folder, an empty one if none is readable."""
    try:
        receipt = msgspec.json.decode((folder / NAME).read_bytes(), type=Receipt)
    except (OSError, msgspec.MsgspecError):
        return Receipt(id=identifier, files={})
    return receipt if receipt.id == identifier else Receipt(id=identifier, files={})


def write(folder: Path, receipt: Receipt) -> None:
    """Write the receipt into the folder atomically.

    Raises:
        OSError: the folder cannot be written.
    """
    fresh = folder / f"{NAME}.part"
    with fresh.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(receipt), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / NAME)
