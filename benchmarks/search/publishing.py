"""Small archives, published by the product as analyses publish them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.index.records import AnalysisSetting, IndexedScene, IndexedScript, IndexedVector, NewIndex
from scenedex.index.service import publish as publish_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.db.database import Transaction
    from scenedex.index.records import VectorSpace

SCENES_OF_ASSET = 50
_SCENE_MS = 5000


@dataclass(frozen=True, slots=True)
class Site:
    """A workspace and its projects to search. Assets are added to the first project."""

    workspace_id: int
    project_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """Content of a scene: dialogue, and vectors ``(n, dimension)`` of one engine."""

    lines: tuple[str, ...]
    space: VectorSpace
    engine: str
    vectors: NDArray[np.float32]


async def add_workspace(tx: Transaction, name: str) -> Site:
    """Add a workspace with its base project."""
    workspace_id = await tx.value(
        "INSERT INTO workspaces (workspace_name, created_user_name, updated_user_name)"
        " VALUES (%s, 'alice', 'alice') RETURNING workspace_id",
        name,
    )
    return Site(workspace_id, (await add_project(tx, workspace_id, name, is_base=True),))


async def add_project(tx: Transaction, workspace_id: int, name: str, *, is_base: bool = False) -> int:
    """Add a project to a workspace and return its id."""
    return await tx.value(
        "INSERT INTO projects (workspace_id, name, is_base_project, created_user_name, updated_user_name)"
        " VALUES (%s, %s, %s, 'alice', 'alice') RETURNING project_id",
        workspace_id,
        name,
        is_base,
    )


async def publish(tx: Transaction, site: Site, contents: Sequence[Content]) -> list[tuple[int, int]]:
    """Publish assets with these scenes. Return the index and number of each scene, in order."""
    keys: list[tuple[int, int]] = []
    for first in range(0, len(contents), SCENES_OF_ASSET):
        # No word of a query is similar to this name.
        file_name = f"{first:06}.mp4"
        asset_id = await tx.value(
            "INSERT INTO assets (project_id, file_name, key, import_status, create_user_name, update_user_name)"
            " VALUES (%s, %s, %s, 'COMPLETED', 'alice', 'alice') RETURNING asset_id",
            site.project_ids[0],
            file_name,
            file_name,
        )
        scenes = _scenes(contents[first : first + SCENES_OF_ASSET])
        index = NewIndex(
            asset_id, asset_id, "VIDEO", AnalysisSetting(0), (), _SCENE_MS * len(scenes), scenes, user_name="alice"
        )
        await publish_index(tx, index)
        keys += [(asset_id, scene.scene_id) for scene in scenes]
    return keys


def _scenes(contents: Sequence[Content]) -> tuple[IndexedScene, ...]:
    scenes: list[IndexedScene] = []
    line = 0
    for number, content in enumerate(contents, 1):
        span = (number - 1) * _SCENE_MS, number * _SCENE_MS
        scripts = tuple(
            IndexedScript(line + place, "Speaker 1", text, "EN", 0.9, *span)
            for place, text in enumerate(content.lines, 1)
        )
        line += len(scripts)
        vectors = tuple(
            IndexedVector(content.space, content.engine, vector.astype("<f4").tobytes(), *span)
            for vector in content.vectors
        )
        scenes.append(IndexedScene(number, *span, "keyframe.jpg", (), scripts=scripts, vectors=vectors))
    return tuple(scenes)
