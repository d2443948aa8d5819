"""Questions about real films, and the moment that a real server answers each with.

The films are in ``SCENEDEX_TEST_MEDIA``, the weights in ``SCENEDEX_WEIGHTS``. Run from the root of the repository:
``python -m benchmarks.search.moments``. ``--data-dir FOLDER`` keeps the indexes for the next run.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import tomllib
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import av
import msgspec
import numpy as np
from benchmarks.api.running import create_key, serving, temporary_folder
from benchmarks.search.frames import changed
from benchmarks.search.quality import MEDIA
from benchmarks.search.spoken_films import compose
from PIL import Image

from scenedex.client import (
    AnalysisOptions,
    Conditions,
    FrameRate,
    Handles,
    SearchExportFormat,
    SearchQuery,
    SourceLanguage,
)

if TYPE_CHECKING:
    from scenedex.client import Client, SearchHit

WORKSPACE = "moments"
HANDLE_S = 1.0
_PERSONS = 10
_TOLERANCE_S = 0.5
_RATE = FrameRate.FPS_25
_KEPT = "moments.json"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question with the film and the moments that answer it, in seconds.

    Attributes:
        text: text of the query.
        person: name of a person that the scene shows.
        said: words of a line in the scene.
        frame: time of a frame of the film, which is the query picture without a tenth of its sides.
        also: moments in other films that answer it.
    """

    film: str
    moments: tuple[tuple[float, float], ...]
    also: dict[str, tuple[tuple[float, float], ...]] = {}
    text: str | None = None
    person: str | None = None
    said: str | None = None
    frame: float | None = None

    @property
    def title(self) -> str:
        """Description for the table."""
        if self.frame is not None:
            return f"picture: frame at {self.frame} s"
        return self.text or f"person: {self.person}, said: {self.said}"


class Composed(msgspec.Struct, frozen=True):
    """A film of recordings and pictures."""

    name: str
    parts: tuple[tuple[str, str], ...]


class Plan(msgspec.Struct, frozen=True):
    """Films with the language of their speech, persons with a film and time at which they are alone, and questions."""

    composed: tuple[Composed, ...]
    films: dict[str, str]
    persons: dict[str, tuple[str, float]]
    questions: tuple[Question, ...]


class Kept(msgspec.Struct, frozen=True):
    """Ids of a filled workspace."""

    project_id: int
    assets: dict[str, int]
    persons: dict[str, int]


def read_plan() -> Plan:
    return msgspec.convert(tomllib.loads(Path(__file__).with_name("moments.toml").read_text(encoding="utf-8")), Plan)


def film_path(plan: Plan, name: str, folder: Path) -> Path:
    """Return the path of a film, which is composed if need be."""
    composed = next((one for one in plan.composed if one.name == name), None)
    if composed is None:
        return MEDIA / name
    path = folder / name
    if not path.exists():
        compose(MEDIA, composed.parts, path)
    return path


def fill(client: Client, plan: Plan, folder: Path) -> Kept:
    """Import and analyse the films, and name the persons."""
    client.workspaces.create(WORKSPACE)
    project = client.projects(WORKSPACE).create("films").project_id
    assets = client.assets(WORKSPACE, project)
    ids = {name: assets.upload(film_path(plan, name, folder)).asset_id for name in plan.films}
    for name, asset_id in ids.items():
        assets.wait_import(asset_id)
        options = AnalysisOptions(analysis_person_count=_PERSONS, source_language=SourceLanguage(plan.films[name]))
        client.index(WORKSPACE, project, asset_id).request(options)
    for asset_id in ids.values():
        client.index(WORKSPACE, project, asset_id).wait()
    persons: dict[str, int] = {}
    for name, (film, seconds) in plan.persons.items():
        found = client.index(WORKSPACE, project, ids[film]).get()
        [shown] = [
            person.person_id
            for scene in found.scenes
            for person in scene.persons
            if any(one.start_time_ms <= 1000 * seconds < one.end_time_ms for one in person.appearances)
        ]
        client.persons(WORKSPACE).rename(shown, name)
        persons[name] = shown
    return Kept(project, ids, persons)


