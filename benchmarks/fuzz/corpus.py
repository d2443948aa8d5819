"""The broken files. The same encoders always make the same bytes.

Write some of them to a folder: ``python -m benchmarks.fuzz.corpus FOLDER [--seed N] [--files N] [--only TEXT]``.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from benchmarks.fuzz.mutations import MUTATIONS, Sample, mutate
from benchmarks.fuzz.seeds import all_seeds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.fuzz.seeds import Seed


@dataclass(frozen=True, slots=True)
class Case:
    """A broken file.

    Attributes:
        name: a unique path, relative to any folder.
        format: format of the file that was broken.
        mutation: its mutation, one of `MUTATIONS`.
        data: the file.
    """

    name: str
    format: str
    mutation: str
    data: bytes


def cases(seeds: Sequence[Seed], *, seed: int, files: int) -> Iterator[Case]:
    """Yield broken files, each format and mutation in turn. A larger number begins with the same files."""
    ways = list(MUTATIONS)
    others = {one.name: [other for other in seeds if other.family == one.family] for one in seeds}
    for number in range(files):
        one, way = seeds[number % len(seeds)], ways[number // len(seeds) % len(ways)]
        # Its own chance: what a file is does not hang on the files before it.
        chance = Random(f"{seed}:{number}")  # noqa: S311  # no secret
        sample = Sample(one.data, one.family, chance.choice(others[one.name]).data)
        name = f"{one.format}/{way.replace(' ', '-')}/{number:06}-{one.name}.{one.format}"
        yield Case(name, one.format, way, mutate(sample, way, chance))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--only", default="", help="write only files whose names hold this")
    options = parser.parse_args()
    for case in cases(all_seeds(), seed=options.seed, files=options.files):
        if options.only in case.name:
            path = options.folder / case.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(case.data)
            print(path)


if __name__ == "__main__":
    main()
