from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from rich.console import Console

from command_line import CommandLine, table_rows
from scenedex.cli.user.search_rendering import render_hits
from scenedex.client import HitPlace, MatchKind, SearchHit, SearchMatch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scenedex.client.testing import Recorder

IN_PROJECT = ["--project", "7"]


def add_search(service: Recorder, count: int, page_size: int, message: str | None = None) -> None:
    """Add a search with this number of scenes, with all its pages."""
    service.add_result({"searchId": "s"})
    hits = [{"assetId": 5, "sceneId": number, "startTimeMs": 0, "endTimeMs": 1} for number in range(1, count + 1)]
    for start in range(0, max(count, 1), page_size):
        service.add_result(
            {
                "searchId": "s",
                "status": "COMPLETED",
                "statusMessage": message,
                "results": hits[start : start + page_size],
                "totalCount": count,
                "totalPage": -(-count // page_size),
                "pageNo": start // page_size + 1,
                "pageSize": page_size,
            }
        )


def sent(service: Recorder) -> Any:
    """Return the body of the last search."""
    return json.loads(next(it.body for it in reversed(service.received) if it.target.endswith("/assets/search")))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["ship in the harbour"], "ship in the harbour"),
        (["ship", "in", "the", "harbour"], "ship in the harbour"),
        (["find", "ship"], "ship"),
        (["find", "find"], "find"),
        (["--level", "low", "ship"], "ship"),
        (["--", "--help"], "--help"),
    ],
    ids=repr,
)
def test_the_word_find_may_be_left_out(scenedex: CommandLine, service: Recorder, words: list[str], text: str) -> None:
    service.add_result({"projects": [{"projectId": 1001, "name": "base"}]})
    add_search(service, 0, 20)

    assert scenedex("search", *words).status == 0
    assert sent(service)["query"] == {"textQuery": text}
    assert sent(service)["filter"] == {"projectIds": [1001]}


@pytest.mark.parametrize("words", [[], ["--help"]], ids=["nothing", "--help"])
def test_without_a_search_help_is_shown(scenedex: CommandLine, service: Recorder, words: list[str]) -> None:
    ended = scenedex("search", *words)

    assert "COMMAND [ARGS]" in ended.out + ended.err
    assert service.received == []


def test_every_option_reaches_the_service(scenedex: CommandLine, service: Recorder) -> None:
    add_search(service, 0, 20)
    persons = ["--person", "1", "--person", "2", "--any-person", "3", "--without-person", "4"]
    words = ["--said", "good", "--said", "morning", "--any-said", "ship", "--not-said", "sea"]
    where = ["--project", "7", "-p", "8", "--asset", "9", "--type", "image", "--level", "high"]

    assert scenedex("search", *persons, *words, *where).status == 0
    assert sent(service) == {
        "query": {
            "personQuery": {"must": [1, 2], "any": [3], "not": [4]},
            "dialogQuery": {"must": ["good", "morning"], "any": ["ship"], "not": ["sea"]},
        },
        "queryOption": {"confidenceLevel": "HIGH"},
        "filter": {"projectIds": [7, 8], "assetIds": [9], "assetTypes": ["IMAGE"]},
    }


def test_json_is_one_hit_a_line_to_the_last_page(scenedex: CommandLine, service: Recorder) -> None:
    add_search(service, 250, 100)

    hits = scenedex("search", "ship", *IN_PROJECT, "--json").lines()

    assert [hit["sceneId"] for hit in hits] == list(range(1, 251))
    assert [it.target.partition("?")[2] for it in service.received[1:]] == [
        f"pageNum={number}&pageSize=100" for number in (1, 2, 3)
    ]


def test_a_table_has_twenty_scenes_or_the_given_number(scenedex: CommandLine, service: Recorder) -> None:
    add_search(service, 130, 20)
    twenty = scenedex("search", "ship", *IN_PROJECT)
    service.answers.clear()
    add_search(service, 130, 100)
    all_but_five = scenedex("search", "ship", *IN_PROJECT, "--limit", "125")
    add_search(service, 130, 100)
    every = scenedex("search", "ship", *IN_PROJECT, "--limit", "130")
    add_search(service, 130, 3)
    three = scenedex("search", "ship", *IN_PROJECT, "--limit", "3", "--json")

    assert len(twenty.rows()) == 20
    assert "20 of 130 scenes. --limit N shows more.\n" in twenty.out
    assert len(all_but_five.rows()) == 125
    assert "of 130" not in every.out
    assert len(three.lines()) == 3
    assert service.received[-1].target.endswith("?pageNum=1&pageSize=3")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["nobody"], " Less certain scenes: --level low"),
        (["nobody", "--level", "high"], " Less certain scenes: --level low"),
        (["nobody", "--level", "low"], ""),
        (["--said", "nobody"], ""),
    ],
    ids=repr,
)
def test_nothing_found_is_no_error(scenedex: CommandLine, service: Recorder, words: list[str], hint: str) -> None:
    add_search(service, 0, 20)
    add_search(service, 0, 100)

    ended = scenedex("search", *words, *IN_PROJECT)

    assert (ended.status, ended.out, ended.err) == (0, f"Nothing found.{hint}\n", "")
    assert scenedex("search", *words, *IN_PROJECT, "--json").lines() == []


