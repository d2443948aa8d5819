from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from scenedex.cli.user.rendering import clock_time, plain, render_asset, render_index
from scenedex.cli.user.screen import Screen
from scenedex.client import AnalysisSetting, Asset, Engine, Index, Keyword, MetaData, Scene, Shot


def printed(renderable: RenderableType) -> str:
    file = io.StringIO()
    Console(file=file, width=120).print(renderable)
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


def test_an_index_shows_scenes_shots_and_engines() -> None:
    shots = (Shot(shot_id=1, start_time_ms=0, end_time_ms=400), Shot(shot_id=2, start_time_ms=400, end_time_ms=1500))
    scene = Scene(scene_id=1, start_time_ms=0, end_time_ms=1500, shots=shots)
    setting = AnalysisSetting(engines=(Engine(stage="shots", name="[detector]", version="2"), Engine(stage="faces")))

    words = printed(render_index(Index(type="VIDEO", scenes=(scene,), analysis_setting=setting)))

    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in words.splitlines() if line.startswith("│")]
    assert rows == [
        ["1", "", "0:00:00.000", "0:00:01.500", "0:00:01.500"],
        ["", "1", "0:00:00.000", "0:00:00.400", "0:00:00.400"],
        ["", "2", "0:00:00.400", "0:00:01.500", "0:00:01.100"],
    ]
    assert "shots: [detector] 2, faces:" in words


def test_an_index_counts_what_was_found() -> None:
    scene = Scene(scene_id=1, start_time_ms=0, end_time_ms=0, keywords=(Keyword(keyword="sea"), Keyword(keyword="sky")))

    assert "2 keywords" in printed(render_index(Index(scenes=(scene,))))


def test_an_index_without_scenes_says_so() -> None:
    assert "No scenes." in printed(render_index(Index()))


def test_an_asset_leaves_out_what_is_not_known() -> None:
    words = printed(render_asset(Asset(asset_id=7, meta_data=MetaData(duration_ms=0, size=1_234_567))))

    assert [line.split() for line in words.splitlines()] == [["Asset", "7"], ["Size", "1.2", "MB"]]


def test_progress_is_shown_on_terminals_only() -> None:
    for is_terminal in (True, False):
        file = io.StringIO()
        err = Console(file=file, force_terminal=is_terminal, width=100, color_system=None)
        with Screen(Console(file=io.StringIO()), err, as_json=False).bar("Sending [b]") as bar:
            bar.show(None)
            bar.show(40, "shots")

        assert ("Sending [b]" in file.getvalue()) is is_terminal
        assert ("40 % shots" in file.getvalue()) is is_terminal
