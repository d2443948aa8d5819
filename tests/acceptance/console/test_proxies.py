"""A film that no browser plays: its proxy is made, played and deleted in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browser_tab import shown
from newsroom import open_desk
from numbered_films import FilmForm, times_of, write_film
from scenedex.client import PlaybackStatus
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from pathlib import Path

    from browser_tab import Tab
    from processes import Server

pytestmark = AT_ONE_SIZE
UNPLAYABLE = FilmForm(codec="mpeg4", sound="aac")


def test_a_proxy_is_made_played_and_deleted(tab: Tab, console: Server, tmp_path: Path) -> None:
    write_film(tmp_path / "film.mp4", UNPLAYABLE, times_of(100))
    console.put("unplayable.mp4", (tmp_path / "film.mp4").read_bytes())
    with open_desk(console) as desk:
        film = desk.imported("unplayable.mp4")
        tab.open(f"w/{desk.workspace}/assets/{film}")
        tab.page.get_by_role("button", name="Make a version that plays").click()
        tab.page.locator("video").wait_for()
        tab.page.get_by_role("button", name="Play").first.click()
        tab.until_it_plays(0.1, 4)

        tab.page.get_by_role("button", name="Proxy").click()
        dialog = tab.page.get_by_role("dialog", name="Delete the proxy")
        assert not (problems := tab.violations()), shown(problems)
        dialog.get_by_role("button", name="Delete the proxy").click()

        tab.page.get_by_role("button", name="Make a version that plays").wait_for()
        assert tab.page.get_by_role("button", name="Proxy").count() == 0
        assert desk.assets.playback(film).status is PlaybackStatus.NEEDED
