"""Pictures of faces: uploaded and checked, then added to a person or compared with all persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.client.connection import WorkspaceCalls
from scenedex.client.person_answers import PictureTicket, Thumbnail, ThumbnailsOfPerson
from scenedex.client.uploads import upload_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class UploadedThumbnail(msgspec.Struct, frozen=True, rename="camel"):
    """An uploaded picture to add to a person."""

    thumbnail_key: str
    is_primary_thumbnail: bool


class PersonPictures(WorkspaceCalls):
    """Pictures of the persons of a workspace. All methods raise NotFound if the workspace or person does not exist."""

    def upload(self, path: Path, *, on_remark: Callable[[str], None] | None = None) -> str:
        """Upload a picture, wait for its check, and return its key, which is valid for a day.

        A picture is a JPG, PNG or WebP of at most 5 MB and at least 256 x 256 pixels, with exactly one face. If it has
        much smaller faces in the background, ``on_remark`` is called with the place of the face that was taken.

        Raises:
            UploadFailed: the picture is refused.
            OSError: the file cannot be read.
        """
        uploads = self._target("person-thumbnail", "uploads")
        new = {"thumbnailFileName": path.name}
        return upload_picture(self.connection, uploads, path, new, PictureTicket, "thumbnailKey", on_remark)

    def add(
        self,
        person_id: int,
        pictures: Sequence[Path],
        *,
        is_primary: bool = False,
        on_remark: Callable[[str], None] | None = None,
    ) -> tuple[Thumbnail, ...]:
        """Upload pictures, add them to a person, and return all pictures of the person.

        Args:
            person_id: id of the person.
            pictures: paths of the files. If one is refused, none is added.
            is_primary: whether the first of them becomes the primary picture.
            on_remark: see `upload`.

        Raises:
            InvalidRequest: the person would have more than 100 pictures.
            UploadFailed: a picture is refused.
            OSError: a file cannot be read.
        """
        uploaded = self.uploaded(pictures, is_primary=is_primary, on_remark=on_remark)
        path, body = ("persons", person_id, "person-thumbnail"), {"thumbnails": uploaded}
        return self._call("POST", ThumbnailsOfPerson, *path, body=body, is_repeatable=False).thumbnail_list

    def remove(self, person_id: int, thumbnail_ids: Sequence[int]) -> tuple[Thumbnail, ...]:
        """Remove pictures of a person and return the others. Unknown ids are ignored.

        Raises:
            InvalidRequest: no picture would be left.
        """
        path, body = ("persons", person_id, "person-thumbnail", "remove"), {"thumbnailIds": tuple(thumbnail_ids)}
        return self._call("POST", ThumbnailsOfPerson, *path, body=body).thumbnail_list

    def uploaded(
        self, pictures: Sequence[Path], *, is_primary: bool, on_remark: Callable[[str], None] | None = None
    ) -> tuple[UploadedThumbnail, ...]:
        """Upload pictures to add to a person. ``on_remark``: see `upload`.

        Raises:
            UploadFailed: a picture is refused.
            OSError: a file cannot be read.
        """
        return tuple(
            UploadedThumbnail(self.upload(path, on_remark=on_remark), is_primary and number == 0)
            for number, path in enumerate(pictures)
        )
