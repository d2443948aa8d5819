"""The Summary tab of an asset: request, language, sources, scenes again, and the lane of summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from browser_tab import shown
from newsroom import open_desk
from real_speech import real_file
from scenedex.client import AnalysisOptions
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from browser_tab import Tab
    from newsroom import Desk
    from processes import Server

    from .conftest import KeyPair, Newsroom

pytestmark = AT_ONE_SIZE

SOURCES = "[...document.querySelectorAll('.basis')].map((one) => one.textContent.trim())"


@pytest.fixture
def desk(console: Server, speech_film: Path) -> Generator[tuple[Desk, int]]:
    """A workspace with a film that is analysed and not summarised."""
    console.put("speech.mp4", speech_film.read_bytes())
    with open_desk(console) as opened:
        film = opened.imported("speech.mp4")
        opened.analysed(film, AnalysisOptions(analysis_person_count=5))
        yield opened, film


def test_summaries_are_requested_in_a_language_and_some_are_written_again(tab: Tab, desk: tuple[Desk, int]) -> None:
    opened, film = desk
    page = tab.page
    tab.open(f"w/{opened.workspace}/assets/{film}?tab=summary")
    page.get_by_text("No summaries yet").wait_for()
    problems = tab.violations()

    page.get_by_label("Language of the summaries").select_option("ko-KR")
    page.get_by_role("button", name="Summarise all scenes").click()
    page.get_by_role("button", name="Summarise all again").wait_for()
    first = page.locator("ol [lang='ko-KR'] .text").first
    first.wait_for()
    assert any("\uac00" <= character <= "\ud7a3" for character in first.inner_text())
    assert set(page.evaluate(SOURCES)) == {"seen", "heard"}
    page.get_by_text("composed 1").wait_for()

    page.get_by_role("checkbox", name="Choose scene 1").check()
    problems += tab.violations()
    page.get_by_role("button", name="Summarise 1 scene again").click()
    page.get_by_role("button", name="Summarise all again").wait_for()
    summaries = opened.client.summaries(opened.workspace, opened.project_id, film).get()
    assert summaries.scene_summary_info is not None
    assert summaries.scene_summary_info.analyzed_scene_ids == (1,)

    page.get_by_role("button", name="Play scene 1").click()
    start = summaries.scene_summaries[0].start_time_ms / 1000
    tab.until_it_plays(start, start + 11)
    page.locator("ol > [aria-current=true]").get_by_role("button", name="Play scene 1").wait_for()
    assert not problems, shown(problems)


def test_the_lane_of_summaries_is_read_by_mouse_and_keys(tab: Tab, newsroom: Newsroom) -> None:
    page = tab.page
    tab.open(f"w/{newsroom.desk.workspace}/assets/{newsroom.film}?t=5")
    found = newsroom.desk.client.summaries(newsroom.desk.workspace, newsroom.desk.project_id, newsroom.film).get()
    text = found.scene_summaries[0].summary

    lane = page.get_by_role("button", name="Summaries, ")
    lane.focus()
    box = lane.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] + 40, box["y"] + box["height"] / 2)
    page.locator(".hover").get_by_text(text).wait_for()

    page.keyboard.press("ArrowLeft")
    page.locator("[aria-live=polite]").get_by_text(text).first.wait_for(state="attached")


def test_a_viewer_reads_summaries_and_requests_none(
    new_tab: Callable[[], Tab], viewer: KeyPair, newsroom: Newsroom
) -> None:
    tab = new_tab()
    tab.expect(401)
    tab.open(f"w/{newsroom.desk.workspace}/assets/{newsroom.film}?tab=summary")
    tab.sign_in(viewer.access_key, viewer.secret_key)
    tab.page.locator("ol .text").first.wait_for()

    assert not tab.page.get_by_role("button", name="Summarise").count()
    assert not tab.page.get_by_role("checkbox").count()


def test_a_picture_has_a_summary(tab: Tab, console: Server) -> None:
    console.put("portrait.jpg", real_file("obama2.jpg").read_bytes())
    with open_desk(console) as opened:
        picture = opened.imported("portrait.jpg")
        opened.analysed(picture, AnalysisOptions(analysis_person_count=5))
        opened.summarised(picture)
        tab.open(f"w/{opened.workspace}/assets/{picture}?tab=summary")

        tab.page.locator("ol .text").first.wait_for()

        assert not tab.page.get_by_role("button", name="Play scene").count()
