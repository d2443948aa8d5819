"""Composed summaries: repetitions in rows of scenes, faith to the evidence, the choice of what is quoted, and time."""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import msgspec
from benchmarks.summaries.indexes import evidence_in
from benchmarks.summaries.rows import KINDS, row_of

from scenedex.engines.engine import EngineContext
from scenedex.engines.summaries import COMPOSED, EvidenceLine, SceneEvidence, SceneSummary, SummaryLocale
from scenedex.engines.summaries.composed import ComposedSummariser
from scenedex.engines.summaries.composed_choice import opening_of
from scenedex.engines.summaries.composed_speech import telling
from scenedex.engines.summaries.composed_texts import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCALES: Final = get_args(SummaryLocale)
_SPACED: Final = {"en-US", "ko-KR"}
_QUOTED: Final = re.compile("“([^”]*)”|「([^」]*)」")


class _Dialogue(msgspec.Struct):
    language: str
    lines: list[str]
    good: list[int]


class _Dialogues(msgspec.Struct):
    scene: list[_Dialogue]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20, help="rows of each kind and locale")
    parser.add_argument("--indexes", type=Path, help="folder of indexes in JSON")
    parser.add_argument("--print", action="store_true", help="print the summaries")
    options = parser.parse_args()
    print(
        "locale  scenes  sentences  characters  same opening in 3  frames once  frame again in 3  unsupported  ms/scene"
    )
    for locale in LOCALES:
        if options.indexes is None:
            rows = [row_of(kind, locale, seed) for kind in KINDS for seed in range(1, options.seeds + 1)]
        else:
            rows = [evidence_in(path, {}) for path in sorted(options.indexes.glob("*.json"))]
        measure(locale, rows, shows=options.print)
    if options.indexes is None:
        choice()


def measure(locale: SummaryLocale, rows: Sequence[Sequence[SceneEvidence]], *, shows: bool) -> None:
    """Print the figures of rows of scenes."""
    summariser = ComposedSummariser(EngineContext(COMPOSED))
    asyncio.run(summariser.summarise(rows[0][0], locale, ()))
    total: Counter[str] = Counter()
    started = time.process_time()
    results = [summarised(summariser, row, locale) for row in rows]
    seconds = time.process_time() - started
    for row, summaries in zip(rows, results, strict=True):
        names = sorted({person.name for scene in row for person in scene.persons if person.name}, key=len, reverse=True)
        frames = [[frame(sentence.text, names) for sentence in one.sentences] for one in summaries]
        openings = [opening_of(one.sentences[0].text, is_spaced=locale in _SPACED) for one in summaries]
        counts = Counter(one for scene in frames for one in scene)
        total["scenes"] += len(row)
        total["sentences"] += sum(map(len, frames))
        total["characters"] += sum(len(sentence.text) for one in summaries for sentence in one.sentences)
        total["once"] += sum(1 for count in counts.values() if count == 1)
        total["openings"] += sum(one in openings[max(0, place - 3) : place] for place, one in enumerate(openings))
        total["again"] += sum(
            any(one in other for other in frames[max(0, place - 3) : place])
            for place, scene in enumerate(frames)
            for one in scene
        )
        total["unsupported"] += sum(unsupported(scene, one) for scene, one in zip(row, summaries, strict=True))
        if shows:
            for one in summaries:
                print("  ", (" " if locale in _SPACED else "").join(sentence.text for sentence in one.sentences))
    scenes, sentences = total["scenes"], total["sentences"]
    print(
        f"{locale}  {scenes:6}  {sentences / scenes:9.2f}  {total['characters'] / scenes:10.0f}  {total['openings']:17}"
        f"  {total['once'] / sentences:11.2f}  {total['again'] / sentences:16.3f}  {total['unsupported']:11}"
        f"  {1000 * seconds / scenes:8.2f}"
    )


def summarised(
    summariser: ComposedSummariser, row: Sequence[SceneEvidence], locale: SummaryLocale
) -> list[SceneSummary]:
    """Return the summaries of a row, each with those before it."""
    found: list[SceneSummary] = []
    for scene in row:
        found.append(asyncio.run(summariser.summarise(scene, locale, found)))
    return found


def frame(text: str, names: Sequence[str]) -> str:
    """Return a sentence without its quotes, names and numbers."""
    bare = re.sub(r"\d+", "0", _QUOTED.sub("“”", text))
    return re.sub("|".join(map(re.escape, names)), "N", bare) if names else bare


def unsupported(scene: SceneEvidence, summary: SceneSummary) -> int:
    """Return the number of quotes that no line, text or keyword of the scene has."""
    lines = sorted(scene.lines, key=lambda line: line.start_ms)
    sources = [
        letters(" ".join(line.text for line in lines)),
        letters(" ".join(line.text for line in lines if not line.is_rough)),
        *(letters(text.text) for text in scene.texts),
        *(letters(keyword.keyword) for keyword in scene.keywords),
    ]
    text = " ".join(sentence.text for sentence in summary.sentences)
    quotes = [letters("".join(groups)) for groups in _QUOTED.findall(text)]
    return sum(not any(quote in source for source in sources) for quote in quotes)


def letters(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(character for character in clean(text) if character.isalnum())


def choice() -> None:
    """Print how often the quoted passage has a line that a reader would quote, and how often simpler rules do."""
    scenes = msgspec.toml.decode(Path(__file__).with_name("telling.toml").read_bytes(), type=_Dialogues).scene
    print("\nlanguage  scenes  composed  with a dull line  first line  longest line")
    for language in ("en", "ko", "ja", "zh"):
        own = [one for one in scenes if one.language == language]
        hits = dull = first = longest = 0
        for one in own:
            texts = one.lines
            good = {letters(texts[place]) for place in one.good}
            lines = tuple(
                EvidenceLine(place, "Speaker 1", text, language, 4_000 * place, 4_000 * place + 2_000, is_rough=False)
                for place, text in enumerate(texts)
            )
            said = [letters(quote.quote) for quote in telling(SceneEvidence(1, 1, 0, 20_000, 1, lines=lines), ()).said]
            hits += bool(said) and any(text in quote for quote in said for text in good)
            dull += any(not any(text in quote for text in good) for quote in said)
            first += letters(texts[0]) in good
            longest += letters(max(texts, key=len)) in good
        print(f"{language:8}  {len(own):6}  {hits:8}  {dull:16}  {first:10}  {longest:12}")


if __name__ == "__main__":
    main()
