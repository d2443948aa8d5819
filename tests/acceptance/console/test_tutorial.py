"""The walk of docs/tutorial, with the film of the demo. WRITE_PICTURES=1 writes its pictures anew."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from console_links import link_of
from processes import Server, running
from scenedex.media.samples import write_demo_video
from shared_servers import made_once
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from browser_tab import Tab
    from sizes import Ground

pytestmark = AT_ONE_SIZE

TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorial"
WRITES = os.environ.get("WRITE_PICTURES") == "1"
WORKSPACE = "newsroom"


@pytest.fixture(scope="module")
def new_server(
    new_ground: Callable[[Path], Ground], tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[Server, str]]:
    """A server as users have it, and the token of a link of its operator."""
    data_dir = tmp_path_factory.mktemp("tutorial") / "data"
    with running(Server(data_dir, new_ground(data_dir))) as server:
        with server.client() as client:
            client.workspaces.create(WORKSPACE)
        yield server, link_of(server)


def keep(tab: Tab, name: str) -> None:
    """Write what the page shows as a picture of the tutorial, if they are to be written."""
    tab.settle()
    if WRITES:
        shown = Image.open(io.BytesIO(tab.page.screenshot()))
        shown.save(TUTORIAL / f"{name}.webp", quality=82, method=6)


def search_for_a_part_of_the_picture(tab: Tab) -> None:
    """Draw a box on the frame that is shown, and wait for the film of which it is.

    The bundled engine compares whole pictures, so the box is about as large as the frame.
    """
    tab.page.get_by_role("button", name="Search for a part of the picture").click()
    video = tab.page.locator("video").bounding_box()
    assert video is not None
    tab.page.mouse.move(video["x"] + 2, video["y"] + 2)
    tab.page.mouse.down()
    tab.page.mouse.move(video["x"] + video["width"] - 4, video["y"] + video["height"] - 4, steps=4)
    tab.page.mouse.up()
    tab.page.wait_for_url("**/search?picture=*")
    tab.page.get_by_label("Confidence").select_option("LOW")
    tab.page.get_by_role("button", name="Play at").first.wait_for()


def test_the_walk(
    new_server: tuple[Server, str], new_tab: Callable[..., Tab], tmp_path_factory: pytest.TempPathFactory
) -> None:
    server, token = new_server
    film = made_once("demo.mp4", tmp_path_factory, write_demo_video)
    tab = new_tab(None, server.endpoint)
    page, main = tab.page, tab.page.get_by_role("main")

    page.goto(f"{server.endpoint}/console/#sign-in={token}")
    page.get_by_text("There are no assets in this project.").wait_for()
    tab.drop(film)
    page.get_by_text("Uploaded").wait_for()
    page.get_by_role("dialog").get_by_text("Close").last.click()

    page.locator(".item", has_text="Not analysed").press("x")
    main.get_by_role("button", name="Analyse", exact=True).click()
    keep(tab, "analyse")
    page.get_by_role("dialog").get_by_role("button", name="Analyse").click()
    page.locator(".item", has_text="Analysed").click()

    tab.until("document.querySelector('video')?.readyState >= 2")
    page.get_by_role("tab", name="Text on screen").click()
    page.get_by_role("button", name="The forest").first.click()
    tab.until_it_plays(5, 25)
    page.keyboard.press("k")
    tab.until("document.querySelector('video').paused")
    keep(tab, "asset")

    search_for_a_part_of_the_picture(tab)

    page.keyboard.press("/")
    page.keyboard.type("forest")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Play at").first.wait_for()
    keep(tab, "search")
    page.get_by_role("button", name="Play at").first.click()
    tab.until_it_plays(5, 25)

    main.get_by_role("link", name=re.compile(r"^\d+:\d\d")).first.click()
    page.get_by_role("link", name="Hits of the search").wait_for()
    tab.until("document.querySelector('video')?.readyState >= 2")
    page.keyboard.press("n")
    page.keyboard.press("i")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("o")
    page.get_by_role("button", name="Export").click()
    keep(tab, "export")
    with page.expect_download() as saved:
        page.get_by_role("link", name="EDL").last.click()
    assert "demo.mp4" in saved.value.path().read_text()
