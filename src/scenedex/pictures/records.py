"""What the slice talks about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

import msgspec

PictureId = NewType("PictureId", int)


class PicturePurpose(StrEnum):
    """What a picture is uploaded for; as it is stored."""

    PERSON_THUMBNAIL = "PERSON_THUMBNAIL"
    QUERY_IMAGE = "QUERY_IMAGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOwner:
    """Whose a picture is: either a workspace's or, if it is one to search with, a user's."""

    workspace_id: int | None = None
    user_name: str | None = None


class PictureState(StrEnum):
    """How far an upload has come; as it is stored."""

    OPEN = "OPEN"
    RECEIVING = "RECEIVING"
    RECEIVED = "RECEIVED"
    CHECKING = "CHECKING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class PictureProblem(StrEnum):
    """Why a picture is of no use; a message to the user begins with it, and a clause in plain words may follow."""

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
        """Whether it stays what it is: a file may still come, and an engine too."""
        return self not in {
            PictureProblem.FILE_NOT_EXIST,
            PictureProblem.NO_FACE_ENGINE,
            PictureProblem.NO_PICTURE_ENGINE,
        }

    def message(self, clause: str = "") -> str:
        """The problem as the user is told, for example ``NO_FACE: no face was found in the picture``."""
        return f"{self.value}: {clause}" if clause else self.value


class Upload(msgspec.Struct, frozen=True):
    """A place for one picture, and what has become of it."""

    picture_id: PictureId
    key: str
    state: PictureState
    message: str | None

    @property
    def is_over(self) -> bool:
        """Whether the outcome stays what it is."""
        match self.state:
            case PictureState.COMPLETED:
                return True
            case PictureState.FAILED:
                return PictureProblem((self.message or "").partition(":")[0]).is_final
            case PictureState.OPEN | PictureState.RECEIVING | PictureState.RECEIVED | PictureState.CHECKING:
                return False


class PictureClaim(msgspec.Struct, frozen=True):
    """One try of a check. Its writes count only while no later try has claimed the picture."""

    picture_id: PictureId
    key: str
    purpose: PicturePurpose
    attempt: int
    tries: int


@dataclass(frozen=True, slots=True)
class PictureFace:
    """A face in a picture.

    Attributes:
        engine: identity of the engine and weights that made the embedding; only its own can be compared.
        embedding: the unit vector as the database reads it, for example ``[0.1,-0.2]``.
        quality: how good a likeness it is, 0 to 1.
    """

    engine: str
    embedding: str
    quality: float


@dataclass(frozen=True, slots=True)
class PictureVector:
    """What a whole picture means to an engine of pictures.

    Attributes:
        engine: identity of the engine and weights that made the embedding; only its own can be compared.
        embedding: the unit vector as the database reads it, for example ``[0.1,-0.2]``.
    """

    engine: str
    embedding: str


@dataclass(frozen=True, slots=True)
class CheckedPicture:
    """A picture that may be used for its purpose.

    Attributes:
        key: the key that the user knows it by.
        object_key: the managed object, an upright JPEG without metadata of at most 1024 pixels a side; it is erased
            when the time of the key is over.
        faces: what its purpose asks for, the best likeness first: of a person's thumbnail exactly one, of a picture to
            search with any number.
        vectors: of a picture to search with, one by each engine in force when it was checked.
    """

    key: str
    object_key: str
    faces: tuple[PictureFace, ...]
    vectors: tuple[PictureVector, ...]


def picture_folder(key: str) -> str:
    """The folder of managed storage that holds everything of a picture; it is erased with the picture's row."""
    return f"pictures/{key}"


def uploaded_object(key: str) -> str:
    """The managed object that the upload of a picture writes."""
    return f"{picture_folder(key)}/data"
