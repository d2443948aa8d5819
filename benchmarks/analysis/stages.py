"""What an analysis costs beside what its engines alone need, stage by stage, and again on the same bytes.

A running server with one worker analyses the file. Then each stage is run by itself, as the worker runs it, and each
engine is called in this process with just the stills and the sound that its stage was given. Prints Markdown tables.
Run from the root of the repository: ``python -m benchmarks.analysis.stages FILE [--folder DIR]``.
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

from scenedex.analysis.stages.faces import FacesOptions, FacesResult, find_faces
from scenedex.analysis.stages.pictures import PicturesOptions, PicturesResult, analyse_keyframes
from scenedex.analysis.stages.recording import Recording
from scenedex.analysis.stages.sound import SoundOptions, SoundResult
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
    """Seconds on the clock, of all processors, and within the engine alone."""

    wall: float = 0
    processor: float = 0
    engine: float = 0


@dataclass
class Timed:
    """An engine whose calls are timed."""

    engine: Any
    cost: Cost = field(default_factory=Cost)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.engine, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **options: Any) -> Any:
            begun = time.perf_counter()
            try:
                return found(*arguments, **options)
            finally:
                self.cost.engine += time.perf_counter() - begun

        return call


@contextlib.contextmanager
def measured(cost: Cost) -> Generator[None]:
    """Adds what the block and the processes that end in it need."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost.wall += time.perf_counter() - begun
    cost.processor += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def processor_of(pid: int) -> float:
    """Processor seconds of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS


def whole(film: Path, folder: Path) -> tuple[list[Cost], float]:
    """The analysis of the film by a running server, twice, and the seconds that the film lasts."""
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
            begun, before = time.perf_counter(), processor_of(worker)
            index.request(AnalysisOptions(analysis_person_count=5))
            while (status := index.status()).status in {"WAIT_ANALYZE", "ANALYZING"}:
                time.sleep(SECONDS_BETWEEN_POLLS)
            assert status.status == "ANALYZE_COMPLETED", status
            costs.append(Cost(time.perf_counter() - begun, processor_of(worker) - before))
        meta_data = assets.get(asset).meta_data
        assert meta_data is not None
        assert meta_data.duration_ms is not None
        return costs, meta_data.duration_ms / 1000


class Alone:
    """Each stage by itself, and its engine."""

    def __init__(self, film: Path, folder: Path) -> None:
        self.film = film
        self.folder = folder
        self.costs: dict[str, Cost] = {}
        self.engines = select_engines(EngineSettings(), folder / "no-weights", "ENKO", registry=EngineRegistry())

    def choice(self, stage: str) -> EngineChoice:
        """The engine in force."""
        choice = self.engines.choice(stage)
        assert choice is not None, stage
        return choice

    def stage(self, name: str, source: Path, params: msgspec.Struct, result: type[Any]) -> Any:
        """What a stage makes in its own process."""
        work = self.folder / name
        work.mkdir()
        cost = self.costs[name] = Cost()
        entry = f"scenedex.analysis.stages.{name}:run_{name}"
        with measured(cost):
            return asyncio.run(run_in_child(entry, LocalFile(source), params, result, limits=LIMITS, work_dir=work))

    def engine(self, name: str, engine: Any, use: Callable[[Any], object]) -> None:
        """The calls of an engine, made in this process."""
        use(Timed(engine, self.costs[name]))

    def run(self) -> None:
        """All stages, then all engines."""
        visual = self.stage("visual", self.film, VisualOptions(), VisualResult)
        pack = self.folder / "visual" / "stills.pack"
        shots = tuple(shot.span for shot in visual.shots)
        cuts = tuple(span.start for span in shots[1:])
        faces, text, pictures = self.choice("faces"), self.choice("text"), self.choice("pictures")
        self.stage("faces", pack, FacesOptions(choice=faces, shots=shots), FacesResult)
        self.stage("text", pack, TextOptions(choice=text, duration=visual.duration, cuts=cuts), TextResult)
        self.stage("pictures", pack, PicturesOptions(embedder=pictures), PicturesResult)
        self.stage("sound", self.film, SoundOptions(), SoundResult)
        samples = self.folder / "sound" / "sound.pcm"
        voice, speech = self.choice("voice"), self.choice("speech")
        heard = self.stage("voice", samples, VoiceOptions(choice=voice), VoiceResult)
        self.stage(
            "speech", samples, SpeechOptions(choice=speech, language="ENKO", regions=heard.regions), SpeechResult
        )
        with pack.open("rb") as file, samples.open("rb") as sound, tempfile.TemporaryDirectory() as crops:
            self.engine(
                "faces",
                open_engine(FACES, faces),
                # One still at a time, so that no call waits for another.
                lambda engine: find_faces(file, shots, engine, Path(crops), report=unheard, threads=1),
            )
            self.engine(
                "text",
                open_engine(TEXT, text),
                lambda engine: read_text(
                    StillPack(file),
                    engine,
                    duration=visual.duration.timecode(),
                    cuts=[cut.timecode() for cut in cuts],
                    report=unheard,
                ),
            )
            self.engine(
                "pictures",
                open_engine(PICTURES, pictures),
                lambda engine: analyse_keyframes(StillPack(file), engine, report=unheard),
            )
            recording = Recording(sound)
            self.engine(
                "voice", open_engine(VOICE, voice), lambda engine: find_voice_regions(recording, engine, unheard)
            )
            self.engine(
                "speech",
                open_engine(SPEECH, speech),
                lambda engine: transcribe(recording, heard.regions, engine, "ENKO", unheard),
            )


def unheard(_fraction: float, _done: int) -> None:
    """Takes progress that nobody waits for."""


def show(costs: list[Cost], alone: dict[str, Cost], seconds: float) -> None:
    minutes = seconds / 60
    print(f"Film of {seconds:.0f} s; seconds for each minute of it\n")
    print("| stage, by itself | wall | processor | engine alone |\n|---|---|---|---|")
    for name, cost in alone.items():
        engine = f"{cost.engine / minutes:.2f}" if cost.engine else "-"
        print(f"| {name} | {cost.wall / minutes:.2f} | {cost.processor / minutes:.2f} | {engine} |")
    sum_of_engines = sum(cost.engine for cost in alone.values())
    first, second = costs
    print(f"| **whole analysis** | {first.wall / minutes:.2f} | {first.processor / minutes:.2f} |", end="")
    print(f" {sum_of_engines / minutes:.2f} |")
    print(f"\nwhole analysis : sum of the engines = {first.wall / sum_of_engines:.2f}")
    print(f"second analysis : first, processor = {second.processor / first.processor:.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    wanted = parser.parse_args()
    with temporary_folder(wanted.folder) as folder:
        costs, seconds = whole(wanted.film, folder / "server")
        alone = Alone(wanted.film, folder)
        alone.run()
        show(costs, alone.costs, seconds)


if __name__ == "__main__":
    main()
