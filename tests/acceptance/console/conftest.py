"""The console in Chromium, on a server of its own whose analyses are quick."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from browser_tab import REPORT_VIOLATIONS, WIDE, Tab, shown
from large_archive import ASSETS, Filling, LargeArchive, fill
from newsroom import Desk, open_desk
from processes import Server, running
from real_speech import real_file, real_sound
from scenedex.client import AnalysisOptions
from scenedex.media.samples import SOUND_RATE, SampleFormat, Take, drifting, write_video
from shared_servers import made_once
from sizes import Grown

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from playwright.sync_api import Browser, StorageState

    from sizes import Ground

# Text on screen takes most of an analysis, and shows how the console names what was not analysed.
QUICK = {f"SCENEDEX_ENGINES_{engine}": "off" for engine in ("TEXT", "MUSIC", "SOUNDS")}
SIZE = (640, 360)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An access key and its secret."""

    access_key: str
    secret_key: str


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A workspace with an analysed and summarised film of a person, and a picture that is not analysed."""

    desk: Desk
    film: int
    picture: int
    person: int

    @property
    def ids(self) -> dict[str, int]:
        """Ids by the names that paths have for them."""
        return {"film": self.film, "picture": self.picture, "person": self.person}


@pytest.fixture(scope="session")
def speech_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eleven seconds: a face, then a texture, and a sentence that is said meanwhile."""
    sound, face = real_sound("jfk-11s.flac"), real_file("obama.jpg")
    return made_once("speech.mp4", tmp_path_factory, lambda path: write_speech(path, face, sound))


def write_speech(path: Path, face: Path, sound: np.ndarray) -> None:
    with Image.open(face) as picture:
        head = picture.convert("RGB").resize((SIZE[1], SIZE[1]))
    ground = Image.new("RGB", SIZE, (40, 44, 52))
    ground.paste(head, ((SIZE[0] - SIZE[1]) // 2, 0))
    still = np.asarray(ground)
    at = np.arange(len(sound) * SOUND_RATE // 16_000) * 16_000 / SOUND_RATE
    samples = np.interp(at, np.arange(len(sound)), sound / 32_768).astype(np.float32)
    # Every browser plays VP9 and Opus.
    form = SampleFormat(
        width=SIZE[0],
        height=SIZE[1],
        codec="libvpx-vp9",
        sound="aac",
        codec_options={"deadline": "realtime", "cpu-used": "8", "g": "25", "b": "0", "crf": "40"},
        container_options={"movflags": "+faststart"},
    )
    takes = [Take(150, lambda _number: still), Take(125, drifting(3, *SIZE))]
    write_video(path, takes, form, sound=np.array_split(samples, 100))


@pytest.fixture(scope="session")
def console(new_ground: Callable[[Path], Ground], tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Server of the tests of the console."""
    data_dir = tmp_path_factory.mktemp("console") / "data"
    ground = new_ground(data_dir)
    with running(Server(data_dir, ground, QUICK)) as started:
        if isinstance(ground, Grown):
            ground.permit_page(started.endpoint)
        yield started


@pytest.fixture(scope="session")
def manager(console: Server) -> KeyPair:
    return KeyPair(*console.key())


@pytest.fixture(scope="session")
def viewer(console: Server) -> KeyPair:
    made = json.loads(console.run("keys", "create", "--user", "vera", "--role", "viewer", "--json"))
    return KeyPair(made["accessKey"], made["secretKey"])


@pytest.fixture(scope="session")
def newsroom(console: Server, speech_film: Path) -> Generator[Newsroom]:
    """Workspace that tests look at and do not change."""
    console.put("speech.mp4", speech_film.read_bytes())
    console.put("portrait.jpg", real_file("obama2.jpg").read_bytes())
    with open_desk(console) as desk:
        film, picture = desk.imported("speech.mp4"), desk.imported("portrait.jpg")
        index = desk.analysed(film, AnalysisOptions(analysis_person_count=5))
        desk.summarised(film)
        desk.client.projects(desk.workspace).create("Archive")
        persons = [person.person_id for scene in index.scenes for person in scene.persons]
        yield Newsroom(desk, film, picture, persons[0])


@pytest.fixture(scope="session")
def other_archive(console: Server) -> LargeArchive:
    """A workspace whose rows tests change."""
    return archive_in(console, assets=40)


@pytest.fixture(scope="session")
def archive(console: Server) -> LargeArchive:
    """A workspace with 10 000 assets and a film of two hours, which tests look at and do not change."""
    return archive_in(console, assets=ASSETS)


def archive_in(console: Server, *, assets: int) -> LargeArchive:
    with open_desk(console) as desk, ThreadPoolExecutor(1) as beside:
        filling = Filling(desk.workspace, desk.project_id, assets)
        # Playwright has the event loop of this thread.
        return beside.submit(asyncio.run, fill(console.data_dir, filling)).result()


@pytest.fixture(scope="session")
def empty_workspace(console: Server) -> Generator[str]:
    with open_desk(console) as desk:
        yield desk.workspace


@pytest.fixture(scope="module")
def chromium(console: Server, manager: KeyPair, viewer: KeyPair) -> Generator[Browser]:  # noqa: ARG001
    """The Chromium of the system. Its driver occupies the event loop of the process, so it lives for one module.

    What runs an event loop of its own is made before.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no chromium on this machine")
    arguments = ["--autoplay-policy=no-user-gesture-required", "--mute-audio"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, console: Server, manager: KeyPair) -> StorageState:
    """Cookie and storage of a browser whose user is signed in."""
    context = chromium.new_context()
    tab = Tab(context.new_page(), console.endpoint)
    tab.open()
    tab.sign_in(manager.access_key, manager.secret_key)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def new_tab(chromium: Browser, console: Server) -> Generator[Callable[[StorageState | None], Tab]]:
    """Factory of tabs, each of a browser with this cookie and storage."""
    tabs: list[Tab] = []

    def opened(state: StorageState | None = None, url: str = console.endpoint) -> Tab:
        context = chromium.new_context(
            storage_state=state,
            viewport={"width": WIDE[0], "height": WIDE[1]},
            locale="en-GB",
            color_scheme="dark",
            accept_downloads=True,
        )
        context.add_init_script(REPORT_VIOLATIONS)
        tabs.append(Tab(context.new_page(), url))
        return tabs[-1]

    yield opened
    problems = [problem for tab in tabs for problem in tab.problems]
    for tab in tabs:
        tab.page.context.close()
    assert not problems, shown(problems)


@pytest.fixture
def tab(new_tab: Callable[[StorageState | None], Tab], signed_in: StorageState) -> Tab:
    """A tab of a manager who is signed in."""
    return new_tab(signed_in)
