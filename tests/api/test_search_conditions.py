"""Conditions on persons and dialogue, alone and with a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from person_samples import met
from search_samples import Archive, Content, lines, matched, persons, scenes

if TYPE_CHECKING:
    from tests.conftest import Site

LOW = {"confidenceLevel": "LOW"}
THRESHOLDS = {"LOW": 30, "MEDIUM": 50, "HIGH": 75}


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


class TestPersons:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            pytest.param({"must": "A"}, [1, 2, 5], id="one who must be seen"),
            pytest.param({"must": "AB"}, [1, 5], id="two who must be seen"),
            pytest.param({"must": "ABC"}, [5], id="three who must be seen"),
            pytest.param({"any": "AC"}, [1, 2, 4, 5], id="one of two"),
            pytest.param({"not": "A"}, [3, 4, 6], id="one who must not be seen"),
            pytest.param({"not": "ABC"}, [6], id="three who must not be seen"),
            pytest.param({"must": "A", "not": "C"}, [1, 2], id="one and not another"),
            pytest.param({"must": "A", "any": "BC"}, [1, 5], id="one and one of two"),
            pytest.param({"must": "A", "any": "BC", "not": "C"}, [1], id="all three kinds"),
            pytest.param({"must": "A", "not": "A"}, [], id="one who must and must not be seen"),
            pytest.param({"must": "D"}, [], id="one who is never seen"),
            pytest.param({"not": "D"}, [1, 2, 3, 4, 5, 6], id="not one who is never seen"),
        ],
    )
    def test_scenes_show_all_of_some_one_of_others_and_none_of_the_rest(
        self, asked: dict[str, str], found: list[int], archive: Archive
    ) -> None:
        known = {letter: met(archive.site) for letter in "ABCD"}
        seen = [[known[letter] for letter in letters] for letters in ("AB", "A", "B", "C", "ABC", "")]
        archive.film(*(Content(persons=here) for here in seen))

        assert scenes(archive, persons(**{kind: [known[one] for one in ids] for kind, ids in asked.items()})) == found

    def test_a_merged_person_counts_as_the_other(self, archive: Archive) -> None:
        site = archive.site
        into, absorbed, other = (met(site) for _ in range(3))
        archive.film(*(Content(persons=here) for here in ([into], [absorbed], [other], [absorbed, other], [])))
        before = archive.requested(query=persons(must=[into]))
        archive.run(before)

        assert site.api("POST", f"{site.path}/persons/{into}/merge", {"personIds": [absorbed]}).status_code == 200

        assert scenes(archive, persons(must=[into])) == [1, 2, 4]
        assert scenes(archive, persons(must=[into, other])) == [4]
        assert scenes(archive, persons(any=[into])) == [1, 2, 4]
        assert scenes(archive, persons(**{"not": [into]})) == [3, 5]
        assert archive.get(before)["totalCount"] == 1

    def test_a_merge_of_merged_persons_counts_as_well(self, archive: Archive) -> None:
        site = archive.site
        first, second, third = (met(site) for _ in range(3))
        archive.film(*(Content(persons=[one]) for one in (first, second, third)))
        for into, absorbed in ((second, first), (third, second)):
            assert site.api("POST", f"{site.path}/persons/{into}/merge", {"personIds": [absorbed]}).status_code == 200

        assert scenes(archive, persons(must=[third])) == [1, 2, 3]
        assert scenes(archive, persons(**{"not": [third]})) == []

    def test_a_correction_shows_at_once(self, archive: Archive) -> None:
        wrong, right = met(archive.site), met(archive.site)
        film = archive.film(Content(persons=[wrong]), Content(persons=[wrong]))

        corrected = film.call("PATCH", f"/index/scenes/1/persons/{wrong}", {"personId": right})

        assert corrected.status_code == 200, corrected.text
        assert scenes(archive, persons(must=[right])) == [1]
        assert scenes(archive, persons(**{"not": [wrong]})) == [1]

    def test_required_persons_are_shown_with_a_hit(self, archive: Archive) -> None:
        one, other, third = met(archive.site, "Jane"), met(archive.site), met(archive.site)
        archive.film(Content(persons=[one, other, third]))

        [hit] = archive.search(query=persons(must=[one], any=[other]))["results"]

        assert matched(hit, "PERSON", "personId") == [one, other]
        assert matched(hit, "PERSON") == ["Jane", None]


class TestDialogues:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            pytest.param({"must": ["good morning"]}, [1, 2], id="one"),
            pytest.param({"must": ["good morning", "harbour"]}, [1], id="two"),
            pytest.param({"any": ["harbour", "night"]}, [1, 3], id="one of two"),
            pytest.param({"not": ["morning"]}, [3, 4, 5], id="not one"),
            pytest.param({"not": ["morning", "night"]}, [4, 5], id="none of two"),
            pytest.param({"must": ["good"], "any": ["morning", "evening"], "not": ["harbour"]}, [2], id="all kinds"),
            pytest.param({"must": ["morning good"]}, [], id="the other way round"),
            pytest.param({"must": ["mornings"]}, [], id="a longer word"),
            pytest.param({"must": ["morn"]}, [], id="the beginning of a word"),
            pytest.param({"must": ["GOOD, Morning!"]}, [1, 2], id="case and signs"),
            pytest.param({"must": ["ecole"]}, [4], id="accents"),
            pytest.param({"must": ["l\u2019\u00c9cole"]}, [4], id="typographic apostrophe"),
            pytest.param({"must": ["la ferme"]}, [], id="words of two sentences that do not follow one another"),
        ],
    )
    def test_scenes_say_all_of_some_one_of_others_and_none_of_the_rest(
        self, asked: dict[str, list[str]], found: list[int], archive: Archive
    ) -> None:
        archive.film(
            Content(said=["good morning from the harbour"]),
            Content(said=["Good morning"]),
            Content(said=["good night"]),
            Content(said=["l'\u00e9cole la", "belle ferme"]),
            Content(),
        )

        assert scenes(archive, lines(**asked)) == found

    def test_dialogue_may_span_lines_but_not_scenes(self, archive: Archive) -> None:
        archive.film(Content(said=["I said good", "morning", "to all"]), Content(said=["of you"]))

        assert scenes(archive, lines(must=["good morning to all"])) == [1]
        assert scenes(archive, lines(must=["all of"])) == []
        [hit] = archive.search(query=lines(must=["good morning"]))["results"]
        assert matched(hit, "DIALOGUE") == ["I said good", "morning"]

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            pytest.param("장군", [1], id="two Korean characters before a particle"),
            pytest.param("이순신 장군", [1], id="two Korean words"),
            pytest.param("순신장", [], id="Korean without its space"),
            pytest.param("군", [1], id="one Korean character"),
            pytest.param("한국 방송", [2], id="Korean across lines"),
            pytest.param("夜景", [3], id="two Japanese characters"),
            pytest.param("東京タワーの夜景", [3], id="a Japanese sentence"),
            pytest.param("京都", [], id="Japanese characters that stand apart"),
            pytest.param("港", [4], id="one Japanese character"),
            pytest.param("ﾀﾜｰ", [3], id="narrow kana"),
            pytest.param("す", [4], id="the last character of a line"),
            pytest.param("ABC뉴스", [2], id="letters beside Korean"),
        ],
    )
    def test_languages_without_spaces_are_found_by_any_part(
        self, asked: str, found: list[int], archive: Archive
    ) -> None:
        archive.film(
            Content(said=["이순신 장군은 바다에"]),
            Content(said=["여기는 한국", "방송 ABC뉴스"]),
            Content(said=["東京タワーの夜景と都会"]),
            Content(said=["今日は港にいます"]),
        )

        assert scenes(archive, lines(must=[asked])) == found
        assert scenes(archive, lines(any=[asked, "zzz"])) == found
        assert scenes(archive, lines(**{"not": [asked]})) == [number for number in (1, 2, 3, 4) if number not in found]

    def test_text_on_screen_keywords_and_file_names_are_no_dialogue(self, archive: Archive) -> None:
        archive.film(
            Content(said=["harbour"]),
            Content(shown=["harbour"]),
            Content(unsure=["harbour"]),
            Content(keywords={"harbour": 0.9}),
            file_name="harbour.mp4",
        )

        assert scenes(archive, lines(must=["harbour"])) == [1]
        assert scenes(archive, lines(**{"not": ["harbour"]})) == [2, 3, 4]

    def test_words_both_said_and_on_screen_are_dialogue(self, archive: Archive) -> None:
        archive.film(Content(said=["good morning"], shown=["good morning"], keywords={"good": 0.9}))

        assert scenes(archive, lines(must=["good morning"])) == [1]

    def test_dialogue_does_not_continue_in_text_on_screen(self, archive: Archive) -> None:
        archive.film(Content(said=["good"], shown=["morning"]))

        assert scenes(archive, lines(must=["good morning"])) == []

    def test_a_corrected_line_is_found_by_its_current_text(self, archive: Archive) -> None:
        film = archive.film(Content(said=["good morning"]), Content(said=["good night"]))
        assert film.call("PATCH", "/index/scripts/1", {"text": "good evening"}).status_code == 200

        assert scenes(archive, lines(must=["good morning"])) == []
        assert scenes(archive, lines(must=["good evening"])) == [1]
        assert scenes(archive, lines(**{"not": ["evening"]})) == [2]

    def test_a_scene_of_very_many_words_is_found_by_them(self, archive: Archive) -> None:
        said = " ".join(f"word{number}" for number in range(15_000))
        archive.film(Content(said=[said, "good morning"]), Content(said=[" ".join(map(chr, range(0xAC00, 0xD7A3)))]))

        assert scenes(archive, lines(must=["word1 word2", "good morning"])) == [1]
        assert scenes(archive, lines(must=["\uac01 \uac02"])) == [2]


class TestWithText:
    @pytest.fixture
    def film(self, archive: Archive) -> tuple[int, int]:
        """Add two persons in scenes with and without a ship."""
        one, other = met(archive.site), met(archive.site)
        archive.film(
            Content(shown=["ship"], persons=[one], said=["good morning"]),
            Content(shown=["ship"], persons=[other], said=["good night"]),
            Content(persons=[one], said=["good morning"]),
            Content(shown=["ship"]),
        )
        return one, other

    def test_only_scenes_that_meet_the_conditions_are_hits(self, film: tuple[int, int], archive: Archive) -> None:
        one, other = film

        assert sorted(scenes(archive, {}, "ship")) == [1, 2, 4]
        assert scenes(archive, persons(must=[one]), "ship") == [1]
        assert sorted(scenes(archive, persons(any=[one, other]), "ship")) == [1, 2]
        assert scenes(archive, persons(**{"not": [one, other]}), "ship") == [4]
        assert scenes(archive, lines(must=["good night"]), "ship") == [2]
        assert scenes(archive, lines(**{"not": ["good"]}), "ship") == [4]
        assert scenes(archive, {**persons(must=[one]), **lines(must=["good night"])}, "ship") == []

    def test_conditions_do_not_change_scores(self, film: tuple[int, int], archive: Archive) -> None:
        plain = archive.search("ship")["results"]
        narrowed = archive.search("ship", query=persons(must=[film[0]]))["results"]

        assert narrowed[0]["score"] in {hit["score"] for hit in plain if hit["sceneId"] == 1}

    def test_matches_of_the_text_and_of_the_conditions_are_shown(self, film: tuple[int, int], archive: Archive) -> None:
        [hit] = archive.search("ship", query={**persons(must=[film[0]]), **lines(must=["good morning"])})["results"]

        assert matched(hit, "TEXT") == ["ship"]
        assert matched(hit, "DIALOGUE") == ["good morning"]
        assert matched(hit, "PERSON", "personId") == [film[0]]


class TestConditionsAlone:
    def test_hits_have_no_score_and_those_of_the_newest_index_come_first(self, archive: Archive) -> None:
        person = met(archive.site)
        first, second, third = (archive.film(*(Content(persons=[person]),) * 3) for _ in range(3))
        archive.publish(first, *(Content(persons=[person]),) * 2)

        hits = archive.search(query=persons(must=[person]))["results"]

        assert not any("score" in hit for hit in hits)
        assert [(hit["assetId"], hit["sceneId"]) for hit in hits] == [
            *((first.asset_id, number) for number in (1, 2)),
            *((third.asset_id, number) for number in (1, 2, 3)),
            *((second.asset_id, number) for number in (1, 2, 3)),
        ]

    def test_conditions_that_only_exclude_leave_everything_else(self, archive: Archive) -> None:
        person = met(archive.site)
        archive.film(
            Content(persons=[person]), Content(said=["good morning"]), Content(), Content(said=["no"], shown=["yes"])
        )

        query = {**persons(**{"not": [person]}), **lines(**{"not": ["good morning"]})}

        assert scenes(archive, query) == [3, 4]

    @pytest.mark.parametrize("level", THRESHOLDS)
    def test_the_level_does_not_matter(self, level: str, archive: Archive) -> None:
        person = met(archive.site)
        archive.film(Content(persons=[person]))

        assert scenes(archive, persons(must=[person]), queryOption={"confidenceLevel": level}) == [1]

    def test_the_maximum_number_of_hits_keeps_those_of_the_newest_indexes(self, archive: Archive) -> None:
        person = met(archive.site)
        films = [archive.film(*(Content(persons=[person]),) * 3) for _ in range(2)]

        found = archive.found(query=persons(must=[person]), handler=archive.handler(max_hits=4))

        assert found == [*((films[1].asset_id, number) for number in (1, 2, 3)), (films[0].asset_id, 1)]
