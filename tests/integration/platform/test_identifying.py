"""Persons of a workspace: found again by their faces, registered once, never mixed between workspaces or engines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scenedex.persons.identifying import MOST_FACES, identify
from scenedex.persons.records import Candidate, Looking, ThumbnailPlace

if TYPE_CHECKING:
    from tests.conftest import Site

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


def vector(*values: float) -> np.ndarray:
    unit = np.zeros(8, np.float32)
    unit[: len(values)] = values
    return unit / np.linalg.norm(unit)


def someone(*embeddings: np.ndarray, is_presentable: bool = True, thumbnail: ThumbnailPlace | None = None) -> Candidate:
    return Candidate(np.stack(embeddings), 0.8, is_presentable, thumbnail)


ANNA, BERT, CLEO = vector(1), vector(0, 1), vector(0, 0, 1)
LIKE_ANNA = vector(1, 0.2)


@pytest.fixture
def looking(site: Site) -> Looking:
    workspace = site.service.transact(
        lambda tx: tx.value("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", site.name)
    )
    return Looking(workspace, "engine weights", 0.9, 10, None, site.base.register().asset_id, "maya")


def who(site: Site, looking: Looking, *candidates: Candidate) -> list[PersonId | None]:
    found = site.service.transact(lambda tx: identify(tx, looking, candidates))
    return [None if identity is None else identity.person_id for identity in found]


def elsewhere(site: Site, looking: Looking) -> Looking:
    return replace(looking, asset_id=site.base.register().asset_id)


def test_strangers_become_persons_and_are_known_the_next_time(site: Site, looking: Looking) -> None:
    first = who(site, looking, someone(ANNA), someone(BERT))

    assert None not in first
    assert len(set(first)) == 2
    assert who(site, elsewhere(site, looking), someone(BERT), someone(LIKE_ANNA), someone(CLEO))[:2] == first[::-1]


def test_one_person_may_be_several_candidates(site: Site, looking: Looking) -> None:
    assert len(set(who(site, looking, someone(ANNA), someone(LIKE_ANNA)))) == 1


def test_faces_that_are_not_presentable_define_nobody(site: Site, looking: Looking) -> None:
    assert who(site, looking, someone(ANNA, is_presentable=False)) == [None]


def test_faces_that_are_not_presentable_are_recognised(site: Site, looking: Looking) -> None:
    (anna,) = who(site, looking, someone(ANNA))

    assert who(site, looking, someone(LIKE_ANNA, is_presentable=False)) == [anna]


def test_only_the_most_prominent_are_taken(site: Site, looking: Looking) -> None:
    found = who(site, replace(looking, most_persons=1), someone(ANNA), someone(BERT), someone(LIKE_ANNA))

    assert found[1] is None
    assert found[0] == found[2] is not None


def test_with_tags_only_persons_that_bear_one_are_found(site: Site, looking: Looking) -> None:
    anna, _bert = who(site, looking, someone(ANNA), someone(BERT))

    async def tag(tx: Transaction) -> int:
        return await tx.value(
            "WITH tag AS (INSERT INTO person_tags (workspace_id, name, created_user_name, updated_user_name)"
            " VALUES (%s, 'cast', 'maya', 'maya') RETURNING tag_id), tie AS (INSERT INTO tags_of_persons"
            " SELECT %s, tag_id FROM tag) SELECT tag_id FROM tag",
            looking.workspace_id,
            anna,
        )

    tag_id = site.service.transact(tag)

    found = who(site, replace(looking, tag_ids=(tag_id,)), someone(BERT), someone(ANNA), someone(CLEO))
    assert found == [None, anna, None]


def test_another_engine_knows_nobody(site: Site, looking: Looking) -> None:
    (anna,) = who(site, looking, someone(ANNA))

    assert who(site, replace(looking, engine="other weights"), someone(ANNA)) != [anna]


def test_another_workspace_knows_nobody(site: Site, looking: Looking) -> None:
    (anna,) = who(site, looking, someone(ANNA))
    stranger = site.service.transact(
        lambda tx: tx.value(
            "INSERT INTO workspaces (workspace_name, created_user_name, updated_user_name)"
            " VALUES (%s, 'x', 'x') RETURNING workspace_id",
            f"{site.name}-b"[-60:],
        )
    )

    assert who(site, replace(looking, workspace_id=stranger), someone(ANNA)) != [anna]


def test_faces_of_further_assets_are_learned_up_to_a_bound(site: Site, looking: Looking) -> None:
    (anna,) = who(site, looking, someone(ANNA))

    def faces() -> int:
        return site.service.transact(
            lambda tx: tx.value("SELECT count(*) FROM person_faces WHERE person_id = %s", anna)
        )

    who(site, looking, someone(LIKE_ANNA))
    assert faces() == 1
    who(site, elsewhere(site, looking), someone(LIKE_ANNA))
    assert faces() == 2
    for _ in range(MOST_FACES + 2):
        who(site, elsewhere(site, looking), someone(LIKE_ANNA))
    assert faces() == MOST_FACES


def test_a_new_person_shows_the_thumbnail(site: Site, looking: Looking) -> None:
    (anna,) = who(site, looking, someone(ANNA, thumbnail=ThumbnailPlace("persons/1/a", "persons/1/a/face.jpg")))

    key = site.service.transact(
        lambda tx: tx.value(
            "SELECT key FROM persons p JOIN person_thumbnails ON thumbnail_id = primary_thumbnail_id"
            " WHERE p.person_id = %s",
            anna,
        )
    )
    assert key == "persons/1/a/face.jpg"
