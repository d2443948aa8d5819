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

    from browser_tab import Tab
    from newsroom import Desk
    from processes import Server

    from .conftest import KeyPair, Newsroom

pytestmark = AT_ONE_SIZE

SOURCES = "[...document.querySelectorAll('.basis')].map((one) => one.textContent.trim())"


def portrait(console: Server, desk: Desk) -> int:
    """Analyse a picture of a person in a workspace, which takes less time than a film."""
    console.put("portrait.jpg", real_file("obama2.jpg").read_bytes())
    picture = desk.imported("portrait.jpg")
    desk.analysed(picture, AnalysisOptions(analysis_person_count=5))
    return picture


@pytest.fixture
def desk(console: Server) -> Generator[Desk]:
    with open_desk(console) as opened:
        yield opened


@pytest.fixture(scope="module", autouse=True)
def paused(console: Server) -> Generator[Desk]:
    """A workspace whose summaries wait. Commands of operators run before Chromium does."""
    with open_desk(console) as opened:
        console.run("jobs", "pause", "--kind", "summary", "--workspace", opened.workspace)
        yield opened


def test_summaries_are_requested_in_a_language_and_some_are_written_again(
    tab: Tab, console: Server, desk: Desk
) -> None:
    page = tab.page
    picture = portrait(console, desk)
    tab.open(f"w/{desk.workspace}/assets/{picture}?tab=summary")
    page.get_by_text("No summaries yet").wait_for()
    page.get_by_text("1 scene · composed 1 · nothing leaves the server").wait_for()
    problems = tab.violations()

    page.get_by_label("Language of the summaries").select_option("ko-KR")
    page.get_by_role("button", name="Summarise all scenes").click()
    page.get_by_role("button", name="Summarise all again").wait_for()
    first = page.locator("ol [lang='ko-KR'] .text").first
    first.wait_for()
    assert any("\uac00" <= character <= "\ud7a3" for character in first.inner_text())
    page.locator("dl").get_by_text("composed 1").wait_for()
    assert not page.get_by_role("button", name="Play scene").count()

    page.get_by_role("checkbox", name="Choose scene 1").check()
    problems += tab.violations()
    page.get_by_role("button", name="Summarise 1 scene again").click()
    page.get_by_role("button", name="Summarise all again").wait_for()
    info = desk.client.summaries(desk.workspace, desk.project_id, picture).get().scene_summary_info
    assert info is not None
    assert info.analyzed_scene_ids == (1,)
    assert not problems, shown(problems)


def test_summaries_that_wait_are_cancelled(tab: Tab, console: Server, paused: Desk) -> None:
    page = tab.page
    picture = portrait(console, paused)
    tab.open(f"w/{paused.workspace}/assets/{picture}?tab=summary")
    page.get_by_role("button", name="Summarise all scenes").click()
    page.get_by_text("The summaries wait.").wait_for()
    problems = tab.violations()

    page.get_by_role("tabpanel").get_by_role("button", name="Cancel").click()

    page.get_by_text("The summaries were cancelled.").wait_for()
    page.get_by_role("button", name="Summarise all scenes").wait_for()
    status = paused.client.summaries(paused.workspace, paused.project_id, picture).status()
    assert status.status == "SUMMARIZE_CANCELED"
    assert not problems, shown(problems)


def test_a_summary_plays_its_scene_and_names_its_sources(tab: Tab, newsroom: Newsroom) -> None:
    page = tab.page
    tab.open(f"w/{newsroom.desk.workspace}/assets/{newsroom.film}?tab=summary")
    page.locator("ol .text").first.wait_for()
    assert set(page.evaluate(SOURCES)) == {"seen", "heard"}

    tab.until("document.querySelector('video')?.readyState >= 2")
    page.get_by_role("button", name="Play scene 1").click()

    tab.until_it_plays(0, 11)
    page.locator("ol > [aria-current=true]").get_by_role("button", name="Play scene 1").wait_for()


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
