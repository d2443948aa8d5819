"""Invariants of persons under any operations: counts are right, no appearance is lost, and merges can be undone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, LiteralString
from typing import cast as as_type

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from people_samples import Cast, Seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Item, Service, Site

FACES = st.integers(0, 4)
PICKS = st.integers(0, 1000)
SEEN = st.builds(Seen, FACES, st.integers(1, 3), st.sampled_from([0, 300, 600]))
FILMS = st.lists(SEEN, min_size=1, max_size=5, unique_by=lambda one: (one.face, one.span))
NAMES = st.sampled_from(["Anna", "Bert", "Cleo"])
TAGS = st.sampled_from(["cast", "crew"])


def everybody(cast: Cast) -> list[tuple[Any, ...]]:
    """Return the full state of the persons of a workspace."""
    return cast.rows(
        "SELECT person_id, name, description, merged_into, root_id, deleted_time, primary_thumbnail_id,"
        " asset_count, scene_count,"
        " ARRAY(SELECT DISTINCT tag_id FROM tags_of_persons t JOIN persons b USING (person_id)"
        " WHERE b.root_id = p.person_id ORDER BY 1),"
        " ARRAY(SELECT thumbnail_id FROM person_thumbnails t JOIN persons b USING (person_id)"
        " WHERE b.root_id = p.person_id ORDER BY 1),"
        " ARRAY(SELECT face_id FROM person_faces f JOIN persons b USING (person_id)"
        " WHERE b.root_id = p.person_id ORDER BY 1)"
        " FROM persons p WHERE workspace_id = %s ORDER BY person_id",
        cast.workspace_id,
    )


def sightings(cast: Cast) -> dict[int, Counter[tuple[int, int, int]]]:
    """Count the appearances in the index of each asset, for all persons together."""
    found: dict[int, Counter[tuple[int, int, int]]] = {}
    for asset, *seen in cast.rows(
        "SELECT asset_id, scene_id, start_ms, end_ms FROM appearances JOIN indexes USING (index_id)"
        " JOIN persons USING (person_id) WHERE workspace_id = %s",
        cast.workspace_id,
    ):
        scene_id, start_ms, end_ms = seen
        found.setdefault(asset, Counter())[scene_id, start_ms, end_ms] += 1
    return found


class Workspace(RuleBasedStateMachine):
    """Workspace beside another one that stays unchanged."""

    def __init__(self, cast: Cast, bystander: Cast) -> None:
        super().__init__()
        self.cast = cast
        self.bystander = bystander
        self.folders = (cast.site.base, cast.site.project("elsewhere"))
        self.films: list[Item] = []
        self.seen: dict[int, Counter[tuple[int, int, int]]] = {}
        self.other_before = everybody(bystander), sightings(bystander)

    # Choices

    def rows(self, condition: LiteralString) -> list[Any]:
        found = self.cast.rows(
            f"SELECT person_id FROM persons p WHERE workspace_id = %s AND {condition} ORDER BY person_id",
            self.cast.workspace_id,
        )
        return [person for (person,) in found]

    def existing(self) -> list[int]:
        return self.rows("merged_into IS NULL AND deleted_time IS NULL")

    def visible(self, pick: int) -> tuple[int, dict[str, Any]] | None:
        """Return a person and one place of its appearances, or `None` if no person is visible."""
        found = self.cast.rows(
            "SELECT p.root_id, asset_id, scene_id, start_ms FROM appearances JOIN indexes USING (index_id)"
            " JOIN persons p USING (person_id) JOIN persons root ON root.person_id = p.root_id"
            " WHERE p.workspace_id = %s AND root.deleted_time IS NULL ORDER BY 1, 2, 3, 4",
            self.cast.workspace_id,
        )
        if not found:
            return None
        person, asset, scene, start = found[pick % len(found)]
        places = [{}, {"sceneId": scene}, {"startTimeMs": start}, {"sceneId": scene, "startTimeMs": start}]
        return person, {"assetId": asset, **places[pick % 4]}

    def is_seen_beside(self, person: int, target: int, place: dict[str, Any]) -> bool:
        """Return whether the target overlaps the person's appearance at this place, in the same scene."""
        found = self.cast.rows(
            "SELECT root_id, scene_id, start_ms, end_ms FROM appearances JOIN indexes USING (index_id)"
            " JOIN persons USING (person_id) WHERE root_id = ANY(%s) AND asset_id = %s",
            [person, target],
            place["assetId"],
        )
        given = [
            (scene, start, end)
            for root, scene, start, end in found
            if root == person and place.get("sceneId", scene) == scene and place.get("startTimeMs", start) == start
        ]
        return any(
            root == target
            and scene == other_scene
            and (start == other_start or (start < other_end and other_start < end))
            for root, scene, start, end in found
            for other_scene, other_start, other_end in given
        )

    # Operations

    @initialize(first=FILMS, second=FILMS)
    def begin(self, first: list[Seen], second: list[Seen]) -> None:
        self.film(first)
        self.film(second)

    @precondition(lambda self: len(self.films) < 4)
    @rule(seen=FILMS)
    def film(self, seen: list[Seen]) -> None:
        self.films.append(self.cast.site.base.register())
        self.analyse(-1, seen)

    @precondition(lambda self: self.films)
    @rule(pick=PICKS, seen=FILMS)
    def analyse(self, pick: int, seen: list[Seen]) -> None:
        item = self.films[pick % len(self.films)]
        found = self.cast.analyse(item, *seen)
        assert 0 not in found
        self.seen[item.asset_id] = Counter((one.scene_id, *one.span) for one in seen)

    @precondition(lambda self: self.existing())
    @rule(pick=PICKS, name=NAMES, tag=TAGS)
    def name(self, pick: int, name: str, tag: str) -> None:
        people = self.existing()
        person = people[pick % len(people)]
        assert self.cast.call("PATCH", person, body={"name": name}).status_code in (200, 409)
        tags = [one["name"] for one in self.cast.shown(person)["tags"]]
        if tag not in tags:
            self.cast.tag(person, tag)

    @precondition(lambda self: len(self.existing()) > 1)
    @rule(pick=PICKS, others=st.integers(1, 2))
    def merge(self, pick: int, others: int) -> None:
        people = self.existing()
        person = people.pop(pick % len(people))
        absorbed = [people.pop(pick % len(people)) for _ in range(min(others, len(people)))]
        self.cast.done("POST", person, "/merge", {"personIds": absorbed})

    @precondition(lambda self: len(self.existing()) > 1)
    @rule(pick=PICKS)
    def merge_and_split(self, pick: int) -> None:
        people = self.existing()
        person = people.pop(pick % len(people))
        absorbed = people[pick % len(people)]
        before = everybody(self.cast)
        self.cast.done("POST", person, "/merge", {"personIds": [absorbed]})
        self.cast.done("POST", person, "/split", {"mergedPersonId": absorbed})
        assert everybody(self.cast) == before

    @rule(pick=PICKS)
    def undo(self, pick: int) -> None:
        merged = self.rows(
            "merged_into IS NOT NULL AND deleted_time IS NULL AND NOT EXISTS (SELECT FROM persons q"
            " WHERE q.workspace_id = p.workspace_id AND q.name = p.name"
            " AND q.merged_into IS NULL AND q.deleted_time IS NULL)"
        )
        if merged:
            person = merged[pick % len(merged)]
            (root,) = self.cast.rows("SELECT root_id FROM persons WHERE person_id = %s", person)[0]
            self.cast.done("POST", root, "/split", {"mergedPersonId": person})
            assert self.cast.shown(person)["id"] == person

    @rule(pick=PICKS, to_other=st.booleans())
    def move(self, pick: int, to_other: bool) -> None:
        if (chosen := self.visible(pick)) is not None:
            person, place = chosen
            others = [one for one in self.existing() if one != person] if to_other else []
            wanted: dict[str, Any] = {"appearances": [place]}
            if others:
                wanted["personId"] = target = others[pick % len(others)]
                if self.is_seen_beside(person, target, place):
                    assert self.cast.call("POST", person, "/split", wanted).json()["code"] == "40914"
                    return
            assert self.cast.done("POST", person, "/split", wanted)["movedAppearanceCount"] > 0

    @rule(pick=PICKS)
    def reject_place(self, pick: int) -> None:
        if (chosen := self.visible(pick)) is not None:
            self.cast.done("POST", chosen[0], "/reject", {"appearances": [chosen[1]]})

    @precondition(lambda self: len(self.existing()) > 1)
    @rule(pick=PICKS)
    def reject_person(self, pick: int) -> None:
        people = self.existing()
        person = people.pop(pick % len(people))
        self.cast.done("POST", person, "/reject", {"personIds": [people[pick % len(people)]]})

    @precondition(lambda self: self.existing())
    @rule(pick=PICKS)
    def delete(self, pick: int) -> None:
        people = self.existing()
        self.cast.done("DELETE", people[pick % len(people)])

    @rule(pick=PICKS)
    def erase(self, pick: int) -> None:
        people = self.rows("merged_into IS NULL")
        if people:
            person = people[pick % len(people)]
            gone = self.cast.rows(
                "SELECT asset_id, scene_id, start_ms, end_ms FROM appearances JOIN indexes USING (index_id)"
                " JOIN persons p USING (person_id) WHERE p.root_id = %s",
                person,
            )
            removed = self.cast.done("DELETE", person, "?erase=true")["removed"]
            assert removed[1] == {"kind": "APPEARANCE", "count": len(gone)}
            for asset, *seen in gone:
                self.seen[asset] -= Counter([(seen[0], seen[1], seen[2])])

    @precondition(lambda self: self.films)
    @rule(pick=PICKS)
    def delete_asset(self, pick: int) -> None:
        item = self.films.pop(pick % len(self.films))
        assert item.call("DELETE").status_code == 200
        del self.seen[item.asset_id]

    @precondition(lambda self: self.films)
    @rule(pick=PICKS)
    def move_asset(self, pick: int) -> None:
        place = pick % len(self.films)
        item = self.films[place]
        target = next(folder for folder in self.folders if folder != item.folder)
        assert item.call("PATCH", f"?new_project_id={target.project_id}").status_code == 200
        self.films[place] = replace(item, folder=target)

    # Invariants

    @invariant()
    def counts_are_those_of_a_recount(self) -> None:
        written, counted = self.cast.counts()
        assert written == counted

    @invariant()
    def nothing_that_was_seen_is_lost(self) -> None:
        assert sightings(self.cast) == {asset: seen for asset, seen in self.seen.items() if seen}

    @invariant()
    def merges_end_in_the_root_and_primary_thumbnails_are_the_persons_own(self) -> None:
        people = everybody(self.cast)
        parents = {row[0]: row[3] for row in people}
        for row in people:
            person, parent, root, primary, thumbnails = row[0], row[3], row[4], row[6], row[10]
            assert root == end_of(person, parents)
            if parent is None:
                assert primary in thumbnails if thumbnails else primary is None

    def teardown(self) -> None:
        assert (everybody(self.bystander), sightings(self.bystander)) == self.other_before


def end_of(person: int, parents: dict[int, int | None]) -> int:
    while (parent := parents[person]) is not None:
        person = parent
    return person


def test_persons_keep_their_laws_whatever_is_done(service: Service, new_site: Callable[[Service], Site]) -> None:
    bystander = Cast.of(new_site(service))
    bystander.film(Seen(0), Seen(1), Seen(2, scene_id=2))
    bystander.film(Seen(0), Seen(3))

    run_state_machine_as_test(
        as_type("type[Workspace]", lambda: Workspace(Cast.of(new_site(service)), bystander)),
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