def query_of(client: Client, plan: Plan, kept: Kept, question: Question, folder: Path) -> SearchQuery:
    """Return the search of a question."""
    persons = None if question.person is None else Conditions(must=(kept.persons[question.person],))
    said = None if question.said is None else Conditions(must=(question.said,))
    image = None
    if question.frame is not None:
        picture = folder / "query.jpg"
        with av.open(film_path(plan, question.film, folder)) as film:
            shown = next(one for one in film.decode(video=0) if float(one.time or 0) >= question.frame)
        rgb = np.asarray(shown.to_ndarray(format="rgb24"), np.uint8)
        Image.fromarray(changed(rgb, np.random.default_rng(5))).save(picture, quality=90)
        image = client.search(WORKSPACE).upload_picture(picture)
    return SearchQuery(text=question.text, persons=persons, dialogues=said, image=image, project_ids=(kept.project_id,))


def answer(client: Client, plan: Plan, kept: Kept, question: Question, folder: Path) -> tuple[str, int]:
    """Ask a question. Return a row of the table, and 1 if the first hit is right in every way."""
    search = client.search(WORKSPACE)
    search_id = search.request(query_of(client, plan, kept, question, folder))
    hits = search.wait(search_id, timeout=60).results
    truth = " or ".join(f"{start:g}-{end:g}" for start, end in question.moments)
    if not hits:
        return f"| {question.title} | {question.film} | {truth} | nothing | | | no |", 0
    first = hits[0]
    assert first.moment_start_ms is not None
    assert first.moment_end_ms is not None
    moment = first.moment_start_ms / 1000, first.moment_end_ms / 1000
    film = next((name for name, asset_id in kept.assets.items() if asset_id == first.asset_id), str(first.asset_id))
    is_inside = any(
        start - _TOLERANCE_S <= moment[0] and moment[1] <= end + _TOLERANCE_S
        for start, end in {**question.also, question.film: question.moments}.get(film, ())
    )
    cut = first_cut(
        search.export(search_id, SearchExportFormat.OTIO, frame_rate=_RATE, handles=Handles(seconds=HANDLE_S))
    )
    wrong = [
        name
        for name, is_right in (
            ("moment", is_inside),
            ("link", linked_s(first) == moment[0]),
            ("cut", is_with_handles(moment, cut)),
        )
        if not is_right
    ]
    best = first.matches[0] if first.matches else None
    kind = "" if best is None else f"{best.kind}: {(best.text or '')[:40]}".replace("\n", " ")
    found = f"{moment[0]:.2f}-{moment[1]:.2f}" + ("" if film == question.film else f" of {film}")
    verdict = f"no: {', '.join(wrong)}" if wrong else "yes"
    return f"| {question.title} | {question.film} | {truth} | {found} | {kind} | {first.score} | {verdict} |", not wrong


def linked_s(hit: SearchHit) -> float:
    """Return the time that the link of a hit opens."""
    return float(parse_qs(urlsplit(hit.moment_url or "").query).get("t", ["-1"])[0])


def first_cut(otio: bytes) -> tuple[float, float]:
    """Return the seconds of the first clip of an edit."""
    clips = [one for one in json.loads(otio)["tracks"]["children"][0]["children"] if "Clip" in one["OTIO_SCHEMA"]]
    span = clips[0]["source_range"]
    start, length = (span[name]["value"] / span[name]["rate"] for name in ("start_time", "duration"))
    return start, start + length


def is_with_handles(moment: tuple[float, float], cut: tuple[float, float]) -> bool:
    """Return whether a cut is the moment with its handles, to a frame. The end of the film may shorten it."""
    frame = 1 / float(_RATE)
    wanted = max(0.0, moment[0] - HANDLE_S), moment[1] + HANDLE_S
    return abs(cut[0] - wanted[0]) <= frame and moment[1] - frame <= cut[1] <= wanted[1] + frame


def measure(folder: Path) -> None:
    plan = read_plan()
    key = create_key(folder)
    with ExitStack() as stack:
        client = stack.enter_context(stack.enter_context(serving(folder, workers=1)).client(key))
        file = folder / _KEPT
        if file.exists():
            kept = msgspec.json.decode(file.read_bytes(), type=Kept)
        else:
            kept = fill(client, plan, folder)
            file.write_bytes(msgspec.json.encode(kept))
        print("| question | film | truth, s | moment, s | best match | score | right |\n|---|---|---|---|---|---|---|")
        right = 0
        for question in plan.questions:
            row, is_right = answer(client, plan, kept, question, folder)
            right += is_right
            print(row, flush=True)
        print(f"\n{right} of {len(plan.questions)} are right.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="data folder, which is kept")
    options = parser.parse_args()
    with ExitStack() as stack:
        measure(options.data_dir or stack.enter_context(temporary_folder(Path(tempfile.gettempdir()))))


if __name__ == "__main__":
    main()
