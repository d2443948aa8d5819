"""Use of a picture by a search, and the ownership of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.pictures.records import PictureFace, PictureVector
from scenedex.pictures.service import query_picture
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.worker import sweep

if TYPE_CHECKING:
    from picture_upload_desk import Desk

UNKNOWN = (
    "must be the key of a query picture that the same user uploaded and that has not expired. Upload an expired picture"
    " again"
)


@pytest.fixture
def key(query_desk: Desk) -> str:
    """A picture as a check leaves it."""
    key, picture_id = query_desk.waiting(b"a picture")
    query_desk.service.rows(
        "UPDATE pictures SET state = 'COMPLETED', object_key = %s WHERE picture_id = %s",
        f"pictures/{key}/1",
        picture_id,
    )
    for engine, quality in (("faces 1", 0.25), ("faces 1", 0.5)):
        query_desk.service.rows("INSERT INTO faces_of_pictures VALUES (%s, %s, '[1,0]', %s)", key, engine, quality)
    for engine in ("pictures 2", "pictures 1"):
        query_desk.service.rows("INSERT INTO vectors_of_pictures VALUES (%s, %s, '[0,1]')", key, engine)
    return key


def problem(desk: Desk, key: str, user: str = "alice", workspace: str | None = None) -> FieldProblem:
    with pytest.raises(InvalidRequest) as refused:
        desk.service.transact(lambda tx: query_picture(tx, user, workspace, key, "query.imageQuery"))
    (found,) = refused.value.details
    return found


def test_one_statement_finds_the_vectors_and_the_faces(query_desk: Desk, key: str) -> None:
    query_desk.service.statements.clear()

    found = query_desk.service.transact(lambda tx: query_picture(tx, "alice", None, key, "query.imageQuery"))

    assert len(query_desk.service.statements) == 1
    assert found.vectors == (PictureVector("pictures 1", "[0,1]"), PictureVector("pictures 2", "[0,1]"))
    assert found.faces == (PictureFace("faces 1", "[1,0]", 0.5), PictureFace("faces 1", "[1,0]", 0.25))


@pytest.mark.parametrize("unknown", ["", "none", "x\x00"], ids=repr)
def test_an_unknown_key_is_refused(unknown: str, query_desk: Desk) -> None:
    assert problem(query_desk, unknown) == FieldProblem("query.imageQuery", UNKNOWN)


def test_the_picture_of_another_user_is_unknown(query_desk: Desk, key: str) -> None:
    assert problem(query_desk, key, "bob") == FieldProblem("query.imageQuery", UNKNOWN)


def test_the_portrait_of_a_person_is_unknown(query_desk: Desk, desk: Desk) -> None:
    assert problem(query_desk, desk.place()).reason == UNKNOWN


def test_a_picture_whose_time_is_over_has_to_be_uploaded_again(query_desk: Desk, key: str) -> None:
    query_desk.service.rows("UPDATE pictures SET expires_time = now() WHERE picture_key = %s", key)

    assert problem(query_desk, key).reason == UNKNOWN


@pytest.mark.parametrize("state", ["OPEN", "RECEIVING", "RECEIVED", "CHECKING"])
def test_a_picture_is_not_used_before_its_completion(state: str, query_desk: Desk, key: str) -> None:
    query_desk.service.rows("UPDATE pictures SET state = %s WHERE picture_key = %s", state, key)

    assert problem(query_desk, key).reason == "must be the key of a picture whose upload has been completed"


def test_a_picture_of_no_use_is_refused_with_its_reason(query_desk: Desk, key: str) -> None:
    failed = "UPDATE pictures SET state = 'FAILED', message = 'TOO_SMALL: tiny' WHERE picture_key = %s"
    query_desk.service.rows(failed, key)

    assert (
        problem(query_desk, key).reason == "must be the key of a usable picture. This one was refused: TOO_SMALL: tiny"
    )


def test_it_stays_when_the_workspaces_of_its_user_go(query_desk: Desk, key: str) -> None:
    assert query_desk.site.api("DELETE", query_desk.site.path).status_code == 200

    assert query_desk.service.transact(lambda tx: query_picture(tx, "alice", None, key, "query.imageQuery")).key == key


def test_its_vectors_and_faces_go_with_it_when_its_time_is_over(query_desk: Desk, key: str) -> None:
    query_desk.service.rows("UPDATE pictures SET expires_time = now() - interval '1 s' WHERE picture_key = %s", key)

    query_desk.service.run(lambda: sweep(query_desk.service.platform))

    for table in ("pictures", "faces_of_pictures", "vectors_of_pictures"):
        assert query_desk.service.rows(f"SELECT count(*) FROM {table} WHERE picture_key = %s", key) == [(0,)]
    assert query_desk.service.rows("SELECT count(*) FROM erasures WHERE prefix = %s", f"pictures/{key}/") == [(1,)]
