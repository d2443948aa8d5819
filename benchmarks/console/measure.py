"""Paint, frames and memory of the console with 10 000 assets and a film of two hours. Prints a Markdown table.

Run from the root of the repository: ``PYTHONPATH=tests python -m benchmarks.console.measure [--times 3]``. It takes a
minute to make the film. Chromium must be installed.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import statistics
import tempfile
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.console.page import chromium, frames_of, give_back_caches, heap_mib, open_tab, renderer_mib

from large_archive import DURATION_MS, Filling, LargeArchive, fill
from newsroom import open_desk
from processes import Server, running
from scenedex.media.samples import SampleFormat, Take, drifting, write_video
from sizes import Embedded

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.console.page import Frames
    from playwright.sync_api import Browser, StorageState

    from browser_tab import Tab

PAINTS = """
() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime
  const content = Math.max(...performance.getEntriesByType('resource').map((one) => one.responseEnd))
  return {paint, content, shift: window.layoutShift}
}
"""
# Pages without code of their own, which show how many frames the machine itself loses.
PLAIN_PAGE = "<body>" + "".join(f"<p style='height: 40px'>line {number}</p>" for number in range(3000))
# As many pictures in a window as the grid has.
PLAIN_PICTURE = "<img src='{}' loading=lazy decoding=async width=200 height=113 style='margin: 0 0 107px 8px'>"
POSTERS = """
async ([workspace, project, pages]) => {
  const found = []
  for (let page = 1; page <= pages; page++) {
    const path = `../../../api/v1/workspaces/${workspace}/projects/${project}/asset-states?pageNum=${page}&pageSize=100`
    const answer = await fetch(path, {headers: {'x-scenedex-console': '1'}})
    found.push(...(await answer.json()).result.content)
  }
  return found.flatMap((one) => one.keyframeUrl ?? [])
}
"""
COUNT_SHIFTS = """
window.layoutShift = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.layoutShift += entry.value
}).observe({type: 'layout-shift', buffered: true})
"""
PICTURES = 1000
# A wheel that is turned fast: a window of 800 pixels passes in an eighth of a second.
SCROLL_STEPS, SCROLL_PIXELS = 300, 100
ZOOM_STEPS, ZOOM_PIXELS = 120, 40
MS_BETWEEN_STEPS = 16
MOST_FRAME_MS = 32


@dataclass
class Table:
    """Measured values by name, and the limit of each."""

    values: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    limits: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, name: str, value: float, limit: str = "") -> None:
        """Add a value."""
        self.values.setdefault(name, []).append(value)
        self.limits[name] = limit

    def add_frames(self, name: str, frames: Frames) -> None:
        """Add the frames of a movement."""
        self.add(f"{name}: frames a second", frames.per_second, "≥ 50")
        self.add(f"{name}: frames above 32 ms, %", frames.share_above(MOST_FRAME_MS), "0")
        self.add(f"{name}: tasks above 50 ms", len(frames.long_tasks), "0")
        self.add(f"{name}: longest task, processor ms", max(frames.work), f"≤ {MOST_FRAME_MS}")

    def print(self) -> None:
        """Print the median and the range of each value."""
        print("| | limit | median | range |\n|---|---|---|---|")
        for name, values in self.values.items():
            middle, least, most = statistics.median(values), min(values), max(values)
            print(f"| {name} | {self.limits[name]} | {middle:.4g} | {least:.4g}-{most:.4g} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory(prefix="scenedex-console-") as folder:
        data_dir = Path(folder) / "data"
        with running(Server(data_dir, Embedded(data_dir))) as server, open_desk(server) as desk:
            film = long_film(Path(folder) / "film.webm")
            archive = asyncio.run(
                fill(data_dir, Filling(desk.workspace, desk.project_id, film=film, pictures=pictures()))
            )
            with chromium() as browser:
                state = signed_in(browser, server)
                table = Table()
                for _ in range(times):
                    measure(browser, server.endpoint, state, archive, table)
                table.print()


def pictures() -> tuple[str, ...]:
    """Keys of as many pictures as the scrolling passes."""
    return tuple(f"archive/{number}.jpg" for number in range(PICTURES))


def long_film(path: Path) -> bytes:
    """Make a film of two hours that browsers play. It has one frame a second."""
    form = SampleFormat(
        rate=Fraction(1), codec="libvpx-vp9", codec_options={"deadline": "realtime", "cpu-used": "8", "g": "60"}
    )
    write_video(path, [Take(DURATION_MS // 1000, drifting(1))], form)
    return path.read_bytes()


def signed_in(browser: Browser, server: Server) -> StorageState:
    tab = open_tab(browser, server.endpoint)
    tab.open()
    tab.sign_in(*server.key())
    return tab.page.context.storage_state()


def measure(browser: Browser, url: str, state: StorageState, archive: LargeArchive, table: Table) -> None:
    """Measure the screens once."""
    plain = open_tab(browser, url)
    plain.page.set_content(PLAIN_PAGE)
    table.add_frames("a page of plain text, scrolling", frames_of(plain, scrolling(plain, (700, 500))))
    plain.page.context.close()
    tab = opened(browser, url, state, f"w/{archive.workspace}/assets")
    posters: list[str] = tab.page.evaluate(POSTERS, [archive.workspace, archive.project, PICTURES // 100])
    tab.page.context.close()
    pictured = open_tab(browser, url)
    pictured.page.set_content("".join(PLAIN_PICTURE.format(html.escape(one)) for one in posters))
    table.add_frames("a page of the same pictures, scrolling", frames_of(pictured, scrolling(pictured, (700, 500))))
    table.add("a page of the same pictures: private memory of the renderer with its caches, MiB", renderer_mib(browser))
    pictured.page.context.close()
    for view in ("grid", "list"):
        tab = opened(browser, url, state, f"w/{archive.workspace}/assets?view={view}")
        add_paints(tab, f"assets, {view}", table)
        table.add_frames(f"assets, {view}, scrolling", frames_of(tab, scrolling(tab, (700, 500))))
        add_memory(tab, browser, f"assets, {view}", table)
        tab.page.context.close()
    tab = opened(browser, url, state, f"w/{archive.workspace}/assets/{archive.film}?tab=transcript")
    tab.until("document.querySelector('video')?.readyState >= 2")
    add_paints(tab, "film", table)
    table.add_frames("transcript, scrolling", frames_of(tab, scrolling(tab, (1100, 300))))
    canvas = tab.page.locator(".scroll canvas").bounding_box()
    assert canvas is not None
    place = (canvas["x"] + 300, canvas["y"] + 40)
    table.add_frames("timeline, zooming", frames_of(tab, zooming(tab, place)))
    tab.page.get_by_role("tab", name="Insights").click()
    table.add_frames("insights, scrolling", frames_of(tab, scrolling(tab, (1100, 300))))
    add_memory(tab, browser, "film", table)
    tab.page.context.close()


def opened(browser: Browser, url: str, state: StorageState, path: str) -> Tab:
    tab = open_tab(browser, url, state)
    tab.page.add_init_script(COUNT_SHIFTS)
    tab.open(path)
    return tab


def scrolling(tab: Tab, place: tuple[int, int]) -> Callable[[], None]:
    def scroll() -> None:
        tab.page.mouse.move(*place)
        for _ in range(SCROLL_STEPS):
            tab.page.mouse.wheel(0, SCROLL_PIXELS)
            tab.page.wait_for_timeout(MS_BETWEEN_STEPS)

    return scroll


def zooming(tab: Tab, place: tuple[float, float]) -> Callable[[], None]:
    def zoom() -> None:
        tab.page.mouse.move(*place)
        for pixels in (-ZOOM_PIXELS, ZOOM_PIXELS):
            for _ in range(ZOOM_STEPS):
                tab.page.mouse.wheel(0, pixels)
                tab.page.wait_for_timeout(MS_BETWEEN_STEPS)

    return zoom


def add_paints(tab: Tab, name: str, table: Table) -> None:
    seen = tab.page.evaluate(PAINTS)
    table.add(f"{name}: first contentful paint, ms", seen["paint"], "≤ 1000")
    table.add(f"{name}: all answers and pictures, ms", seen["content"])
    table.add(f"{name}: layout shift", seen["shift"], "0")


def add_memory(tab: Tab, browser: Browser, name: str, table: Table) -> None:
    table.add(f"{name}: JavaScript heap, MiB", heap_mib(tab))
    table.add(f"{name}: private memory of the renderer with its caches, MiB", renderer_mib(browser))
    give_back_caches(tab)
    table.add(f"{name}: private memory of the renderer, MiB", renderer_mib(browser), "< 300")


if __name__ == "__main__":
    main()
