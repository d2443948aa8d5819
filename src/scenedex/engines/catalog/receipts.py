"""What a pull wrote down beside the weights, for those whose checksums nobody publishes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.engines.catalog.entries import Content

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "weights.json"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one entry as they came.

    Attributes:
        id: the entry.
        files: size and SHA-256 of each file, by its name.
    """

    id: str
    files: dict[str, Content]


def read(folder: Path, identifier: str) -> Receipt:
    """The receipt of an entry in a folder; an empty one where there is none that can be read."""
    try:
        receipt = msgspec.json.decode((folder / NAME).read_bytes(), type=Receipt)
    except (OSError, msgspec.MsgspecError):
        return Receipt(id=identifier, files={})
    return receipt if receipt.id == identifier else Receipt(id=identifier, files={})


def write(folder: Path, receipt: Receipt) -> None:
    """Put the receipt into the folder, whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    fresh = folder / f"{NAME}.part"
    with fresh.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(receipt), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / NAME)
