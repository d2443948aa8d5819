"""Client of one service with one access key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import httpx2

from scenedex import __version__
from scenedex.client.ask import WorkspaceQuestions
from scenedex.client.assets import Assets
from scenedex.client.audit import AuditLog
from scenedex.client.buckets import Buckets
from scenedex.client.bulk_imports import BulkImports
from scenedex.client.clock import Clock
from scenedex.client.connection import Connection
from scenedex.client.indexes import AssetIndex
from scenedex.client.persons import Persons
from scenedex.client.projects import Projects
from scenedex.client.searches import WorkspaceSearch
from scenedex.client.signing import Credentials
from scenedex.client.statistics import Statistics
from scenedex.client.summaries import AssetSummaries
from scenedex.client.watches import Watches
from scenedex.client.webhooks import Webhooks
from scenedex.client.workspaces import Workspaces

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


class Client:
    """Client of the Media Intelligence API v1, for any host that serves it.

    ::

        with Client("https://mi.example", access_key, secret_key) as client:
            assets = client.assets("archive", project_id)
            asset = assets.register("footage", "2025/interview.mp4")
            assets.wait_import(asset.asset_id)
            index = client.index("archive", project_id, asset.asset_id)
            index.request(AnalysisOptions(analysis_person_count=0))
            index.wait()
            scenes = index.get().scenes

    Methods raise subclasses of ScenedexError (see ``scenedex.client.errors``).
    The proxies of the environment are used, except for loopback addresses.
    Several threads may share one client.
    """

    def __init__(
        self,
        endpoint: str,
        access_key: str,
        secret_key: str,
        *,
        timeout: float = 30.0,
        max_retries: int = 3,
        transport: httpx2.BaseTransport | None = None,
        clock: Clock | None = None,
        on_slow: Callable[[], None] | None = None,
    ) -> None:
        """Create a client. Connections are opened on demand.

        Args:
            endpoint: URL of the service, such as ``https://mi.apigw.ntruss.com``. It may have a path prefix.
            access_key: access key of the caller.
            secret_key: secret key that signs requests. It is never sent.
            timeout: limit for connecting and for each read and write, in seconds.
            max_retries: maximum number of retries of a request (see ``scenedex.client.connection``).
            transport: HTTP transport in place of the network.
            clock: source of time and jitter. None uses the system clock.
            on_slow: called once, in another thread, if a request has had no answer for three seconds.

        Raises:
            ValueError: the endpoint is not an http or https URL, or a key has characters that headers cannot carry.
        """
        credentials = Credentials(access_key, secret_key)
        address = _address(endpoint)
        self._http = httpx2.Client(
            timeout=timeout,
            transport=transport,
            mounts={"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None},
            headers={"User-Agent": f"scenedex-client/{__version__}"},
        )
        self._connection = Connection(self._http, address, credentials, max_retries, clock or Clock(), on_slow)

    @property
    def workspaces(self) -> Workspaces:
        """The workspaces that the access key may see."""
        return Workspaces(self._connection)

    def projects(self, workspace: str) -> Projects:
        """The projects of a workspace."""
        return Projects(self._connection, workspace)

    def assets(self, workspace: str, project_id: int) -> Assets:
        """The assets of a project."""
        return Assets(self._connection, workspace, project_id)

    def buckets(self, workspace: str) -> Buckets:
        """The buckets that a workspace may import from."""
        return Buckets(self._connection, workspace)

    def bulk_imports(self, workspace: str, project_id: int) -> BulkImports:
        """The bulk imports of a project."""
        return BulkImports(self._connection, workspace, project_id)

    def watches(self, workspace: str, project_id: int) -> Watches:
        """The watches of a project."""
        return Watches(self._connection, workspace, project_id)

    def index(self, workspace: str, project_id: int, asset_id: int) -> AssetIndex:
        """The index of an asset."""
        return AssetIndex(self._connection, workspace, project_id, asset_id)

    def summaries(self, workspace: str, project_id: int, asset_id: int) -> AssetSummaries:
        """The scene summaries of an asset."""
        return AssetSummaries(self._connection, workspace, project_id, asset_id)

    def persons(self, workspace: str) -> Persons:
        """The persons of a workspace."""
        return Persons(self._connection, workspace)

    def ask(self, workspace: str) -> WorkspaceQuestions:
        """Questions about the scenes of a workspace, with answers that cite them."""
        return WorkspaceQuestions(self._connection, workspace)

    def search(self, workspace: str) -> WorkspaceSearch:
        """Searches over the indexes of a workspace."""
        return WorkspaceSearch(self._connection, workspace)

    def statistics(self, workspace: str) -> Statistics:
        """The statistics of a workspace."""
        return Statistics(self._connection, workspace)

    def webhooks(self, workspace: str) -> Webhooks:
        """The webhooks of a workspace."""
        return Webhooks(self._connection, workspace)

    @property
    def audit(self) -> AuditLog:
        """The audit log."""
        return AuditLog(self._connection)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _address(endpoint: str) -> str:
    try:
        url = httpx2.URL(endpoint)
    except httpx2.InvalidURL as error:
        raise ValueError(f"{endpoint!r} is no address: {error}") from error
    if url.scheme not in {"http", "https"} or not url.host or url.query or url.fragment or url.userinfo:
        raise ValueError(f"{endpoint!r} is no address of the form https://HOST[:PORT][/PREFIX]")
    return str(url).rstrip("/")
