"""Cost of an analysis compared with its engines alone, stage by stage, and of a second analysis of the same bytes.

A running server with one worker analyses the file. Then each stage runs by itself as in the worker, and each engine is
called in this process with the stills and the sound that its stage received. Prints Markdown tables.
Run from the root of the repository: ``python -m benchmarks.analysis.stages FILE [--weights DIR] [--folder DIR]``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import resource
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.api.running import create_key, serving, temporary_folder
from benchmarks.imports.end_to_end import worker_of

from scenedex.analysis.child_runner import weights_of
from scenedex.analysis.stages.faces import FacesOptions, FacesResult, find_faces
from scenedex.analysis.stages.music import KINDS
from scenedex.analysis.stages.pictures import PicturesOptions, PicturesResult, analyse_stills
from scenedex.analysis.stages.recording import Recording
from scenedex.analysis.stages.sound import SoundOptions, SoundResult
from scenedex.analysis.stages.sounds import SoundsOptions, SoundsResult, detect_sounds
from scenedex.analysis.stages.speech import SpeechOptions, SpeechResult, transcribe
from scenedex.analysis.stages.text import TextOptions, TextResult, read_text
from scenedex.analysis.stages.visual import VisualOptions, VisualResult
from scenedex.analysis.stages.voice import VoiceOptions, VoiceResult, find_voice_regions
from scenedex.client import AnalysisOptions
from scenedex.engines.embeddings import PICTURES
from scenedex.engines.faces import FACES
from scenedex.engines.loader import open_engine
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.selection import select_engines
from scenedex.engines.sounds import MUSIC
from scenedex.engines.speech import SPEECH
from scenedex.engines.text import TEXT
from scenedex.engines.voice import VOICE
from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.source import LocalFile
from scenedex.media.stills import StillPack
from scenedex.settings import EngineSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import msgspec

    from scenedex.engines.engine import EngineChoice

BUCKET, KEY = "footage", "film"
SECONDS_BETWEEN_POLLS = 0.2
TICKS = os.sysconf("SC_CLK_TCK")
LIMITS = ChildLimits(
    memory_bytes=3 * 1024**3,
    cpu_seconds=100_000,
    wall_seconds=50_000,
    stall_seconds=120,
    file_size_bytes=16 * 1024**3,
    max_pixels=20_000_000,
)


@dataclass
class Cost:
    """Seconds of wall time, of processor time, and of processor time within the engine alone."""

    wall: float = 0
    processor: float = 0
    engine: float = 0


@dataclass
class TimedEngine:
    """Engine with timed calls."""

    engine: Any
    cost: Cost = field(default_factory=Cost)
    clock: Callable[[], float] = time.process_time

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.engine, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **options: Any) -> Any:
            started = self.clock()
            try:
                return found(*arguments, **options)
            finally:
                self.cost.engine += self.clock() - started

        return call


@contextlib.contextmanager
def measure(cost: Cost) -> Generator[None]:
    """Add the cost of the block and of the processes that end in it."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost.wall += time.perf_counter() - started
    cost.processor += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def processor_of(pid: int) -> float:
    """Return the processor seconds of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS


def analyse_twice(film: Path, folder: Path, weights: Path | None) -> tuple[list[Cost], float]:
    """Analyse the film twice in a running server. Return the costs and the length of the film in seconds."""
    if weights is not None:
        shutil.copytree(weights, folder / "weights")
    bucket = folder / "buckets" / BUCKET
    bucket.mkdir(parents=True)
    shutil.copy(film, bucket / KEY)
    costs: list[Cost] = []
    with serving(folder, workers=1) as server, server.client(create_key(folder)) as client:
        client.workspaces.create("benchmark")
        project = client.projects("benchmark").list()[0]
        assets = client.assets("benchmark", project.project_id)
        asset = assets.register(BUCKET, KEY).asset_id
        while assets.import_status(asset).upload_status == "IN_PROGRESS":
            time.sleep(SECONDS_BETWEEN_POLLS)
        index = client.index("benchmark", project.project_id, asset)
        worker = worker_of(server.pid)
        for _ in range(2):
            started, before = time.perf_counter(), processor_of(worker)
            index.request(AnalysisOptions(analysis_person_count=5))
            while (status := index.status()).status in {"WAIT_ANALYZE", "ANALYZING"}:
                time.sleep(SECONDS_BETWEEN_POLLS)
            assert status.status == "ANALYZE_COMPLETED", status
            costs.append(Cost(time.perf_counter() - started, processor_of(worker) - before))
        meta_data = assets.get(asset).meta_data
        assert meta_data is not None
        assert meta_data.duration_ms is not None
        return costs, meta_data.duration_ms / 1000


class SeparateStages:
    """Runs each stage by itself, and its engine."""

    def __init__(self, film: Path, folder: Path, weights: Path | None) -> None:
        self.film = film
        self.folder = folder
        self.costs: dict[str, Cost] = {}
        found = weights or folder / "no-weights"
        self.engines = select_engines(EngineSettings(), found, "ENKO", registry=EngineRegistry())

    def choice(self, stage: str) -> EngineChoice:
        """Return the selected engine of a stage."""
        choice = self.engines.choice(stage)
        assert choice is not None, stage
        return choice

    def stage(self, name: str, source: Path, params: msgspec.Struct, result: type[Any]) -> Any:
        """Run a stage in its own process and return its result."""
        work = self.folder / name
        work.mkdir()
        cost = self.costs[name] = Cost()
        entry = f"scenedex.analysis.stages.{name}:run_{name}"
        readable = weights_of(params)
        with measure(cost):
            return asyncio.run(
                run_in_child(entry, LocalFile(source), params, result, limits=LIMITS, work_dir=work, readable=readable)
            )

    def engine(
        self, name: str, engine: Any, use: Callable[[Any], object], clock: Callable[[], float] = time.process_time
    ) -> None:
        """Time the calls of an engine in this process."""
        use(TimedEngine(engine, self.costs[name], clock))

    def run(self) -> None:
        """Run all stages, then all engines."""
        visual = self.stage("visual", self.film, VisualOptions(), VisualResult)
        pack = self.folder / "visual" / "stills.pack"
        shots = tuple(shot.span for shot in visual.shots)
        cuts = tuple(span.start for span in shots[1:])
        faces, text, pictures = self.choice("faces"), self.choice("text"), self.choice("pictures")
        korean = self.engines.choice("korean")
        self.stage("faces", pack, FacesOptions(choice=faces, shots=shots), FacesResult)
        written = TextOptions(choice=text, korean=korean, duration=visual.duration, cuts=cuts)
        self.stage("text", pack, written, TextResult)
        self.stage("pictures", pack, PicturesOptions(embedder=pictures), PicturesResult)
        self.stage("sound", self.film, SoundOptions(), SoundResult)
        samples = self.folder / "sound" / "sound.pcm"
        voice, music, speech = self.choice("voice"), self.choice("music"), self.choice("speech")
        found = self.stage("voice", samples, VoiceOptions(choice=voice), VoiceResult)
        self.stage("music", samples, SoundsOptions(choice=music), SoundsResult)
        self.stage(
            "speech",
            samples,
            SpeechOptions(choice=speech, language="ENKO", regions=found.programmes[0].regions),
            SpeechResult,
        )
        with pack.open("rb") as file, samples.open("rb") as sound, tempfile.TemporaryDirectory() as crops:
            self.engine(
                "faces",
                open_engine(FACES, faces),
                # One thread, so that no call waits for another, beside the one that reads stills.
                lambda engine: find_faces(file, shots, engine, Path(crops), report=ignore_progress, threads=1),
                time.thread_time,
            )
            self.engine(
                "text",
                open_engine(TEXT, text),
                lambda engine: read_text(
                    StillPack(file),
                    engine,
                    duration=visual.duration.timecode(),
                    cuts=[cut.timecode() for cut in cuts],
                    report=ignore_progress,
                ),
            )
            self.engine(
                "pictures",
                open_engine(PICTURES, pictures),
                lambda engine: analyse_stills(StillPack(file), engine, report=ignore_progress),
            )
            recording = Recording(sound)
            self.engine(
                "voice",
                open_engine(VOICE, voice),
                lambda engine: find_voice_regions(recording, engine, ignore_progress),
            )
            self.engine(
                "music",
                open_engine(MUSIC, music),
                lambda engine: detect_sounds(recording, engine, KINDS, ignore_progress),
            )
            self.engine(
                "speech",
                open_engine(SPEECH, speech),
                lambda engine: transcribe(recording, found.programmes[0].regions, engine, "ENKO", ignore_progress),
            )


def ignore_progress(_fraction: float, _done: int) -> None:
    """Ignore progress."""


def show(costs: list[Cost], separate: dict[str, Cost], seconds: float) -> None:
    minutes = seconds / 60
    print(f"Film of {seconds:.0f} s. Seconds for each minute of film:\n")
    print("| stage, by itself | wall | processor | engine alone |\n|---|---|---|---|")
    for name, cost in separate.items():
        engine = f"{cost.engine / minutes:.2f}" if cost.engine else "-"
        print(f"| {name} | {cost.wall / minutes:.2f} | {cost.processor / minutes:.2f} | {engine} |")
    sum_of_engines = sum(cost.engine for cost in separate.values())
    first, second = costs
    print(f"| **whole analysis** | {first.wall / minutes:.2f} | {first.processor / minutes:.2f} |", end="")
    print(f" {sum_of_engines / minutes:.2f} |")
    print(f"\nwhole analysis : sum of the engines, processor = {first.processor / sum_of_engines:.2f}")
    print(f"second analysis : first, processor = {second.processor / first.processor:.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("--weights", type=Path, help="folder of weights, bundled engines only without it")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    arguments = parser.parse_args()
    with temporary_folder(arguments.folder) as folder:
        costs, seconds = analyse_twice(arguments.film, folder / "server", arguments.weights)
        separate = SeparateStages(arguments.film, folder, arguments.weights)
        separate.run()
        show(costs, separate.costs, seconds)


if __name__ == "__main__":
    main()
