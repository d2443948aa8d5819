"""From a film on a desk to the moment that is exported: by mouse, and by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsroom import open_desk
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from playwright.sync_api import Locator

    from browser_tab import Tab
    from newsroom import Desk
    from processes import Server
    from scenedex.client.index_answers import Index

    from .conftest import KeyPair

# Time from a click to the frame on a busy machine. The usual one is printed.
MS_TO_FRAME = 3000
MEASURE_SEEKS = """
() => {
  const video = document.querySelector('video')
  window.seeks = []
  for (const name of ['click', 'keydown'])
    addEventListener(name, () => (window.asked = performance.now()), {capture: true})
  video.addEventListener('seeked', () => window.seeks.push(performance.now() - window.asked))
}
"""
PLACE_OF_WORD = """
(element, from) => {
  const range = document.createRange()
  range.setStart(element.firstChild, from)
  range.setEnd(element.firstChild, from + 2)
  const box = range.getBoundingClientRect()
  return {x: box.x + box.width / 2, y: box.y + box.height / 2}
}
"""


@pytest.fixture
def desk(console: Server) -> Generator[Desk]:
    with open_desk(console) as opened:
        yield opened


def asset_of(desk: Desk) -> int:
    [asset] = desk.assets.list()
    return asset.asset_id


def check_seek(tab: Tab, record_property: Callable[[str, object], None]) -> None:
    [first, *_] = tab.page.evaluate("window.seeks")
    record_property("ms_to_frame", first)
    print(f"{first:.0f} ms from the input to the frame")  # noqa: T201  # shown with -rP
    assert first <= MS_TO_FRAME


def card(tab: Tab, state: str) -> Locator:
    return tab.page.get_by_role("option", name="speech.mp4").filter(has_text=state)


def test_by_mouse(
    manager: KeyPair,
    desk: Desk,
    new_tab: Callable[[], Tab],
    speech_film: Path,
    record_property: Callable[[str, object], None],
) -> None:
    tab = new_tab()
    page = tab.page
    tab.open()
    tab.sign_in(manager.access_key, manager.secret_key)
    page.get_by_role("combobox", name="Workspace").select_option(desk.workspace)
    page.get_by_text("There are no assets in this project.").wait_for()

    tab.drop(speech_film)
    page.get_by_text("Uploaded").wait_for()
    page.get_by_role("dialog").get_by_text("Close").last.click()

    card(tab, "Not analysed").hover()
    page.locator(".pick").click()
    page.get_by_role("button", name="Analyse", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Analyse").click()
    card(tab, "Analysed").click()

    page.get_by_role("tab", name="Transcript").click()
    line = page.get_by_role("grid", name="Transcript").locator(".text").first
    line.wait_for()
    tab.until("document.querySelector('video')?.readyState >= 2")
    page.evaluate(MEASURE_SEEKS)
    words = line.inner_text()
    place = line.evaluate(PLACE_OF_WORD, words.rindex(" ") + 1)
    page.mouse.click(place["x"], place["y"])
    start = last_word_seconds(desk.index(asset_of(desk)).get())
    tab.until_it_plays(start - 0.2, start + 3)
    check_seek(tab, record_property)

    page.get_by_role("tab", name="Insights").click()
    page.get_by_role("button", name="Name ID").first.click()
    page.get_by_label("Name", exact=True).fill("Ada Lovelace")
    page.get_by_role("heading", name="Keywords").click()
    page.get_by_text("Ada Lovelace").first.wait_for()

    page.get_by_role("link", name="Search").click()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Name", exact=True).fill("Ada")
    page.get_by_role("button", name="Ada Lovelace").first.click()
    page.get_by_role("button", name="Play at").first.click()
    tab.until_it_plays(0, 6.5)

    page.get_by_text("Export").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    assert "speech.mp4" in saved.value.path().read_text()


def last_word_seconds(index: Index) -> float:
    """Return the time at which the last word of the first line begins, or the line if it has no words."""
    script = index.scenes[0].scripts[0]
    return (script.words[-1].start_time_ms if script.words else script.start_time_ms) / 1000


@AT_ONE_SIZE
def test_by_keyboard_alone(
    manager: KeyPair,
    desk: Desk,
    new_tab: Callable[[], Tab],
    speech_film: Path,
    record_property: Callable[[str, object], None],
) -> None:
    tab = new_tab()
    tab.open(f"w/{desk.workspace}/assets")

    sign_in_by_keys(tab, manager)
    add_and_analyse_by_keys(tab, speech_film)
    play_a_word_by_keys(tab)
    check_seek(tab, record_property)
    name_by_keys(tab, "Grace Hopper")
    find_by_keys(tab, "Grace Hopper")
    export_by_keys(tab)


def sign_in_by_keys(tab: Tab, manager: KeyPair) -> None:
    tab.reach(tab.page.get_by_label("Access key"))
    tab.page.keyboard.type(manager.access_key)
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.type(manager.secret_key)
    tab.page.keyboard.press("Enter")
    tab.page.get_by_text("There are no assets in this project.").wait_for()


def add_and_analyse_by_keys(tab: Tab, film: Path) -> None:
    page, press = tab.page, tab.page.keyboard.press
    # The browser learns of a listener some time after it is added.
    page.on("filechooser", lambda _chooser: None)
    press("a")
    tab.reach(page.get_by_role("button", name="Choose files"))
    with page.expect_file_chooser() as chooser:
        press("Enter")
    chooser.value.set_files(film)
    page.get_by_text("Uploaded").wait_for()
    press("Escape")
    card(tab, "Not analysed").wait_for()
    tab.reach(page.get_by_role("option", name="speech.mp4"))
    press("x")
    tab.reach(page.get_by_role("button", name="Analyse", exact=True), "Shift+Tab")
    press("Enter")
    tab.reach(page.get_by_role("dialog").get_by_role("button", name="Analyse"))
    press("Enter")
    card(tab, "Analysed").wait_for()
    tab.reach(page.get_by_role("option", name="speech.mp4"))
    press("Enter")


def play_a_word_by_keys(tab: Tab) -> None:
    page, press = tab.page, tab.page.keyboard.press
    tab.reach(page.get_by_role("tab", name="Insights"))
    press("ArrowRight")
    tab.until("document.querySelector('video')?.readyState >= 2")
    page.evaluate(MEASURE_SEEKS)
    tab.reach(page.get_by_role("grid", name="Transcript").get_by_role("row").first)
    press("End")
    for _ in range(3):
        press("ArrowRight")
    press("Enter")
    tab.until_it_plays(0.2, 12)


def name_by_keys(tab: Tab, name: str) -> None:
    page, press = tab.page, tab.page.keyboard.press
    tab.reach(page.get_by_role("tab", name="Transcript"), "Shift+Tab")
    press("ArrowLeft")
    tab.reach(page.get_by_role("button", name="Name ID").first)
    press("Enter")
    page.keyboard.type(name)
    press("Enter")
    page.get_by_text(name).first.wait_for()


def find_by_keys(tab: Tab, name: str) -> None:
    page, press = tab.page, tab.page.keyboard.press
    press("g")
    press("s")
    tab.reach(page.get_by_role("button", name="Filters"))
    press("Enter")
    tab.reach(page.get_by_label("Name", exact=True))
    page.keyboard.type(name.split(maxsplit=1)[0])
    page.get_by_role("button", name=name).first.wait_for()
    press("Enter")
    tab.reach(page.get_by_role("button", name="Play at").first)
    press("Enter")
    tab.until_it_plays(0, 6.5)


def export_by_keys(tab: Tab) -> None:
    press = tab.page.keyboard.press
    tab.reach(tab.page.get_by_text("Export"), "Shift+Tab")
    press("Enter")
    tab.reach(tab.page.get_by_role("link", name="CSV"))
    with tab.page.expect_download() as saved:
        press("Enter")
    assert "speech.mp4" in saved.value.path().read_text()
