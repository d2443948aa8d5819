from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from rich.console import Console

from scenedex.cli.user.search_rendering import render_hits
from scenedex.client import (
    Index,
    Keyword,
    Matches,
    Scene,
    ScenePerson,
    ScreenText,
    Script,
    SearchHit,
    SearchStatus,
)
from scenedex.client.testing import StoredObject

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.testing import FakeService, People


class Ended(Protocol):
    status: int
    out: str
    err: str


class CommandLine(Protocol):
    def __call__(self, *words: str, typed: str = "") -> Ended: ...
    def within(self, **environment: str) -> CommandLine: ...


@pytest.fixture
def people(service: FakeService) -> People:
    return service.people["archive"]


@pytest.fixture
def harbour(service: FakeService) -> str:
    """The id of an asset with three scenes: ship and line, ship alone, nothing."""
    scenes = [
        Scene(
            scene_id=1,
            start_time_ms=0,
            end_time_ms=10_000,
            keywords=(Keyword(keyword="ship"),),
            scripts=(Script(text="Good morning.", start_time_ms=500, end_time_ms=900),),
        ),
        Scene(scene_id=2, start_time_ms=10_000, end_time_ms=20_000, keywords=(Keyword(keyword="ship"),)),
        Scene(scene_id=3, start_time_ms=20_000, end_time_ms=25_500),
    ]
    return str(add(service, *scenes))


def add(service: FakeService, *scenes: Scene, project_id: int = 1001) -> int:
    """An asset with an index of these scenes."""
    asset = service.catalogue.register("archive", project_id, "harbour.mp4", StoredObject())
    state = service.catalogue.asset("archive", project_id, asset.asset_id)
    state.index = Index(index_id=asset.asset_id, type="VIDEO", scenes=scenes)
    return asset.asset_id


def ships(count: int) -> list[Scene]:
    return [
        Scene(scene_id=number, start_time_ms=number, end_time_ms=number + 1, keywords=(Keyword(keyword="ship"),))
        for number in range(1, count + 1)
    ]


def lines(ended: Ended) -> list[Any]:
    assert ended.status == 0, ended.err
    return [json.loads(line) for line in ended.out.splitlines()]


def rows(words: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in words.splitlines() if line.startswith("│")]


def said(ended: Ended, status: int) -> str:
    """The one line of an error."""
    assert (ended.status, ended.out) == (status, "")
    assert ended.err.count("\n") == 1
    return ended.err


def asked(service: FakeService) -> Any:
    """The body of the last search."""
    return json.loads(next(it.body for it in reversed(service.received) if it.target.endswith("/assets/search")))


def test_scenes_are_shown_the_surest_first_and_how_to_go_on(scenedex: CommandLine, harbour: str) -> None:
    ended = scenedex("search", "ship morning")

    assert ended.status == 0, ended.err
    assert rows(ended.out) == [
        ["100", f"{harbour} harbour.mp4", "1", "0:00:00.000 - 0:00:10.000", "lines 0:00:00.500 Good morning."],
        ["", "", "", "", "keywords ship"],
        ["50", f"{harbour} harbour.mp4", "2", "0:00:10.000 - 0:00:20.000", "keywords ship"],
    ]
    assert ended.out.endswith(f"Go on: scenedex index show {harbour} -w archive -p 1001\n")


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
def test_the_word_find_may_be_left_out(
    scenedex: CommandLine, service: FakeService, words: list[str], text: str
) -> None:
    assert scenedex("search", *words).status == 0
    assert asked(service)["query"] == {"textQuery": text}


@pytest.mark.parametrize("words", [[], ["--help"]], ids=["nothing", "--help"])
def test_without_a_search_help_is_shown(scenedex: CommandLine, service: FakeService, words: list[str]) -> None:
    ended = scenedex("search", *words)

    assert "COMMAND [ARGS]" in ended.out + ended.err
    assert service.received == []


def test_every_option_reaches_the_service(scenedex: CommandLine, service: FakeService) -> None:
    persons = ["--person", "1", "--person", "2", "--any-person", "3", "--without-person", "4"]
    words = ["--said", "good", "--said", "morning", "--any-said", "ship", "--not-said", "sea"]
    where = ["--project", "7", "-p", "8", "--asset", "9", "--type", "image", "--level", "high"]

    assert scenedex("search", *persons, *words, *where).status == 0
    assert asked(service) == {
        "query": {
            "personQuery": {"must": [1, 2], "any": [3], "not": [4]},
            "dialogQuery": {"must": ["good", "morning"], "any": ["ship"], "not": ["sea"]},
        },
        "queryOption": {"confidenceLevel": "HIGH"},
        "filter": {"projectIds": [7, 8], "assetIds": [9], "assetTypes": ["IMAGE"]},
    }


def test_without_projects_and_assets_all_projects_are_looked_in(scenedex: CommandLine, service: FakeService) -> None:
    news = service.catalogue.create_project("archive", "news").project_id
    add(service, *ships(1))
    add(service, *ships(1), project_id=news)

    ended = scenedex("search", "ship")

    assert asked(service)["filter"] == {"projectIds": [1001, news]}
    assert [row[1] for row in rows(ended.out)] == [str(news), "1001"]
    assert ended.out.endswith(f" -p {news}\n")
    scenedex("search", "ship", "--asset", "1002")
    assert asked(service)["filter"] == {"assetIds": [1002]}


