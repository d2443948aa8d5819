"""What other slices ask of uploaded pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.pictures import queries
from scenedex.pictures.records import PictureOwner, PicturePurpose, PictureState
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.db.database import Transaction
    from scenedex.pictures.queries import Found
    from scenedex.pictures.records import CheckedPicture

_NOT_OF_WORKSPACE = "must be the key of a picture of this workspace whose time is not over"
_NOT_OF_USER = (
    "must be the key of a picture to search with that the same user uploaded; one whose time is over has to be uploaded"
    " again"
)


async def checked_picture(
    tx: Transaction, workspace_id: int, key: str, purpose: PicturePurpose, field: str
) -> CheckedPicture:
    """The picture that a field of a request names; it stays at least until the end of the transaction.

    Args:
        tx: the transaction that uses it.
        workspace_id: the workspace that it was uploaded to.
        key: what the request says.
        purpose: what it must have been uploaded for.
        field: name of the field on the wire.

    Raises:
        InvalidRequest: there is none of this key, it is of no use, or its time is over.
    """
    return (await checked_pictures(tx, workspace_id, {field: key}, purpose))[field]


async def checked_pictures(
    tx: Transaction, workspace_id: int, keys: Mapping[str, str], purpose: PicturePurpose
) -> Mapping[str, CheckedPicture]:
    """`checked_picture` for each field of a request, in one statement.

    Raises:
        InvalidRequest: some of them are not there or of no use; all these fields are named.
    """
    return await _usable(tx, PictureOwner(workspace_id=workspace_id), keys, purpose, _NOT_OF_WORKSPACE)


async def query_picture(tx: Transaction, user_name: str, key: str, field: str) -> CheckedPicture:
    """The picture to search with that a field of a request names; it stays until the end of the transaction.

    Args:
        tx: the transaction that uses it.
        user_name: who uploaded it.
        key: what the request says.
        field: name of the field on the wire.

    Raises:
        InvalidRequest: the user has none of this key, it is of no use, or its time is over.
    """
    owner = PictureOwner(user_name=user_name)
    return (await _usable(tx, owner, {field: key}, PicturePurpose.QUERY_IMAGE, _NOT_OF_USER))[field]


async def _usable(
    tx: Transaction, owner: PictureOwner, keys: Mapping[str, str], purpose: PicturePurpose, unknown: str
) -> Mapping[str, CheckedPicture]:
    # No key has a character that the database refuses.
    asked = sorted({key for key in keys.values() if "\x00" not in key})
    found = await queries.checked(tx, owner, purpose, asked)
    problems = [
        FieldProblem(field, reason)
        for field, key in keys.items()
        if (reason := _reason_against(found.get(key), unknown))
    ]
    if problems:
        raise InvalidRequest(*problems)
    return {field: found[key].picture for field, key in keys.items()}


def _reason_against(found: Found | None, unknown: str) -> str | None:
    if found is None:
        return unknown
    match found.state:
        case PictureState.COMPLETED:
            return None
        case PictureState.FAILED:
            return f"must be the key of a usable picture; this one is not: {found.message}"
        case PictureState.OPEN | PictureState.RECEIVING | PictureState.RECEIVED | PictureState.CHECKING:
            return "must be the key of a picture whose upload has been completed"
