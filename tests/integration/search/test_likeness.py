"""Comparison of vectors: hits equal to those of brute force, of one engine at a time, scored by a sample of scenes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.search import likeness_queries
from scenedex.search.conditions import conditions_of
from scenedex.search.likeness_queries import Likeness
from scenedex.search.records import DialogueConditions, PersonConditions, Scope, SearchRequest
from search_samples import TOY, Archive, Content, meaning

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.conftest import Site

    from scenedex.db.database import Transaction
    from scenedex.search.candidate_queries import SceneCandidate

SCENES, SIZE = 400, 64  # the size of the toy engine in other tests


@dataclass(frozen=True)
class Cloud:
    """A workspace of scenes with random vectors and known facts."""

    archive: Archive
    workspace_id: int
    vectors: dict[tuple[int, int], NDArray[np.float32]]
    facts: dict[tuple[int, int], tuple[int, int, frozenset[int], str]]
    """Project, asset, persons and line by index and scene."""
    persons: tuple[int, int]

    def look(self, query: NDArray[np.float32], request: SearchRequest, **changes: Any) -> list[SceneCandidate]:
        like = Likeness(self.workspace_id, "TEXT", TOY, str(query.tolist()))
        options: dict[str, Any] = {"min_similarity": -1.0, "max_scenes": 10, **changes}

        async def run(tx: Transaction) -> list[SceneCandidate]:
            return await likeness_queries.exactly_nearest(
                tx, like, conditions_of(self.workspace_id, request), **options
            )

        return self.archive.service.transact(run)


def unit(values: NDArray[np.float64]) -> NDArray[np.float32]:
    # The database stores 16-bit floats.
    return (values / np.linalg.norm(values)).astype(np.float16).astype(np.float32)


@pytest.fixture(scope="module")
def cloud(module_site: Site) -> Cloud:
    archive, random = Archive(module_site), np.random.default_rng(1)
    service = archive.service
    persons = tuple(
        service.rows(
            "INSERT INTO persons (workspace_id, name, created_user_name, updated_user_name)"
            " SELECT workspace_id, %s, 'alice', 'alice' FROM workspaces WHERE workspace_name = %s RETURNING person_id",
            name,
            module_site.name,
        )[0][0]
        for name in ("Jane", "John")
    )
    folders = [module_site.base, module_site.project("second")]
    vectors: dict[tuple[int, int], NDArray[np.float32]] = {}
    facts: dict[tuple[int, int], tuple[int, int, frozenset[int], str]] = {}
    for number in range(SCENES // 20):
        made = [unit(random.normal(size=SIZE)) for _ in range(20)]
        seen = [frozenset(one for one in persons if random.random() < 0.3) for _ in made]
        lines = [str(random.choice(["good morning", "good night"])) for _ in made]
        contents = [
            Content(said=[line], persons=sorted(who), meaning=vector.tolist())
            for vector, who, line in zip(made, seen, lines, strict=True)
        ]
        folder = folders[number % 7 == 0]
        item = archive.film(*contents, folder=folder)
        [(index_id,)] = service.rows("SELECT index_id FROM indexes WHERE asset_id = %s", item.asset_id)
        for scene, (vector, who, line) in enumerate(zip(made, seen, lines, strict=True), 1):
            vectors[index_id, scene] = vector
            facts[index_id, scene] = folder.project_id, item.asset_id, who, line
    [(workspace_id,)] = service.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", module_site.name)
    return Cloud(archive, workspace_id, vectors, facts, (persons[0], persons[1]))


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_the_most_alike_of_any_filter_are_those_of_brute_force(data: st.DataObject, cloud: Cloud) -> None:
    random = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    query = unit(random.normal(size=SIZE))
    projects = data.draw(st.sets(st.sampled_from(sorted({fact[0] for fact in cloud.facts.values()})), min_size=1))
    assets = data.draw(
        st.none() | st.sets(st.sampled_from(sorted({fact[1] for fact in cloud.facts.values()})), min_size=1)
    )
    must = data.draw(st.sets(st.sampled_from(cloud.persons)))
    none = data.draw(st.sets(st.sampled_from(cloud.persons)))
    said = data.draw(st.sampled_from(["", "morning", "good night", "tomorrow"]))
    request = SearchRequest(
        scope=Scope(tuple(projects), None if assets is None else tuple(assets)),
        text="anything",
        persons=PersonConditions(tuple(must), (), tuple(none)),
        dialogues=DialogueConditions((said,) if said else ()),
    )

    found = cloud.look(query, request)

    met = {
        key
        for key, (project, asset, who, line) in cloud.facts.items()
        if project in projects
        and (assets is None or asset in assets)
        and must <= who
        and not none & who
        and said in line
    }
    best = sorted((float(cloud.vectors[key] @ query) for key in met), reverse=True)[:10]
    assert [one.value for one in found] == pytest.approx(best, abs=1e-3)
    assert {(one.index_id, one.scene_id) for one in found} <= met


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


def test_a_scene_is_found_by_what_its_words_mean(archive: Archive) -> None:
    others = [Content(said=["weather"], meaning=meaning(f"weather {number}")) for number in range(30)]
    film = archive.film(Content(said=["vessel"], meaning=meaning("ship harbour")), *others)

    assert archive.found("ship harbour", handler=archive.handler_with_meaning()) == [(film.asset_id, 1)]
    assert archive.found("volcano eruption", handler=archive.handler_with_meaning()) == []


def test_a_scene_with_several_vectors_is_one_hit_with_the_time_of_the_best(archive: Archive) -> None:
    others = [Content(said=["weather"], meaning=meaning(f"weather {number}")) for number in range(30)]
    film = archive.film(Content(said=["vessel"], meaning=meaning("ship harbour")), *others)
    archive.service.rows(
        "INSERT INTO scene_vectors"
        " (index_id, scene_id, workspace_id, space, engine, place, start_ms, end_ms, embedding)"
        " SELECT index_id, scene_id, workspace_id, space, engine, place + 1, 100, 200, %s::halfvec"
        " FROM scene_vectors JOIN indexes USING (index_id) WHERE asset_id = %s AND scene_id = 1",
        str(meaning("volcano eruption")),
        film.asset_id,
    )
    [(workspace_id,)] = archive.service.rows(
        "SELECT workspace_id FROM workspaces WHERE workspace_name = %s", archive.site.name
    )
    request = SearchRequest(scope=Scope(), text="anything")

    def nearest(text: str) -> list[SceneCandidate]:
        like = Likeness(workspace_id, "TEXT", TOY, str(meaning(text)))
        conditions = conditions_of(workspace_id, request)
        return archive.service.transact(
            lambda tx: likeness_queries.exactly_nearest(tx, like, conditions, min_similarity=0.1, max_scenes=10)
        )

    [volcano] = nearest("volcano eruption")
    [ship] = nearest("ship harbour")

    assert (volcano.scene_id, volcano.start_ms, volcano.end_ms) == (1, 100, 200)
    assert (ship.scene_id, ship.start_ms) == (1, 0)


def test_words_and_meaning_together_are_surer_than_either(archive: Archive) -> None:
    others = [Content(said=["weather"], meaning=meaning(f"weather {number}")) for number in range(30)]
    archive.film(
        Content(said=["ship in the harbour"], meaning=meaning("ship harbour")),
        Content(said=["ship in the harbour"], meaning=meaning("aaa bbb ccc")),
        Content(said=["vessel"], meaning=meaning("ship harbour")),
        *others,
    )

    hits = archive.search("ship harbour lights", handler=archive.handler_with_meaning())["results"]

    assert hits[0]["sceneId"] == 1
    assert hits[0]["score"] > max(hit["score"] for hit in hits[1:])


def test_vectors_of_another_engine_are_never_compared(archive: Archive) -> None:
    film = archive.film(
        Content(said=["one"], meaning=meaning("ship harbour"), text_engine="former 1"),
        Content(said=["two"], meaning=meaning("ship harbour")),
        *(Content(said=["weather"], meaning=meaning(f"weather {number}")) for number in range(30)),
    )

    result = archive.search("ship harbour", handler=archive.handler_with_meaning())

    assert [(hit["assetId"], hit["sceneId"]) for hit in result["results"]] == [(film.asset_id, 2)]
    assert "former 1" in result["statusMessage"]


def test_an_engine_that_cannot_be_loaded_leaves_the_words_to_be_searched(archive: Archive) -> None:
    film = archive.film(
        Content(said=["ship"], meaning=meaning("ship"), text_engine="sentence-embedding 1 all-minilm-l6-v2")
    )

    result = archive.search("ship")

    assert [(hit["assetId"], hit["sceneId"]) for hit in result["results"]] == [(film.asset_id, 1)]
    assert "scenedex weights pull all-minilm-l6-v2" in result["statusMessage"]


def test_meaning_that_is_switched_off_is_not_compared(archive: Archive) -> None:
    others = [Content(said=["weather"], meaning=meaning(f"weather {number}")) for number in range(30)]
    archive.film(Content(said=["vessel"], meaning=meaning("ship harbour")), *others)

    assert archive.found("ship harbour", handler=archive.handler_with_meaning(by_meaning=False)) == []
