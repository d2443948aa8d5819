"""Records of the catalogue of weights, and their folders on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class WeightsError(Exception):
    """Weights are not available."""


@dataclass(frozen=True, slots=True)
class Content:
    """Content of a file.

    Attributes:
        size_bytes: its size.
        sha256: its SHA-256, in lower-case hexadecimal digits.
    """

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PackagePart:
    """Part of a file that an installable package brings.

    Attributes:
        project: name of the package in a package index.
        version: its version.
        member: path of the part inside the wheel.
    """

    project: str
    version: str
    member: str

    @property
    def requirement(self) -> str:
        """Package as pip takes it."""
        return f"{self.project}=={self.version}"


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of an entry.

    Attributes:
        name: its name in the folder of the entry.
        url: its address, of one revision if the publisher has revisions.
        size_bytes: its size at that address.
        sha256: its SHA-256 as published. If it is `None`, the first pull records what it received.
        also: other builds of the file that serve as well if a user provides them.
        parts: parts inside packages that make up the same file when they are joined, in order. Empty if there are none.
            The file then has a published SHA-256.
    """

    name: str
    url: str
    size_bytes: int
    sha256: str | None = None
    also: tuple[Content, ...] = ()
    parts: tuple[PackagePart, ...] = ()

    @property
    def sizes(self) -> frozenset[int]:
        """Sizes that the file may have."""
        return frozenset({self.size_bytes, *(content.size_bytes for content in self.also)})

    @property
    def known(self) -> frozenset[Content]:
        """Published contents."""
        own = () if self.sha256 is None else (Content(self.size_bytes, self.sha256),)
        return frozenset({*own, *self.also})


@dataclass(frozen=True, slots=True)
class Entry:
    """Weights of one model.

    Attributes:
        id: stable identifier. It names their folder and, in results, the weights that an engine loaded.
        purpose: their use, in a few words.
        licence: SPDX identifier of the weights' licence.
        page: address of their description.
        files: the files, all of which are needed.
        other_folders: alternatives to the folder of the id, below the weights folder or absolute.
    """

    id: str
    purpose: str
    licence: str
    page: str
    files: tuple[WeightFile, ...]
    other_folders: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int:
        """Size of all files, as published."""
        return sum(file.size_bytes for file in self.files)

    @property
    def packages(self) -> tuple[str, ...]:
        """Packages that have all files of the entry, as pip takes them. Empty if a file is in none."""
        if not all(file.parts and file.sha256 for file in self.files):
            return ()
        return tuple(dict.fromkeys(part.requirement for file in self.files for part in file.parts))


def hugging_face_url(repository: str, revision: str, path: str) -> str:
    """Return the address of a file of one revision at Hugging Face."""
    return f"https://huggingface.co/{repository}/resolve/{revision}/{path}"


def find(weights: Path, entry: Entry) -> Path | None:
    """Return the folder that has all files of the entry in an expected size, or `None`.

    The weights folder need not exist. The files are not read. `checking.check` does that.
    """
    for folder in places(weights, entry):
        if all(_size_bytes(folder / file.name) in file.sizes for file in entry.files):
            return folder
    return None


def find_partial(weights: Path, entry: Entry) -> Path | None:
    """Return the folder that has at least one file of the entry, of any size, or `None`."""
    for folder in places(weights, entry):
        if any(_size_bytes(folder / file.name) is not None for file in entry.files):
            return folder
    return None


def places(weights: Path, entry: Entry) -> Sequence[Path]:
    """Return the folders that may have the entry, first the one of its id."""
    return [weights / entry.id, *(weights / other for other in entry.other_folders)]


def _size_bytes(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None
