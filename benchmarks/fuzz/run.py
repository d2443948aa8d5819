"""Thousands of broken files on a running server. Each must succeed or be refused with a reason, and harm nothing.

Run from the root of the repository: ``python -m benchmarks.fuzz.run --data-dir F [--files N] [--seed N]``. Prints
Markdown tables and writes each outcome to ``outcomes.jsonl`` in the folder. Exits with status 1 if a promise is broken.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from benchmarks.api.running import create_key, serving
from benchmarks.fuzz import outcomes as ended
from benchmarks.fuzz import vitals
from benchmarks.fuzz.corpus import cases
from benchmarks.fuzz.nasties import whole_files
from benchmarks.fuzz.odd_things import odd_things
from benchmarks.fuzz.outcomes import Outcome
from benchmarks.fuzz.seeds import all_seeds
from benchmarks.fuzz.tracing import allowed, traced

from scenedex.client import AnalysisOptions
from scenedex.client.errors import ScenedexError
from scenedex.media.versions import decoder_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TextIO

    from benchmarks.api.running import Server
    from benchmarks.fuzz.vitals import Vitals

    from scenedex.client import Client
    from scenedex.client.assets import Assets

T = TypeVar("T")
R = TypeVar("R")
BUCKET, WORKSPACE = "fuzz", "fuzz"
SECONDS_BETWEEN_POLLS = 0.3
PATIENCE_S = 1800
SECONDS_TO_SETTLE = 10
WARM_UP = 100
# What a log says where a worker was in trouble.
TROUBLE = ("Traceback", "interrupted", "taken_over", "job_lost", "broke off")
IMPORTED_AS_PICTURES = "webp"


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace of a running server, with the folder of its bucket."""

    client: Client
    project_id: int
    bucket: Path
    record: TextIO

    @property
    def assets(self) -> Assets:
        """The assets of the project."""
        return self.client.assets(WORKSPACE, self.project_id)

    def put(self, name: str, data: bytes) -> Path:
        """Write a file to the bucket."""
        path = self.bucket / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def note(self, outcome: Outcome) -> Outcome:
        """Write an outcome down as it comes."""
        self.record.write(json.dumps(asdict(outcome)) + "\n")
        self.record.flush()
        return outcome

    def imported(self, name: str, form: str, way: str) -> tuple[Outcome, int]:
        """Import an object and wait for the end, whatever it is. Return the outcome and the asset."""
        begun = time.monotonic()
        asset_id = self.assets.register(BUCKET, name).asset_id
        while not (found := self.assets.import_status(asset_id)).upload_status.is_final:
            if time.monotonic() - begun > PATIENCE_S:
                break
            time.sleep(SECONDS_BETWEEN_POLLS)
        outcome = Outcome(name, form, way, found.upload_status, found.upload_reason, time.monotonic() - begun)
        return self.note(outcome), asset_id

    def uploaded(self, path: Path, name: str, form: str, way: str) -> Outcome:
        """Upload a picture to search with and wait for what a worker says of it."""
        begun = time.monotonic()
        status, reason = "COMPLETED", None
        try:
            self.client.search(WORKSPACE).upload_picture(path)
        except ScenedexError as error:
            status, reason = "FAILED", str(error)
        return self.note(Outcome(name, form, way, status, reason, time.monotonic() - begun))

    def analysed(self, name: str, form: str, way: str, asset_id: int) -> Outcome:
        """Analyse an asset and wait for the end, whatever it is."""
        begun = time.monotonic()
        index = self.client.index(WORKSPACE, self.project_id, asset_id)
        index.request(AnalysisOptions(analysis_person_count=0, detect_audio_effects=True))
        while not (found := index.status()).status.is_final:
            if time.monotonic() - begun > PATIENCE_S:
                break
            time.sleep(SECONDS_BETWEEN_POLLS)
        return self.note(Outcome(name, form, way, found.status, found.message, time.monotonic() - begun))


def import_corpus(desk: Desk, seed: int, files: int, at_once: int) -> Iterator[tuple[Outcome, int]]:
    """Break, store, import and remove files. Pictures in formats that are not accepted for assets are uploaded."""

    def one(case: tuple[str, str, str, bytes]) -> tuple[Outcome, int]:
        name, form, way, data = case
        path = desk.put(name, data)
        try:
            if form == IMPORTED_AS_PICTURES:
                return desk.uploaded(path, name, form, way), 0
            return desk.imported(name, form, way)
        finally:
            path.unlink()

    made = ((case.name, case.format, case.mutation, case.data) for case in cases(all_seeds(), seed=seed, files=files))
    yield from _each(one, made, at_once)


def import_nasties(desk: Desk, at_once: int) -> list[Outcome]:
    """Import every file made by hand, and what is no file."""
    seeds = all_seeds()
    files = whole_files(seeds)
    for name, data in files.items():
        desk.put(f"nasties/{name}", data)
    film = next(seed.data for seed in seeds if seed.name == "mp4-h264-aac")
    (desk.bucket / "odd").mkdir()
    things = odd_things(desk.bucket / "odd", film)
    wanted = [*((f"nasties/{name}", name) for name in files), *((f"odd/{name}", name) for name in things)]

    def one(case: tuple[str, str]) -> Outcome:
        outcome, _asset = desk.imported(case[0], "nasty", case[1][:40])
        things.get(case[1], lambda: None)()
        return outcome

    return list(_each(one, wanted, at_once))


