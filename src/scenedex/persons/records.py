"""Persons, faces and places of appearances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.calibration import FaceCalibration

PersonId = NewType("PersonId", int)


@dataclass(frozen=True, slots=True, eq=False)
class PersonCandidate:
    """Faces of one person in an asset, to be identified.

    Attributes:
        embeddings: unit vectors ``(n, dimension)`` of the best faces, best first. May be empty.
        quality: quality of the best face, 0 to 1.
        is_presentable: whether the faces are good enough to define a person.
        thumbnail: picture that was stored for a registration, if any.
        spans: start and end in milliseconds of each run of frames that shows the face, in order of time.
        face_spans: span of each embedding.
    """

    embeddings: NDArray[np.float32]
    quality: float
    is_presentable: bool
    thumbnail: ThumbnailLocation | None = None
    spans: tuple[tuple[int, int], ...] = ()
    face_spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ThumbnailLocation:
    """An object with the picture of a face. Its folder is erased with the row of the thumbnail."""

    folder: str
    key: str

    @classmethod
    def new(cls, workspace_id: int) -> ThumbnailLocation:
        """Return an unused location of a workspace."""
        folder = f"persons/{workspace_id}/{uuid4().hex}"
        return cls(folder, f"{folder}/face.jpg")


@dataclass(frozen=True, slots=True)
class Identity:
    """Identity of a candidate.

    Attributes:
        person_id: the current person.
        origin_id: the person registered with the face: the same, or one that was merged into it.
    """

    person_id: PersonId
    origin_id: PersonId


@dataclass(frozen=True, slots=True)
class SimilarIdentity:
    """A person whose faces are similar to one of a candidate's.

    Attributes:
        identity: the person.
        similarity: mean of the similarity of the most similar face and the mean similarity of the three most similar
            faces. A likeness in one picture of a person counts for less than one in several, unless it is almost the
            same picture.
    """

    identity: Identity
    similarity: float


@dataclass(frozen=True, slots=True)
class IdentificationScope:
    """Limits of an identification.

    Attributes:
        workspace_id: workspace of the persons.
        engine: identity of the engine and weights that made the embeddings.
        calibration: meaning of the similarities of the engine's vectors.
        max_persons: maximum number of identified persons. The first candidates count.
        tag_ids: tags of which a person must have one. With None, unknown candidates are registered.
        asset_id: asset of the candidates.
        user_name: user who requested the analysis.
    """

    workspace_id: int
    engine: str
    calibration: FaceCalibration
    max_persons: int
    tag_ids: Sequence[int] | None
    asset_id: int
    user_name: str


@dataclass(frozen=True, slots=True)
class RejectedTime:
    """A time in an asset at which a face is not that of the person, however similar."""

    person_id: PersonId
    start_ms: int
    end_ms: int

    def meets(self, start_ms: int, end_ms: int) -> bool:
        """Return whether a run of frames overlaps it. Ends are exclusive, except that of an image: its start."""
        return self.start_ms == start_ms or (self.start_ms < end_ms and start_ms < self.end_ms)


@dataclass(frozen=True, slots=True)
class ChosenAppearance:
    """Appearances of a person in the index of an asset.

    Attributes:
        asset_id: the asset.
        scene_id: only scene of the appearances, or None for all scenes.
        start_ms: only start of the appearances, or None for all starts.
    """

    asset_id: int
    scene_id: int | None = None
    start_ms: int | None = None
