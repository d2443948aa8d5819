"""Imports and analyses during faults at random instants. All results must be right in the end.

Run from the root of the repository, as root on Linux: ``PYTHONPATH=tests python -m benchmarks.faults.campaign --seed N
[--imports 200 --analyses 50] [--size embedded|grown] [--faults kill-worker,...] [--times N]``. Prints Markdown.
Exits with status 1 if a result is wrong.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.faults import checks, memory
from benchmarks.faults.files import File, films, write_files
from benchmarks.faults.site import SIZES, Site, site
from benchmarks.faults.troubles import CLOCK_FILE, EMBEDDED, GROWN, set_clock
from benchmarks.faults.user import Outcome, User

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.faults.troubles import Trouble

    from scenedex.client import Client

WORKSPACE, CALM, WITH_CLOCK = "campaign", "calm", "clock"
LIBFAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
LATEST_TROUBLE_S, LATEST_FILE_S = 4.0, 5.0


@dataclass(frozen=True)
class Round:
    """One fault during the work on some files.

    Attributes:
        fault: name of the fault.
        did: description of the fault.
        outcomes: outcomes of the files.
        more_tries: retries of imports and analyses.
        recovery_s: seconds from the end of the fault to the end of the last file, 0 if all had ended before.
    """

    fault: str
    did: str
    outcomes: Sequence[Outcome]
    more_tries: int
    recovery_s: float


def main() -> None:
    options = _options()
    troubles = GROWN if options.size == "grown" else EMBEDDED
    wanted = [name for name in options.faults.split(",") if name] or list(troubles)
    if unknown := set(wanted) - set(troubles) - {memory.NAME}:
        sys.exit(f"no such faults of this size: {', '.join(sorted(unknown))}; there are {', '.join(troubles)}")
    if WITH_CLOCK in wanted and not LIBFAKETIME.exists():
        wanted.remove(WITH_CLOCK)
        print(f"clock: not run, {LIBFAKETIME} is absent (Debian: apt-get install libfaketime)")
    rng = random.Random(options.seed)  # noqa: S311  # it is to be the same again
    with tempfile.TemporaryDirectory() as folder, site(options.size) as place:
        files = write_files(Path(folder), rng, imports=options.imports, analyses=options.analyses)
        begun = time.monotonic()
        try:
            rounds, wrong = Campaign(place, troubles, rng, options.times).run(wanted, files)
        finally:
            if options.log is not None:
                shutil.copy(place.server.log, options.log)
    print(f"\nSeed {options.seed}, {options.size}: {options.imports} imports, {options.analyses} analyses,", end=" ")
    print(f"{len(rounds)} faults in {time.monotonic() - begun:.0f} s.\n")
    _print(rounds)
    print("\n".join(("\nNot as it must be:\n", *(f"- {line}" for line in wrong)) if wrong else ("\nAll is right.",)))
    sys.exit(bool(wrong))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--imports", type=int, default=200)
    parser.add_argument("--analyses", type=int, default=50)
    parser.add_argument("--size", choices=SIZES, default="embedded")
    parser.add_argument("--faults", default="", help="with commas between; all of the size if empty")
    parser.add_argument("--times", type=int, default=4, help="how often each")
    parser.add_argument("--log", type=Path, help="where the log of the processes is kept")
    return parser.parse_args()


@dataclass
class Campaign:
    """The rounds, and the comparisons at the end."""

    place: Site
    troubles: Mapping[str, Trouble]
    rng: random.Random
    times: int

    def run(self, wanted: Sequence[str], files: Sequence[File]) -> tuple[list[Round], list[str]]:
        """Run all rounds. Return them and a list of wrong results."""
        place, ground = self.place, self.place.server.ground
        for file in files:
            if not file.is_uploaded:
                ground.put(file.name, file.path.read_bytes())
        with place.server.client() as client:
            calm = self._calm(client)
            user = self._user(client, WORKSPACE)
            rounds = list(self._rounds(user, wanted, files))
            outcomes = [outcome for each in rounds for outcome in each.outcomes]
            wrong = [f"{each.file.name}: {_end_of(each)}" for each in outcomes if not _is_good(each)]
            if memory.NAME in wanted or not set(self.troubles) - set(wanted):
                summary, wrong_analyses = memory.run(place, user)
                print(summary)
                wrong += wrong_analyses
            place.restart({})
            wrong += checks.jobs_left(place)
            wrong += checks.wrong_assets(user, place, outcomes)
            wrong += checks.wrong_indexes(user, place, outcomes, calm)
            wrong += checks.findings(place)
            place.server.stop()
            wrong += checks.left_running(place)
            place.start()
            again = user.bring(self._another(files[0]))
            if not _is_good(again):
                wrong.append(f"after the last start: {_end_of(again)}")
            place.server.stop()
        return rounds, wrong

    def _calm(self, client: Client) -> dict[int, list[object]]:
        """Return the indexes of all films by analyses without faults."""
        user, found = self._user(client, CALM), dict[int, list[object]]()
        for number, film in enumerate(films()):
            path = self.place.disk / f"calm-{number}.mp4"
            path.write_bytes(film)
            self.place.server.put(path.name, film)
            outcome = user.bring(File(path.name, path, number, "mp4", is_uploaded=False, is_analysed=True))
            assert _is_good(outcome), _end_of(outcome)
            found[number] = checks.summary(client.index(CALM, user.project_id, outcome.asset_id).get())
            path.unlink()
        return found

    def _user(self, client: Client, workspace: str) -> User:
        client.workspaces.create(workspace)
        project = next(iter(client.projects(workspace).list())).project_id
        return User(client, workspace, project, self.place.server.bucket)

    def _rounds(self, user: User, wanted: Sequence[str], files: Sequence[File]) -> Iterator[Round]:
        """Run the faults in random order. Faults of the clock come last. They need a special start."""
        plain = [name for name in wanted if name not in {WITH_CLOCK, memory.NAME} for _ in range(self.times)]
        self.rng.shuffle(plain)
        order = plain + [WITH_CLOCK] * (self.times if WITH_CLOCK in wanted else 0)
        with ExitStack() as stack:
            for number, name in enumerate(order):
                if name == WITH_CLOCK and "LD_PRELOAD" not in self.place.server.environment:
                    # An embedded database that goes on keeps its clock.
                    stack.enter_context(self.place.server.ground.conninfo())
                    self.place.restart(self._with_clock())
                batch = files[number * len(files) // len(order) : (number + 1) * len(files) // len(order)]
                done = self._round(user, name, batch)
                bad = [_end_of(each) for each in done.outcomes if not _is_good(each)]
                print(f"{number + 1}/{len(order)} {name}: {done.did};", end=" ")
                print(f"{done.more_tries} more tries, {done.recovery_s:.1f} s {bad or ''}", flush=True)
                yield done

    def _round(self, user: User, name: str, batch: Sequence[File]) -> Round:
        with ThreadPoolExecutor(max(1, len(batch))) as pool:
            brought = [pool.submit(user.bring, file, self.rng.uniform(0, LATEST_FILE_S)) for file in batch]
            time.sleep(self.rng.uniform(0.5, LATEST_TROUBLE_S))
            did = self.troubles[name](self.place, self.rng)
            over = time.monotonic()
            outcomes = [each.result() for each in brought]
        # Workers of other machines are started again by those who look after these.
        self.place.start()
        recovery_s = max((outcome.ended - over for outcome in outcomes), default=0)
        return Round(name, did, outcomes, self._more_tries(outcomes), max(0.0, recovery_s))

    def _more_tries(self, outcomes: Sequence[Outcome]) -> int:
        assets = [outcome.asset_id for outcome in outcomes]
        [[imports]] = self.place.server.rows(
            "SELECT coalesce(sum(greatest(import_attempt - 1, 0)), 0) FROM assets WHERE asset_id = ANY(%s)", assets
        )
        [[analyses]] = self.place.server.rows(
            "SELECT coalesce(sum(greatest(attempt - 1, 0)), 0) FROM analyses WHERE asset_id = ANY(%s)", assets
        )
        return int(imports) + int(analyses)

    def _with_clock(self) -> Mapping[str, str]:
        clock = self.place.disk.parent / f"{self.place.disk.name}.{CLOCK_FILE}"
        set_clock(clock, 0)
        return {
            "LD_PRELOAD": str(LIBFAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def _another(self, file: File) -> File:
        name = f"last-{file.name}"
        self.place.server.put(name, file.path.read_bytes())
        return File(name, file.path, file.film, file.format, is_uploaded=False, is_analysed=file.film is not None)


def _is_good(outcome: Outcome) -> bool:
    wanted = "ANALYZE_COMPLETED" if outcome.file.is_analysed else ""
    return (outcome.import_state, outcome.index_state) == ("COMPLETED", wanted)


def _end_of(outcome: Outcome) -> str:
    return f"{outcome.import_state or 'no import'} {outcome.index_state} {outcome.said}".strip()


def _print(rounds: Sequence[Round]) -> None:
    by_fault: defaultdict[str, list[Round]] = defaultdict(list)
    for each in rounds:
        by_fault[each.fault].append(each)
    print("| fault | times | imports, analyses | refused calls | further tries | recovery, s: median (max) | ends |")
    print("|---|---|---|---|---|---|---|")
    for fault, those in by_fault.items():
        outcomes = [outcome for each in those for outcome in each.outcomes]
        seconds = sorted(each.recovery_s for each in those)
        ends = Counter(state for each in outcomes for state in (each.import_state, each.index_state) if state)
        print(
            f"| {fault} | {len(those)} | {len(outcomes)}, {sum(each.file.is_analysed for each in outcomes)}"
            f" | {sum(len(each.refusals) for each in outcomes)} | {sum(each.more_tries for each in those)}"
            f" | {seconds[len(seconds) // 2]:.1f} ({seconds[-1]:.1f})"
            f" | {', '.join(f'{count} {state}' for state, count in ends.items())} |"
        )


if __name__ == "__main__":
    main()
