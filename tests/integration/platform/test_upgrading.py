"""Migration of the rows of a former release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from scenedex.db.migrate import migrate
from scenedex.db.schema import DatabaseUnsuitable, upgrade_schema

if TYPE_CHECKING:
    from tests.conftest import Cluster


def test_scenes_of_a_release_without_search_keep_their_vectors_and_wait_for_their_words(cluster: Cluster) -> None:
    with psycopg.connect(cluster.conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier("former")))
    conninfo = make_conninfo(cluster.conninfo, dbname="former")
    migrate(conninfo, to="0003")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            """
            INSERT INTO workspaces (workspace_name, created_user_name, updated_user_name) VALUES ('one', 'a', 'a');
            INSERT INTO projects (workspace_id, name, created_user_name, updated_user_name) VALUES (1, 'p', 'a', 'a');
            INSERT INTO assets (project_id, file_name, key, create_user_name, update_user_name)
                VALUES (1, 'f.mp4', 'f.mp4', 'a', 'a');
            INSERT INTO indexes (index_id, asset_id, type, options, engines, duration_ms, created_user_name,
                updated_user_name) VALUES (7, 1, 'VIDEO', '{}', '[]', 1000, 'a', 'a');
            INSERT INTO scenes VALUES (7, 1, 0, 1000, 'k.jpg');
            INSERT INTO scene_vectors VALUES (7, 1, 'PICTURE', 'mpeg7 1', '[1,0]');
            INSERT INTO pictures (picture_key, workspace_id, purpose, file_name, expires_time)
                VALUES ('k', 1, 'PERSON_THUMBNAIL', 'f.jpg', now());
            """
        )

        migrate(conninfo)

        vectors = connection.execute(
            "SELECT index_id, workspace_id, engine, place, start_ms FROM scene_vectors"
        ).fetchall()
        words = connection.execute("SELECT words FROM scenes").fetchall()
        pictures = connection.execute("SELECT workspace_id, user_name FROM pictures").fetchall()
    assert vectors == [(7, 1, "mpeg7 1", 0, None)]
    assert words == [(None,)]
    assert pictures == [(1, None)]


def test_a_database_that_its_user_may_not_set_up_says_what_to_do(cluster: Cluster) -> None:
    with psycopg.connect(cluster.conninfo, autocommit=True) as connection:
        connection.execute("CREATE DATABASE another")
    conninfo = make_conninfo(cluster.conninfo, dbname="another")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM pg_database_owner")

    with pytest.raises(
        DatabaseUnsuitable, match=r"permission denied for schema public\. To fix this, make its user its owner"
    ):
        upgrade_schema(conninfo)
