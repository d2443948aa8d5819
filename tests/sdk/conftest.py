"""The SDK and the commands of users against the app, in process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from tests.conftest import open_site

from app_transport import BROKEN, URL, Worker, serve_in_process
from command_line import CommandLine
from scenedex.client import Client
from scenedex.client.testing import ManualTime, Recorder
from scenedex.settings import DatabaseSettings, LimitSettings, ServerSettings, Settings
from search_samples import Archive

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    import httpx2
    from tests.conftest import Cluster, Service, Site

    from scenedex.client.persons import Persons
    from scenedex.client.searches import WorkspaceSearch
    from signed_calls import Api


@pytest.fixture(scope="session")
def in_process(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[Service, httpx2.BaseTransport]]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        database=DatabaseSettings(url=SecretStr(cluster.create_database())),
        limits=LimitSettings(max_workspaces=1_000_000),
        server=ServerSettings(allowed_hosts="mi.test"),
    )
    with serve_in_process(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def service(in_process: tuple[Service, httpx2.BaseTransport]) -> Service:
    """App that the tests of this folder share."""
    return in_process[0]


@pytest.fixture(scope="session")
def api(service: Service) -> Api:
    """The key of a manager."""
    return service.api()


@pytest.fixture
def site(service: Service, api: Api) -> Site:
    """A workspace of the test."""
    return open_site(service, api)


@pytest.fixture
def archive(site: Site) -> Archive:
    """The indexes of that workspace, and searches of them."""
    return Archive(site)


@pytest.fixture
def worker(in_process: tuple[Service, httpx2.BaseTransport], site: Site) -> Worker:
    return Worker(in_process[1], site)


@pytest.fixture
def recorder(worker: Worker) -> Recorder:
    """Transport to the app that records all requests."""
    return Recorder(worker)


@pytest.fixture
def client(recorder: Recorder, api: Api) -> Generator[Client]:
    clock = ManualTime(time.time()).clock()
    key = api.key
    with Client(URL, key.access_key, key.secret_key, transport=recorder, clock=clock) as client:
        yield client


@pytest.fixture
def persons(client: Client, site: Site) -> Persons:
    return client.persons(site.name)


@pytest.fixture
def search(client: Client, site: Site) -> WorkspaceSearch:
    return client.search(site.name)


@pytest.fixture
def footage(service: Service) -> Path:
    """Bucket of the commands' imports."""
    folder = service.platform.settings.data_dir / "buckets" / "footage"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("interview.mp4", BROKEN):
        (folder / name).write_bytes(b"bytes")
    return folder


@pytest.fixture
def scenedex(recorder: Recorder, api: Api, site: Site, footage: Path) -> CommandLine:
    assert footage.is_dir()
    return CommandLine(
        recorder,
        {
            "SCENEDEX_ENDPOINT": URL,
            "SCENEDEX_WORKSPACE": site.name,
            "SCENEDEX_PROJECT": str(site.base_project),
            "NCLOUD_ACCESS_KEY": api.key.access_key,
            "NCLOUD_SECRET_KEY": api.key.secret_key,
            "COLUMNS": "200",
        },
    )
