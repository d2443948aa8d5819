"""Records of uploaded pictures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

import msgspec

PictureId = NewType("PictureId", int)


class PicturePurpose(StrEnum):
    """Purpose of an upload, as stored."""

    PERSON_THUMBNAIL = "PERSON_THUMBNAIL"
    QUERY_IMAGE = "QUERY_IMAGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOwner:
    """Owner of a picture: a workspace, or a user if it is a query picture.

    Attributes:
        workspace_id: the workspace.
        user_name: the user.
        workspaces: names of the workspaces that the user's access key covers, `None` for all. A query picture is used
            only in those of the key that uploaded it, so that it does not pass from one tenant to another.
    """

    workspace_id: int | None = None
    user_name: str | None = None
    workspaces: tuple[str, ...] | None = None


class PictureState(StrEnum):
    """State of an upload, as stored."""

    OPEN = "OPEN"
    RECEIVING = "RECEIVING"
    RECEIVED = "RECEIVED"
    CHECKING = "CHECKING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class PictureProblem(StrEnum):
    """Problem of a picture that cannot be used. A message to the user starts with it, and a clause may follow."""

    FILE_NOT_EXIST = "FILE_NOT_EXIST"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    NOT_AN_IMAGE = "NOT_AN_IMAGE"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    TOO_SMALL = "TOO_SMALL"
    NO_FACE = "NO_FACE"
    SEVERAL_FACES = "SEVERAL_FACES"
    NO_FACE_ENGINE = "NO_FACE_ENGINE"
    NO_PICTURE_ENGINE = "NO_PICTURE_ENGINE"
    CHECK_FAILED = "CHECK_FAILED"

    @property
    def is_final(self) -> bool:
        """True if the problem cannot go away. A file may still be uploaded, and an engine installed."""
        return self not in {
            PictureProblem.FILE_NOT_EXIST,
            PictureProblem.NO_FACE_ENGINE,
            PictureProblem.NO_PICTURE_ENGINE,
        }

    def message(self, clause: str = "") -> str:
        """Return the message to the user, such as ``NO_FACE: no face was found in the picture``."""
        return f"{self.value}: {clause}" if clause else self.value


@dataclass(frozen=True, slots=True)
class PictureOutcome:
    """Outcome of a check, with the problem of a picture that cannot be used, or else a remark for the user, if any."""

    is_usable: bool
    message: str | None


class Upload(msgspec.Struct, frozen=True):
    """Upload of one picture, and its outcome."""

    picture_id: PictureId
    key: str
    state: PictureState
    message: str | None

    @property
    def is_over(self) -> bool:
        """True if the outcome is final."""
        if self.state is PictureState.FAILED:
            return PictureProblem((self.message or "").partition(":")[0]).is_final
        return self.state is PictureState.COMPLETED


class PictureClaim(msgspec.Struct, frozen=True):
    """One attempt at a check."""

    picture_id: PictureId
    key: str
    purpose: PicturePurpose
    attempt: int
    tries: int


@dataclass(frozen=True, slots=True)
class PictureFace:
    """A face in a picture.

    Attributes:
        engine: identity of the engine and weights that made the embedding. Others are not comparable.
        embedding: unit vector as the database reads it, such as ``[0.1,-0.2]``.
        quality: quality of the likeness, 0 to 1.
    """

    engine: str
    embedding: str
    quality: float


@dataclass(frozen=True, slots=True)
class PictureVector:
    """Vector of a whole picture.

    Attributes:
        engine: identity of the engine and weights that made the embedding. Others are not comparable.
        embedding: unit vector as the database reads it, such as ``[0.1,-0.2]``.
    """

    engine: str
    embedding: str


@dataclass(frozen=True, slots=True)
class CheckedPicture:
    """A picture that can be used for its purpose.

    Attributes:
        key: key of the upload.
        object_key: managed object: an upright JPEG without metadata, of at most 1024 pixels a side. It is erased when
            the key expires.
        faces: faces, the best likeness first: exactly one of a person's thumbnail, any number of a query picture.
        vectors: vectors of a query picture, one for each engine that was available to the check.
    """

    key: str
    object_key: str
    faces: tuple[PictureFace, ...]
    vectors: tuple[PictureVector, ...]


def picture_folder(key: str) -> str:
    """Return the folder in managed storage of all files of a picture. It is erased after the row."""
    return f"pictures/{key}"


def uploaded_object(key: str) -> str:
    """Return the key of the managed object that the upload writes."""
    return f"{picture_folder(key)}/data"