@pytest.mark.parametrize(("count", "words"), [(2, []), (0, []), (2, ["--json"])])
def test_a_remark_of_the_service_is_shown_beside_the_result(
    scenedex: CommandLine, service: Recorder, count: int, words: list[str]
) -> None:
    add_search(service, count, 20, "Words only:\nthere are no vectors.")

    ended = scenedex("search", "ship", *IN_PROJECT, *words)

    assert (ended.status, ended.err) == (0, "Note: Words only: there are no vectors.\n")


def test_a_search_that_fails_is_an_error_of_one_line(scenedex: CommandLine, service: Recorder) -> None:
    service.add_result({"searchId": "s"})
    service.add_result({"searchId": "s", "status": "FAILED", "statusMessage": "The query takes too long."})

    error = scenedex("search", "ship", *IN_PROJECT).error(1)

    assert error == "Error: The search failed: The query takes too long.\n"


def test_running_out_of_time_is_an_error_of_one_line(scenedex: CommandLine, service: Recorder) -> None:
    service.add_result({"searchId": "s"})
    service.add_result({"searchId": "s", "status": "RUNNING"})

    assert "The wait timed out" in scenedex("search", "ship", *IN_PROJECT, "--timeout", "0").error(7)


@pytest.mark.parametrize("form", ["csv", "edl", "OTIO", "fcpxml"])
def test_the_name_of_the_file_chooses_the_format_of_an_export(
    scenedex: CommandLine, service: Recorder, tmp_path: Path, form: str
) -> None:
    file = tmp_path / f"ships.{form}"
    into = ["--export", str(file)]
    add_search(service, 3, 1)
    while len(service.answers) > 2:
        service.answers.pop()
    service.answers.append(httpx2.Response(200, headers={"content-disposition": "attachment"}, content=b"all"))

    ended = scenedex("search", "ship", *IN_PROJECT, "--limit", "1", *into, "--frame-rate", "29.97", "--handles", "1.5")

    assert ended.out.endswith(f"All hits are in {file}.\n")
    assert file.read_bytes() == b"all"
    query = f"/export?format={form.lower()}&frameRate=29.97&handleSeconds=1.5"
    assert service.received[-1].target.endswith(query)


@pytest.mark.parametrize("option", [("--frame-rate", "25"), ("--handles", "2")], ids=" ".join)
def test_options_of_an_export_need_one(scenedex: CommandLine, option: tuple[str, str]) -> None:
    assert f"{option[0]} requires --export" in scenedex("search", "ship", *IN_PROJECT, *option).err


@pytest.mark.parametrize("handles", ["-1", "61", "nan", "-1f", "3601f", "1.5f", "f", "two"])
def test_handles_last_a_minute_at_most(scenedex: CommandLine, tmp_path: Path, handles: str) -> None:
    ended = scenedex("search", "ship", *IN_PROJECT, "--export", str(tmp_path / "a.edl"), "--handles", handles)

    assert ended.status == 2
    assert "--handles" in ended.err


def test_a_file_that_cannot_be_written_is_an_error_of_one_line(
    scenedex: CommandLine, service: Recorder, tmp_path: Path
) -> None:
    add_search(service, 0, 100)
    service.answers.append(httpx2.Response(200, headers={"content-disposition": "attachment"}, content=b"all"))

    ended = scenedex("search", "ship", *IN_PROJECT, "--json", "--export", str(tmp_path / "none" / "ships.csv"))

    assert ended.error(1).startswith("Error: ")


HIT = SearchHit(asset_id=7, project_id=1, file_name="a.mp4", scene_id=3, start_time_ms=0, end_time_ms=3_600_000)