def test_a_person_is_named_by_id_or_exact_name(scenedex: CommandLine, people: People, harbour: str) -> None:
    ada, lin = people.register("Ada", seen=[(int(harbour), 2)]), people.register("林", seen=[(int(harbour), 3)])
    people.register("Ada Lovelace")

    for person in ("Ada", str(ada.person_id)):
        shown = rows(scenedex("search", "--person", person).out)
        assert shown == [["", f"{harbour} harbour.mp4", "2", "0:00:10.000 - 0:00:20.000", "persons Ada"]]
    both = lines(scenedex("search", "--any-person", "林", "--any-person", "Ada", "--json"))
    assert [hit["sceneId"] for hit in both] == [2, 3]
    assert [hit["sceneId"] for hit in lines(scenedex("search", "ship", "--without-person", "Ada", "--json"))] == [1]
    assert lin.name == "林"


def test_an_unknown_person_is_said(scenedex: CommandLine, people: People) -> None:
    people.register("Ada Lovelace")

    assert said(scenedex("search", "--person", "Ada"), 3) == "Error: There is no person named Ada in the workspace.\n"


def test_a_name_of_several_persons_is_said_with_their_ids(scenedex: CommandLine, people: People) -> None:
    first, second = people.register("Ada"), people.register("Grace")
    second.name = "Ada"

    assert said(scenedex("search", "--without-person", "Ada"), 2) == (
        f"Error: Several persons are named Ada; give the id: {first.person_id}, {second.person_id}.\n"
    )


def test_json_is_one_hit_a_line_to_the_last_page(scenedex: CommandLine, service: FakeService) -> None:
    add(service, *ships(250))

    hits = lines(scenedex("search", "ship", "--json"))

    assert [hit["sceneId"] for hit in hits] == list(range(1, 251))
    assert hits[0]["matches"]["keywords"][0]["keyword"] == "ship"
    assert [it.target.partition("?")[2] for it in service.received[2:]] == [
        f"pageNum={number}&pageSize=100" for number in (1, 2, 3)
    ]


def test_a_table_has_twenty_scenes_or_as_many_as_one_likes(scenedex: CommandLine, service: FakeService) -> None:
    add(service, *ships(130))

    twenty, all_but_five = scenedex("search", "ship"), scenedex("search", "ship", "--limit", "125")

    assert len(rows(twenty.out)) == 20
    assert "20 of 130 scenes; --limit N shows more.\n" in twenty.out
    assert len(rows(all_but_five.out)) == 125
    assert "of 130" not in scenedex("search", "ship", "--limit", "130").out
    assert len(lines(scenedex("search", "ship", "--limit", "3", "--json"))) == 3
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
@pytest.mark.usefixtures("harbour")
def test_nothing_found_is_said_and_no_error(scenedex: CommandLine, words: list[str], hint: str) -> None:
    ended = scenedex("search", *words)

    assert (ended.status, ended.out, ended.err) == (0, f"Nothing found.{hint}\n", "")
    assert lines(scenedex("search", *words, "--json")) == []


@pytest.mark.usefixtures("harbour")
def test_what_was_left_out_of_consideration_is_told_beside_the_result(
    scenedex: CommandLine, service: FakeService
) -> None:
    service.searches.status_message = "Words only:\nthere are no vectors."

    for words in (["ship"], ["nobody"], ["ship", "--json"]):
        ended = scenedex("search", *words)
        assert (ended.status, ended.err) == (0, "Note: Words only: there are no vectors.\n")


def test_a_search_that_fails_is_an_error_of_one_line(scenedex: CommandLine, service: FakeService) -> None:
    service.searches.ending, service.searches.status_message = SearchStatus.FAILED, "The query takes too long."

    assert said(scenedex("search", "ship"), 1) == "Error: The search failed: The query takes too long.\n"


def test_running_out_of_time_is_said(scenedex: CommandLine, service: FakeService) -> None:
    service.catalogue.questions_until_done = 1

    assert "The time to wait ran out" in said(scenedex("search", "ship", "--timeout", "0"), 7)


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "ship.jpg"
    path.write_bytes(b"ship")
    return str(path)


def test_a_picture_finds_what_is_like_it(
    scenedex: CommandLine, service: FakeService, harbour: str, picture: str
) -> None:
    service.searches.alike = {(int(harbour), 2): 91.27}

    assert [row[:3] for row in rows(scenedex("search", "--image", picture).out)] == [
        ["91.27", f"{harbour} harbour.mp4", "2"]
    ]
    assert [it.body for it in service.received if it.method == "PUT"] == [b"ship"]
    assert "--level low" in scenedex("search", "--image", picture, "--project", "7").out


