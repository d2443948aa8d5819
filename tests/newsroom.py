"""Workspace of the acceptance tests, and a user's work in it."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Generator

    from processes import Server
    from scenedex.client import AnalysisOptions, Client, Index
    from scenedex.client.assets import Assets
    from scenedex.client.indexes import AssetIndex
    from scenedex.client.searches import WorkspaceSearch
    from scenedex.client.summary_answers import SceneSummaries

ANALYSIS_PATIENCE_S = 300
# Seconds between two polls.
POLL_S = 0.1


@dataclass(frozen=True)
class Desk:
    """A project of a workspace to work in."""

    client: Client
    workspace: str
    project_id: int
    bucket: str

    @property
    def assets(self) -> Assets:
        return self.client.assets(self.workspace, self.project_id)

    @property
    def search(self) -> WorkspaceSearch:
        return self.client.search(self.workspace)

    def index(self, asset_id: int) -> AssetIndex:
        return self.client.index(self.workspace, self.project_id, asset_id)

    def registered(self, key: str) -> int:
        """Register an object of the users' bucket and return the id of the asset."""
        return self.assets.register(self.bucket, key).asset_id

    def imported(self, key: str) -> int:
        """Import an object and return the id of the asset."""
        asset_id = self.registered(key)
        self.assets.wait_import(asset_id, timeout=PATIENCE_S, poll=POLL_S)
        return asset_id

    def analysed(self, asset_id: int, options: AnalysisOptions) -> Index:
        """Analyse an asset and return its index."""
        index = self.index(asset_id)
        index.request(options)
        index.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S)
        return index.get()

    def summarised(self, asset_id: int) -> SceneSummaries:
        """Summarise the scenes of an analysed asset and return the summaries."""
        summaries = self.client.summaries(self.workspace, self.project_id, asset_id)
        summaries.request()
        summaries.wait(timeout=PATIENCE_S, poll=POLL_S)
        return summaries.get()

    def scenes(self, asset_id: int) -> list[tuple[int, int]]:
        """Start and end of each shot."""
        scenes = self.index(asset_id).get().scenes
        return [(shot.start_time_ms, shot.end_time_ms) for scene in scenes for shot in scene.shots]


@contextlib.contextmanager
def open_desk(server: Server) -> Generator[Desk]:
    """A new workspace with its base project."""
    workspace = f"newsroom-{secrets.token_hex(4)}"
    with server.client() as client:
        client.workspaces.create(workspace)
        yield Desk(client, workspace, next(iter(client.projects(workspace).list())).project_id, server.bucket)