def printed(*hits: SearchHit, is_terminal: bool = False) -> str:
    file = io.StringIO()
    Console(file=file, width=200, force_terminal=is_terminal, color_system="standard" if is_terminal else None).print(
        render_hits(hits)
    )
    return file.getvalue()


def with_urls(url: str | None) -> SearchHit:
    return SearchHit(asset_id=7, scene_id=3, start_time_ms=0, end_time_ms=1, keyframe_url=url, moment_url=url)


def test_a_moment_leads_to_its_page_and_an_asset_to_its_keyframe_on_terminals_that_know_links() -> None:
    shown = SearchHit(
        asset_id=7,
        scene_id=3,
        start_time_ms=0,
        end_time_ms=1,
        keyframe_url="https://store.test/3.jpg?signature=a%20b;c",
        moment_url="http://127.0.0.1:8600/console/w/newsroom/assets/7?t=0",
    )

    assert ";https://store.test/3.jpg?signature=a%20b;c\x1b\\" in printed(shown, is_terminal=True)
    assert ";http://127.0.0.1:8600/console/w/newsroom/assets/7?t=0\x1b\\" in printed(shown, is_terminal=True)
    assert "store.test" not in printed(shown)


@pytest.mark.parametrize("url", [None, "", "file:///etc/passwd", "https://store.test/\x1b\\\x1b[31m"], ids=repr)
def test_what_is_no_address_is_no_link(url: str | None) -> None:
    assert "\x1b]8" not in printed(with_urls(url), is_terminal=True)


def match(kind: MatchKind, text: str | None = None, person_id: int | None = None) -> SearchMatch:
    return SearchMatch(kind=kind, text=text, person_id=person_id, start_time_ms=31_040, end_time_ms=34_000)


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (match(MatchKind.TEXT, "Joe Biden, President"), "on screen: Joe Biden, President"),
        (match(MatchKind.DIALOGUE, "good [b]morning"), "said: good [b]morning"),
        (match(MatchKind.DIALOGUE, "x" * 200), f"said: {'x' * 119}…"),
        (match(MatchKind.TEXT, "\x1b[31m"), "on screen: �[31m"),
        (match(MatchKind.PERSON, "Ada", 5), "person: Ada"),
        (match(MatchKind.PERSON, None, 5), "person: ID 5"),
        (match(MatchKind.KEYWORD, "ship"), "keyword: ship"),
        (match(MatchKind.PICTURE), "similar picture"),
        (match(MatchKind.MEANING, "a boat"), "similar meaning: a boat"),
        (match(MatchKind.UNKNOWN, "a boat"), "match: a boat"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_moment_comes_first_with_what_answers_the_search(found: SearchMatch, shown: str) -> None:
    hit = SearchHit(
        asset_id=7,
        file_name="a.mp4",
        scene_id=3,
        start_time_ms=0,
        end_time_ms=60_000,
        score=91.5,
        moment_start_ms=31_040,
        matches=(found,),
    )

    assert table_rows(printed(hit)) == [[f"0:00:31.040 {shown}", "7 a.mp4", "91.5"]]


def test_further_matches_are_listed_once_or_counted() -> None:
    found = (
        match(MatchKind.TEXT, "EXIT"),
        match(MatchKind.KEYWORD, "exit"),
        match(MatchKind.PERSON, None, 5),
        *(match(MatchKind.DIALOGUE, f"line {number}") for number in range(4)),
    )

    rows = table_rows(printed(SearchHit(asset_id=7, scene_id=3, start_time_ms=0, end_time_ms=0, matches=found)))

    assert [row[0] for row in rows] == ["on screen: EXIT", "also person: ID 5", "also said: line 0", "and 3 more"]


@pytest.mark.parametrize(
    ("copies", "shown"),
    [([8], "same as 8"), ([8, 9, 10], "same as 8, 9, 10"), (range(8, 13), "same as 8, 9, 10 and 2 more")],
)
def test_assets_with_the_same_bytes_are_named(copies: Iterable[int], shown: str) -> None:
    places = tuple(HitPlace(asset_id=asset_id) for asset_id in (7, *copies))

    rows = table_rows(printed(SearchHit(asset_id=7, scene_id=3, start_time_ms=0, end_time_ms=0, places=places)))

    assert [row[1] for row in rows] == ["7", shown]


def test_hits_are_shown_with_nothing_but_ids() -> None:
    assert table_rows(printed(HIT)) == [["0:00:00.000 scene 3", "7 a.mp4", ""]]
