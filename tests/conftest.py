"""A real API process for the tests: PostgreSQL, the application on a loopback port, and a client that signs."""

from __future__ import annotations

import asyncio
import gc
import itertools
import secrets
import signal
import socket
import time
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import httpx2
import hypothesis
import psycopg
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from console_user import jar_without_cookies
from postgres_server import TEMPLATE, postgres_server
from s3_server import s3_location
from scenedex.app import create_app
from scenedex.app.connections import ConnectionLimits
from scenedex.app.server import ApiServer
from scenedex.assets import queries as asset_queries
from scenedex.assets.records import MediaFacts
from scenedex.auth.keys import AccessKeys, Role
from scenedex.index.records import AnalysisSetting, IndexedScene, IndexedShot, NewIndex, StageEngine
from scenedex.index.service import publish
from scenedex.settings import DatabaseSettings, LimitSettings, Settings
from scenedex.wiring import open_platform
from signed_calls import Api, Key

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator

    from postgres_server import PostgresServer
    from scenedex.db.database import Transaction
    from scenedex.wiring import Platform

__all__ = ["postgres_server", "s3_location"]

# The profile "ci" of hypothesis draws the same examples in each run. This one draws fewer of them.
hypothesis.settings.register_profile("check", hypothesis.settings.get_profile("ci"), max_examples=20)

# Thousands of collected tests and their modules are no garbage. To look for it among them takes a quarter of the time.
gc.set_threshold(50_000)

# A shell starts a command in the background without it, and the processes of the tests would ignore it likewise.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Exempt all that is collected from garbage collection."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)  # before the groups are looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of a file in one process, so that what they share is made once. Some files say otherwise."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


T = TypeVar("T")
_NUMBERS = itertools.count(1)
FACTS = MediaFacts("mp4", 1280, 720, 91_565, 101_176_289)


@dataclass(frozen=True, slots=True)
class Service:
    """A running API process."""

    url: str
    platform: Platform = field(repr=False)
    portal: BlockingPortal = field(repr=False)
    client: httpx2.Client = field(repr=False)
    statements: list[str] = field(repr=False)

    def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run a coroutine in the event loop of the process's connections."""
        return self.portal.call(work)

    def transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run a coroutine in a transaction of its own."""

        async def body() -> T:
            async with self.platform.database.transaction() as tx:
                return await work(tx)

        return self.run(body)

    def rows(self, statement: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        with psycopg.connect(self.platform.database.conninfo, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), params)
            return [] if cursor.description is None else cursor.fetchall()

    def wait_for_a_blocked_statement(self) -> None:
        """Wait until a statement waits for a lock."""
        while not self.rows(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ):
            time.sleep(0.01)

    def api(self, role: Role = Role.MANAGER, *workspaces: str, user: str = "alice") -> Api:
        """A client with a key of its own."""
        keys = AccessKeys(self.platform.database, self.platform.box)
        made = self.transact(lambda tx: keys.create(tx, user, role, workspaces))
        return Api(self.client, Key(made.access_key, made.secret_key))


@dataclass(frozen=True, slots=True)
class Site:
    """Workspace of one test, with common calls."""

    service: Service
    api: Api
    name: str
    base_project: int

    @property
    def path(self) -> str:
        return f"/api/v1/workspaces/{self.name}"

    def project(self, name: str = "project_name") -> Folder:
        """A new project."""
        made = self.api("POST", f"{self.path}/projects", {"name": name})
        assert made.status_code == 200, made.text
        return Folder(self, made.json()["result"]["projectId"])

    @property
    def base(self) -> Folder:
        """The base project."""
        return Folder(self, self.base_project)


@dataclass(frozen=True, slots=True)
class Folder:
    """A project."""

    site: Site
    project_id: int

    @property
    def path(self) -> str:
        return f"{self.site.path}/projects/{self.project_id}"

    def register(self, key: str = "sample-video.mp4") -> Item:
        """Register an asset whose import waits, since no worker runs."""
        body = {"key": key, "bucketName": "my-storage-bucket"}
        made = self.site.api("POST", f"{self.path}/assets/import/object-storage", body)
        assert made.status_code == 200, made.text
        return Item(self, made.json()["result"]["assetId"])

    def imported(self, key: str = "sample-video.mp4") -> Item:
        """An asset whose import has completed."""
        item = self.register(key)

        async def complete(tx: Transaction) -> bool:
            claim = await asset_queries.claim_import(tx, item.asset_id)
            assert claim is not None
            return await asset_queries.complete_import(tx, claim, FACTS, f"assets/{item.asset_id}/source-1", "etag")

        assert self.site.service.transact(complete)
        return item


@dataclass(frozen=True, slots=True)
class Item:
    """An asset."""

    folder: Folder
    asset_id: int

    @property
    def path(self) -> str:
        return f"{self.folder.path}/assets/{self.asset_id}"

    @property
    def service(self) -> Service:
        return self.folder.site.service

    def call(self, method: str, below: str = "", body: object = None) -> httpx2.Response:
        """A call on the asset."""
        return self.folder.site.api(method, self.path + below, body)

    def request_analysis(self) -> int:
        """Request an analysis and return the id of its index."""
        asked = self.call("POST", "/index", {"analysisPersonCount": 0})
        assert asked.status_code == 200, asked.text
        return asked.json()["result"]["indexId"]

    def publish(self, index_id: int, *, scenes: int = 2) -> None:
        """Publish an index of that many scenes, each of one shot, with an object for each keyframe."""
        index = self.made_index(index_id, scenes=scenes)
        self.service.transact(lambda tx: publish(tx, index))
        for scene in index.scenes:
            self.put(scene.keyframe_key)

    def made_index(self, index_id: int, *, scenes: int = 2) -> NewIndex:
        """An index of that many scenes, not yet published."""
        return made_index(self.asset_id, index_id, scenes=scenes)

    def put(self, key: str, data: bytes = b"bytes") -> None:
        """Write a managed object."""
        self.service.run(lambda: self.service.platform.managed.put(key, data, "image/jpeg"))


def made_index(asset_id: int, index_id: int, *, scenes: int = 2) -> NewIndex:
    """An index of that many scenes of a second, each of one shot."""
    folder = f"assets/{asset_id}/index-{index_id}"
    made = tuple(
        IndexedScene(
            number,
            (number - 1) * 1000,
            number * 1000,
            f"{folder}/{number}.jpg",
            (IndexedShot(number, (number - 1) * 1000, number * 1000, f"{folder}/{number}.jpg"),),
        )
        for number in range(1, scenes + 1)
    )
    return NewIndex(
        index_id=index_id,
        asset_id=asset_id,
        type="VIDEO",
        setting=AnalysisSetting(analysis_person_count=0, scene_range="MEDIUM", source_language="ENKO"),
        engines=(StageEngine("shots", "scenedex-shots", "1"),),
        duration_ms=scenes * 1000,
        scenes=made,
        user_name="alice",
    )


@dataclass(frozen=True, slots=True)
class Cluster:
    """The PostgreSQL of the test run, in which every service gets a database of its own."""

    server: PostgresServer = field(repr=False)

    @property
    def conninfo(self) -> str:
        """Connection string of the server's own database."""
        return self.server.conninfo

    def create_database(self) -> str:
        """Return the address of a new migrated, empty database."""
        url = self.server.create_database(TEMPLATE)
        return make_conninfo(self.conninfo, dbname=url.rpartition("/")[2])


