"""Search by words in tiers: the same best scenes as those of an exhaustive ranking, and the newest of too many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.search.conditions import conditions_of
from scenedex.search.lexicon import known_units
from scenedex.search.query import parse_query, weigh
from scenedex.search.records import DialogueConditions, PersonConditions, Scope, SearchRequest
from scenedex.search.word_conditions import sequence_conditions, unit_conditions
from scenedex.search.word_queries import TierPart, best_by_words, scoring_of
from scenedex.search.word_search import WordQuery, scenes_by_words
from search_samples import Archive, Content

if TYPE_CHECKING:
    from tests.conftest import Site

    from scenedex.db.database import Transaction
    from scenedex.search.candidate_queries import SceneCandidate

FILMS, SCENES_OF_FILM = 60, 50
# From frequent to rare. A word is the start of another, and one is the name of a person.
WORDS = ("the", "harbour", "light", "lights", "ship", "morning", "jane", "north", "volcano", "경주에서", "東京タワー")
MIN_SCORE = 0.15


@dataclass(frozen=True)
class Words:
    """A workspace of scenes with random words."""

    archive: Archive
    workspace_id: int
    project_ids: tuple[int, ...]
    asset_ids: tuple[int, ...]
    persons: tuple[int, int]

    def query(
        self, text: str, request: SearchRequest, **changes: int
    ) -> tuple[list[SceneCandidate], list[SceneCandidate]]:
        """Return the scenes found in tiers, and those of an exhaustive ranking."""

        async def run(tx: Transaction) -> tuple[list[SceneCandidate], list[SceneCandidate]]:
            parsed = parse_query(text)
            scenes, known = await known_units(tx, self.workspace_id, parsed.units)
            units = [unit_conditions(self.workspace_id, one) for one in weigh(known, scenes)]
            sequence = sequence_conditions(self.workspace_id, parsed.terms)
            query = replace(WordQuery(units, sequence, scenes, MIN_SCORE, MIN_SCORE, 10), **changes)
            conditions = conditions_of(self.workspace_id, request)
            found = await scenes_by_words(tx, query, conditions)
            scoring = scoring_of(units, sequence)
            ranking = await best_by_words(tx, scoring, conditions, TierPart([]), min_score=MIN_SCORE, max_scenes=10**6)
            return found, ranking.best

        return self.archive.service.transact(run)


@pytest.fixture(scope="module")
def words(module_site: Site) -> Words:
    archive, random = Archive(module_site), np.random.default_rng(1)
    service = archive.service
    persons = tuple(
        service.rows(
            "INSERT INTO persons (workspace_id, name, created_user_name, updated_user_name)"
            " SELECT workspace_id, %s, 'alice', 'alice' FROM workspaces WHERE workspace_name = %s RETURNING person_id",
            name,
            module_site.name,
        )[0][0]
        for name in ("Jane North", "John Ship")
    )
    folders = [module_site.base, module_site.project("second")]
    chances = 0.6 ** np.arange(len(WORDS))
    items: list[int] = []
    for number in range(FILMS):
        contents: list[Content] = []
        for _ in range(SCENES_OF_FILM):
            drawn = [str(word) for word in random.choice(WORDS, random.integers(1, 7), p=chances / chances.sum())]
            shown = sorted(one for one in persons if random.random() < 0.1)
            text = " ".join(drawn)
            is_said = random.random() < 0.8
            contents.append(Content(said=[text], persons=shown) if is_said else Content(unsure=[text], persons=shown))
        items.append(archive.film(*contents, folder=folders[number % 5 == 0], file_name=f"{number}.mp4").asset_id)
    [(workspace_id,)] = service.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", module_site.name)
    ids = tuple(folder.project_id for folder in folders)
    return Words(archive, workspace_id, ids, tuple(items), (persons[0], persons[1]))


TEXTS = st.lists(st.sampled_from((*WORDS, "lighthouse", "hidden")), min_size=1, max_size=7).map(" ".join)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_best_scenes_of_any_filter_are_those_of_an_exhaustive_ranking(data: st.DataObject, words: Words) -> None:
    projects = data.draw(st.sets(st.sampled_from(words.project_ids), min_size=1))
    assets = data.draw(st.none() | st.sets(st.sampled_from(words.asset_ids), min_size=1, max_size=8))
    must, none = data.draw(st.sets(st.sampled_from(words.persons))), data.draw(st.sets(st.sampled_from(words.persons)))
    said = data.draw(st.sampled_from(["", "", "ship", "harbour light"]))
    request = SearchRequest(
        scope=Scope(tuple(projects), None if assets is None else tuple(assets)),
        text="anything",
        persons=PersonConditions(tuple(must), (), tuple(none)),
        dialogues=DialogueConditions((said,) if said else ()),
    )
    at_once = data.draw(st.sampled_from([0, 30, 300, 3000]))

    found, ranking = words.query(data.draw(TEXTS), request, max_at_once=at_once, max_ranked=10**6)

    assert [one.value for one in found] == pytest.approx([one.value for one in ranking[:10]])
    assert found == ranking[:10] or found[-1].value == pytest.approx(ranking[10].value)


def test_of_too_many_equal_scenes_the_newest_are_ranked(words: Words) -> None:
    request = SearchRequest(Scope(words.project_ids), text="harbour")

    found, ranking = words.query("harbour", request, max_at_once=0, max_ranked=20)

    newest = {one.index_id for one in found}
    assert found[0].value == pytest.approx(ranking[0].value, rel=0.1)
    assert min(newest) > max(one.index_id for one in ranking) - FILMS // 2


def test_scenes_with_more_of_a_query_precede_newer_ones(words: Words) -> None:
    request = SearchRequest(Scope(words.project_ids), text="volcano harbour")

    found, ranking = words.query("volcano harbour", request, max_ranked=20, max_at_once=20)

    assert [one.value for one in found[:3]] == pytest.approx([one.value for one in ranking[:3]], rel=0.1)
