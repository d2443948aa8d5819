"""Concurrent changes of identities: they run one after the other, and none stays half done."""

from __future__ import annotations

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from people_samples import Cast, Seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Site


@pytest.fixture
def cast(site: Site) -> Cast:
    return Cast.of(site)


def path(cast: Cast, person_id: int, below: str = "") -> str:
    return f"{cast.site.path}/persons/{person_id}{below}"


def merge(cast: Cast, person_id: int, other: int) -> tuple[str, str, object]:
    return "POST", path(cast, person_id, "/merge"), {"personIds": [other]}


def roots(cast: Cast) -> dict[int, tuple[int, int | None]]:
    rows = cast.rows("SELECT person_id, root_id, merged_into FROM persons WHERE workspace_id = %s", cast.workspace_id)
    return {person: (root, parent) for person, root, parent in rows}


def assert_consistent(cast: Cast) -> None:
    """Assert that stored counts are correct, and that the root of each person is the end of its merges."""
    written, counted = cast.counts()
    assert written == counted
    known = roots(cast)
    for person, (root, _) in known.items():
        at = person
        while (parent := known[at][1]) is not None:
            at = parent
        assert at == root


def all_at_once(*works: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(work) for work in works]]


def test_of_two_who_are_merged_into_each_other_one_wins(cast: Cast) -> None:
    for _ in range(8):
        _, (anna, bert) = cast.film(Seen(0), Seen(1))

        answers = cast.site.api.at_once(merge(cast, anna, bert), merge(cast, bert, anna))

        assert sorted(answer.status_code for answer in answers) == [200, 404]
        winner, loser = (anna, bert) if answers[0].status_code == 200 else (bert, anna)
        assert roots(cast)[loser] == (winner, winner)
        assert_consistent(cast)
        cast.done("DELETE", winner)


def test_of_many_merges_of_one_person_one_wins(cast: Cast) -> None:
    _, people = cast.film(*(Seen(face) for face in range(8)))
    absorbed = people[0]

    answers = cast.site.api.at_once(*(merge(cast, person, absorbed) for person in people[1:]))

    assert sorted(answer.status_code for answer in answers) == [200, *[404] * 6]
    assert_consistent(cast)


def test_merges_in_a_ring_never_end_in_one(cast: Cast) -> None:
    _, people = cast.film(*(Seen(face) for face in range(6)))

    answers = cast.site.api.at_once(
        *(merge(cast, person, other) for person, other in itertools.pairwise([*people, people[0]]))
    )

    assert {answer.status_code for answer in answers} == {200, 404}
    assert_consistent(cast)


def test_an_analysis_beside_a_merge_finds_who_is_there_before_or_after(cast: Cast) -> None:
    for _ in range(5):
        _, (anna, bert) = cast.film(Seen(0), Seen(1))
        item = cast.site.base.register()

        all_at_once(
            lambda item=item: cast.analyse(item, Seen(1), Seen(2, offset_ms=500)),
            lambda anna=anna, bert=bert: cast.done("POST", anna, "/merge", {"personIds": [bert]}),
        )

        assert cast.seen_in(item)[0][2] == anna
        assert cast.shown(anna)["assetCount"] == 2
        assert_consistent(cast)
        cast.done("DELETE", anna)


def test_an_analysis_beside_a_move_loses_nothing(cast: Cast) -> None:
    for _ in range(5):
        item, (anna, _) = cast.film(Seen(0), Seen(0, scene_id=2))
        chosen = {"appearances": [{"assetId": item.asset_id, "sceneId": 2}]}

        _, answer = all_at_once(
            lambda item=item: cast.analyse(item, Seen(0), Seen(0, scene_id=2)),
            lambda anna=anna, chosen=chosen: cast.call("POST", anna, "/split", chosen).status_code,
        )

        assert answer == 200
        assert len(cast.seen_in(item)) == 2
        assert_consistent(cast)
        cast.done("DELETE", anna)


def test_assets_and_indexes_that_go_beside_merges_and_moves_take_their_counts_along(cast: Cast) -> None:
    folder = cast.site.project("going")
    kept, people = cast.film(*(Seen(face) for face in range(8)))
    going = [cast.film(*(Seen(face) for face in range(8)))[0] for _ in range(4)]
    indexes = [cast.film(*(Seen(face) for face in range(8)))[0] for _ in range(4)]
    moved = [cast.film(*(Seen(face) for face in range(8)), folder=folder)[0] for _ in range(4)]
    merges = [merge(cast, one, other) for one, other in zip(people[:6:2], people[1:6:2], strict=True)]
    moves = [
        ("POST", path(cast, people[6], "/split"), {"appearances": [{"assetId": item.asset_id}], "personId": people[7]})
        for item in (*going, *moved)
    ]

    answers = cast.site.api.at_once(
        *(("DELETE", item.path, None) for item in going),
        *merges,
        *(("DELETE", f"{item.path}/index", None) for item in indexes),
        *moves,
        ("DELETE", folder.path, None),
    )

    codes = [answer.status_code for answer in answers]
    assert codes[: -len(moves) - 1] == [200] * (len(going) + len(merges) + len(indexes))
    assert set(codes[-len(moves) - 1 : -1]) <= {200, 400, 409}
    assert codes[-1] == 200
    assert_consistent(cast)
    assert {cast.shown(person)["assetCount"] for person in people[:6:2]} == {1}
    assert len(cast.seen_in(kept)) == 8


def test_whatever_is_done_at_once_nothing_is_half_done(cast: Cast) -> None:
    chance = random.Random(7)  # noqa: S311  # no secret
    item, people = cast.film(*(Seen(face) for face in range(8)))
    place = {"appearances": [{"assetId": item.asset_id}]}
    calls: list[tuple[str, str, object]] = []
    for _ in range(30):
        one, other = chance.sample(people, 2)
        calls += chance.sample(
            [
                merge(cast, one, other),
                ("POST", path(cast, one, "/split"), {"mergedPersonId": other}),
                ("POST", path(cast, one, "/split"), {**place, "personId": other}),
                ("POST", path(cast, one, "/reject"), place),
                ("PATCH", path(cast, one), {"name": chance.choice("abc")}),
                ("DELETE", path(cast, one, chance.choice(["", "?erase=true"])), None),
            ],
            counts=[4, 3, 2, 2, 3, 1],
            k=1,
        )

    answers = cast.site.api.at_once(*calls)

    assert {answer.status_code for answer in answers} <= {200, 400, 404, 409}
    assert_consistent(cast)
