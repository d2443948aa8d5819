"""A request and a job through the whole system, and operators' work meanwhile."""

from __future__ import annotations

import json
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsroom import ANALYSIS_PATIENCE_S, POLL_S
from processes import PATIENCE_S
from scenedex.client import AnalysisOptions, AnalysisStatus, AuthenticationFailed, Client, ImportFailed, SearchQuery
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from newsroom import Desk
    from processes import Server


def test_everything_in_one_walk(desk: Desk, short_film: Path, tmp_path: Path) -> None:
    """Import, analyse, look, search, upload, move, delete."""
    asset = desk.imported("film.mp4")
    index = desk.index(asset)
    index.request(AnalysisOptions(analysis_person_count=0))
    assert index.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S).status is AnalysisStatus.ANALYZE_COMPLETED
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
        with urllib.request.urlopen(scene.keyframe_url, timeout=60) as picture:
            assert picture.headers["content-type"] == "image/jpeg"
            shown = picture.read()
            assert shown.startswith(b"\xff\xd8\xff")

    assert found_by(desk, SearchQuery(text="film", project_ids=(desk.project_id,))) == [
        (asset, scene.scene_id) for scene in found.scenes
    ]
    still = tmp_path / "keyframe.jpg"
    still.write_bytes(shown)
    query = SearchQuery(image=desk.search.upload_picture(still), project_ids=(desk.project_id,))
    assert found_by(desk, query)[0] == (asset, found.scenes[-1].scene_id)
    assert found_by(desk, SearchQuery(text="xqzvkw", project_ids=(desk.project_id,))) == []

    uploaded = desk.assets.upload(short_film)
    assert uploaded.asset_id is not None
    imported = desk.assets.wait_import(uploaded.asset_id, timeout=PATIENCE_S, poll=POLL_S)
    assert imported.meta_data == meta_data

    project = desk.client.projects(desk.workspace).create("moved")
    moved = desk.assets.move(asset, project.project_id)
    assert moved.project_id == project.project_id
    assert desk.client.index(desk.workspace, project.project_id, asset).get().index_id == found.index_id
    desk.client.projects(desk.workspace).delete(project.project_id)
    assert [item.asset_id for item in desk.assets.list()] == [uploaded.asset_id]

    with pytest.raises(ImportFailed, match="FILE_NOT_EXIST"):
        desk.assets.wait_import(desk.registered("absent.mp4"), timeout=PATIENCE_S, poll=POLL_S)


def found_by(desk: Desk, query: SearchQuery) -> list[tuple[int, int]]:
    """The asset and scene of each hit."""
    return [(hit.asset_id, hit.scene_id) for hit in desk.search.find(query)]


def test_keys_work_while_the_server_runs(server: Server, desk: Desk) -> None:
    key = json.loads(server.run("keys", "create", "--user", "eve", "--role", "viewer", "--json"))
    assert set(key) == {"accessKey", "secretKey", "user", "role"}
    with Client(server.endpoint, key["accessKey"], key["secretKey"]) as client:
        assert desk.workspace in {each.workspace_name for each in client.workspaces.list()}

        server.run("keys", "revoke", key["accessKey"])

        with pytest.raises(AuthenticationFailed):
            list(client.workspaces.list())
    listed = json.loads(server.run("keys", "list", "--json"))
    assert key["accessKey"] in [entry["accessKey"] for entry in listed if entry["revokedTime"]]
    assert key["secretKey"] not in json.dumps(listed)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_the_process_of_the_api_loads_no_decoder(server: Server) -> None:
    assert server.process is not None
    loaded = Path(f"/proc/{server.process.pid}/maps").read_text()

    assert "psycopg" in loaded
    assert [name for name in ("libavcodec", "numpy", "onnxruntime", "_dlib") if name in loaded] == []


def test_the_doctor_is_content(server: Server) -> None:
    findings = json.loads(server.run("doctor", "--json"))
    assert {finding["state"] for finding in findings} <= {"ok", "warning"}
    subjects = {finding["subject"]: finding for finding in findings}
    assert {"database", "storage", "engine", "weights", "disk"} <= set(subjects)
    assert {subjects[f"search {what}"]["state"] for what in ("words", "vectors of pictures")} == {"ok"}


@AT_ONE_SIZE
def test_scenes_are_found_by_another_engine_after_a_reindexing(server: Server, desk: Desk) -> None:
    desk.analysed(desk.imported("film.mp4"), AnalysisOptions(analysis_person_count=0))
    server.rows("UPDATE scene_vectors SET engine = 'former 1', embedding = '[1,0]' RETURNING engine")
    # Includes the requests of all tests that share the server.
    [(count,)] = server.rows("SELECT count(*) FROM scenes")

    lacking = server.run("doctor")
    printed = server.run("search", "reindex")
    whole = server.run("doctor")

    assert f"! search vectors of pictures: 0 of {count} scenes by layout 1, {count} of other engines" in lacking
    assert "scenedex search reindex" in lacking
    assert f"{desk.workspace}: " in printed
    assert ("Reindex Search",) in server.rows("SELECT event FROM audit_events WHERE access_key IS NULL")
    assert f"✓ search vectors of pictures: {count} of {count} scenes by layout 1" in whole
    assert "✓ search words" in whole
