"""A workspace with many persons, written as analyses write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenedex.persons.queries import vector_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from numpy.typing import NDArray

    Connection = psycopg.Connection[tuple[object, ...]]

WORKSPACE = "newsroom"
ENGINE = "dlib-resnet 3 dlib-resnet-v1"
FACES = 3
PICTURE = "benchmark"
ANONYMOUS_OF_TEN = 7
_DIMENSION = 128
_BATCH = 10_000
# Faces as the bundled engine describes them: strangers have a cosine of about 0.85 and differ in a few directions
# only, so that some of them are alike. Faces of one person have about 0.95.
_DIRECTIONS = 16
_COMMON, _OWN, _CHANGING = np.sqrt((0.85, 0.10, 0.05))


@dataclass(frozen=True, slots=True)
class People:
    """Persons of a workspace.

    Attributes:
        workspace_id: the workspace.
        asset_id: an asset of the workspace.
        first: the minimum of the persons' consecutive ids.
        count: number of persons.
    """

    workspace_id: int
    asset_id: int
    first: int
    count: int


def fill(connection: Connection, persons: int) -> People:
    """Write a workspace with that many persons, each with three faces and a thumbnail, and an uploaded picture."""
    workspace_id = number(
        connection,
        "INSERT INTO workspaces (workspace_name, created_user_name, updated_user_name)"
        f" VALUES ('{WORKSPACE}', 'alice', 'alice') RETURNING workspace_id",
    )
    asset_id = number(
        connection,
        "WITH made AS (INSERT INTO projects (workspace_id, name, is_base_project, created_user_name, updated_user_name)"
        f" VALUES ({workspace_id}, 'base', true, 'alice', 'alice') RETURNING project_id)"
        " INSERT INTO assets (project_id, file_name, key, bucket_name, create_user_name, update_user_name)"
        " SELECT project_id, 'news.mp4', 'news.mp4', 'footage', 'alice', 'alice' FROM made RETURNING asset_id",
    )
    connection.execute(_PERSONS, {"workspace": workspace_id, "persons": persons, "anonymous": ANONYMOUS_OF_TEN})
    connection.execute(_THUMBNAILS)
    connection.execute(
        "UPDATE persons p SET primary_thumbnail_id = thumbnail_id FROM person_thumbnails t"
        " WHERE t.person_id = p.person_id"
    )
    connection.execute(_TAGS, {"workspace": workspace_id})
    first = number(connection, "SELECT min(person_id) FROM persons")
    with connection.cursor() as cursor, cursor.copy(_FACES) as rows:
        for place, vector in enumerate(vectors(persons)):
            rows.write_row((first + place // FACES, workspace_id, ENGINE, vector_text(vector), 0.8))
    connection.execute(_UPLOAD, {"workspace": workspace_id, "key": PICTURE, "person": first, "engine": ENGINE})
    connection.execute("VACUUM (ANALYZE)")
    return People(workspace_id, asset_id, first, persons)


def number(connection: Connection, statement: str) -> int:
    """The first column of the first row."""
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    assert isinstance(row[0], int)
    return row[0]


def vectors(persons: int) -> Iterator[NDArray[np.float32]]:
    """Unit vectors, three for each person in turn."""
    chance = np.random.default_rng(1)
    common = _units(chance.normal(size=(1, _DIMENSION)))
    directions, _ = np.linalg.qr(chance.normal(size=(_DIMENSION, _DIRECTIONS)))
    for begun in range(0, persons, _BATCH):
        count = min(_BATCH, persons - begun)
        own = np.repeat(_units(chance.normal(size=(count, _DIRECTIONS)) @ directions.T), FACES, axis=0)
        changing = _units(chance.normal(size=(count * FACES, _DIMENSION)))
        yield from _units(_COMMON * common + _OWN * own + _CHANGING * changing).astype(np.float32)


def _units(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


_PERSONS = """
INSERT INTO persons (workspace_id, name, created_user_name, created_time, updated_user_name, asset_count, scene_count)
SELECT %(workspace)s, CASE WHEN n %% 10 >= %(anonymous)s THEN 'Person ' || n END, 'alice',
    timestamptz '2024-01-01 06:00:00+00' + n * interval '71 seconds', 'alice', n * 7919 %% 200, n * 7919 %% 900
FROM generate_series(1, %(persons)s::bigint) AS n
ORDER BY n
"""
_THUMBNAILS = """
INSERT INTO person_thumbnails (person_id, folder, key)
SELECT person_id, 'persons/' || person_id, 'persons/' || person_id || '/face.jpg' FROM persons ORDER BY person_id
"""
_TAGS = """
WITH made AS (
    INSERT INTO person_tags (workspace_id, name, created_user_name, updated_user_name)
    SELECT %(workspace)s, 'tag ' || n, 'alice', 'alice' FROM generate_series(0, 9) AS n RETURNING tag_id
)
INSERT INTO tags_of_persons (person_id, tag_id)
SELECT person_id, tag_id FROM persons JOIN made ON person_id %% 20 = tag_id %% 10
"""
_FACES = "COPY person_faces (person_id, workspace_id, engine, embedding, quality) FROM STDIN"
_UPLOAD = """
WITH made AS (
    INSERT INTO pictures (picture_key, workspace_id, purpose, file_name, state, object_key, expires_time)
    VALUES (%(key)s, %(workspace)s, 'PERSON_THUMBNAIL', 'face.jpg', 'COMPLETED', 'pictures/x', now() + interval '1 day')
)
INSERT INTO faces_of_pictures (picture_key, engine, embedding, quality)
SELECT %(key)s, %(engine)s, embedding, 0.8 FROM person_faces WHERE person_id = %(person)s LIMIT 1
"""
