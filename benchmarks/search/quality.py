"""Quality of the first hits by words, by meaning and by both, and how often nonsense finds something.

Prints Markdown tables for the README. Real weights are needed: ``SCENEDEX_WEIGHTS`` names their folder. Pictures need
real films: ``SCENEDEX_TEST_MEDIA``. Run from the root of the repository: ``python -m benchmarks.search.quality``, with
``--filled FOLDER`` for a data folder that ``benchmarks.search.filling`` has filled.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import string
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import structlog
from benchmarks.api.running import temporary_folder
from benchmarks.search import pictures as samples
from benchmarks.search.evaluation import FIRST, USER, WITHOUT_WORDS, Evaluator, Evidence, Quality
from benchmarks.search.filled import Filled
from benchmarks.search.publishing import Content, Site, add_workspace, publish
from benchmarks.search.real_texts import Document, descriptions, docstrings
from benchmarks.search.translations import ENGLISH, translations
from benchmarks.search.unrelated import UNRELATED

from scenedex.analysis.passages import passages_of, texts_of, vectors_of_passages
from scenedex.engines.embeddings import MEANING, USE
from scenedex.engines.loader import open_engine
from scenedex.engines.registry import EngineRegistry
from scenedex.settings import Settings
from scenedex.wiring import open_platform

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from benchmarks.search.evaluation import Key
    from benchmarks.search.pictures import Picture
    from numpy.typing import NDArray

    from scenedex.db.database import Transaction
    from scenedex.search.records import Hit
    from scenedex.wiring import Platform

MEDIA = Path(os.environ.get("SCENEDEX_TEST_MEDIA") or Path(__file__).parents[3] / "shared" / "media")
FILMS = ("big-buck-bunny-480p-30s.mp4", "hamilton-white-house-360p-10s.mp4")
PICTURE_ENGINE = "layout 1"
ENGINE = str(USE)
LEVELS = ("LOW", "MEDIUM", "HIGH")
DOCSTRINGS = 1000
NONSENSE = 300
FEW = 30
ARCHIVES_OF_FEW = 2


def nonsense(count: int) -> list[str]:
    """Return queries of one to three words of random letters."""
    chance = random.Random(2)  # noqa: S311  # the same ones each time

    def word() -> str:
        return "".join(chance.choices(string.ascii_lowercase, k=chance.randint(4, 10)))

    return [" ".join(word() for _ in range(chance.randint(1, 3))) for _ in range(count)]


@dataclass(frozen=True, slots=True)
class Bench:
    """Subject of the measurements.

    Attributes:
        platform: an open database.
        evaluator: runs searches of it.
    """

    platform: Platform
    evaluator: Evaluator

    async def archive(
        self, name: str, documents: Sequence[Document], vectors: Sequence[NDArray[np.float32]]
    ) -> tuple[Site, list[Key]]:
        """Add a workspace with a scene for each document."""
        contents = [
            Content(lines_of(document), "TEXT", ENGINE, of_document)
            for document, of_document in zip(documents, vectors, strict=True)
        ]
        async with self.platform.database.transaction() as tx:
            await tx.run("SELECT setseed(0.5)")
            site = await add_workspace(tx, name)
            return site, await publish(tx, site, contents)


def lines_of(document: Document) -> tuple[str, ...]:
    """Return the lines of a text that are not blank."""
    return tuple(line for line in document.text.splitlines() if line.strip())


def embedded(documents: Sequence[Document], settings: Settings) -> list[NDArray[np.float32]]:
    """Return the vectors of the passages of each text."""
    embedder = open_engine(MEANING, EngineRegistry().of_identity(ENGINE, settings.weights_folder, MEANING))
    spoken = [[_Line(line, place, place + 1) for place, line in enumerate(lines_of(one))] for one in documents]
    found: list[NDArray[np.float32]] = []
    for lines in spoken:
        passages = passages_of((), lines)
        texts = texts_of(passages)
        known = dict(zip(texts, embedder.embed(texts), strict=True))
        found.append(np.stack(vectors_of_passages(passages, known)))
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start_ms: int
    end_ms: int


async def across_languages(bench: Bench, settings: Settings, wheel: Path) -> None:
    """Measure queries in one language for the same messages in another."""
    print(f"\n| queries | for | level | nDCG@{FIRST} | recall@{FIRST} |\n|---|---|---|---|---|")
    messages = translations(wheel)
    sites: dict[str, tuple[Site, list[Key]]] = {}
    for language, texts in messages.items():
        documents = [Document("", text) for text in texts]
        sites[language] = await bench.archive(language, documents, embedded(documents, settings))
    for other in messages:
        for asked, found_in in ((ENGLISH, other), (other, ENGLISH)) if other != ENGLISH else ():
            site, keys = sites[found_in]
            for level in LEVELS[:2]:
                found = [await bench.evaluator.text(site, one, Evidence.BOTH, level) for one in messages[asked]]
                quality = Quality.of(found, [{key} for key in keys])
                row = f"{len(keys)} {asked} | {found_in} | {level} | {quality.ndcg:.3f} | {quality.recall:.3f}"
                print(f"| {row} |", flush=True)
    site, keys = sites[ENGLISH]
    await false_hits(bench, {len(keys): [site]})


async def real_texts(bench: Bench, settings: Settings) -> None:
    of_code, of_packages = docstrings(DOCSTRINGS), descriptions()
    documents = [*of_code, *of_packages]
    started = time.perf_counter()
    vectors = embedded(documents, settings)
    print(f"{len(documents)} texts embedded in {time.perf_counter() - started:.0f} s\n")
    site, keys = await bench.archive("texts", documents, vectors)
    print(f"| queries | | nDCG@{FIRST} | recall@{FIRST} | ms |")
    print("|---|---|---|---|---|")
    for name, start, count in (("docstrings", 0, len(of_code)), ("packages", len(of_code), len(of_packages))):
        for evidence, level in (
            (Evidence.WORDS, "LOW"),
            (Evidence.MEANING, "LOW"),
            (Evidence.BOTH, "LOW"),
            (Evidence.BOTH, "MEDIUM"),
            (Evidence.BOTH, "HIGH"),
        ):
            numbers = range(start, start + count)
            started = time.perf_counter()
            found = [await bench.evaluator.text(site, documents[one].query, evidence, level) for one in numbers]
            quality = Quality.of(found, [{keys[one]} for one in numbers])
            each = 1000 * (time.perf_counter() - started) / count
            print(
                f"| {count} {name} | {evidence}, {level} | {quality.ndcg:.3f} | {quality.recall:.3f} | {each:.1f} |",
                flush=True,
            )
    few = [
        (await bench.archive(f"few-{number}", documents[part], vectors[part]))[0]
        for number in range(ARCHIVES_OF_FEW)
        for part in [slice(number * FEW, (number + 1) * FEW)]
    ]
    many = (await bench.archive("many", of_code, vectors[: len(of_code)]))[0]
    await false_hits(bench, {FEW: few, DOCSTRINGS: [many]})


async def false_hits(bench: Bench, sites: dict[int, list[Site]]) -> None:
    """Measure how many queries without an answer find something."""
    print("\n| scenes | queries | | LOW | MEDIUM | HIGH |")
    print("|---|---|---|---|---|---|")
    for scenes, archives in sites.items():
        for name, queries in (("random letters", nonsense(NONSENSE)), ("unrelated", UNRELATED)):
            for evidence in Evidence:
                shares: list[str] = []
                for level in LEVELS:
                    found = [
                        bool(await bench.evaluator.text(site, query, evidence, level))
                        for site in archives
                        for query in queries
                    ]
                    shares.append(f"{100 * sum(found) / len(found):.1f} %")
                print(f"| {scenes} | {len(queries)} {name} | {evidence} | {' | '.join(shares)} |", flush=True)


async def measure_pictures(bench: Bench, _settings: Settings, media: Path) -> None:
    """Measure how many unrelated pictures find something, and how many scenes are found by variants of theirs."""
    if not all((media / name).is_file() for name in FILMS):
        return
    films = {name: samples.frames(media / name) for name in FILMS}
    shown = {name: samples.every_second(film) for name, film in films.items()}
    kept = [frame.rgb for film in shown.values() for frame in film]
    crowd = [frame.rgb for film in films.values() for frame in film]
    few, keys = await _of_frames(bench, "frames", kept)
    many, _ = await _of_frames(bench, "all-frames", crowd)
    bunny, _ = await _of_frames(bench, "one-film", [frame.rgb for frame in shown[FILMS[0]]])
    hamilton = [frame.rgb for frame in samples.every_second(films[FILMS[1]])]
    print("\n| scenes | pictures | | LOW | MEDIUM | HIGH |\n|---|---|---|---|---|---|")
    for name, pictures in samples.unrelated_pictures().items():
        for site, scenes in ((few, len(kept)), (many, len(crowd))):
            found = await _found(bench, site, f"{name} {scenes}", pictures)
            print(f"| {scenes} | {len(pictures)} {name} | find something | {_shares(found, bool)} |")
    found = await _found(bench, bunny, "other film", hamilton)
    row = _shares(found, bool)
    print(f"| {len(shown[FILMS[0]])} | {len(hamilton)} of another film | find something | {row} |")
    again = [samples.variants(rgb) for rgb in kept]
    for place, name in enumerate(("without margins", "darker", "coded with losses", "with more contrast")):
        found = await _found(bench, few, name, [one[place] for one in again])
        correct = iter(keys * len(LEVELS))
        row = _shares(
            found, lambda hits, correct=correct: next(correct) in [(it.index_id, it.scene_id) for it in hits[:1]]
        )
        print(f"| {len(kept)} | {len(kept)} {name} | find theirs first | {row} |", flush=True)


def _shares(found: dict[str, list[Sequence[Hit]]], is_so: Callable[[Sequence[Hit]], bool]) -> str:
    return " | ".join(
        f"{100 * sum(is_so(hits) for hits in found[level]) / len(found[level]):.1f} %" for level in LEVELS
    )


async def _of_frames(bench: Bench, name: str, pictures: Sequence[Picture]) -> tuple[Site, list[Key]]:
    contents = [Content((), "PICTURE", PICTURE_ENGINE, vector[None]) for vector in samples.vectors(pictures)]
    async with bench.platform.database.transaction() as tx:
        await tx.run("SELECT setseed(0.5)")
        site = await add_workspace(tx, name)
        return site, await publish(tx, site, contents)


async def _found(bench: Bench, site: Site, name: str, pictures: Sequence[Picture]) -> dict[str, list[Sequence[Hit]]]:
    """Return the hits of each picture, by level."""
    keys = [f"{name} {number}" for number in range(len(pictures))]
    async with bench.platform.database.transaction() as tx:
        for key, vector in zip(keys, samples.vectors(pictures), strict=True):
            await add_query_picture(tx, key, PICTURE_ENGINE, vector)
    return {level: [await bench.evaluator.picture(site, key, level) for key in keys] for level in LEVELS}


async def add_query_picture(tx: Transaction, key: str, engine: str, vector: NDArray[np.float32]) -> None:
    """Insert a query picture with its vector."""
    text = f"[{','.join(f'{value:.5g}' for value in vector)}]"
    await tx.run(_PICTURE, key, USER, key, engine, text)


async def planted(folder: Path) -> None:
    """Measure queries whose answers are among many scenes."""
    settings = Settings(data_dir=folder)
    filled = Filled.read(folder)
    print(f"\n| scenes | queries | | nDCG@{FIRST} | recall@{FIRST} |\n|---|---|---|---|---|")
    async with open_platform(settings) as platform:
        async with platform.database.transaction() as tx:
            await tx.connection.execute(WITHOUT_WORDS)
        evaluator = Evaluator.of(platform.database, settings)
        site = Site(filled.workspace_id, filled.project_ids)
        for kind in dict.fromkeys(one.kind for one in filled.texts):
            queries = [one for one in filled.texts if one.kind == kind]
            for evidence in Evidence:
                found = [await evaluator.text(site, one.query, evidence) for one in queries]
                quality = Quality.of(found, [set(one.answers) for one in queries])
                row = f"{len(queries)} {kind} | {evidence} | {quality.ndcg:.3f} | {quality.recall:.3f}"
                print(f"| {filled.scenes} | {row} |", flush=True)
        print("\n| scenes | queries | | LOW | MEDIUM | HIGH |\n|---|---|---|---|---|---|")
        for name, queries in (("random letters", nonsense(100)), ("unrelated", UNRELATED)):
            shares = [
                sum([bool(await evaluator.text(site, query, Evidence.BOTH, level)) for query in queries])
                for level in LEVELS
            ]
            row = " | ".join(f"{100 * share / len(queries):.1f} %" for share in shares)
            print(f"| {filled.scenes} | {len(queries)} {name} | {Evidence.BOTH} | {row} |", flush=True)


_PICTURE = """
WITH made AS (
    INSERT INTO pictures (picture_key, user_name, purpose, file_name, state, object_key, expires_time)
    VALUES (%s, %s, 'QUERY_IMAGE', 'query.jpg', 'COMPLETED', 'pictures/x', now() + interval '1 day')
)
INSERT INTO vectors_of_pictures (picture_key, engine, embedding) VALUES (%s, %s, %s::halfvec)
"""


async def measure(folder: Path, parts: Sequence[Callable[[Bench, Settings], Awaitable[None]]]) -> None:
    """Run parts of the measurement in one database."""
    settings = Settings(data_dir=folder)
    async with open_platform(settings) as platform:
        async with platform.database.transaction() as tx:
            await tx.connection.execute(WITHOUT_WORDS)
        bench = Bench(platform, Evaluator.of(platform.database, settings))
        for part in parts:
            await part(bench, settings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument(
        "--filled", type=Path, help="data folder with planted answers, for which alone the searches then run"
    )
    parser.add_argument("--translations", type=Path, help="wheel of Django, for whose messages alone the searches run")
    parser.add_argument("--pictures", action="store_true", help="run the searches by picture alone")
    options = parser.parse_args()
    # Every search without an engine logs a warning.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if options.filled is not None:
        asyncio.run(planted(options.filled))
        return
    with temporary_folder(options.folder) as folder:
        if options.translations is not None:
            parts = [partial(across_languages, wheel=options.translations)]
        elif options.pictures:
            parts = [partial(measure_pictures, media=MEDIA)]
        else:
            parts = [partial(measure_pictures, media=MEDIA), real_texts]
        asyncio.run(measure(folder, parts))


if __name__ == "__main__":
    main()
