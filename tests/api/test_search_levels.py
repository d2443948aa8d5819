"""Levels of confidence, and conditions compared with brute force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from person_samples import met
from search_samples import Archive, Content, lines, persons, scenes

if TYPE_CHECKING:
    from tests.conftest import Site

LOW = {"confidenceLevel": "LOW"}
THRESHOLDS = {"LOW": 30, "MEDIUM": 50, "HIGH": 75}
LINES = ("good morning", "morning news 港", "good night")
SUBSETS = st.lists(st.integers(0, 2), max_size=2, unique=True)


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


class TestLevels:
    def by_level(self, archive: Archive, text: str) -> dict[str, dict[tuple[int, int], float]]:
        return {
            level: {
                (hit["assetId"], hit["sceneId"]): hit["score"]
                for hit in archive.search(text, queryOption={"confidenceLevel": level})["results"]
            }
            for level in THRESHOLDS
        }

    def test_a_higher_level_finds_fewer_scenes(self, archive: Archive) -> None:
        archive.film(
            Content(said=["grey ship harbour lighthouse"]),
            Content(said=["ship harbour lighthouse"]),
            Content(said=["harbour lighthouse"]),
            Content(said=["lighthouse"]),
            Content(unsure=["grey ship harbour lighthouse"]),
            *(Content(said=["weather"]) for _ in range(20)),
        )

        numbers = [len(found) for found in self.by_level(archive, "grey ship harbour lighthouse").values()]

        assert numbers[0] > numbers[1] > numbers[2] > 0

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=st.lists(st.sampled_from(["ship", "harbour", "lighthouse", "fog", "zebra"]), min_size=1).map(" ".join))
    def test_every_level_finds_the_hits_of_a_higher_one_and_none_below_its_minimum(
        self, text: str, varied: Archive
    ) -> None:
        found = self.by_level(varied, text)

        assert found["LOW"].keys() >= found["MEDIUM"].keys() >= found["HIGH"].keys()
        for level, least in THRESHOLDS.items():
            assert all(least <= score <= 100 for score in found[level].values())

    def test_minimum_scores_are_those_of_the_settings(self, archive: Archive) -> None:
        archive.film(Content(unsure=["ship"]), Content(said=["ship"]))

        def found(level: str, **scores: float) -> list[int]:
            handler = archive.handler(min_scores={"LOW": 0, "MEDIUM": 99, "HIGH": 100, **scores})
            hits = archive.found("ship", queryOption={"confidenceLevel": level}, handler=handler)
            return [scene_id for _, scene_id in hits]

        assert found("LOW") == [2, 1]
        assert found("HIGH") == []
        assert found("MEDIUM", MEDIUM=70) == [2]

    def test_a_minimum_of_0_finds_every_scene_with_any_word_of_a_text(self, archive: Archive) -> None:
        archive.film(*(Content(said=[word]) for word in ("ship", "zebra", "fog")), Content())
        handler = archive.handler(min_scores={"LOW": 0, "MEDIUM": 0, "HIGH": 0})

        assert sorted(scenes(archive, {}, "ship zebra unicorn", handler=handler)) == [1, 2]


@pytest.fixture(scope="module")
def varied(module_site: Site) -> Archive:
    """Draw scenes with some of a few words, persons and lines."""
    archive = Archive(module_site)
    people = [met(module_site) for _ in range(3)]
    words = ("ship", "harbour", "lighthouse", "fog")
    for film in range(3):
        archive.film(
            *(
                Content(
                    said=[line for bit, line in enumerate(LINES) if (number + film) >> bit & 1],
                    shown=[" ".join(word for bit, word in enumerate(words) if number >> bit & 1)],
                    persons=[person for bit, person in enumerate(people) if (number * 3 + film) >> bit & 1],
                )
                for number in range(16)
            )
        )
    return archive


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.fixed_dictionaries({"must": SUBSETS, "any": SUBSETS, "not": SUBSETS}),
    what=st.fixed_dictionaries({"must": SUBSETS, "any": SUBSETS, "not": SUBSETS}),
)
def test_hits_equal_those_of_brute_force(
    who: dict[str, list[int]], what: dict[str, list[int]], varied: Archive
) -> None:
    if not any((*who.values(), *what.values())):
        return
    found = varied.service.rows(
        "SELECT a.asset_id, s.scene_id, array(SELECT person_id FROM appearances x WHERE x.index_id = s.index_id"
        " AND x.scene_id = s.scene_id), array(SELECT text FROM scripts x WHERE x.index_id = s.index_id"
        " AND x.scene_id = s.scene_id) FROM scenes s JOIN indexes USING (index_id) JOIN assets a USING (asset_id)"
        " WHERE a.project_id = %s",
        varied.site.base_project,
    )
    people = sorted({person for _, _, seen, _ in found for person in seen})

    def met_by(asked: dict[str, list[int]], have: set[int]) -> bool:
        return (
            set(asked["must"]) <= have
            and (not asked["any"] or not have.isdisjoint(asked["any"]))
            and have.isdisjoint(asked["not"])
        )

    expected = {
        (asset_id, scene_id)
        for asset_id, scene_id, seen, said in found
        if met_by(who, {people.index(one) for one in seen}) and met_by(what, {LINES.index(one) for one in said})
    }
    query = {
        **persons(**{kind: [people[one] for one in ids] for kind, ids in who.items()}),
        **lines(**{kind: [LINES[one] for one in ids] for kind, ids in what.items()}),
    }

    search_id = varied.requested(query=query)
    varied.run(search_id)

    hits = varied.get(search_id, "?pageSize=100")["results"]
    assert {(hit["assetId"], hit["sceneId"]) for hit in hits} == expected