def test_a_picture_of_no_use_is_named_with_the_reason(
    scenedex: CommandLine, service: FakeService, picture: str
) -> None:
    service.searches.messages[b"ship"] = "TOO_SMALL: 100 x 80 pixels"

    ended = scenedex("search", "--image", picture)

    assert said(ended, 1) == "Error: The file was not taken: ship.jpg: TOO_SMALL: 100 x 80 pixels\n"
    assert service.searches.states == {}


def test_a_picture_that_is_not_there_is_an_error_of_one_line(scenedex: CommandLine, tmp_path: Path) -> None:
    assert "nothing.jpg" in said(scenedex("search", "--image", str(tmp_path / "nothing.jpg")), 1)
    assert scenedex("search", "--image", str(tmp_path)).status == 2


@pytest.mark.parametrize("form", ["csv", "edl", "OTIO"])
def test_all_scenes_are_exported_in_the_format_that_the_file_is_named_by(
    scenedex: CommandLine, service: FakeService, harbour: str, tmp_path: Path, form: str
) -> None:
    file = tmp_path / f"ships.{form}"

    ended = scenedex("search", "ship", "--limit", "1", "--export", str(file), "--frame-rate", "29.97")

    assert ended.out.endswith(f"All scenes that were found are in {file}.\n")
    assert file.read_text(encoding="utf-8") == f"{form.lower()}\n{harbour} 1\n{harbour} 2\n"
    assert service.received[-1].target.endswith(f"/export?format={form.lower()}&frameRate=29.97")
    assert scenedex("search", "nobody", "--export", str(file)).status == 0
    assert file.read_text(encoding="utf-8") == f"{form.lower()}\n"


def test_a_file_that_cannot_be_written_is_an_error_of_one_line(scenedex: CommandLine, tmp_path: Path) -> None:
    ended = scenedex("search", "ship", "--json", "--export", str(tmp_path / "none" / "ships.csv"))

    assert said(ended, 1).startswith("Error: ")


@pytest.mark.parametrize(
    "words",
    [
        "find",
        "--level low",
        "--project 7",
        "ship --image ship.jpg",
        "ship --export ships.mp4",
        "ship --frame-rate 25",
        "ship --level certain",
        "ship --type sound",
        "ship --limit 0",
        "ship --project news",
    ],
)
def test_a_command_line_that_is_not_right_asks_nothing(scenedex: CommandLine, service: FakeService, words: str) -> None:
    assert scenedex("search", *words.split()).status == 2
    assert service.received == []


def test_refusals_are_one_line_and_an_exit_status(scenedex: CommandLine) -> None:
    assert "40401" in said(scenedex("search", "ship", "-w", "nowhere"), 3)
    assert "Authentication Failed" in said(scenedex.within(NCLOUD_SECRET_KEY="wrong")("search", "ship"), 4)


HIT = SearchHit(asset_id=7, project_id=1, file_name="a.mp4", scene_id=3, start_time_ms=0, end_time_ms=3_600_000)


def printed(*hits: SearchHit, is_terminal: bool = False) -> str:
    file = io.StringIO()
    Console(file=file, width=200, force_terminal=is_terminal, color_system="standard" if is_terminal else None).print(
        render_hits(hits)
    )
    return file.getvalue()


def with_keyframe(url: str | None) -> SearchHit:
    return SearchHit(asset_id=7, scene_id=3, start_time_ms=0, end_time_ms=1, keyframe_url=url)


def test_a_scene_leads_to_its_keyframe_on_terminals_that_know_links() -> None:
    shown = with_keyframe("https://store.test/3.jpg?signature=a%20b;c")

    assert ";https://store.test/3.jpg?signature=a%20b;c\x1b\\" in printed(shown, is_terminal=True)
    assert "store.test" not in printed(shown)


@pytest.mark.parametrize("url", [None, "", "file:///etc/passwd", "https://store.test/\x1b\\\x1b[31m"], ids=repr)
def test_what_is_no_address_is_no_link(url: str | None) -> None:
    assert "\x1b]8" not in printed(with_keyframe(url), is_terminal=True)


def test_what_matches_is_shortened() -> None:
    matches = Matches(
        persons=(ScenePerson(person_id=1, name="Ada [b]"), ScenePerson(person_id=2)),
        dialogues=(Script(text="x" * 200, start_time_ms=60_000, end_time_ms=61_000),),
        texts=tuple(ScreenText(text=text, start_time_ms=0, end_time_ms=1) for text in ("EXIT", "\x1b[31m", "EXIT")),
        keywords=tuple(Keyword(keyword=f"k{number}") for number in range(5)),
    )

    shown = rows(printed(SearchHit(asset_id=7, scene_id=3, start_time_ms=0, end_time_ms=0, score=5, matches=matches)))

    assert shown == [
        ["5", "7", "3", "", "persons Ada [b] · ID 2"],
        ["", "", "", "", f"lines 0:01:00.000 {'x' * 67}…"],
        ["", "", "", "", "on screen EXIT · �[31m"],
        ["", "", "", "", "keywords k0 · k1 · k2 · 2 more"],
    ]


def test_hits_are_shown_with_nothing_but_ids() -> None:
    assert rows(printed(HIT)) == [["", "7 a.mp4", "3", "0:00:00.000 - 1:00:00.000", ""]]