class Serving(Protocol):
    """Starts a service with settings of its own."""

    def __call__(self, settings: Settings | None = None) -> AbstractContextManager[Service]: ...


@pytest.fixture(scope="session")
def cluster(postgres_server: PostgresServer) -> Cluster:
    return Cluster(postgres_server)


@pytest.fixture(scope="session")
def serving(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Serving:
    """Factory for further services, with limits of their own or with an empty database."""

    @contextmanager
    def start(settings: Settings | None = None) -> Generator[Service]:
        changed = {
            "data_dir": tmp_path_factory.mktemp("data"),
            "database": DatabaseSettings(url=SecretStr(cluster.create_database())),
        }
        with serve((settings or Settings()).model_copy(update=changed)) as service:
            yield service

    return start


@pytest.fixture(scope="session")
def service(serving: Serving) -> Generator[Service]:
    """API process that the tests share. Each test creates a workspace of its own."""
    with serving(Settings(limits=LimitSettings(max_workspaces=1_000_000))) as shared:
        yield shared


@pytest.fixture
def site(service: Service) -> Site:
    return open_site(service)


@pytest.fixture(scope="module")
def module_site(service: Service) -> Site:
    """Workspace that all examples of a property share."""
    return open_site(service)


def open_site(service: Service, api: Api | None = None) -> Site:
    """A new workspace."""
    api = api or service.api()
    name = f"site-{next(_NUMBERS)}-{secrets.token_hex(4)}"
    assert (made := api("POST", "/api/v1/workspaces", {"workspaceName": name})).status_code == 200, made.text
    projects = api("GET", f"/api/v1/workspaces/{name}/projects").json()["result"]["projects"]
    return Site(service, api, name, projects[0]["projectId"])


@pytest.fixture(scope="session")
def new_site() -> Callable[[Service], Site]:
    """Factory for workspaces in services other than the shared one."""
    return open_site


@contextmanager
def serve(settings: Settings) -> Generator[Service]:
    """Run an API process on a loopback port, in a thread of this one."""
    statements: list[str] = []
    with (
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(_listening(settings, statements)) as (url, platform),
        httpx2.Client(
            base_url=url, timeout=60, limits=httpx2.Limits(max_connections=40), cookies=jar_without_cookies()
        ) as client,
    ):
        yield Service(url, platform, portal, client, statements)


@asynccontextmanager
async def _listening(settings: Settings, statements: list[str]) -> AsyncGenerator[tuple[str, Platform]]:
    async with open_platform(settings, on_statement=statements.append) as platform:
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        # Longer than clients wait: a connection that both ends close at once looks like a failure.
        server = ApiServer(create_app(platform), listener, ConnectionLimits(4096, 4096, idle_seconds=60))
        serving = asyncio.create_task(server.serve())
        try:
            while not server.started:  # noqa: ASYNC110  # the server has no event to wait for
                await asyncio.sleep(0.005)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", platform
        finally:
            server.should_exit = True
            await serving
