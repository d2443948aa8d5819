"""Edits of an index: author and time, many at once, beside analyses and removals, and as files."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest

from edited_indexes import ABSENT, Edited, indexed, new_person, publish_again, put, scenes_with
from index_samples import SCRIPT, person
from scenedex.auth.keys import Role
from scenedex.index.service import publish
from scenedex.workspaces.locks import lock_persons
from signed_calls import code, fields, result

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Service, Site

    from scenedex.db.database import Transaction


@pytest.fixture
def edited(site: Site) -> Edited:
    return indexed(site)


EDITS: list[tuple[str, object]] = [
    ("/index/scenes/1/persons/{}", {"name": "Jane"}),
    ("/index/scripts/1", {"text": "Hello."}),
    ("/index/speakers/Speaker%201", {"name": "Anna"}),
]
each_edit = pytest.mark.parametrize(("below", "body"), EDITS, ids=["person", "script", "speaker"])


class TestAnyEdit:
    @each_edit
    def test_says_who_changed_the_index_and_when(self, below: str, body: object, edited: Edited) -> None:
        before = edited.index()
        bob = edited.item.service.api(Role.MANAGER, user="bob")

        answer = result(bob("PATCH", edited.item.path + below.format(edited.person_id), body))

        after = edited.index()
        assert (before["updatedUserName"], after["updatedUserName"]) == ("alice", "bob")
        assert (answer["updatedTime"], answer["updatedUserName"]) == (after["updatedTime"], "bob")
        assert before["updatedTime"] < after["updatedTime"]
        assert (after["createdTime"], after["createdUserName"]) == (before["createdTime"], "alice")
        assert edited.edit_count() == 1

    @each_edit
    def test_is_for_managers(self, below: str, body: object, edited: Edited) -> None:
        viewer = edited.item.service.api(Role.VIEWER)

        answer = viewer("PATCH", edited.item.path + below.format(edited.person_id), body)

        assert (answer.status_code, answer.json()["error"]["errorCode"]) == (401, "210")

    @each_edit
    def test_needs_an_index(self, below: str, body: object, site: Site) -> None:
        item = site.base.imported()
        item.request_analysis()

        assert code(item.call("PATCH", below.format(1), body)) == (409, "40908")

    @each_edit
    def test_needs_an_asset(self, below: str, body: object, site: Site) -> None:
        path = f"{site.base.path}/assets/{ABSENT}{below.format(1)}"

        assert code(site.api("PATCH", path, body)) == (404, "40403")

    @each_edit
    def test_of_another_workspace_is_not_possible(
        self, below: str, body: object, edited: Edited, new_site: Callable[[Service], Site]
    ) -> None:
        other = new_site(edited.item.service)
        path = f"{other.base.path}/assets/{edited.item.asset_id}{below.format(edited.person_id)}"

        assert code(other.api("PATCH", path, body)) == (404, "40403")
        assert edited.edit_count() == 0

    @each_edit
    def test_is_possible_while_the_asset_is_analysed_again(self, below: str, body: object, edited: Edited) -> None:
        edited.item.service.rows("DELETE FROM analyses WHERE asset_id = %s", edited.item.asset_id)
        edited.item.request_analysis()

        assert edited.item.call("PATCH", below.format(edited.person_id), body).status_code == 200

    def test_is_gone_after_the_next_analysis_which_says_how_many(self, edited: Edited) -> None:
        result(edited.correct({"text": "Hello."}))
        result(edited.change("Speaker 1", {"personId": new_person(edited.site, "Jane")}))
        result(edited.change("Speaker 2", {"name": "Anna"}))

        assert publish_again(edited) == 3

        assert edited.scripts()[0]["text"] == "Good morning."
        assert edited.speakers() == ["Speaker 1", "Speaker 2", "Speaker 1"]
        assert publish_again(replace(edited, index_id=edited.index_id + 1)) == 0

    @each_edit
    def test_costs_as_much_in_a_long_index(self, below: str, body: object, site: Site) -> None:
        numbers: list[int] = []
        for scenes in (2, 40):
            item, person_id = site.base.imported(), new_person(site)
            made = item.made_index(item.request_analysis(), scenes=scenes)
            full = tuple(
                replace(scene, persons=(person(person_id),), scripts=(replace(SCRIPT, script_id=scene.scene_id),))
                for scene in made.scenes
            )
            put(item, replace(made, scenes=full))
            site.service.statements.clear()
            body = {"name": f"Jane {scenes}"} if "persons" in below else body
            assert item.call("PATCH", below.format(person_id), body).status_code == 200
            numbers.append(len(site.service.statements))

        assert numbers[0] == numbers[1]


class TestTogether:
    def test_edits_of_many_are_all_there(self, edited: Edited) -> None:
        path = f"{edited.item.path}/index"
        jane = new_person(edited.site, "Jane")
        calls: list[tuple[str, str, object]] = [
            ("PATCH", f"{path}/scripts/1", {"text": "One."}),
            ("PATCH", f"{path}/scripts/1", {"speaker": "Anna"}),
            ("PATCH", f"{path}/scripts/2", {"text": "Two."}),
            ("PATCH", f"{path}/speakers/Speaker%202", {"personId": jane}),
            ("PATCH", f"{path}/scenes/1/persons/{edited.person_id}", {"personId": jane}),
            ("PATCH", f"{path}/scenes/2/persons/{edited.person_id}", {"personId": jane}),
        ]

        answers = edited.site.api.at_once(*calls)

        assert [answer.status_code for answer in answers] == [200] * 6
        assert [(line["speaker"], line["text"]) for line in edited.scripts()] == [
            ("Anna", "One."),
            ("Jane", "Two."),
            ("Speaker 1", "It is me."),
        ]
        assert (edited.persons(1), edited.persons(2)) == ([(jane, "Jane", 2)], [(jane, "Jane", 1)])
        assert edited.counts(jane) == (1, 2)
        assert edited.edit_count() == 6

    def test_of_two_with_one_name_one_is_refused(self, edited: Edited) -> None:
        path = f"{edited.item.path}/index/speakers/Speaker%20"

        answers = edited.site.api.at_once(*(("PATCH", f"{path}{one}", {"name": "Anna"}) for one in (1, 2)))

        assert sorted(answer.status_code for answer in answers) == [200, 409]

    def test_one_person_given_away_twice_is_given_once(self, edited: Edited) -> None:
        path = f"{edited.item.path}/index/scenes/1/persons/{edited.person_id}"

        answers = edited.site.api.at_once(*(("PATCH", path, {"name": name}) for name in ("Jane", "Anna")))

        assert sorted(answer.status_code for answer in answers) == [200, 404]
        assert edited.counts(edited.person_id) == (1, 1)

    @each_edit
    def test_an_analysis_that_publishes_meanwhile_is_not_edited(self, below: str, body: object, edited: Edited) -> None:
        item = edited.item
        index = replace(item.made_index(edited.index_id + 1_000_000), scenes=scenes_with(item, edited.person_id))
        answers: list[httpx2.Response] = []
        asking = Barrier(2, timeout=60)

        def ask() -> None:
            asking.wait()
            answers.append(item.call("PATCH", below.format(edited.person_id), body))

        async def publish_slowly(tx: Transaction) -> None:
            await publish(tx, index)
            asking.wait()
            await tx.run("SELECT pg_sleep(0.3)")

        asker = Thread(target=ask)
        asker.start()
        item.service.transact(publish_slowly)
        asker.join(timeout=60)

        assert code(answers[0]) == (409, "40908")
        assert fields(answers[0]) == ["asset_id"]
        assert (edited.scripts()[0]["text"], edited.speakers()[0]) == ("Good morning.", "Speaker 1")

    def test_editing_while_indexes_are_replaced_and_removed_never_fails(self, edited: Edited) -> None:
        item = edited.item
        path = f"{item.path}/index"
        calls: list[tuple[str, str, object]] = [
            ("PATCH", f"{path}/scenes/{1 + number % 2}/persons/{edited.person_id}", {"name": f"Jane {number}"})
            for number in range(12)
        ]
        numbers = iter(range(edited.index_id + 2_000_000, edited.index_id + 3_000_000))
        going = True

        def replace_indexes() -> None:
            while going:
                index = replace(item.made_index(next(numbers)), scenes=scenes_with(item, edited.person_id))
                put(item, index)

        publisher = Thread(target=replace_indexes)
        publisher.start()
        try:
            answers = edited.site.api.at_once(*calls)
        finally:
            going = False
            publisher.join(timeout=60)

        assert {answer.status_code for answer in answers} <= {200, 404, 409}
        assert edited.counts(edited.person_id) == (1, sum(bool(edited.persons(scene)) for scene in (1, 2)))

    @pytest.mark.parametrize("removed", ["index", "asset", "project", "workspace"])
    def test_editing_what_is_removed_meanwhile_never_fails(
        self, removed: str, service: Service, new_site: Callable[[Service], Site]
    ) -> None:
        site = new_site(service)
        edited = indexed(site, site.project())
        service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", edited.item.asset_id)
        item = edited.item
        path = f"{item.path}/index"
        edits: list[tuple[str, str, object]] = [
            ("PATCH", f"{path}/scenes/{1 + number % 2}/persons/{edited.person_id}", {"name": f"Jane {number}"})
            for number in range(8)
        ]
        targets = {"index": path, "asset": item.path, "project": item.folder.path, "workspace": site.path}

        answers = site.api.at_once(*edits[:4], ("DELETE", targets[removed], None), *edits[4:])

        assert answers[4].status_code == 200
        assert {answer.status_code for answer in answers} <= {200, 404, 409}

    def test_who_is_who_does_not_change_during_an_edit(self, edited: Edited) -> None:
        answers: list[httpx2.Response] = []
        asking = Barrier(2, timeout=60)

        def ask() -> None:
            asking.wait()
            answers.append(edited.change("Speaker 1", {"personId": jane}))

        async def erase_slowly(tx: Transaction) -> None:
            await lock_persons(tx, await tx.value("SELECT workspace_id FROM persons WHERE person_id = %s", jane))
            await tx.run("DELETE FROM persons WHERE person_id = %s", jane)
            asking.wait()
            await tx.run("SELECT pg_sleep(0.3)")

        jane = new_person(edited.site, "Jane")
        asker = Thread(target=ask)
        asker.start()
        edited.item.service.transact(erase_slowly)
        asker.join(timeout=60)

        assert code(answers[0]) == (404, "40407")


class TestExport:
    @pytest.fixture(autouse=True)
    def _edits(self, edited: Edited) -> None:
        result(edited.correct({"text": "Hello & <welcome>"}))
        result(edited.change("Speaker 1", {"personId": new_person(edited.site, "Jane Doe")}))
        result(edited.give({"name": "Harbour Master"}))

    def test_of_subtitles_has_the_edited_text(self, edited: Edited) -> None:
        text = edited.item.call("GET", "/index/export?format=srt").text

        assert "Hello & <welcome>" in text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
        assert "Good morning." not in text

    def test_of_captions_has_the_edited_speaker(self, edited: Edited) -> None:
        text = edited.item.call("GET", "/index/export?format=vtt").text

        assert "<v Jane Doe>" in text
        assert "<v Speaker 2>" in text
        assert "Speaker 1" not in text

    def test_of_a_table_has_all_of_it(self, edited: Edited) -> None:
        text = edited.item.call("GET", "/index/export?format=csv").text
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

        lines = [(row["speaker"], row["text"]) for row in rows if row["kind"] == "script"]
        assert lines == [("Jane Doe", "Hello & <welcome>"), ("Speaker 2", "Who is there?"), ("Jane Doe", "It is me.")]
        assert {row["text"] for row in rows if row["kind"] == "person" and row["sceneId"] == "1"} == {"Harbour Master"}

    def test_of_json_is_the_index(self, edited: Edited) -> None:
        exported = edited.item.call("GET", "/index/export?format=json").json()

        assert exported["scenes"][0]["scripts"] == edited.scripts()
