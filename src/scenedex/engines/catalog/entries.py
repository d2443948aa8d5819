"""What the catalogue says of weights."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from scenedex.engines.catalog.errors import UnknownWeights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Stage(StrEnum):
    """What weights are for."""

    FACES = "faces"
    TEXT = "text"
    SPEECH = "speech"
    SPEAKERS = "speakers"
    SOUNDS = "sounds"
    PICTURES = "pictures"
    LABELS = "labels"
    OBJECTS = "objects"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file.

    Attributes:
        size_bytes: how many there are.
        sha256: their SHA-256, in lower-case hexadecimal digits.
    """

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of an entry.

    Attributes:
        name: its name in the folder of the entry.
        url: where it is published.
        size_bytes: its size there.
        sha256: its SHA-256 as published; None where nobody publishes it: then the first pull records what came.
        also: other builds of the file that serve as well when a user brings them along.
    """

    name: str
    url: str
    size_bytes: int
    sha256: str | None = None
    also: tuple[Content, ...] = ()

    @property
    def sizes(self) -> frozenset[int]:
        """The sizes that the file may have."""
        return frozenset({self.size_bytes, *(content.size_bytes for content in self.also)})

    @property
    def known(self) -> frozenset[Content]:
        """The contents that were published."""
        own = () if self.sha256 is None else (Content(self.size_bytes, self.sha256),)
        return frozenset({*own, *self.also})


@dataclass(frozen=True, slots=True)
class Use:
    """A stage that can run on the weights, and the name of the engine that then runs it."""

    stage: Stage
    engine: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Weights of one model.

    Attributes:
        id: stable identifier; names their folder and, in results, the weights that an engine loaded.
        purpose: what they are, in a few words.
        uses: what they serve.
        licence: SPDX identifier of the weights' licence.
        page: where they are described.
        files: all of them are needed.
        other_folders: where they may lie instead of the folder of their name: below the weights folder, or anywhere
            when absolute.
    """

    id: str
    purpose: str
    uses: tuple[Use, ...]
    licence: str
    page: str
    files: tuple[WeightFile, ...]
    other_folders: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int:
        """Of all files, as published."""
        return sum(file.size_bytes for file in self.files)

    def serves(self, stage: Stage) -> bool:
        """Whether the stage can run on the weights."""
        return any(use.stage is stage for use in self.uses)


@dataclass(frozen=True, slots=True)
class Catalog:
    """Entries, for each stage in the order in which they are preferred."""

    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def entry(self, identifier: str) -> Entry:
        """The entry of an id.

        Raises:
            UnknownWeights: there is none.
        """
        for entry in self.entries:
            if entry.id == identifier:
                return entry
        raise UnknownWeights(f"the catalogue has no weights {identifier!r}: scenedex weights list")

    def serving(self, stage: Stage) -> Sequence[Entry]:
        """The entries that a stage can run on, the preferred one first."""
        return [entry for entry in self.entries if entry.serves(stage)]
