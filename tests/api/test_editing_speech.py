"""Edits of lines and of their speakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edited_indexes import ABSENT, Edited, delete, indexed, merge, new_person, rename, undo_merge
from signed_calls import code, fields, result

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Site


@pytest.fixture
def edited(site: Site) -> Edited:
    return indexed(site)


class TestScript:
    def test_has_the_text_that_is_given(self, edited: Edited) -> None:
        answer = result(edited.correct({"text": "좋은 아침, 부산! 🌅"}))

        assert answer.pop("updatedTime") == edited.index()["updatedTime"]
        assert answer.pop("updatedUserName") == "alice"
        assert answer == edited.scripts()[0]
        assert answer["text"] == "좋은 아침, 부산! 🌅"
        assert [line["text"] for line in edited.scripts()[1:]] == ["Who is there?", "It is me."]

    def test_has_the_speaker_that_is_given(self, edited: Edited) -> None:
        result(edited.correct({"speaker": "Narrator"}))
        assert edited.speakers() == ["Narrator", "Speaker 2", "Speaker 1"]

        result(edited.correct({"speaker": "Speaker 2", "text": "Good evening."}))
        assert edited.speakers() == ["Speaker 2", "Speaker 2", "Speaker 1"]
        assert edited.scripts()[0]["text"] == "Good evening."

    def test_of_a_speaker_who_is_a_person_is_that_person_s(self, edited: Edited) -> None:
        jane = new_person(edited.site, "Jane")
        result(edited.change("Speaker 1", {"personId": jane}))

        answer = result(edited.correct({"speaker": "Jane"}, script=2))
        rename(edited.site, jane, "Jane Doe")

        assert (answer["speaker"], answer["speakerPersonId"]) == ("Jane", jane)
        assert edited.speakers() == ["Jane Doe"] * 3

    def test_leaves_nothing_of_a_speaker_without_lines(self, edited: Edited) -> None:
        result(edited.change("Speaker 2", {"personId": new_person(edited.site, "Jane")}))
        result(edited.correct({"speaker": "Speaker 1"}, script=2))

        assert code(edited.change("Speaker 2", {"name": "Anna"})) == (404, "40412")
        assert result(edited.correct({"speaker": "Speaker 2"}, script=2))["speaker"] == "Speaker 2"

    def test_as_long_as_it_may_be(self, edited: Edited) -> None:
        answer = result(edited.correct({"text": "가" * 4000, "speaker": "나" * 50}))

        assert (len(answer["text"]), len(answer["speaker"])) == (4000, 50)

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "body"),
            ({"text": None, "speaker": None}, "body"),
            ({"text": ""}, "text"),
            ({"text": "  "}, "text"),
            ({"text": "a" * 4001}, "text"),
            ({"text": "one\ntwo"}, "text"),
            ({"text": "a\0b"}, "text"),
            ({"text": "a\x85b"}, "text"),
            ({"text": "a\u2028b"}, "text"),
            ({"text": 1}, "text"),
            ({"text": "fine", "speaker": ""}, "speaker"),
            ({"speaker": "a" * 51}, "speaker"),
            ({"speaker": "a\tb"}, "speaker"),
        ],
    )
    def test_names_what_is_wrong_with_a_request(self, body: object, field: str, edited: Edited) -> None:
        answer = edited.correct(body)

        assert (code(answer), fields(answer)) == ((400, "10001"), [field]), answer.text
        assert edited.edit_count() == 0

    def test_has_no_halves_of_characters(self, edited: Edited) -> None:
        site, path = edited.site, f"{edited.item.path}/index/scripts/1"

        assert code(site.api("PATCH", path, content=b'{"text":"a\\ud800b"}')) == (400, "10001")

    @pytest.mark.parametrize("script", [4, 0, 2**31, 2**63, 10**29])
    def test_needs_a_script(self, script: int, edited: Edited) -> None:
        answers = [edited.correct(body, script=script) for body in ({"text": "Hello"}, {"speaker": "Anna"})]

        assert [(code(answer), fields(answer)) for answer in answers] == [((404, "40411"), ["script_id"])] * 2
        assert edited.edit_count() == 0

    def test_needs_an_integer(self, edited: Edited) -> None:
        answer = edited.correct({"text": "Hello"}, script="first")

        assert (code(answer), fields(answer)) == ((400, "10001"), ["script_id"])


class TestSpeaker:
    def test_is_renamed_in_all_lines(self, edited: Edited) -> None:
        answer = result(edited.change("Speaker 1", {"name": "Anna"}))

        assert edited.speakers() == ["Anna", "Speaker 2", "Anna"]
        assert answer == {
            "speaker": "Anna",
            "scriptCount": 2,
            "updatedTime": edited.index()["updatedTime"],
            "updatedUserName": "alice",
        }

    def test_is_called_as_the_person_is_called_when_the_index_is_read(self, edited: Edited) -> None:
        jane = new_person(edited.site, "Jane")
        answer = result(edited.change("Speaker 1", {"personId": jane}))
        assert (answer["speaker"], answer["personId"], answer["scriptCount"]) == ("Jane", jane, 2)
        assert [(line["speaker"], line.get("speakerPersonId")) for line in edited.scripts()] == [
            ("Jane", jane),
            ("Speaker 2", None),
            ("Jane", jane),
        ]

        rename(edited.site, jane, "Jane Doe")
        assert edited.speakers() == ["Jane Doe", "Speaker 2", "Jane Doe"]
        rename(edited.site, jane, None)
        assert edited.speakers() == ["Speaker 1", "Speaker 2", "Speaker 1"]
        assert edited.scripts()[0]["speakerPersonId"] == jane

    def test_is_named_with_the_person_in_every_index(self, site: Site) -> None:
        old, recent = indexed(site), indexed(site)
        jane = new_person(site)
        for one in (old, recent):
            result(one.change("Speaker 2", {"personId": jane}))

        rename(site, jane, "Jane")

        assert [one.speakers()[1] for one in (old, recent)] == ["Jane", "Jane"]

    def test_follows_merges_and_their_undoing(self, edited: Edited) -> None:
        jane, whole = new_person(edited.site, "Jane"), new_person(edited.site, "Whole")
        result(edited.change("Speaker 1", {"personId": jane}))

        merge(edited.site, jane, whole)
        assert (edited.scripts()[0]["speaker"], edited.scripts()[0]["speakerPersonId"]) == ("Whole", whole)
        undo_merge(edited.site, jane, whole)
        assert (edited.scripts()[0]["speaker"], edited.scripts()[0]["speakerPersonId"]) == ("Jane", jane)

    def test_who_was_deleted_is_shown_by_the_label(self, edited: Edited) -> None:
        jane = new_person(edited.site, "Jane")
        result(edited.change("Speaker 1", {"personId": jane}))

        delete(edited.site, jane)

        assert edited.speakers() == ["Speaker 1", "Speaker 2", "Speaker 1"]
        assert "speakerPersonId" not in edited.scripts()[0]

    def test_is_found_by_the_name_that_is_shown_or_by_the_label(self, edited: Edited) -> None:
        result(edited.change("Speaker 1", {"personId": new_person(edited.site, "Jane")}))

        assert result(edited.change("Speaker 1", {"personId": 0}))["speaker"] == "Speaker 1"
        assert result(edited.change("Speaker 1", {"personId": new_person(edited.site, "Joe")}))["speaker"] == "Joe"
        assert result(edited.change("Joe", {"personId": 0}))["speaker"] == "Speaker 1"

    def test_is_nobody_s_any_more_when_it_is_called_otherwise(self, edited: Edited) -> None:
        result(edited.change("Speaker 1", {"personId": new_person(edited.site, "Jane")}))

        answer = result(edited.change("Jane", {"name": "Anna"}))

        assert answer["speaker"] == "Anna"
        assert "personId" not in answer
        assert edited.speakers() == ["Anna", "Speaker 2", "Anna"]

    def test_is_called_and_linked_at_once(self, edited: Edited) -> None:
        jane = new_person(edited.site)

        answer = result(edited.change("Speaker 1", {"name": "Anna", "personId": jane}))

        assert (answer["speaker"], answer["personId"]) == ("Anna", jane)

    def test_who_are_one_person_are_one_speaker(self, edited: Edited) -> None:
        jane = new_person(edited.site, "Jane")
        for speaker in ("Speaker 1", "Speaker 2"):
            answer = result(edited.change(speaker, {"personId": jane}))
        assert answer["scriptCount"] == 3

        result(edited.change("Jane", {"name": "Anna", "personId": 0}))

        assert edited.speakers() == ["Anna"] * 3

    def test_by_the_label_is_one_of_those_who_are_one_person(self, edited: Edited) -> None:
        jane = new_person(edited.site, "Jane")
        for speaker in ("Speaker 1", "Speaker 2"):
            result(edited.change(speaker, {"personId": jane}))

        result(edited.change("Speaker 2", {"personId": 0}))

        assert edited.speakers() == ["Jane", "Speaker 2", "Jane"]

    @pytest.mark.parametrize("name", ["AC/DC", "a//b/", '100% "sure"?#&+', "부산 사람", "..", "%2F", "Speaker 1"])
    def test_of_any_name_can_be_edited_again(self, name: str, edited: Edited) -> None:
        result(edited.change("Speaker 1", {"name": name}))
        assert edited.speakers()[0] == name

        assert result(edited.change(name, {"name": "Anna"}))["scriptCount"] == 2

    def test_of_another_speaker_s_name_is_refused(self, edited: Edited) -> None:
        result(edited.change("Speaker 2", {"personId": new_person(edited.site, "Jane")}))

        for name in ("Speaker 2", "Jane"):
            answer = edited.change("Speaker 1", {"name": name})
            assert (code(answer), fields(answer)) == ((409, "40916"), ["name"])
        assert edited.speakers() == ["Speaker 1", "Jane", "Speaker 1"]
        assert edited.edit_count() == 1

    @pytest.mark.parametrize("speaker", ["Speaker 3", "speaker 1", "Speaker 1 ", "\0", "x" * 5000])
    def test_needs_a_speaker(self, speaker: str, edited: Edited) -> None:
        answer = edited.change(speaker, {"name": "Anna"})

        assert (code(answer), fields(answer)) == ((404, "40412"), ["speaker"])

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "body"),
            ({"name": None}, "body"),
            ({"name": ""}, "name"),
            ({"name": "\u3000"}, "name"),
            ({"name": "a" * 51}, "name"),
            ({"name": "a`b"}, "name"),
            ({"personId": "1"}, "personId"),
            ({"personId": False}, "personId"),
        ],
    )
    def test_names_what_is_wrong_with_a_request(self, body: object, field: str, edited: Edited) -> None:
        answer = edited.change("Speaker 1", body)

        assert (code(answer), fields(answer)) == ((400, "10001"), [field]), answer.text

    def test_is_no_person_of_another_workspace(self, edited: Edited, new_site: Callable[[Service], Site]) -> None:
        stranger = new_person(new_site(edited.item.service), "Stranger")

        for person_id in (stranger, ABSENT, -1):
            answer = edited.change("Speaker 1", {"name": "Anna", "personId": person_id})
            assert (code(answer), fields(answer)) == ((404, "40407"), ["personId"])
        assert edited.speakers()[0] == "Speaker 1"
