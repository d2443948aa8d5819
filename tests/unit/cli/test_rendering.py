from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from scenedex.cli.user.asset_rendering import render_asset, render_states
from scenedex.cli.user.index_rendering import render_index
from scenedex.cli.user.rendering import clock_time, plain, table
from scenedex.cli.user.screen import Screen
from scenedex.client import (
    AnalysisSetting,
    Appearance,
    Asset,
    AssetState,
    AudioEffect,
    Engine,
    Index,
    Keyword,
    MetaData,
    Scene,
    ScenePerson,
    ScreenText,
    Script,
    Shot,
    UploadStatus,
)


def printed(renderable: RenderableType) -> str:
    file = io.StringIO()
    Console(file=file, width=160).print(renderable)
    return file.getvalue()


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(0, "0:00:00.000"), (1, "0:00:00.001"), (61_500, "0:01:01.500"), (36_000_000, "10:00:00.000")],
)
def test_times_are_hours_minutes_seconds(milliseconds: int, words: str) -> None:
    assert clock_time(milliseconds) == words


@given(st.integers(min_value=0, max_value=10**9))
def test_times_can_be_read_back(milliseconds: int) -> None:
    match = re.fullmatch(r"(\d+):([0-5]\d):([0-5]\d)\.(\d{3})", clock_time(milliseconds))

    assert match
    hours, minutes, seconds, rest = map(int, match.groups())
    assert ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest == milliseconds


@given(st.text())
def test_plain_text_has_no_control_characters(words: str) -> None:
    assert plain(words).plain.isprintable()


def rows(words: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in words.splitlines() if line.startswith("│")]


def test_an_index_shows_what_was_found_scene_by_scene() -> None:
    shots = (Shot(shot_id=1, start_time_ms=0, end_time_ms=400), Shot(shot_id=2, start_time_ms=400, end_time_ms=1500))
    scene = Scene(
        scene_id=1,
        start_time_ms=0,
        end_time_ms=1500,
        shots=shots,
        persons=(
            ScenePerson(person_id=7, name="Jane [b]", appearances=(Appearance(start_time_ms=0, end_time_ms=300),)),
            ScenePerson(
                person_id=8,
                appearances=tuple(Appearance(start_time_ms=ms, end_time_ms=ms + 50) for ms in range(0, 500, 100)),
            ),
        ),
        keywords=(Keyword(keyword="sea"), Keyword(keyword="sky"), Keyword(keyword="sea")),
        scripts=(
            Script(speaker="Speaker 1", text="안녕하세요.", start_time_ms=100, end_time_ms=300),
            Script(text="Hello.", start_time_ms=600, end_time_ms=700),
        ),
        texts=(ScreenText(text="EXIT", start_time_ms=0, end_time_ms=5),),
        audio_effects=(AudioEffect(type="BACKGROUND_MUSIC", start_time_ms=0, end_time_ms=1500),),
    )
    empty = Scene(scene_id=2, start_time_ms=1500, end_time_ms=2000)

    words = printed(render_index(Index(type="VIDEO", scenes=(scene, empty))))

    assert rows(words) == [
        ["1", "0:00:00.000", "0:00:01.500", "shots", "0:00:00.000 shot 1"],
        ["", "", "", "", "0:00:00.400 shot 2"],
        ["", "", "", "persons", "Jane [b] (0:00:00.000-0:00:00.300)"],
        ["", "", "", "", "ID 8 (0:00:00.000-0:00:00.050, 0:00:00.100-0:00:00.150, 0:00:00.200-0:00:00.250, 2 more)"],
        ["", "", "", "keywords", "sea, sky"],
        ["", "", "", "lines", "0:00:00.100 Speaker 1: 안녕하세요."],
        ["", "", "", "", "0:00:00.600 Hello."],
        ["", "", "", "on screen", "0:00:00.000 EXIT"],
        ["", "", "", "sounds", "background music (0:00:00.000-0:00:01.500)"],
        ["2", "0:00:01.500", "0:00:02.000", "", ""],
    ]


def test_an_index_shows_the_remark_on_a_result() -> None:
    note = "3 utterances were not understood and left out: 3 in Korean"
    setting = AnalysisSetting(engines=(Engine(stage="speech", name="whisper", version="3", note=note),))

    words = printed(render_index(Index(analysis_setting=setting)))

    assert words.partition("Notes\n")[2].split() == ["speech", *note.split()]


def test_an_index_says_what_looked_and_what_was_not_analysed() -> None:
    setting = AnalysisSetting(
        engines=(
            Engine(stage="shots", name="[detector]", version="2"),
            Engine(stage="faces", name="dlib", version="1", weights="resnet"),
            Engine(stage="sounds", not_analysed="No weights; run: scenedex weights pull ced-tiny"),
            Engine(stage="text"),
        )
    )

    words = printed(render_index(Index(analysis_setting=setting)))

    _, _, after = words.partition("Engines\n")
    engines, _, missing = after.partition("Not analysed\n")
    assert [line.split(maxsplit=1) for line in map(str.strip, engines.splitlines())] == [
        ["shots", "[detector] 2"],
        ["faces", "dlib 1 (resnet)"],
        ["text", "unknown"],
    ]
    assert missing.startswith("sounds  No weights; run: ")
    assert missing.endswith("scenedex weights pull ced-tiny\n")


