"""Frames of films at any time as query pictures: how many find their shot.

Each frame loses a tenth of its width and height at random sides, is scaled down and encoded with losses. The films are
analysed by the product's own stages. Run from the root of the repository: ``python -m benchmarks.search.frames FILM``,
with as many films as you like.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import structlog
from benchmarks.analysis.stages import LIMITS
from benchmarks.api.running import temporary_folder
from benchmarks.search import pictures as samples
from benchmarks.search.evaluation import Evaluator
from benchmarks.search.publishing import add_workspace
from benchmarks.search.quality import LEVELS, add_query_picture
from PIL import Image

from scenedex.analysis.assembly import assemble
from scenedex.analysis.stage import AnalysisScope, Inputs, Made
from scenedex.analysis.stages.pictures import PICTURES_STAGE, PicturesOptions, PicturesResult
from scenedex.analysis.stages.scenes import SCENES_STAGE, ScenesResult, group
from scenedex.analysis.stages.terms import TERMS_STAGE, TermsResult
from scenedex.analysis.stages.visual import PACK, VISUAL_STAGE, VisualOptions, VisualResult
from scenedex.engines.embeddings import LAYOUT
from scenedex.engines.embeddings.layout import LayoutPictures
from scenedex.engines.engine import EngineContext
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.scenes import LINKED_LOOKS, SceneLength, ScenePreset
from scenedex.engines.selection import select_engines
from scenedex.index.records import AnalysisSetting, NewIndex
from scenedex.index.service import publish
from scenedex.media.child import run_in_child
from scenedex.media.source import LocalFile
from scenedex.media.work_folder import work_folder
from scenedex.settings import EngineSettings, Settings
from scenedex.wiring import open_platform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.search.pictures import Picture
    from benchmarks.search.publishing import Site

    from scenedex.index.records import IndexedScene
    from scenedex.search.records import Hit
    from scenedex.wiring import Platform

COUNT = 200
LOST = 0.1
"""Share of the width and of the height that a query picture lacks."""

_MIN_SIDE = 224  # pixels of a query picture


@dataclass(frozen=True, slots=True)
class AnalysedFilm:
    """A film, its index and its scenes."""

    path: Path
    index_id: int
    scenes: tuple[IndexedScene, ...]

    def shot_at(self, ms: float) -> int:
        """Return the id of the shot at a time."""
        shots = [shot for scene in self.scenes for shot in scene.shots]
        return max((shot for shot in shots if shot.start_ms <= ms), key=lambda shot: shot.start_ms).shot_id


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A frame as a query picture, and where it comes from."""

    film: AnalysedFilm
    ms: float
    picture: Picture


async def analyse(path: Path, folder: Path) -> tuple[IndexedScene, ...]:
    """Return the scenes of a film, with the vectors of their pictures alone. The folder exists."""
    visual: VisualResult = await run_in_child(
        "scenedex.analysis.stages.visual:run_visual",
        LocalFile(path),
        VisualOptions(),
        VisualResult,
        limits=LIMITS,
        work_dir=folder,
    )
    engines = select_engines(EngineSettings(pictures=LAYOUT.name), folder, "ENKO", registry=EngineRegistry())
    inputs = Inputs(AnalysisScope(AnalysisSetting(0), engines, is_picture=False), {VISUAL_STAGE: Made(visual)})
    options = PICTURES_STAGE.options(inputs)
    assert isinstance(options, PicturesOptions)
    pictures: PicturesResult = await run_in_child(
        "scenedex.analysis.stages.pictures:run_pictures",
        LocalFile(folder / PACK),
        options,
        PicturesResult,
        limits=LIMITS,
    )
    scenes = ScenesResult(group(visual, SceneLength.of(ScenePreset.MEDIUM)), LINKED_LOOKS)
    outcomes = {
        VISUAL_STAGE: Made(visual),
        PICTURES_STAGE: Made(pictures),
        SCENES_STAGE: Made(scenes),
        TERMS_STAGE: Made(TermsResult(())),
    }
    return assemble(Inputs(inputs.scope, outcomes), {})


async def published(platform: Platform, paths: Sequence[Path], folder: Path) -> tuple[Site, list[AnalysedFilm]]:
    """Analyse films and publish them in one workspace."""
    films: list[AnalysedFilm] = []
    async with platform.database.transaction() as tx:
        site = await add_workspace(tx, "frames")
    for path in paths:
        with work_folder(folder, "films") as work:
            scenes = await analyse(path, work)
        async with platform.database.transaction() as tx:
            asset_id: int = await tx.value(
                "INSERT INTO assets (project_id, file_name, key, import_status, create_user_name, update_user_name)"
                " VALUES (%s, %s, %s, 'COMPLETED', 'alice', 'alice') RETURNING asset_id",
                site.project_ids[0],
                path.name,
                str(path),
            )
            setting, end = AnalysisSetting(0), scenes[-1].end_ms
            await publish(tx, NewIndex(asset_id, asset_id, "VIDEO", setting, (), end, scenes, user_name="alice"))
        films.append(AnalysedFilm(path, asset_id, scenes))
        vectors = sum(len(scene.vectors) for scene in scenes)
        shots = sum(len(scene.shots) for scene in scenes)
        print(f"| {path.name} | {end / 1000:.0f} s | {len(scenes)} | {shots} | {vectors} |", flush=True)
    return site, films


