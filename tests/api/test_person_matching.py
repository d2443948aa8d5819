"""Similar persons: scores, thresholds, order, and persons that are never proposed."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalikes import CURVE, FRONT, OTHER, SIZE, UNLIKE, People, like
from scenedex.auth.keys import Role
from scenedex.pictures.records import PicturePurpose

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Service, Site


@pytest.fixture
def people(site: Site) -> People:
    return People(site)


@pytest.fixture(scope="module")
def crowd(module_site: Site) -> People:
    return People(module_site)


def refusal(answer: httpx2.Response) -> tuple[int, str, list[str]]:
    error = answer.json()["responseError"]
    return answer.status_code, error["code"], [detail["field"] for detail in error["details"]]


def test_those_who_look_alike_come_best_first(people: People) -> None:
    person = people.add(FRONT)
    good, best = people.add(like(88, axis=2), name="Anna"), people.add(like(96))
    people.add(UNLIKE)
    people.thumbnail(good, "persons/1/a/face.jpg")

    found = people.found(person)

    assert [(one["personId"], one["name"]) for one in found] == [(best, None), (good, "Anna")]
    assert [one["score"] for one in found] == pytest.approx([96, 88], abs=0.3)
    assert "persons/1/a/face.jpg" in found[1]["thumbnailUrl"]
    assert "thumbnailUrl" not in found[0]


def test_three_are_shown_unless_more_or_fewer_are_wanted(people: People) -> None:
    person = people.add(FRONT)
    others = [people.add(like(98 - n, axis=n + 1)) for n in range(11)]

    assert people.ids(person, "") == others[:3]
    assert people.ids(person, "?personCount=1") == others[:1]
    assert people.ids(person, "?personCount=10") == others[:10]


def test_the_score_shown_is_the_score_filtered(people: People) -> None:
    person = people.add(FRONT)
    for n, score in enumerate((79.5, 80.5, 84.5, 85.5, 89.7, 90.3, 95.5)):
        people.add(like(score, axis=n + 1))
    shown = [one["score"] for one in people.found(person)]
    assert len(shown) == 6

    for threshold in range(80, 101):
        filtered = people.found(person, f"?personCount=10&scoreThreshold={threshold}")
        assert [one["score"] for one in filtered] == [score for score in shown if score >= threshold]


def test_a_copy_of_a_face_scores_100(people: People) -> None:
    generator = np.random.default_rng(4)
    face = generator.normal(size=SIZE)
    face /= np.linalg.norm(face)
    person, twin = people.add(face.tolist()), people.add(face.tolist())

    assert [(one["personId"], one["score"]) for one in people.found(person, "?scoreThreshold=100")] == [(twin, 100.0)]


def test_those_of_one_score_come_by_id(people: People) -> None:
    person = people.add(FRONT)
    others = [people.add(like(90, axis=axis)) for axis in (5, 3, 4)]

    assert people.ids(person) == others


def test_the_most_alike_pair_of_faces_counts(people: People) -> None:
    person = people.add(UNLIKE, FRONT)
    other = people.add(like(82), like(93, axis=2), like(10, axis=3))

    (found,) = people.found(person, "?scoreThreshold=90")

    assert (found["personId"], found["score"]) == (other, pytest.approx(93, abs=0.3))


def test_faces_of_different_engines_are_not_compared(people: People) -> None:
    person = people.add(FRONT)
    people.add(FRONT, engine=OTHER)
    people.add(FRONT, engine="dlib-resnet 3 other-weights")

    assert people.found(person) == []


def test_each_engine_has_its_own_scores_and_the_better_one_counts(people: People) -> None:
    person = people.add(FRONT)
    people.learn(person, FRONT, engine=OTHER)
    both = people.add(like(82))
    people.learn(both, like(91, engine=OTHER), engine=OTHER)
    one = people.add(like(85, axis=2))

    found = people.found(person)

    assert [found["personId"] for found in found] == [both, one]
    assert [found["score"] for found in found] == pytest.approx([91, 85], abs=0.3)


def test_vectors_of_another_length_are_no_obstacle(people: People) -> None:
    person, other = people.add(FRONT), people.add(like(90))
    people.add([1.0, 0.0, 0.0], engine="other 1")

    assert people.ids(person) == [other]


def test_nobody_is_like_a_person_without_faces(people: People) -> None:
    person = people.add()
    people.add(FRONT)

    assert people.found(person) == []


def test_the_faces_of_merged_persons_are_those_of_the_one_they_are_today(people: People) -> None:
    person, absorbed = people.add(UNLIKE, name="Anna"), people.add(FRONT)
    other, its_own = people.add(like(10)), people.add(like(92))
    people.merge(person, absorbed)
    people.merge(other, its_own)

    (found,) = people.found(person)

    assert (found["personId"], found["score"]) == (other, pytest.approx(92, abs=0.3))
    assert people.similar(absorbed).status_code == 404
    assert str(person) in people.similar(absorbed).text


def test_a_person_with_many_faces_does_not_hide_others(people: People) -> None:
    person = people.add(FRONT)
    crowded = people.add(*[like(97, axis=2)] * 150)
    people.merge(crowded, people.add(*[like(97, axis=3)] * 150))
    other = people.add(like(85, axis=4))

    assert people.ids(person) == [crowded, other]


def test_deleted_persons_are_not_there(people: People) -> None:
    person, gone = people.add(FRONT), people.add(FRONT)
    people.delete(gone)

    assert people.found(person) == []
    assert people.similar(gone).json()["code"] == "40407"


@pytest.mark.parametrize("order", [1, -1], ids=["earlier", "later"])
def test_rejected_pairs_are_not_shown_from_either_side(order: int, people: People) -> None:
    person, other = (people.add(FRONT), people.add(like(95)))[::order]
    people.reject(person, other)

    assert people.found(person) == people.found(other) == []


def test_a_rejection_holds_for_whoever_the_two_are_merged_into(people: People) -> None:
    person, one, other = people.add(FRONT), people.add(FRONT), people.add(like(95))
    people.reject(one, other)
    assert people.ids(person) == [one, other]

    people.merge(person, one)
    assert people.found(person) == []

    parent = people.add(like(90, axis=2))
    people.merge(parent, other)
    assert people.found(person) == people.found(parent) == []


def test_other_workspaces_are_neither_seen_nor_searched(
    people: People, service: Service, new_site: Callable[[Service], Site]
) -> None:
    person = people.add(FRONT)
    others = People(new_site(service))
    stranger = others.add(FRONT)

    assert people.found(person) == []
    assert refusal(people.similar(stranger)) == (404, "40407", ["person_id"])
    assert refusal(others.recommend(people.picture(FRONT))) == (400, "10001", ["thumbnailKey"])
    assert others.recommend(others.picture(FRONT)).json()["result"]["persons"][0]["personId"] == stranger


def test_a_key_of_other_workspaces_sees_none(people: People, service: Service) -> None:
    person = people.add(FRONT)
    api = service.api(Role.MANAGER, "elsewhere")

    assert api("GET", f"{people.site.path}/persons/{person}/similar").json()["code"] == "40401"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scoreThreshold", "79"),
        ("scoreThreshold", "101"),
        ("scoreThreshold", "high"),
        ("scoreThreshold", "80.5"),
        ("personCount", "0"),
        ("personCount", "11"),
        ("personCount", ""),
    ],
)
def test_bounds_of_a_query_are_kept(field: str, value: str, people: People) -> None:
    person = people.add(FRONT)

    assert refusal(people.similar(person, f"?{field}={value}")) == (400, "10001", [field])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scoreThreshold", 79),
        ("scoreThreshold", 101),
        ("scoreThreshold", "80"),
        ("personCount", 0),
        ("personCount", 11),
        ("thumbnailKey", None),
        ("thumbnailKey", 7),
    ],
)
def test_bounds_of_a_body_are_kept(field: str, value: object, people: People) -> None:
    body = {"thumbnailKey": people.picture(FRONT), field: value}

    answer = people.site.api("POST", f"{people.site.path}/persons/recommend-by-thumbnail", body)

    assert refusal(answer) == (400, "10001", [field])


@pytest.mark.parametrize("person", ["0", "-1", "99999999", "9" * 25])
def test_an_id_of_nobody_is_not_found(person: str, people: People) -> None:
    answer = people.site.api("GET", f"{people.site.path}/persons/{person}/similar")

    assert refusal(answer) == (404, "40407", ["person_id"])


def test_a_picture_finds_those_who_look_like_it(people: People) -> None:
    best, good = people.add(like(95), name="Anna"), people.add(like(88, axis=2))
    people.add(UNLIKE)
    key = people.picture(FRONT)

    answer = people.recommend(key).json()["result"]

    assert [(one["personId"], one["name"]) for one in answer["persons"]] == [(best, "Anna"), (good, None)]
    assert len(people.recommend(key, personCount=1).json()["result"]["persons"]) == 1
    assert len(people.recommend(key, scoreThreshold=90).json()["result"]["persons"]) == 1


def test_a_key_that_may_only_read_may_ask_for_recommendations(people: People, service: Service) -> None:
    body = {"thumbnailKey": people.picture(FRONT)}
    api = service.api(Role.VIEWER)

    assert api("POST", f"{people.site.path}/persons/recommend-by-thumbnail", body).status_code == 200
    assert api("GET", f"{people.site.path}/persons/{people.add(FRONT)}/similar").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"state": "OPEN"},
        {"state": "CHECKING"},
        {"state": "FAILED"},
        {"purpose": PicturePurpose.QUERY_IMAGE},
        {"life": "-1 second"},
    ],
    ids=["not uploaded", "not checked", "no good", "for something else", "too old"],
)
def test_only_checked_pictures_of_faces_can_be_looked_for(change: dict[str, Any], people: People) -> None:
    assert refusal(people.recommend(people.picture(FRONT, **change))) == (400, "10001", ["thumbnailKey"])


@pytest.mark.parametrize("key", ["", "unknown", "a\x00b", "😀" * 300])
def test_a_key_of_no_picture_is_refused(key: str, people: People) -> None:
    assert refusal(people.recommend(key)) == (400, "10001", ["thumbnailKey"])


def test_an_answer_takes_the_same_number_of_statements_whoever_is_alike(people: People) -> None:
    person, lonely = people.add(FRONT), people.add(UNLIKE)
    for axis in range(1, 11):
        people.thumbnail(people.add(*[like(90, axis=axis)] * 3), f"persons/1/{axis}/face.jpg")

    def statements(call: Callable[[], httpx2.Response]) -> int:
        people.service.statements.clear()
        assert call().status_code == 200
        return len(people.service.statements)

    few, many = (statements(lambda who=who: people.similar(who, "?personCount=10")) for who in (lonely, person))
    assert few == many == 6
    keys = [people.picture(UNLIKE), people.picture(FRONT)]
    few, many = (statements(lambda key=key: people.recommend(key, personCount=10)) for key in keys)
    assert few == many == 4


NUMBERS = itertools.count(1)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_similar_persons_are_those_that_comparing_all_pairs_finds(data: st.DataObject, crowd: People) -> None:
    generator = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    engine = f"dlib-resnet {next(NUMBERS)}"  # each example has faces of its own

    def faces() -> list[list[float]]:
        count = data.draw(st.integers(0, 4))
        vectors = np.array(FRONT) + generator.normal(0, 0.07, (count, SIZE))
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit.astype(np.float16).astype(float).tolist()

    groups = [faces() for _ in range(8)]
    known = dict(zip(crowd.add_all(groups, engine), groups, strict=True))
    person, *others = known
    count = data.draw(st.integers(1, 10))
    threshold = data.draw(st.integers(80, 95))

    best = {
        other: max((float(np.dot(a, b)) for a in known[person] for b in known[other]), default=0.0) for other in others
    }
    expected = sorted((CURVE.score(best[other]) for other in others), reverse=True)
    found = crowd.found(person, f"?personCount={count}&scoreThreshold={threshold}")

    # Sums of the database are of single precision: a score may differ in its last decimal.
    scores = [score for score in expected if score >= threshold][:count]
    assert [one["score"] for one in found] == pytest.approx(scores, abs=0.011)
    assert [CURVE.score(best[one["personId"]]) for one in found] == pytest.approx(scores, abs=0.011)
