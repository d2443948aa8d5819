"""A workspace with a million assets, written by the database itself."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from benchmarks.api.running import create_key, serving

from scenedex.db.embedded import open_embedded
from scenedex.db.schema import upgrade_schema

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from benchmarks.api.running import Key, Server

WORKSPACE = "newsroom"
# Rows of a project are as far apart as those of projects that grow side by side.
PROJECTS = 10


@dataclass(frozen=True, slots=True)
class Archive:
    """Names of the filled workspace and of one of its projects.

    Attributes:
        workspace: name of the workspace.
        project_id: one of its projects, all of the same size.
    """

    workspace: str
    project_id: int

    @property
    def assets(self) -> str:
        """The path of the project's assets."""
        return f"/api/v1/workspaces/{self.workspace}/projects/{self.project_id}/assets"


@dataclass(frozen=True, slots=True)
class Site:
    """A running server without workers, with an archive in its database.

    Attributes:
        server: the API process.
        conninfo: connection string of its database.
        key: access key of a manager.
        archive: names of the workspace and project with the assets.
    """

    server: Server
    conninfo: str
    key: Key
    archive: Archive


@contextlib.contextmanager
def filled_server(folder: Path, assets: int) -> Generator[Site]:
    """A server on an empty data folder, with that many assets."""
    with contextlib.closing(open_embedded(folder)) as postgres:
        upgrade_schema(postgres.conninfo)
        key = create_key(folder)
        with serving(folder, workers=0) as server:
            yield Site(server, postgres.conninfo, key, _fill(server, key, postgres.conninfo, assets))


def _fill(server: Server, key: Key, conninfo: str, assets: int) -> Archive:
    """Create the workspace and its projects by the API, and finished imports in them by SQL."""
    with server.client(key) as client:
        client.workspaces.create(WORKSPACE)
        projects = client.projects(WORKSPACE)
        for number in range(1, PROJECTS):
            projects.create(f"Evening news {number}")
        ids = [project.project_id for project in projects.list()]
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(ASSETS, {"projects": ids, "assets": assets})
        connection.execute("VACUUM (ANALYZE) assets")
    return Archive(WORKSPACE, ids[PROJECTS // 2])


ASSETS = """
INSERT INTO assets (
    project_id, file_name, key, bucket_name, import_status, import_attempt, import_tries, import_percent,
    source_etag, managed_key, format, width, height, duration_ms, size_bytes,
    create_user_name, created_time, update_user_name, updated_time
)
SELECT
    (%(projects)s::bigint[])[1 + n %% cardinality(%(projects)s::bigint[])],
    file_name,
    to_char(created, 'YYYY/MM/DD') || '/' || file_name,
    'newsroom-footage',
    'COMPLETED', 1, 1, 100,
    md5(n::text),
    'assets/' || n || '/source-1',
    (ARRAY['mp4', 'mp4', 'mp4', 'mov', 'mkv', 'webm'])[1 + n / 10 %% 6],
    CASE WHEN n / 10 %% 3 = 0 THEN 1280 ELSE 1920 END,
    CASE WHEN n / 10 %% 3 = 0 THEN 720 ELSE 1080 END,
    20000 + n * 7919 %% 5400000,
    5000000 + n * 104729 %% 4000000000,
    (ARRAY['alice', 'bob', 'chiyo', 'dagmar.lind', 'minjun'])[1 + n / 10 %% 5],
    created,
    (ARRAY['alice', 'bob', 'chiyo', 'dagmar.lind', 'minjun'])[1 + n / 50 %% 5],
    created + interval '7.482913 seconds'
FROM
    generate_series(1, %(assets)s::bigint) AS n,
    LATERAL (SELECT timestamptz '2024-01-01 06:00:00.123457+00' + n * interval '71.317 seconds' AS created),
    LATERAL (
        SELECT (ARRAY['interview', 'press-conference', 'b-roll', 'evening-news-take', 'archive'])[1 + n / 10 %% 5]
            || '-' || lpad(n::text, 7, '0') || '.mp4' AS file_name
    )
ORDER BY n
"""
