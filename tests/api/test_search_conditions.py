"""Searches by who is seen, by what is said and by where to look, alone and beside a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from person_samples import met, result
from scenedex.settings import ServerSettings, Settings
from search_samples import Archive, Content

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Item, Service, Serving, Site

LOW = {"confidenceLevel": "LOW"}
THRESHOLDS = {"LOW": 30, "MEDIUM": 50, "HIGH": 75}


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


def persons(**ids: list[int]) -> dict[str, Any]:
    return {"personQuery": ids}


def lines(**texts: list[str]) -> dict[str, Any]:
    return {"dialogQuery": texts}


def scenes(archive: Archive, query: dict[str, Any], text: str | None = None, **body: Any) -> list[int]:
    """The scenes that are found in an archive of one film."""
    return [scene_id for _, scene_id in archive.found(text, query=query, **body)]


def every_page(archive: Archive, search_id: str, size: int) -> list[list[tuple[int, int]]]:
    pages: list[list[tuple[int, int]]] = []
    total = archive.get(search_id)["totalCount"]
    for number in range(1, -(-total // size) + 2):
        page = archive.get(search_id, f"?pageNum={number}&pageSize={size}")
        assert (page["totalCount"], page["totalPage"], page["pageNo"], page["pageSize"]) == (
            total,
            -(-total // size),
            number,
            size,
        )
        pages.append([(hit["assetId"], hit["sceneId"]) for hit in page["results"]])
    return pages


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

    def test_who_was_merged_into_a_person_counts_as_that_person(self, archive: Archive) -> None:
        site = archive.site
        into, absorbed, other = (met(site) for _ in range(3))
        archive.film(*(Content(persons=here) for here in ([into], [absorbed], [other], [absorbed, other], [])))
        before = archive.asked(query=persons(must=[into]))
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

    def test_whoever_was_asked_for_is_shown_with_a_hit(self, archive: Archive) -> None:
        one, other, third = met(archive.site, "Jane"), met(archive.site), met(archive.site)
        archive.film(Content(persons=[one, other, third]))

        [hit] = archive.search(query=persons(must=[one], any=[other]))["results"]

        assert [found["personId"] for found in hit["matches"]["persons"]] == [one, other]
        assert hit["matches"]["persons"][0]["name"] == "Jane"


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

    def test_what_is_said_may_reach_over_lines_but_not_over_scenes(self, archive: Archive) -> None:
        archive.film(Content(said=["I said good", "morning", "to all"]), Content(said=["of you"]))

        assert scenes(archive, lines(must=["good morning to all"])) == [1]
        assert scenes(archive, lines(must=["all of"])) == []
        [hit] = archive.search(query=lines(must=["good morning"]))["results"]
        assert [line["text"] for line in hit["matches"]["dialogues"]] == ["I said good", "morning"]

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

    def test_what_is_written_labelled_and_called_is_not_said(self, archive: Archive) -> None:
        archive.film(
            Content(said=["harbour"]),
            Content(shown=["harbour"]),
            Content(unsure=["harbour"]),
            Content(keywords={"harbour": 0.9}),
            file_name="harbour.mp4",
        )

        assert scenes(archive, lines(must=["harbour"])) == [1]
        assert scenes(archive, lines(**{"not": ["harbour"]})) == [2, 3, 4]

    def test_what_is_said_and_written_is_said_all_the_same(self, archive: Archive) -> None:
        archive.film(Content(said=["good morning"], shown=["good morning"], keywords={"good": 0.9}))

        assert scenes(archive, lines(must=["good morning"])) == [1]

    def test_what_is_said_does_not_go_on_in_what_is_written(self, archive: Archive) -> None:
        archive.film(Content(said=["good"], shown=["morning"]))

        assert scenes(archive, lines(must=["good morning"])) == []

    def test_a_corrected_line_is_found_as_it_is_now(self, archive: Archive) -> None:
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


class TestBesideText:
    @pytest.fixture
    def film(self, archive: Archive) -> tuple[int, int]:
        """Two persons in scenes with and without a ship."""
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

    def test_both_what_is_asked_for_and_the_conditions_are_shown(self, film: tuple[int, int], archive: Archive) -> None:
        [hit] = archive.search("ship", query={**persons(must=[film[0]]), **lines(must=["good morning"])})["results"]

        assert [text["text"] for text in hit["matches"]["texts"]] == ["ship"]
        assert [line["text"] for line in hit["matches"]["dialogues"]] == ["good morning"]
        assert [person["personId"] for person in hit["matches"]["persons"]] == [film[0]]


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

    def test_no_more_hits_are_kept_than_configured_those_of_the_newest_indexes(self, archive: Archive) -> None:
        person = met(archive.site)
        films = [archive.film(*(Content(persons=[person]),) * 3) for _ in range(2)]

        found = archive.found(query=persons(must=[person]), handler=archive.handler(most=4))

        assert found == [*((films[1].asset_id, number) for number in (1, 2, 3)), (films[0].asset_id, 1)]


class TestFilter:
    @pytest.fixture
    def films(self, archive: Archive) -> dict[str, Item]:
        """Films of two projects, with a ship in each."""
        other = archive.site.project("other")
        return {
            "a": archive.film(Content(said=["ship"]), file_name="a.mp4"),
            "b": archive.film(Content(said=["ship"]), file_name="b.mp4"),
            "c": archive.film(Content(said=["ship"]), file_name="c.mp4", folder=other),
        }

    @pytest.mark.parametrize(
        ("projects", "assets", "found"),
        [
            ("a", "", "ab"),
            ("c", "", "c"),
            ("ac", "", "abc"),
            ("", "a", "a"),
            ("", "ac", "ac"),
            ("a", "ac", "a"),
            ("c", "ab", ""),
        ],
    )
    @pytest.mark.parametrize("text", ["ship", None], ids=["text", "conditions"])
    def test_scenes_are_of_the_projects_and_of_the_assets(
        self, projects: str, assets: str, found: str, text: str | None, films: dict[str, Item], archive: Archive
    ) -> None:
        where = {
            "projectIds": [films[one].folder.project_id for one in projects],
            "assetIds": [films[one].asset_id for one in assets],
        }

        hits = archive.search(text, query=lines(must=["ship"]), filter=where)["results"]

        assert sorted(hit["fileName"].removesuffix(".mp4") for hit in hits) == list(found)

    @pytest.mark.parametrize(
        ("types", "found"),
        [(["IMAGE"], "a"), (["VIDEO"], "b"), (["IMAGE", "VIDEO"], "ab"), ([], "ab"), (None, "ab")],
        ids=repr,
    )
    def test_scenes_are_of_the_types(
        self, types: list[str] | None, found: str, films: dict[str, Item], archive: Archive
    ) -> None:
        archive.service.rows("UPDATE indexes SET type = 'IMAGE' WHERE asset_id = %s", films["a"].asset_id)
        where = {"projectIds": [archive.site.base_project], "assetTypes": types}

        for query in ({"textQuery": "ship"}, lines(must=["ship"])):
            hits = archive.search(query=query, filter=where)["results"]
            assert sorted((hit["fileName"], hit["assetType"]) for hit in hits) == [
                (f"{one}.mp4", "IMAGE" if one == "a" else "VIDEO") for one in found
            ]

    def test_the_first_and_the_last_moment_count(self, archive: Archive) -> None:
        films = [archive.film(Content(said=["ship"])) for _ in range(3)]
        times = [result(film.call("GET", "/index"))["updatedTime"] for film in films]

        def found(first: int | None, last: int | None) -> list[int]:
            where: dict[str, Any] = {"projectIds": [archive.site.base_project]}
            if first is not None:
                where["indexModifiedFrom"] = times[first]
            if last is not None:
                where["indexModifiedTo"] = times[last]
            return [films.index(film) for film in films if (film.asset_id, 1) in archive.found("ship", filter=where)]

        assert found(1, None) == [1, 2]
        assert found(None, 1) == [0, 1]
        assert found(1, 1) == [1]
        assert found(0, 2) == [0, 1, 2]

    def test_all_of_time_is_a_filter(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        ever = {"indexModifiedFrom": "0001-01-01", "indexModifiedTo": "9999-12-31T23:59:59.999999"}

        assert archive.found("ship", filter={"assetIds": [film.asset_id], **ever}) == [(film.asset_id, 1)]

    def test_an_edit_moves_the_time_of_an_index(self, archive: Archive) -> None:
        edited, left = archive.film(Content(said=["ship", "ahoy"])), archive.film(Content(said=["ship"]))
        last = result(left.call("GET", "/index"))["updatedTime"]
        since = {"projectIds": [archive.site.base_project], "indexModifiedFrom": last}
        until = {"projectIds": [archive.site.base_project], "indexModifiedTo": last}
        assert archive.found("ship", filter=since) == [(left.asset_id, 1)]

        assert edited.call("PATCH", "/index/scripts/2", {"text": "hello"}).status_code == 200

        # The edit of an index does not make it a newer one.
        assert archive.found("ship", filter=since) == [(left.asset_id, 1), (edited.asset_id, 1)]
        assert archive.found("ship", filter=until) == [(left.asset_id, 1)]

    def test_times_are_of_the_configured_zone(self, serving: Serving, new_site: Callable[[Service], Site]) -> None:
        with serving(Settings(server=ServerSettings(time_zone="Asia/Seoul"))) as service:
            archive = Archive(new_site(service))
            film = archive.film(Content(said=["ship"]))
            service.rows("UPDATE indexes SET updated_time = '2025-04-23T00:00:00Z'")
            found = {
                time: archive.found("ship", filter={"assetIds": [film.asset_id], "indexModifiedFrom": time})
                for time in ("2025-04-23T09:00:00", "2025-04-23T09:00:00.000001", "2025-04-23T00:00:00Z", "2025-04-23")
            }

        assert [time for time, hits in found.items() if hits] == [
            "2025-04-23T09:00:00",
            "2025-04-23T00:00:00Z",
            "2025-04-23",
        ]

    def test_another_workspace_is_never_searched(
        self, archive: Archive, service: Service, new_site: Callable[[Service], Site]
    ) -> None:
        other = Archive(new_site(service))
        archive.film(Content(said=["ship"]))
        other.film(Content(said=["ship"]), Content(said=["ship ship"]))

        assert len(archive.found("ship")) == 1
        assert len(archive.found(query=lines(must=["ship"]))) == 1
        assert len(archive.found(query=lines(**{"not": ["zebra"]}))) == 1


class TestPaging:
    @pytest.mark.parametrize("text", ["ship", None], ids=["text", "conditions"])
    def test_pages_are_a_partition_of_the_hits(self, text: str | None, archive: Archive) -> None:
        for words in ("ship", "a ship", "ship ship ship"):
            archive.film(*(Content(said=[words]),) * 9)
        search_id = archive.asked(text, query=lines(must=["ship"]))
        archive.run(search_id)

        *pages, past = every_page(archive, search_id, 10)

        assert [len(page) for page in pages] == [10, 10, 7]
        assert past == []
        [[*everything], _] = every_page(archive, search_id, 100)
        assert [hit for page in pages for hit in page] == everything
        assert len(set(everything)) == 27

    def test_pages_stay_as_they_are_while_the_archive_changes(self, archive: Archive) -> None:
        films = [archive.film(*(Content(said=["ship"]),) * 3) for _ in range(3)]
        search_id = archive.asked("ship")
        archive.run(search_id)
        first = archive.get(search_id, "?pageSize=3")

        archive.film(Content(said=["ship"]))
        assert films[1].call("DELETE", "/index").status_code == 200

        assert first["totalCount"] == 9
        assert [page for page in every_page(archive, search_id, 3) if page] == [
            [(film.asset_id, number) for number in (1, 2, 3)] for film in (films[2], films[0])
        ]

    def test_a_page_is_of_fifty_hits_where_nothing_else_is_asked_for(self, archive: Archive) -> None:
        archive.film(*(Content(said=["ship"]),) * 60)
        search_id = archive.asked("ship")
        archive.run(search_id)

        found = archive.get(search_id)
        assert (len(found["results"]), found["totalPage"], found["pageSize"]) == (50, 2, 50)


class TestLevels:
    def by_level(self, archive: Archive, text: str) -> dict[str, dict[tuple[int, int], float]]:
        return {
            level: {
                (hit["assetId"], hit["sceneId"]): hit["score"]
                for hit in archive.search(text, queryOption={"confidenceLevel": level})["results"]
            }
            for level in THRESHOLDS
        }

    def test_a_surer_level_finds_fewer_scenes(self, archive: Archive) -> None:
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
    def test_every_level_finds_what_a_surer_one_finds_and_nothing_below_its_threshold(
        self, text: str, varied: Archive
    ) -> None:
        found = self.by_level(varied, text)

        assert found["LOW"].keys() >= found["MEDIUM"].keys() >= found["HIGH"].keys()
        for level, least in THRESHOLDS.items():
            assert all(least <= score <= 100 for score in found[level].values())

    def test_thresholds_are_those_of_the_settings(self, archive: Archive) -> None:
        archive.film(Content(unsure=["ship"]), Content(said=["ship"]))

        def found(level: str, **scores: float) -> list[int]:
            handler = archive.handler(least_scores={"LOW": 0, "MEDIUM": 99, "HIGH": 100, **scores})
            hits = archive.found("ship", queryOption={"confidenceLevel": level}, handler=handler)
            return [scene_id for _, scene_id in hits]

        assert found("LOW") == [2, 1]
        assert found("HIGH") == []
        assert found("MEDIUM", MEDIUM=70) == [2]

    def test_a_threshold_of_nothing_finds_every_scene_that_has_anything_of_a_text(self, archive: Archive) -> None:
        archive.film(*(Content(said=[word]) for word in ("ship", "zebra", "fog")), Content())
        handler = archive.handler(least_scores={"LOW": 0, "MEDIUM": 0, "HIGH": 0})

        assert sorted(scenes(archive, {}, "ship zebra unicorn", handler=handler)) == [1, 2]


@pytest.fixture(scope="module")
def varied(module_site: Site) -> Archive:
    """Scenes with some of a few words, of a few persons and of a few lines."""
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


LINES = ("good morning", "morning news 港", "good night")
SUBSETS = st.lists(st.integers(0, 2), max_size=2, unique=True)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.fixed_dictionaries({"must": SUBSETS, "any": SUBSETS, "not": SUBSETS}),
    what=st.fixed_dictionaries({"must": SUBSETS, "any": SUBSETS, "not": SUBSETS}),
)
def test_scenes_are_those_that_are_found_by_looking_at_each(
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

    search_id = varied.asked(query=query)
    varied.run(search_id)

    hits = varied.get(search_id, "?pageSize=100")["results"]
    assert {(hit["assetId"], hit["sceneId"]) for hit in hits} == expected
