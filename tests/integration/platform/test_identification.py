"""Persons of a workspace: recognised by their faces, registered once, never mixed between workspaces or engines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.calibration import DEFAULT_FACES, FaceCalibration, IdentityBounds
from scenedex.persons.identification import MAX_FACES, identify
from scenedex.persons.queries import most_similar, vector_text
from scenedex.persons.records import IdentificationScope, PersonCandidate, ThumbnailLocation

if TYPE_CHECKING:
    from tests.conftest import Site

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


def vector(*values: float) -> np.ndarray:
    unit = np.zeros(8, np.float32)
    unit[: len(values)] = values
    return unit / np.linalg.norm(unit)


def someone(
    *embeddings: np.ndarray,
    is_presentable: bool = True,
    thumbnail: ThumbnailLocation | None = None,
    spans: tuple[tuple[int, int], ...] = (),
) -> PersonCandidate:
    return PersonCandidate(np.stack(embeddings), 0.8, is_presentable, thumbnail, spans)


ANNA, BERT, CLEO = vector(1), vector(0, 1), vector(0, 0, 1)
LIKE_ANNA = vector(1, 0.2)


def similar_from(similarity: float) -> FaceCalibration:
    """Return the calibration of an engine for which a similarity is certain, however similar others are."""
    bounds = IdentityBounds(similarity, similarity, lead=0, long_lead=0, crowd=0, possible=0.7)
    return FaceCalibration(DEFAULT_FACES.curve, bounds)


@pytest.fixture
def scope(site: Site) -> IdentificationScope:
    workspace = site.service.transact(
        lambda tx: tx.value("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", site.name)
    )
    return IdentificationScope(
        workspace, "engine weights", similar_from(0.9), 10, None, site.base.register().asset_id, "maya"
    )


def who(site: Site, scope: IdentificationScope, *candidates: PersonCandidate) -> list[PersonId | None]:
    found = site.service.transact(lambda tx: identify(tx, scope, candidates))
    return [None if identity is None else identity.person_id for identity in found]


def reject(site: Site, person: int, asset_id: int, start_ms: int, end_ms: int) -> None:
    """Record a user's statement that the face at this place is not the person's."""
    site.service.rows("INSERT INTO rejected_appearances VALUES (%s, %s, %s, %s)", person, asset_id, start_ms, end_ms)


def merge(site: Site, into: int, person: int) -> None:
    site.service.rows(
        "UPDATE persons SET merged_into = CASE WHEN person_id = %s THEN %s ELSE merged_into END, root_id = %s"
        " WHERE root_id = %s",
        person,
        into,
        into,
        person,
    )


def elsewhere(site: Site, scope: IdentificationScope) -> IdentificationScope:
    return replace(scope, asset_id=site.base.register().asset_id)


def test_strangers_become_persons_and_are_known_the_next_time(site: Site, scope: IdentificationScope) -> None:
    first = who(site, scope, someone(ANNA), someone(BERT))

    assert None not in first
    assert len(set(first)) == 2
    assert who(site, elsewhere(site, scope), someone(BERT), someone(LIKE_ANNA), someone(CLEO))[:2] == first[::-1]


def test_one_person_may_be_several_candidates(site: Site, scope: IdentificationScope) -> None:
    assert len(set(who(site, scope, someone(ANNA), someone(LIKE_ANNA)))) == 1


def test_faces_that_are_not_presentable_define_nobody(site: Site, scope: IdentificationScope) -> None:
    assert who(site, scope, someone(ANNA, is_presentable=False)) == [None]


def test_faces_that_are_not_presentable_are_recognised(site: Site, scope: IdentificationScope) -> None:
    (anna,) = who(site, scope, someone(ANNA))

    assert who(site, scope, someone(LIKE_ANNA, is_presentable=False)) == [anna]


def test_only_the_most_prominent_are_taken(site: Site, scope: IdentificationScope) -> None:
    found = who(site, replace(scope, max_persons=1), someone(ANNA), someone(BERT), someone(LIKE_ANNA))

    assert found[1] is None
    assert found[0] == found[2] is not None


def test_with_tags_only_persons_that_bear_one_are_found(site: Site, scope: IdentificationScope) -> None:
    anna, _bert = who(site, scope, someone(ANNA), someone(BERT))

    async def tag(tx: Transaction) -> int:
        return await tx.value(
            "WITH tag AS (INSERT INTO person_tags (workspace_id, name, created_user_name, updated_user_name)"
            " VALUES (%s, 'cast', 'maya', 'maya') RETURNING tag_id), tie AS (INSERT INTO tags_of_persons"
            " SELECT %s, tag_id FROM tag) SELECT tag_id FROM tag",
            scope.workspace_id,
            anna,
        )

    tag_id = site.service.transact(tag)

    found = who(site, replace(scope, tag_ids=(tag_id,)), someone(BERT), someone(ANNA), someone(CLEO))
    assert found == [None, anna, None]


def test_another_engine_knows_nobody(site: Site, scope: IdentificationScope) -> None:
    (anna,) = who(site, scope, someone(ANNA))

    assert who(site, replace(scope, engine="other weights"), someone(ANNA)) != [anna]


def test_another_workspace_knows_nobody(site: Site, scope: IdentificationScope) -> None:
    (anna,) = who(site, scope, someone(ANNA))
    stranger = site.service.transact(
        lambda tx: tx.value(
            "INSERT INTO workspaces (workspace_name, created_user_name, updated_user_name)"
            " VALUES (%s, 'x', 'x') RETURNING workspace_id",
            f"{site.name}-b"[-60:],
        )
    )

    assert who(site, replace(scope, workspace_id=stranger), someone(ANNA)) != [anna]


def test_faces_of_further_assets_are_learned_up_to_a_bound(site: Site, scope: IdentificationScope) -> None:
    (anna,) = who(site, scope, someone(ANNA))

    def faces() -> int:
        return site.service.transact(
            lambda tx: tx.value("SELECT count(*) FROM person_faces WHERE person_id = %s", anna)
        )

    who(site, scope, someone(LIKE_ANNA))
    assert faces() == 1
    who(site, elsewhere(site, scope), someone(LIKE_ANNA))
    assert faces() == 2
    for _ in range(MAX_FACES + 2):
        who(site, elsewhere(site, scope), someone(LIKE_ANNA))
    assert faces() == MAX_FACES


def test_a_new_person_shows_the_thumbnail(site: Site, scope: IdentificationScope) -> None:
    (anna,) = who(site, scope, someone(ANNA, thumbnail=ThumbnailLocation("persons/1/a", "persons/1/a/face.jpg")))

    key = site.service.transact(
        lambda tx: tx.value(
            "SELECT key FROM persons p JOIN person_thumbnails ON thumbnail_id = primary_thumbnail_id"
            " WHERE p.person_id = %s",
            anna,
        )
    )
    assert key == "persons/1/a/face.jpg"


def test_a_face_that_was_rejected_is_not_given_back_when_the_asset_is_analysed_again(
    site: Site, scope: IdentificationScope
) -> None:
    (anna,) = who(site, scope, someone(ANNA))
    assert anna is not None
    reject(site, anna, scope.asset_id, 2000, 4000)

    (found,) = who(site, scope, someone(LIKE_ANNA, spans=((3000, 5000),)))

    assert found not in {anna, None}
    assert who(site, scope, someone(LIKE_ANNA, spans=((3000, 5000),))) == [found]


def test_a_rejected_face_stays_with_the_person_that_it_was_given_to(site: Site, scope: IdentificationScope) -> None:
    anna, bert = who(site, scope, someone(ANNA), someone(BERT))
    assert anna is not None
    reject(site, anna, scope.asset_id, 0, 1000)
    site.service.rows("UPDATE person_faces SET person_id = %s WHERE person_id = %s", bert, anna)

    assert who(site, scope, someone(ANNA, spans=((0, 1000),))) == [bert]


def test_a_rejected_face_keeps_its_person_after_the_two_are_merged(site: Site, scope: IdentificationScope) -> None:
    anna, bert = who(site, scope, someone(ANNA), someone(BERT))
    assert anna is not None
    assert bert is not None
    reject(site, anna, scope.asset_id, 0, 1000)
    site.service.rows("UPDATE rejected_appearances SET given_to = %s WHERE person_id = %s", bert, anna)
    site.service.rows("UPDATE person_faces SET person_id = %s WHERE person_id = %s", bert, anna)
    merge(site, anna, bert)

    assert who(site, scope, someone(ANNA, spans=((0, 1000),))) == [anna]


def test_who_looks_like_the_wrong_person_is_whom_people_named(site: Site, scope: IdentificationScope) -> None:
    (anna,) = who(site, scope, someone(ANNA))
    assert anna is not None
    reject(site, anna, scope.asset_id, 0, 1000)
    [(named,)] = site.service.rows(
        "INSERT INTO persons (workspace_id, created_user_name, updated_user_name) VALUES (%s, 'a', 'a')"
        " RETURNING person_id",
        scope.workspace_id,
    )
    site.service.rows("UPDATE rejected_appearances SET given_to = %s", named)

    assert who(site, scope, someone(BERT, LIKE_ANNA, spans=((0, 1000),))) == [named]
    assert who(site, scope, someone(CLEO, spans=((0, 1000),))) != [named]
    assert who(site, scope, someone(ANNA, spans=((1000, 2000),))) == [anna]


def test_who_has_no_picture_gets_the_first_that_is_seen(site: Site, scope: IdentificationScope) -> None:
    def pictures() -> list[str | None]:
        return [
            row[0]
            for row in site.service.rows(
                "SELECT key FROM persons p LEFT JOIN person_thumbnails ON thumbnail_id = primary_thumbnail_id"
                " WHERE p.workspace_id = %s",
                scope.workspace_id,
            )
        ]

    who(site, scope, someone(ANNA))
    assert pictures() == [None]
    for name in ("first", "second"):
        who(site, elsewhere(site, scope), someone(ANNA, thumbnail=ThumbnailLocation(f"persons/{name}", name)))
        assert pictures() == ["first"]


def test_at_other_times_and_in_other_assets_a_rejected_person_is_found(site: Site, scope: IdentificationScope) -> None:
    (anna,) = who(site, scope, someone(ANNA))
    assert anna is not None
    reject(site, anna, scope.asset_id, 2000, 4000)
    seen_then = someone(LIKE_ANNA, spans=((2000, 4000),))

    assert who(site, scope, someone(LIKE_ANNA, spans=((0, 1999), (4001, 9000)))) == [anna]
    assert who(site, elsewhere(site, scope), seen_then) == [anna]


def test_who_was_rejected_makes_room_for_the_next_best(site: Site, scope: IdentificationScope) -> None:
    anna, like_anna = who(site, replace(scope, calibration=similar_from(0.99)), someone(ANNA), someone(LIKE_ANNA))
    assert anna is not None
    reject(site, anna, scope.asset_id, 0, 1000)

    assert who(site, scope, someone(ANNA, spans=((0, 1000),))) == [like_anna]


def test_a_rejection_holds_for_whoever_the_person_is_merged_into(site: Site, scope: IdentificationScope) -> None:
    anna, bert = who(site, scope, someone(ANNA), someone(BERT))
    assert anna is not None
    assert bert is not None
    reject(site, anna, scope.asset_id, 0, 1000)
    merge(site, bert, anna)

    assert who(site, scope, someone(BERT, spans=((0, 1000),)))[0] not in {anna, bert}
    assert who(site, elsewhere(site, scope), someone(ANNA), someone(BERT)) == [bert, bert]


def test_two_persons_are_each_found_by_their_most_similar_face(site: Site, scope: IdentificationScope) -> None:
    anna, like_anna = who(site, replace(scope, calibration=similar_from(0.99)), someone(ANNA), someone(LIKE_ANNA))
    assert anna is not None
    assert like_anna is not None
    site.service.rows("INSERT INTO person_rejections VALUES (%s, %s)", min(anna, like_anna), max(anna, like_anna))

    found = who(site, elsewhere(site, scope), someone(vector(1, 0.19)), someone(vector(1, 0.01)))

    assert found == [like_anna, anna]


def test_with_tags_the_faces_of_everybody_merged_into_the_bearer_count(site: Site, scope: IdentificationScope) -> None:
    anna, bert = who(site, scope, someone(ANNA), someone(BERT))
    assert anna is not None
    assert bert is not None
    ((tag_id,),) = site.service.rows(
        "WITH tag AS (INSERT INTO person_tags (workspace_id, name, created_user_name, updated_user_name)"
        " VALUES (%s, 'cast', 'maya', 'maya') RETURNING tag_id), tie AS (INSERT INTO tags_of_persons"
        " SELECT %s, tag_id FROM tag) SELECT tag_id FROM tag",
        scope.workspace_id,
        bert,
    )
    merge(site, anna, bert)

    assert who(site, replace(scope, tag_ids=(tag_id,)), someone(ANNA), someone(CLEO)) == [anna, None]


def test_somebody_without_a_described_face_is_nobody(site: Site, scope: IdentificationScope) -> None:
    who(site, scope, someone(ANNA))

    assert who(site, scope, PersonCandidate(np.zeros((0, 8), np.float32), 0.8, True, None)) == [None]


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_the_most_similar_are_those_whom_comparing_all_pairs_finds(data: st.DataObject, module_site: Site) -> None:
    generator = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))

    def faces(count: int) -> np.ndarray:
        drawn = generator.normal(size=(count, 8))
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)

    rows = module_site.service.rows
    ((workspace,),) = rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", module_site.name)
    asset_id = module_site.base.register().asset_id
    scope = IdentificationScope(workspace, f"engine of asset {asset_id}", similar_from(0.9), 10, None, asset_id, "maya")
    known = {
        row[0]: faces(data.draw(st.integers(0, 3)))
        for row in rows(
            "INSERT INTO persons (workspace_id, created_user_name, updated_user_name)"
            " SELECT %s, 'maya', 'maya' FROM generate_series(1, 8) RETURNING person_id",
            workspace,
        )
    }
    learned = [(person, vector_text(face)) for person, own in known.items() for face in own]
    rows(
        "INSERT INTO person_faces (person_id, workspace_id, engine, embedding, quality)"
        " SELECT person, %s, %s, face::halfvec, 0.9 FROM unnest(%s::bigint[], %s::text[]) AS learned (person, face)",
        workspace,
        scope.engine,
        [person for person, _ in learned],
        [face for _, face in learned],
    )
    rejected = data.draw(st.sets(st.sampled_from(sorted(known)), max_size=6))
    rows("INSERT INTO rejected_appearances SELECT unnest(%s::bigint[]), %s, 100, 200", list(rejected), asset_id)
    candidate = PersonCandidate(faces(data.draw(st.integers(1, 4))), 0.8, True, None, ((150, 250),))

    found = module_site.service.transact(lambda tx: most_similar(tx, scope, candidate))

    expected = {
        person: max((likeness[0] + likeness[:3].mean()) / 2, 2 * likeness[0] - 1)
        for person, own in known.items()
        if person not in rejected and len(own) > 0
        for likeness in [-np.sort(-(own @ candidate.embeddings.T).max(axis=1))]
    }
    assert len(found) == min(4, len(expected))
    for one in found:
        assert one.similarity == pytest.approx(expected[one.identity.person_id], abs=1e-3)
    assert [one.similarity for one in found] == sorted((one.similarity for one in found), reverse=True)