def analyse_some(desk: Desk, imported: list[tuple[Outcome, int]], most: int, at_once: int) -> list[Outcome]:
    """Analyse assets that came of broken files, of every format and way alike."""
    able = [(one, asset_id) for one, asset_id in imported if one.status == "COMPLETED" and asset_id]
    step = max(1, len(able) // max(1, most))

    def analyse(pair: tuple[Outcome, int]) -> Outcome:
        one, asset_id = pair
        return desk.analysed(one.name, one.format, one.mutation, asset_id)

    return list(_each(analyse, able[::step][:most], at_once))


def _each(do: Callable[[T], R], items: Iterable[T], at_once: int) -> Iterator[R]:
    """Yield the result of each item, several at a time. Items are made as they are needed."""
    waiting = iter(items)
    with ThreadPoolExecutor(at_once) as pool:
        running = {pool.submit(do, item) for item in itertools.islice(waiting, at_once)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {pool.submit(do, item) for item in itertools.islice(waiting, len(done))}
            yield from (one.result() for one in done)


def judge(found: list[Outcome], before: list[Vitals], after: list[Vitals], log: Path) -> list[str]:
    """Return all broken promises."""
    broken = [f"{one.name}: {one.complaint}" for one in found if one.complaint]
    gone = {one.identity for one in before} ^ {one.identity for one in after}
    broken += [f"{name} {pid} ended or began meanwhile" for name, pid, _started in sorted(gone)]
    broken += [
        f"{one.name} {one.pid} has {one.children} children left"
        for one in after
        if one.name == "worker" and one.children
    ]
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return broken + [f"log: {line[:300]}" for line in lines if any(word in line for word in TROUBLE)]


def fuzz(server: Server, desk: Desk, options: argparse.Namespace) -> list[str]:
    """Run everything, print the tables and return the broken promises."""
    print("| decoder | version |\n|---|---|")
    print("\n".join(f"| {name} | {version} |" for name, version in decoder_versions()))
    begun = time.monotonic()
    imported: list[tuple[Outcome, int]] = []
    before: list[Vitals] = []
    for number, pair in enumerate(import_corpus(desk, options.seed, options.files, options.at_once)):
        imported.append(pair)
        if number == min(WARM_UP, options.files - options.at_once):
            before = vitals.vitals_of(server.pid)
        if number % WARM_UP == 0:
            print(f"{number} files, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    corpus = [outcome for outcome, _asset in imported]
    print("\nImports of broken files\n\n" + ended.table(corpus, ended.ENDINGS), flush=True)
    nasties = import_nasties(desk, options.at_once)
    print("\nImports of files by hand\n\n" + ended.table(nasties, ended.ENDINGS), flush=True)
    analyses = analyse_some(desk, imported, options.analyses, options.at_once)
    print("\nAnalyses of broken files that were imported\n\n" + ended.table(analyses, ended.ANALYSIS_ENDINGS))
    found = [*corpus, *nasties, *analyses]
    print("\nReasons\n\n" + ended.reasons(found))
    # A worker may be at housekeeping that follows its last job.
    time.sleep(SECONDS_TO_SETTLE)
    after = vitals.vitals_of(server.pid)
    print("\n" + vitals.table(before, after))
    print(f"\n{len(found)} files in {time.monotonic() - begun:.0f} s")
    return judge(found, before, after, options.data_dir / "server.log")


def fuzz_traced(server: Server, desk: Desk, options: argparse.Namespace) -> list[str]:
    """The same, with every media child watched."""
    worker = next(one.pid for one in vitals.vitals_of(server.pid) if one.name == "worker")
    places = allowed(options.data_dir / "work")
    with traced(worker, places, options.data_dir / "trace") as watched:
        broken = fuzz(server, desk, options)
    print(f"\n{watched.behind_walls} children put up their walls and opened {watched.opened} files behind them")
    return broken + [f"behind the walls: {line}" for line in watched.breaches]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True, help="an empty folder")
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--analyses", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--traced", action="store_true", help="watch what the children open, with strace; slow")
    options = parser.parse_args()
    # SVT-AV1 writes what it does to standard error unless this says otherwise.
    os.environ |= {"SVT_LOG": "1", "SCENEDEX_WORKERS_IMPORTS": str(options.at_once), "SCENEDEX_WORKERS_ANALYSES": "2"}
    bucket = options.data_dir / "buckets" / BUCKET
    bucket.mkdir(parents=True)
    with (
        serving(options.data_dir, workers=1) as server,
        server.client(create_key(options.data_dir)) as client,
        (options.data_dir / "outcomes.jsonl").open("w", encoding="utf-8") as record,
    ):
        client.workspaces.create(WORKSPACE)
        desk = Desk(client, client.projects(WORKSPACE).list()[0].project_id, bucket, record)
        broken = (fuzz_traced if options.traced else fuzz)(server, desk, options)
    print("\nBroken promises: " + ("none" if not broken else str(len(broken))))
    for line in broken:
        print("- " + line)
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
