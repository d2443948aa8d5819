"""What the slice talks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

PersonId = NewType("PersonId", int)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Someone seen in an asset, who may or may not be known.

    Attributes:
        embeddings: unit vectors ``(n, dimension)`` of the best faces, best first; may be empty.
        quality: of the best face, 0 to 1.
        is_presentable: whether the faces are good enough to define a person.
        thumbnail: what to show, where it has been put ahead of a registration.
        spans: start and end in milliseconds of each run of frames that shows the face, in order of time.
        face_spans: of each embedding, the span that it was taken from.
    """

    embeddings: NDArray[np.float32]
    quality: float
    is_presentable: bool
    thumbnail: ThumbnailPlace | None
    spans: tuple[tuple[int, int], ...] = ()
    face_spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ThumbnailPlace:
    """An object with the picture of a face, in a folder of its own that goes with the thumbnail's row."""

    folder: str
    key: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is.

    Attributes:
        person_id: the person as of today.
        origin_id: who was registered with the face: the same, or somebody who was merged into that person.
    """

    person_id: PersonId
    origin_id: PersonId


@dataclass(frozen=True, slots=True)
class KnownFace:
    """A face of a person that is like another one; ``similarity`` is the cosine of the two vectors."""

    identity: Identity
    similarity: float


@dataclass(frozen=True, slots=True)
class Looking:
    """Whom to look for.

    Attributes:
        workspace_id: the workspace whose persons may be found.
        engine: identity of the engine and weights that made the embeddings.
        same_person: similarity above which two faces are one person's.
        most_persons: persons wanted; the first candidates that are somebody are taken.
        tag_ids: only persons with one of these tags are looked for; None: all, and unknown ones are registered.
        asset_id: where the candidates were seen.
        user_name: who asked.
    """

    workspace_id: int
    engine: str
    same_person: float
    most_persons: int
    tag_ids: Sequence[int] | None
    asset_id: int
    user_name: str


@dataclass(frozen=True, slots=True)
class RejectedTime:
    """When a face in an asset is not that person's, whatever it looks like."""

    person_id: PersonId
    start_ms: int
    end_ms: int

    def meets(self, start_ms: int, end_ms: int) -> bool:
        """Whether a run of frames has a part in it; ends are exclusive, but that of an image is its start."""
        return self.start_ms == start_ms or (self.start_ms < end_ms and start_ms < self.end_ms)


@dataclass(frozen=True, slots=True)
class ChosenAppearance:
    """Where a person is seen in the index of an asset: there at that time, in that scene, or wherever it is.

    Attributes:
        asset_id: the asset.
        scene_id: only in this scene; None: in any.
        start_ms: only the appearance that starts then; None: all.
    """

    asset_id: int
    scene_id: int | None = None
    start_ms: int | None = None
