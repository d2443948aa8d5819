"""Use of uploaded pictures by other slices, and the time that pictures are kept."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from picture_upload_samples import portrait
from scenedex.assets.erasure import ErasureHandler
from scenedex.media.work_folder import remove_abandoned_folders
from scenedex.pictures.records import PicturePurpose
from scenedex.pictures.service import checked_pictures
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.worker import sweep

if TYPE_CHECKING:
    from pathlib import Path

    from picture_upload_desk import Desk

THUMBNAIL = PicturePurpose.PERSON_THUMBNAIL
UNKNOWN = "must be the key of a picture of this workspace that has not expired"


@pytest.fixture
def key(desk: Desk) -> str:
    """A picture of one face, as a check leaves it."""
    key, picture_id = desk.waiting(b"a picture")
    desk.service.rows(
        "UPDATE pictures SET state = 'COMPLETED', object_key = %s WHERE picture_id = %s",
        f"pictures/{key}/1",
        picture_id,
    )
    desk.service.rows("INSERT INTO faces_of_pictures VALUES (%s, 'engine 1', '[0.6,0.8]', 0.5)", key)
    return key


def problems(
    desk: Desk, workspace: int, keys: dict[str, str], purpose: PicturePurpose = THUMBNAIL
) -> list[FieldProblem]:
    with pytest.raises(InvalidRequest) as refused:
        desk.service.transact(lambda tx: checked_pictures(tx, workspace, keys, purpose))
    return list(refused.value.details)


def keep(desk: Desk) -> None:
    platform = desk.service.platform
    desk.service.run(lambda: sweep(platform))


class TestUse:
    def test_a_hundred_pictures_are_found_by_one_statement(self, desk: Desk, key: str) -> None:
        workspace = desk.workspace_id(key)
        keys = {f"thumbnails[{n}].thumbnailKey": key for n in range(100)}
        desk.service.statements.clear()

        found = desk.service.transact(lambda tx: checked_pictures(tx, workspace, keys, THUMBNAIL))

        assert len(desk.service.statements) == 1
        assert found.keys() == keys.keys()
        (face,) = found["thumbnails[7].thumbnailKey"].faces
        assert (face.engine, face.embedding, face.quality) == ("engine 1", "[0.60009766,0.7998047]", 0.5)

    def test_each_field_that_names_none_is_named(self, desk: Desk, key: str) -> None:
        keys = {"a": key, "b": "none", "c": "x\x00"}

        assert problems(desk, desk.workspace_id(key), keys) == [FieldProblem("b", UNKNOWN), FieldProblem("c", UNKNOWN)]

    def test_pictures_of_other_workspaces_and_purposes_are_unknown(self, desk: Desk, key: str) -> None:
        workspace = desk.workspace_id(key)

        assert problems(desk, workspace + 1, {"a": key}) == [FieldProblem("a", UNKNOWN)]
        assert problems(desk, workspace, {"a": key}, PicturePurpose.QUERY_IMAGE) == [FieldProblem("a", UNKNOWN)]

    def test_a_picture_is_not_used_once_its_time_is_over(self, desk: Desk, key: str) -> None:
        desk.service.rows("UPDATE pictures SET expires_time = now() WHERE picture_key = %s", key)

        assert problems(desk, desk.workspace_id(key), {"a": key}) == [FieldProblem("a", UNKNOWN)]

    @pytest.mark.parametrize("state", ["OPEN", "RECEIVING", "RECEIVED", "CHECKING"])
    def test_a_picture_is_not_used_before_its_completion(self, state: str, desk: Desk, key: str) -> None:
        desk.service.rows("UPDATE pictures SET state = %s WHERE picture_key = %s", state, key)

        (problem,) = problems(desk, desk.workspace_id(key), {"a": key})
        assert problem.reason == "must be the key of a picture whose upload has been completed"

    def test_a_picture_of_no_use_is_refused_with_its_reason(self, desk: Desk, key: str) -> None:
        desk.service.rows("UPDATE pictures SET state = 'FAILED', message = 'NO_FACE: none' WHERE picture_key = %s", key)

        (problem,) = problems(desk, desk.workspace_id(key), {"a": key})
        assert problem.reason == "must be the key of a usable picture. This one was refused: NO_FACE: none"


def test_in_a_workspace_that_goes_meanwhile_there_is_no_place(desk: Desk) -> None:
    site = desk.site
    call = ("POST", f"{site.path}/person-thumbnail/uploads/presigned-url", {"thumbnailFileName": "a.jpg"})

    with psycopg.connect(desk.service.platform.database.conninfo) as connection, ThreadPoolExecutor(1) as pool:
        connection.execute("DELETE FROM workspaces WHERE workspace_name = %s", [site.name])
        asked = pool.submit(site.api, *call)
        desk.service.wait_for_a_blocked_statement()
        connection.commit()

        assert (asked.result().status_code, asked.result().json()["code"]) == (404, "40401")


class TestHousekeeping:
    @pytest.mark.parametrize(
        "lose",
        ["DELETE FROM procrastinate_jobs", "UPDATE procrastinate_jobs SET status = 'failed'"],
        ids=["gone", "failed"],
    )
    def test_a_check_whose_job_was_lost_gets_another(self, lose: str, desk: Desk) -> None:
        _, picture_id = desk.waiting(portrait())
        desk.service.rows(lose)

        keep(desk)

        waiting = "SELECT args->>'subject' FROM procrastinate_jobs WHERE task_name = 'picture' AND status = 'todo'"
        assert (str(picture_id),) in desk.service.rows(waiting)

    def test_a_check_whose_job_waits_gets_no_other(self, desk: Desk) -> None:
        _, picture_id = desk.waiting(portrait())

        keep(desk)

        jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'picture' AND args->>'subject' = %s"
        assert desk.service.rows(jobs, str(picture_id)) == [(1,)]

    def test_a_picture_goes_with_its_objects_when_its_time_is_over(self, desk: Desk) -> None:
        key, picture_id = desk.waiting(portrait())
        other, _ = desk.waiting(portrait())
        desk.check(picture_id)
        desk.service.rows("UPDATE pictures SET expires_time = now() - interval '1 s' WHERE picture_key = %s", key)

        keep(desk)
        platform = desk.service.platform
        desk.service.run(lambda: ErasureHandler(platform.database, platform.managed).run(0))

        assert desk.service.rows("SELECT count(*) FROM pictures WHERE picture_key = %s", key) == [(0,)]
        assert (desk.objects(key), desk.objects(other)) == ([], [f"pictures/{other}/data"])

    def test_a_check_of_a_picture_that_goes_meanwhile_leaves_nothing(self, desk: Desk) -> None:
        key, picture_id = desk.waiting(portrait())
        handler = desk.checking()
        platform = desk.service.platform

        async def both() -> None:
            check = asyncio.create_task(handler.run(picture_id))
            await asyncio.sleep(0.3)
            async with platform.database.transaction() as tx:
                await tx.run("DELETE FROM pictures WHERE picture_id = %s", picture_id)
            await check
            await ErasureHandler(platform.database, platform.managed).run(0)

        desk.service.run(both)

        assert desk.objects(key) == []

    def test_folders_of_killed_workers_go_when_they_are_old(self, tmp_path: Path) -> None:
        for name in ("job-picture-1-old", "job-picture-2-young", "analysis-1-old"):
            (tmp_path / name).mkdir()
        os.utime(tmp_path / "job-picture-1-old", (0, 0))
        os.utime(tmp_path / "analysis-1-old", (0, 0))

        remove_abandoned_folders(tmp_path)

        assert sorted(path.name for path in tmp_path.iterdir()) == ["analysis-1-old", "job-picture-2-young"]
