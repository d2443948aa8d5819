"""A page of Chromium that is measured: its frames, its memory and its requests."""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from playwright.sync_api import sync_playwright

from browser_tab import WIDE, Tab

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from playwright.sync_api import Browser

_WATCH_FRAMES = """
() => {
  window.frames_ = []
  window.longTasks = []
  let former = performance.now()
  const tick = (now) => { window.frames_.push(now - former); former = now; window.watching = requestAnimationFrame(tick) }
  window.watching = requestAnimationFrame((now) => { former = now; window.watching = requestAnimationFrame(tick) })
  window.watcher = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longTasks.push(entry.duration)
  })
  window.watcher.observe({type: 'longtask'})
}
"""
_SEEN_FRAMES = """
() => {
  cancelAnimationFrame(window.watching)
  window.watcher.disconnect()
  return {frames: window.frames_, longTasks: window.longTasks}
}
"""
KIB = 1024


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames of a movement.

    Attributes:
        times: time from each frame to the next, in milliseconds.
        long_tasks: durations of tasks of more than 50 ms.
    """

    times: Sequence[float]
    long_tasks: Sequence[float]

    @property
    def per_second(self) -> float:
        return 1000 * len(self.times) / sum(self.times)

    @property
    def longest(self) -> float:
        return max(self.times)

    def above(self, milliseconds: float) -> int:
        """Count the frames that took longer."""
        return sum(time > milliseconds for time in self.times)

    def __str__(self) -> str:
        middle, top = statistics.median(self.times), sorted(self.times)[int(len(self.times) * 0.99)]
        return (
            f"{self.per_second:.0f} frames a second, p50 {middle:.1f} ms, p99 {top:.1f} ms, longest {self.longest:.1f} ms,"
            f" {self.above(32)} of {len(self.times)} above 32 ms, {len(self.long_tasks)} long tasks"
        )


@contextlib.contextmanager
def chromium() -> Generator[Browser]:
    """The Chromium of the system, without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    arguments = ["--mute-audio", "--autoplay-policy=no-user-gesture-required"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def open_tab(browser: Browser, url: str, state: Any = None) -> Tab:
    """A tab of a new browser profile."""
    context = browser.new_context(
        storage_state=state, viewport={"width": WIDE[0], "height": WIDE[1]}, color_scheme="dark"
    )
    return Tab(context.new_page(), url)


def frames_of(tab: Tab, movement: Callable[[], None]) -> Frames:
    """Return the frames of a movement."""
    tab.page.evaluate(_WATCH_FRAMES)
    movement()
    seen = tab.page.evaluate(_SEEN_FRAMES)
    return Frames(seen["frames"], seen["longTasks"])


def heap_mib(tab: Tab) -> float:
    """JavaScript heap in use after garbage collection, in MiB."""
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = cast("list[dict[str, Any]]", session.send("Performance.getMetrics")["metrics"])
    return next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize") / KIB**2


def renderer_mib(browser: Browser) -> float:
    """Private memory of the largest renderer process, in MiB: all that a tab needs, with its pictures."""
    session = browser.new_browser_cdp_session()
    found = cast("list[dict[str, Any]]", session.send("SystemInfo.getProcessInfo")["processInfo"])
    return max(_private_mib(one["id"]) for one in found if one["type"] == "renderer")


def _private_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty"))) / KIB
