"""One request and one job through everything, at both sizes."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from processes import BUCKET, WORKSPACE, Desk, Server, open_desk, running, scenedex
from s3_server import s3_location
from scenedex.client import AnalysisOptions, AnalysisStatus, AuthenticationFailed, Client, ImportFailed, SearchQuery
from scenedex.db.embedded import open_embedded
from scenedex.storage.s3_location import S3Location, S3Patience
from scenedex.storage.s3_requests import S3Object, S3Requests

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

__all__ = ["s3_location"]
MANAGED_BUCKET = "scenedex-managed"


@pytest.fixture
def grown(tmp_path: Path, film: Path, s3_location: S3Location) -> Generator[Server]:
    """A server on a database by URL and on S3, with the film in a bucket there."""
    asyncio.run(_fill(s3_location, film))
    with open_embedded(tmp_path / "elsewhere") as database:
        environment = {
            "SCENEDEX_DATABASE_URL": database.conninfo,
            "SCENEDEX_STORAGE_ENDPOINT": s3_location.endpoint,
            "SCENEDEX_STORAGE_ACCESS_KEY": s3_location.access_key,
            "SCENEDEX_STORAGE_SECRET_KEY": s3_location.secret_key,
            "SCENEDEX_STORAGE_MANAGED_BUCKET": MANAGED_BUCKET,
        }
        with running(Server(tmp_path / "data", environment, workers=2)) as started:
            yield started


async def _fill(location: S3Location, film: Path) -> None:
    content = await asyncio.to_thread(film.read_bytes)
    requests = S3Requests(location, S3Patience(), lambda: datetime.now(UTC))
    for bucket in (MANAGED_BUCKET, BUCKET):
        await requests.ask("PUT", S3Object(bucket))
    await requests.ask("PUT", S3Object(BUCKET, "film.mp4"), body=content)
    await requests.close()


def walk(desk: Desk, film: Path) -> None:
    """Import, analyse, look, search, upload, move, delete."""
    asset = desk.imported("film.mp4")
    index = desk.index(asset)
    index.request(AnalysisOptions(analysis_person_count=0))
    assert index.wait(timeout=90, poll=0.2).status is AnalysisStatus.ANALYZE_COMPLETED
    found = index.get()
    meta_data = desk.assets.get(asset).meta_data
    assert meta_data is not None
    assert found.scenes[0].start_time_ms == 0
    assert found.scenes[-1].end_time_ms == meta_data.duration_ms
    setting = found.analysis_setting
    assert setting is not None
    assert {engine.stage for engine in setting.engines} >= {"shots", "scenes", "keyframes"}
    shown = b""
    for scene in found.scenes:
        assert scene.keyframe_url is not None
        with urllib.request.urlopen(scene.keyframe_url, timeout=10) as picture:
            assert picture.headers["content-type"] == "image/jpeg"
            shown = picture.read()
            assert shown.startswith(b"\xff\xd8\xff")

    assert found_by(desk, SearchQuery(text="film", project_ids=(desk.project_id,))) == [
        (asset, scene.scene_id) for scene in found.scenes
    ]
    still = film.with_name("keyframe.jpg")
    still.write_bytes(shown)
    query = SearchQuery(image=desk.client.search(WORKSPACE).upload_picture(still), project_ids=(desk.project_id,))
    assert found_by(desk, query)[0] == (asset, found.scenes[-1].scene_id)
    assert found_by(desk, SearchQuery(text="xqzvkw", project_ids=(desk.project_id,))) == []

    uploaded = desk.assets.upload(film)
    assert uploaded.asset_id is not None
    imported = desk.assets.wait_import(uploaded.asset_id, timeout=90, poll=0.1)
    assert imported.meta_data == meta_data

    project = desk.client.projects(WORKSPACE).create("moved")
    moved = desk.assets.move(asset, project.project_id)
    assert moved.project_id == project.project_id
    assert desk.client.index(WORKSPACE, project.project_id, asset).get().index_id == found.index_id
    desk.client.projects(WORKSPACE).delete(project.project_id)
    assert [item.asset_id for item in desk.assets.list()] == [uploaded.asset_id]

    with pytest.raises(ImportFailed, match="FILE_NOT_EXIST"):
        desk.assets.wait_import(desk.assets.register(BUCKET, "absent.mp4").asset_id, timeout=90, poll=0.1)


def found_by(desk: Desk, query: SearchQuery) -> list[tuple[int, int]]:
    """The asset and scene of each hit."""
    return [(hit.asset_id, hit.scene_id) for hit in desk.client.search(WORKSPACE).find(query)]


def test_embedded(server: Server, desk: Desk, film: Path) -> None:
    del server
    walk(desk, film)


def test_grown(grown: Server, film: Path) -> None:
    with open_desk(grown) as desk:
        walk(desk, film)


def test_keys_work_while_the_server_runs(server: Server) -> None:
    printed = scenedex("keys", "create", "--user", "eve", "--role", "viewer", "--json", data_dir=server.data_dir)
    key = json.loads(printed)
    assert set(key) == {"accessKey", "secretKey", "user", "role"}
    with Client(server.endpoint, key["accessKey"], key["secretKey"]) as client:
        assert list(client.workspaces.list()) == []

        scenedex("keys", "revoke", key["accessKey"], data_dir=server.data_dir)

        with pytest.raises(AuthenticationFailed):
            list(client.workspaces.list())
    listed = json.loads(scenedex("keys", "list", "--json", data_dir=server.data_dir))
    assert [entry["accessKey"] for entry in listed if entry["revokedTime"]] == [key["accessKey"]]
    assert key["secretKey"] not in json.dumps(listed)


def test_the_doctor_is_content(server: Server) -> None:
    findings = json.loads(scenedex("doctor", "--json", data_dir=server.data_dir))
    assert {finding["state"] for finding in findings} <= {"ok", "warning"}
    subjects = {finding["subject"]: finding for finding in findings}
    assert {"database", "storage", "engine", "weights", "disk"} <= set(subjects)
    assert {subjects[f"search {what}"]["state"] for what in ("words", "vectors of pictures")} == {"ok"}


def test_scenes_are_found_by_another_engine_after_a_reindexing(server: Server, desk: Desk) -> None:
    index = desk.analysed(desk.imported("film.mp4"), AnalysisOptions(analysis_person_count=0))
    server.rows("UPDATE scene_vectors SET engine = 'former 1', embedding = '[1,0]' RETURNING engine")
    server.rows("UPDATE scenes SET words = NULL RETURNING scene_id")
    scenes = f"0 of {len(index.scenes)} scenes"

    lacking = scenedex("doctor", data_dir=server.data_dir)
    printed = scenedex("search", "reindex", data_dir=server.data_dir)
    whole = scenedex("doctor", data_dir=server.data_dir)

    assert f"! search vectors of pictures: {scenes} by mpeg7 1, {len(index.scenes)} of other engines" in lacking
    assert "→ Run: scenedex search reindex" in lacking
    assert printed.startswith(f"{WORKSPACE}: ")
    assert f"✓ search vectors of pictures: {scenes.replace('0', str(len(index.scenes)), 1)} by mpeg7 1" in whole
    assert "✓ search words" in whole