def test_an_index_without_scenes_says_so() -> None:
    assert "No scenes." in printed(render_index(Index()))


def test_an_asset_leaves_out_what_is_not_known() -> None:
    words = printed(render_asset(Asset(asset_id=7, meta_data=MetaData(duration_ms=0, size=1_234_567))))

    assert [line.split() for line in words.splitlines()] == [["Asset", "7"], ["Size", "1.2", "MB"]]


def bar_of(*shown: tuple[float | None, str], is_terminal: bool) -> str:
    file = io.StringIO()
    err = Console(file=file, force_terminal=is_terminal, width=100, color_system=None)
    with Screen(Console(file=io.StringIO()), err, as_json=False).bar("Sending [b]") as bar:
        for percent, words in shown:
            bar.show(percent, words)
    return file.getvalue()


def test_a_bar_on_a_terminal_ends_at_100_percent() -> None:
    printed = bar_of((None, ""), (40, "shots"), is_terminal=True)

    assert "Sending [b]" in printed
    assert printed.rindex("100 %") > printed.index("Sending [b]")


def test_without_a_terminal_there_is_a_line_for_each_stage() -> None:
    printed = bar_of((None, ""), (10, "sound"), (30, "sound"), (40, "shots"), is_terminal=False)

    assert printed.splitlines() == ["Sending [b]: sound, 10 %", "Sending [b]: shots, 40 %", "Sending [b]: done"]


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_tables_fit_the_terminal_and_cut_nothing(width: int) -> None:
    states = [
        AssetState(
            asset_id=1_234_567_890,
            key=f"{'k' * 70}.mp4",
            import_status=UploadStatus.INVALID_METADATA,
            import_result="Invalid file",
            import_reason="The file is empty.",
            created_time=datetime(2025, 4, 23, 12, tzinfo=UTC),
        )
    ]
    file = io.StringIO()

    Console(file=file, width=width).print(render_states(states))

    lines = file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert "…" not in file.getvalue()
    shown = [line.split("│") for line in lines if line.startswith("│")]
    if not shown:
        listed = re.sub(r"\s", "", file.getvalue())
        assert listed.startswith(
            f"Asset1234567890Key{'k' * 70}.mp4Importfailed:notacceptedReasonInvalidfile.Thefileisempty"
        )
        return
    assert {len(row) for row in shown} == {7}
    cells = ["".join(row[number].strip() for row in shown) for number in range(1, 6)]
    assert cells[:2] == ["1234567890", f"{'k' * 70}.mp4"]
    assert cells[2].replace(" ", "") == "failed:notaccepted"
    assert cells[3].replace(" ", "") == "Invalidfile.Thefileisempty"


def test_tables_wrap_between_words_and_are_lists_where_words_do_not_fit() -> None:
    def lines(width: int) -> list[str]:
        console = Console(file=io.StringIO(), width=width)
        console.print(table(("Access key", "Workspaces", "Created"), [("AK" * 8, "all", "2026-11-29 23:41")]))
        assert isinstance(console.file, io.StringIO)
        return console.file.getvalue().splitlines()

    assert lines(46)[1] == "┃ Access key       ┃ Workspaces ┃ Created    ┃"
    assert [line.split() for line in lines(45)] == [
        ["Access", "key", "AK" * 8],
        ["Workspaces", "all"],
        ["Created", "2026-11-29", "23:41"],
    ]


def test_facts_fold_long_values() -> None:
    file = io.StringIO()

    Console(file=file, width=30).print(render_asset(Asset(asset_id=7, key="k" * 70)))

    assert "…" not in file.getvalue()
    assert file.getvalue().count("k") == 70


def test_the_time_of_an_analysis_is_not_that_of_a_correction() -> None:
    day = datetime(2025, 4, 23, 12, tzinfo=UTC)

    words = printed(render_index(Index(created_time=day, updated_time=day.replace(hour=18))))

    assert re.search(r"Analysed +2025-04-23 12:00:00", words)
    assert re.search(r"Corrected +2025-04-23 18:00:00", words)


def test_long_lists_come_in_tables_of_a_thousand() -> None:
    screen = Screen(Console(file=(file := io.StringIO()), width=100), Console(file=io.StringIO()), as_json=False)

    screen.many((Asset(asset_id=number) for number in range(2001)), lambda assets: f"{len(assets)} rows")

    assert file.getvalue().splitlines() == ["1000 rows", "1000 rows", "1 rows"]
