"""Uploaded pictures for the use of other slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.pictures import queries
from scenedex.pictures.records import PictureOwner, PicturePurpose, PictureState
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.db.database import Transaction
    from scenedex.pictures.queries import UploadedPicture
    from scenedex.pictures.records import CheckedPicture

_NOT_OF_WORKSPACE = "must be the key of a picture of this workspace that has not expired"
_NOT_OF_USER = (
    "must be the key of a query picture that the same user uploaded and that has not expired. Upload an expired picture"
    " again"
)


async def checked_picture(
    tx: Transaction, workspace_id: int, key: str, purpose: PicturePurpose, field: str
) -> CheckedPicture:
    """Return the picture that a field of a request names by its key, and hold it until the end of the transaction.

    Raises:
        InvalidRequest: there is no picture of this key, it cannot be used, or it has expired.
    """
    return (await checked_pictures(tx, workspace_id, {field: key}, purpose))[field]


async def checked_pictures(
    tx: Transaction, workspace_id: int, keys: Mapping[str, str], purpose: PicturePurpose
) -> Mapping[str, CheckedPicture]:
    """Return the picture of each field of a request. See `checked_picture`.

    Raises:
        InvalidRequest: some pictures do not exist or cannot be used. All their fields are named.
    """
    return await _usable(tx, PictureOwner(workspace_id=workspace_id), keys, purpose, _NOT_OF_WORKSPACE)


async def query_picture(
    tx: Transaction, user_name: str, workspace_name: str | None, key: str, field: str
) -> CheckedPicture:
    """Return the user's query picture that a field of a request names, and hold it until the end of the transaction.

    Without a workspace, the use of the picture was permitted before.

    Raises:
        InvalidRequest: the user has no picture of this key for this workspace, it cannot be used, or it has expired.
    """
    owner = PictureOwner(user_name=user_name, workspaces=None if workspace_name is None else (workspace_name,))
    return (await _usable(tx, owner, {field: key}, PicturePurpose.QUERY_IMAGE, _NOT_OF_USER))[field]


async def _usable(
    tx: Transaction, owner: PictureOwner, keys: Mapping[str, str], purpose: PicturePurpose, unknown: str
) -> Mapping[str, CheckedPicture]:
    # No key has a character that the database refuses.
    asked = sorted({key for key in keys.values() if "\x00" not in key})
    found = await queries.uploaded(tx, owner, purpose, asked)
    problems = [
        FieldProblem(field, reason) for field, key in keys.items() if (reason := _problem_of(found.get(key), unknown))
    ]
    if problems:
        raise InvalidRequest(*problems)
    return {field: found[key].picture for field, key in keys.items()}


def _problem_of(found: UploadedPicture | None, unknown: str) -> str | None:
    if found is None:
        return unknown
    match found.state:
        case PictureState.COMPLETED:
            return None
        case PictureState.FAILED:
            return f"must be the key of a usable picture. This one was refused: {found.message}"
        case PictureState.OPEN | PictureState.RECEIVING | PictureState.RECEIVED | PictureState.CHECKING:
            return "must be the key of a picture whose upload has been completed"