def questions(films: Sequence[AnalysedFilm], count: int) -> list[Question]:
    """Return frames at random times, in proportion to the length of the films."""
    chance = np.random.default_rng(11)
    ends = np.array([film.scenes[-1].end_ms for film in films])
    chosen: Counter[int] = Counter(int(one) for one in chance.choice(len(films), count, p=ends / ends.sum()))
    found: list[Question] = []
    for place, number in chosen.items():
        times = sorted(float(one) for one in chance.uniform(0, ends[place], number))
        with av.open(films[place].path) as film:
            for frame in film.decode(video=0):
                ms = 1000 * float(frame.time or 0)
                while times and times[0] <= ms:
                    del times[0]
                    rgb = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                    found.append(Question(films[place], ms, changed(rgb, chance)))
    return found


def changed(rgb: Picture, chance: np.random.Generator) -> Picture:
    """Return a frame without a tenth of its width and height, smaller, and encoded with losses."""
    height, width = rgb.shape[:2]
    kept_width, kept_height = int(width * (1 - LOST)), int(height * (1 - LOST))
    left = round(float(chance.random()) * (width - kept_width))
    top = round(float(chance.random()) * (height - kept_height))
    least = min(1.0, _MIN_SIDE / min(kept_width, kept_height))
    scale = float(chance.uniform(least, 1))
    image = Image.fromarray(rgb).crop((left, top, left + kept_width, top + kept_height))
    coded = io.BytesIO()
    size = round(kept_width * scale), round(kept_height * scale)
    image.resize(size, Image.Resampling.BICUBIC).save(coded, "JPEG", quality=int(chance.integers(30, 61)))
    return np.asarray(Image.open(coded).convert("RGB"))


@dataclass(slots=True)
class Tally:
    """Numbers of questions whose scene is the first hit, or among the first three, and whose moment is their shot."""

    first: int = 0
    among: int = 0
    moment: int = 0
    misses: list[str] = field(default_factory=list[str])

    def add(self, asked: Question, hits: Sequence[Hit]) -> None:
        """Count a question."""
        scene = next(s for s in reversed(asked.film.scenes) if s.start_ms <= asked.ms)
        places = [(hit.index_id, hit.scene_id) for hit in hits[:3]]
        key = asked.film.index_id, scene.scene_id
        if key not in places:
            self.misses.append(f"{asked.film.path.name} {asked.ms / 1000:.2f} s: found nothing of it")
            return
        self.among += 1
        self.first += places[0] == key
        evidence = hits[places.index(key)].evidence[0]
        assert evidence.start_ms is not None
        assert evidence.end_ms is not None
        if asked.film.shot_at((evidence.start_ms + evidence.end_ms) / 2) == asked.film.shot_at(asked.ms):
            self.moment += 1
        else:
            found = f"{evidence.start_ms / 1000:.2f} to {evidence.end_ms / 1000:.2f} s"
            self.misses.append(f"{asked.film.path.name} {asked.ms / 1000:.2f} s: found {found}")


async def measure(paths: Sequence[Path], folder: Path, *, shows_misses: bool) -> None:
    settings = Settings(data_dir=folder / "data")
    engine = LayoutPictures(EngineContext(LAYOUT))
    print("| film | length | scenes | shots | vectors |\n|---|---|---|---|---|")
    async with open_platform(settings) as platform:
        site, films = await published(platform, paths, folder)
        asked = questions(films, COUNT)
        evaluator = Evaluator.of(platform.database, settings)
        vectors = [engine.embed(samples.as_still(one.picture)) for one in asked]
        async with platform.database.transaction() as tx:
            for number, vector in enumerate(vectors):
                await add_query_picture(tx, str(number), str(LAYOUT), vector)
        print("\n| frames | level | scene first | among the first three | moment in the shot |\n|---|---|---|---|---|")
        for level in LEVELS:
            tally = Tally()
            for number, one in enumerate(asked):
                tally.add(one, await evaluator.picture(site, str(number), level))
            shares = [f"{100 * value / len(asked):.1f} %" for value in (tally.first, tally.among, tally.moment)]
            print(f"| {len(asked)} | {level} | {' | '.join(shares)} |", flush=True)
            if shows_misses and level == "MEDIUM":
                print(*tally.misses, sep="\n", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--misses", action="store_true", help="print the frames that do not find their shot")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with temporary_folder(options.folder) as folder:
        asyncio.run(measure(options.films, folder, shows_misses=options.misses))


if __name__ == "__main__":
    main()
