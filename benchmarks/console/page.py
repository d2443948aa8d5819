"""A page of Chromium that is measured: its frames, its memory and its requests."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
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
  window.frameTimes = []
  window.longTasks = []
  let former
  const tick = (now) => {
    if (former !== undefined) window.frameTimes.push(now - former)
    former = now
    window.watching = requestAnimationFrame(tick)
  }
  window.watching = requestAnimationFrame(tick)
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
  return {frames: window.frameTimes, longTasks: window.longTasks}
}
"""
KIB = 1024


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames of a movement.

    Attributes:
        times: time from each frame to the next, in milliseconds.
        long_tasks: durations of tasks of more than 50 ms.
        work: processor times of all tasks of the page in milliseconds: script, style, layout and paint. Other programs
            make a task longer, and not its processor time.
    """

    times: Sequence[float]
    long_tasks: Sequence[float]
    work: Sequence[float]

    @property
    def per_second(self) -> float:
        """Frames in a second."""
        return 1000 * len(self.times) / sum(self.times)

    def share_above(self, milliseconds: float) -> float:
        """Share of the frames that took longer, in percent."""
        return 100 * sum(time > milliseconds for time in self.times) / len(self.times)


@contextlib.contextmanager
def chromium() -> Generator[Browser]:
    """The Chromium of the system, without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    arguments = ["--mute-audio", "--autoplay-policy=no-user-gesture-required", "--enable-precise-memory-info"]
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
    browser = tab.page.context.browser
    assert browser is not None
    tab.page.evaluate(_WATCH_FRAMES)
    browser.start_tracing(page=tab.page, categories=["toplevel"])
    movement()
    trace = json.loads(browser.stop_tracing())
    seen = tab.page.evaluate(_SEEN_FRAMES)
    return Frames(seen["frames"], seen["longTasks"], _processor_times(trace["traceEvents"]))


def _processor_times(events: Sequence[dict[str, Any]]) -> list[float]:
    """Return the processor times of the tasks on the main threads of pages, in milliseconds."""
    names = {(one["pid"], one["tid"]): one["args"]["name"] for one in events if one["name"] == "thread_name"}
    return [
        one.get("tdur", 0) / 1000
        for one in events
        if one["name"] == "ThreadControllerImpl::RunTask" and names.get((one["pid"], one["tid"])) == "CrRendererMain"
    ]


def heap_mib(tab: Tab) -> float:
    """JavaScript heap in use after garbage collection, in MiB."""
    tab.command("HeapProfiler.collectGarbage")
    return tab.page.evaluate("performance.memory.usedJSHeapSize") / KIB**2


def renderer_mib(browser: Browser) -> float:
    """Private memory of the largest renderer process, in MiB: all that a tab needs, with its pictures."""
    session = browser.new_browser_cdp_session()
    answer = cast("dict[str, Any]", session.send("SystemInfo.getProcessInfo"))  # pyright: ignore[reportUnknownMemberType]  # open types of the library
    found: list[dict[str, Any]] = answer["processInfo"]
    return max(_private_mib(one["id"]) for one in found if one["type"] == "renderer")


def give_back_caches(tab: Tab) -> None:
    """Let the browser give back what it keeps only as long as memory is free, such as decoded pictures."""
    tab.command("Memory.simulatePressureNotification", level="critical")
    tab.page.wait_for_timeout(2000)


def _private_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty"))) / KIB
