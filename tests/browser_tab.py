"""A tab of Chromium on the console of a server. Whatever goes wrong in it fails the test."""

from __future__ import annotations

import importlib.resources
import json
import re
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from processes import PATIENCE_S, until

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response

# Chromium counts time in milliseconds.
PATIENCE_MS = PATIENCE_S * 1000
# Time without a request after which none is to come of what was done. Searches are polled more often.
QUIET_S = 0.15
WIDE, NARROW = (1280, 800), (360, 740)
# A zoom of 200 % halves the sizes of the page.
ZOOMED = (640, 400)
# The page tells violations of its policy to nobody else.
REPORT_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`policy: ${event.violatedDirective} refuses ${event.blockedURI}`))
"""
# What follows a scroll or a click is drawn within two frames.
IS_BUSY = """
() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
  done(!!document.querySelector('[aria-busy=true]')))))
"""
WIDER_THAN_SEEN = """
() => {
  const wide = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= wide && (document.querySelector('main')?.scrollWidth ?? 0) <=
      (document.querySelector('main')?.clientWidth ?? 0)) return []
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > wide + 1)
    .map((one) => `${one.tagName.toLowerCase()}.${one.className.baseVal ?? one.className}`)
    .slice(0, 5)
    .concat(['the page'])
}
"""
# Texts that reach beyond what shows them. Those that end with dots have their whole text as a tooltip.
CUT_TEXTS = """
() => {
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement
    if (!node.data.trim() || !element || element.closest('option, noscript')) continue
    if (!element.checkVisibility({visibilityProperty: true})) continue
    range.selectNodeContents(node)
    const box = range.getBoundingClientRect()
    if (box.width < 2 || element.getBoundingClientRect().width < 2) continue
    for (let around = element; around && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around)
      if (/auto|scroll/.test(style.overflowX)) break
      if (style.overflowX === 'visible') continue
      // Hidden from the eye alone.
      if (style.clipPath !== 'none') break
      const edge = around.getBoundingClientRect()
      if (box.right <= edge.right + 1 && box.left >= edge.left - 1) continue
      if (style.textOverflow === 'ellipsis' && element.closest('[title]')) break
      found.push(`${element.tagName.toLowerCase()}.${element.className}: ${node.data.trim().slice(0, 40)}`)
      break
    }
  }
  for (const one of document.querySelectorAll('button, a')) {
    const isShort = getComputedStyle(one).textOverflow === 'ellipsis' || one.clientWidth < 2
    if (!isShort && one.checkVisibility({visibilityProperty: true}) && one.scrollWidth > one.clientWidth + 1)
      found.push(`${one.tagName.toLowerCase()}.${one.className} is too narrow: ${one.innerText.slice(0, 40)}`)
  }
  return found
}
"""
# The first select of the page is the workspace, the second the language.
USE_LANGUAGE = """
async (name) => {
  const select = document.querySelectorAll('header select')[1]
  select.value = name
  select.dispatchEvent(new Event('change', {bubbles: true}))
}
"""


@dataclass(frozen=True, slots=True)
class Expected:
    """An answer that is part of the test.

    Attributes:
        status: its status, or 0 for none.
        address: pattern of its address.
    """

    status: int
    address: str


# The first question of the page is who is signed in.
FIRST_QUESTION = Expected(401, r"/console/session$")


@dataclass
class Tab:
    """A tab, and what went wrong in it."""

    page: Page
    url: str
    expected: list[Expected] = field(default_factory=lambda: [FIRST_QUESTION])
    problems: list[str] = field(default_factory=list[str])
    _pending: set[Request] = field(default_factory=set["Request"])
    _quiet_since: float = 0

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("request", self._began)
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._ended)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def expect(self, status: int, address: str = "") -> None:
        """Accept answers of this status, or 0 for none."""
        self.expected.append(Expected(status, address))

    def open(self, path: str = "") -> None:
        """Go to a path of the console and wait until it is quiet."""
        self.page.goto(f"{self.url}/console/{path}")
        self.settle()

    def settle(self) -> None:
        """Wait until the page has loaded and shows no list on its way."""
        self.page.locator("main h1").first.wait_for(state="attached")
        until(self._is_quiet, "the page is quiet")

    def until(self, expression: str) -> None:
        """Wait until an expression of the page holds. Its policy forbids the functions that Playwright waits with."""
        until(lambda: bool(self.page.evaluate(expression)), expression)

    def sign_in(self, access_key: str, secret_key: str) -> None:
        """Sign in by a pair of keys with the mouse."""
        self.page.get_by_label("Access key").fill(access_key)
        self.page.get_by_label("Secret key").fill(secret_key)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name="Sign out").wait_for()

    def click(self, name: str) -> None:
        """Click a control of this name: a button, a tab or the title of a menu."""
        named = re.compile(rf"^{re.escape(name)}")
        button = self.page.get_by_role("button", name=named).or_(self.page.get_by_role("tab", name=named))
        button.or_(self.page.locator("summary", has_text=named)).last.click()

    def use_theme(self, theme: str) -> None:
        """Show the page in a theme."""
        self.page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)

    def use_language(self, name: str) -> None:
        """Show the page in a language."""
        self.page.evaluate(USE_LANGUAGE, name)
        self.until(f"document.documentElement.lang === '{name}'")

    def see_size(self, size: tuple[int, int]) -> None:
        """Give the page this width and height."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        # What looks at sizes is told within a frame.
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def drop(self, file: Path, at: str = "main") -> None:
        """Drop a file on an element, as a file manager does."""
        box = self.page.locator(at).first.bounding_box()
        assert box is not None
        data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "data": data}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.command("Input.dispatchDragEvent", type=kind, **place)

    def command(self, name: str, **params: object) -> None:
        """Send a command of Chromium's own protocol."""
        session = self.page.context.new_cdp_session(self.page)
        session.send(name, params)  # pyright: ignore[reportUnknownMemberType]  # open types of the library

    def reach(self, target: Locator, key: str = "Tab", *, most: int = 80) -> None:
        """Press a key until an element has the focus."""
        target.wait_for()
        for _ in range(most):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press(key)
        msg = f"{most} times {key} do not reach {target}"
        raise AssertionError(msg)

    def violations(self, *rules: str) -> list[str]:
        """Return the rules of accessibility, of these or of all, that the page breaks, each with its places."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_axe())
        options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
        found = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{one['id']}: {place['html'][:160]} {place.get('failureSummary', '')[:300]}"
            for one in found["violations"]
            for place in one["nodes"]
        ]

    def wider_than_seen(self) -> list[str]:
        """Return elements that make the page scroll sideways."""
        return self.page.evaluate(WIDER_THAN_SEEN)

    def cut_texts(self) -> list[str]:
        """Return texts that are not seen as a whole."""
        return self.page.evaluate(CUT_TEXTS)

    def video(self) -> dict[str, Any]:
        """Return the time of the video in seconds, and whether it plays."""
        return self.page.locator("video").evaluate(
            "video => ({time: video.currentTime, plays: !video.paused, width: video.videoWidth})"
        )

    def until_it_plays(self, from_seconds: float, to_seconds: float) -> None:
        """Wait until the video plays between two times."""

        def plays() -> bool:
            video = self.video()
            return video["plays"] and video["width"] > 0 and from_seconds <= video["time"] <= to_seconds

        until(plays, f"the video plays from {from_seconds} to {to_seconds}: {self.video()}")

    def _is_quiet(self) -> bool:
        is_busy = self.page.evaluate(IS_BUSY)
        return not is_busy and not self._pending and time.monotonic() - self._quiet_since > QUIET_S

    def _began(self, request: Request) -> None:
        # A film is loaded as far as it is played.
        if request.resource_type != "media":
            self._pending.add(request)

    def _ended(self, request: Request) -> None:
        self._pending.discard(request)
        self._quiet_since = time.monotonic()

    def _told(self, message: ConsoleMessage) -> None:
        # Answers and their absence are looked at where they arrive.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # The page gives up calls whose answers it does not need any more.
        if request.failure != "net::ERR_ABORTED" and not self._is_expected(0, request.url):
            self.problems.append(f"{request.failure}: {request.method} {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not self._is_expected(response.status, response.url):
            self.problems.append(f"{response.status}: {response.request.method} {response.url}")

    def _is_expected(self, status: int, address: str) -> bool:
        return any(one.status == status and re.search(one.address, address) for one in self.expected)


@cache
def _axe() -> str:
    return importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def shown(problems: Sequence[str]) -> str:
    """Return problems as the message of an assertion."""
    return json.dumps(problems, indent=1, ensure_ascii=False)
