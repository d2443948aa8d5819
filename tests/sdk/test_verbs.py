"""Workspaces, projects, assets and indexes, from their creation to their deletion."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from app_transport import BROKEN, NOT_THERE
from scenedex.client import (
    AnalysisFailed,
    AnalysisOptions,
    AnalysisStatus,
    AuthenticationFailed,
    Client,
    ConfidenceLevel,
    Conflict,
    ExportFormat,
    ImportFailed,
    InvalidRequest,
    NotFound,
    UnknownRoute,
    UploadStatus,
)
from scenedex.client.testing import ManualTime

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

    from app_transport import Worker
    from scenedex.client.testing import Recorder
    from signed_calls import Api

NO_PERSONS = AnalysisOptions(analysis_person_count=0)


def test_a_workspace_lives_from_creation_to_deletion(client: Client, site: Site) -> None:
    name = f"{site.name}-rushes"

    created = client.workspaces.create(name, bucket_name="raw")

    found = client.workspaces.get(name)
    assert (found.bucket_name, found.created_time) == (created.bucket_name, created.created_time)
    assert found.monthly_analysis_count == 0
    assert {name, site.name} <= {it.workspace_name for it in client.workspaces.list(page_size=100)}
    client.workspaces.delete(name)
    with pytest.raises(NotFound):
        client.workspaces.get(name)


def test_a_project_lives_from_creation_to_deletion(client: Client, site: Site) -> None:
    projects = client.projects(site.name)
    created = projects.create("news")

    assert projects.rename(created.project_id, "sports").name == "sports"
    assert [(it.project_id, it.is_base_project) for it in projects.list()] == [
        (site.base_project, True),
        (created.project_id, False),
    ]
    assert projects.get(created.project_id).name == "sports"
    projects.delete(created.project_id)
    assert len(projects.list()) == 1


def test_refusals_are_named(client: Client, site: Site) -> None:
    projects = client.projects(site.name)
    projects.create("news")

    with pytest.raises(Conflict, match="40904"):
        projects.create("news")
    with pytest.raises(InvalidRequest, match="10027"):
        projects.rename(site.base_project, "other")
    with pytest.raises(InvalidRequest, match="name: ") as caught:
        projects.create(" ")
    assert caught.value.details[0].field == "name"
    assert caught.value.trace_id


def test_an_asset_lives_from_registration_to_deletion(client: Client, site: Site, worker: Worker) -> None:
    assets = client.assets(site.name, site.base_project)
    other = client.projects(site.name).create("news").project_id

    worker.is_idle = True
    waiting = assets.register("footage", "waiting.mp4").asset_id
    assert assets.import_status(waiting).upload_status is UploadStatus.IN_PROGRESS
    assets.delete(waiting)
    worker.is_idle = False
    asset_id = assets.register("footage", "interview.mp4").asset_id
    assert assets.wait_import(asset_id).upload_status is UploadStatus.COMPLETED
    asset = assets.get(asset_id)
    assert (asset.file_name, asset.meta_data and asset.meta_data.format) == ("interview.mp4", "mp4")
    assert [it.asset_id for it in assets.list()] == [asset_id]

    assert assets.move(asset_id, other).project_id == other
    assert list(assets.list()) == []
    client.assets(site.name, other).delete(asset_id)
    with pytest.raises(NotFound):
        client.assets(site.name, other).get(asset_id)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (NOT_THERE, r"asset \d+ ended with FILE_NOT_EXIST: No file\.$"),
        (BROKEN, r"asset \d+ ended with INVALID_METADATA: Unsupported file format\.$"),
    ],
)
def test_an_import_that_fails_says_why(client: Client, site: Site, key: str, said: str) -> None:
    assets = client.assets(site.name, site.base_project)

    with pytest.raises(ImportFailed, match=said):
        assets.wait_import(assets.register("footage", key).asset_id)


def test_assets_are_listed_across_pages(client: Client, site: Site) -> None:
    registered = [site.base.register(f"{number}.mp4").asset_id for number in range(5)]
    assets = client.assets(site.name, site.base_project)

    for page_size in (1, 2, 5, 1000):
        assert [it.asset_id for it in assets.list(page_size=page_size)] == registered


def test_a_file_becomes_an_asset(client: Client, site: Site, recorder: Recorder, tmp_path: Path) -> None:
    video = tmp_path / "인터뷰 1.mp4"
    video.write_bytes(b"x" * 600_000)
    assets = client.assets(site.name, site.base_project)

    upload = assets.upload(video)

    assert assets.wait_import(upload.asset_id).asset_id == upload.asset_id
    assert assets.get(upload.asset_id).file_name == "인터뷰 1.mp4"
    assert [len(it.body) for it in recorder.received if it.method == "PUT"] == [600_000]


def test_an_index_lives_from_request_to_deletion(client: Client, site: Site, worker: Worker) -> None:
    worker.is_idle = True
    assets = client.assets(site.name, site.base_project)
    asset_id = assets.register("footage", "interview.mp4").asset_id
    index = client.index(site.name, site.base_project, asset_id)
    with pytest.raises(InvalidRequest, match="10014"):
        index.request(NO_PERSONS)
    index = client.index(site.name, site.base_project, site.base.imported().asset_id)

    with pytest.raises(Conflict, match="40909"):
        index.cancel()
    requested = index.request(NO_PERSONS)
    assert requested.status is AnalysisStatus.WAIT_ANALYZE
    with pytest.raises(Conflict, match="40901"):
        index.request(NO_PERSONS)
    with pytest.raises(Conflict, match="40908"):
        index.get()
    index.cancel()
    with pytest.raises(AnalysisFailed, match="ended with ANALYZE_CANCEL"):
        index.wait()

    worker.is_idle = False
    index.request(NO_PERSONS)
    assert index.wait().status is AnalysisStatus.ANALYZE_COMPLETED
    scenes = index.get(ConfidenceLevel.HIGH).scenes
    assert [(scene.start_time_ms, scene.end_time_ms) for scene in scenes] == [(0, 1000), (1000, 2000), (2000, 3000)]
    assert json.loads(index.document())["scenes"][0]["sceneId"] == 1
    exported = index.export(ExportFormat.VTT)
    assert exported.startswith(b"WEBVTT")
    assert b"Line 3." in exported
    index.delete()
    with pytest.raises(Conflict, match="40908"):
        index.get()


def test_waiting_for_an_analysis_that_nobody_requested_does_not_hang(client: Client, site: Site) -> None:
    with pytest.raises(AnalysisFailed, match="BEFORE_ANALYZE"):
        client.index(site.name, site.base_project, site.base.imported().asset_id).wait()


@pytest.mark.parametrize("name", ["a b/ü%2E?#", "..", "한국", "a%2Fb", "a&b=c", "\U0001f600"])
def test_the_target_is_signed_as_it_is_sent(client: Client, name: str) -> None:
    # The signature is checked before the name is looked for.
    with pytest.raises((NotFound, InvalidRequest, UnknownRoute)):
        client.workspaces.get(name)


def test_a_wrong_secret_is_refused(recorder: Recorder, api: Api, site: Site) -> None:
    with (
        Client("https://mi.test", api.key.access_key, "WRONG", transport=recorder) as client,
        pytest.raises(AuthenticationFailed),
    ):
        client.workspaces.get(site.name)


def test_a_clock_that_is_wrong_is_refused(recorder: Recorder, api: Api, site: Site) -> None:
    late = ManualTime(time.time() - 310).clock()
    with (
        Client("https://mi.test", api.key.access_key, api.key.secret_key, transport=recorder, clock=late) as client,
        pytest.raises(AuthenticationFailed),
    ):
        client.workspaces.get(site.name)
