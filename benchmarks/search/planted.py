"""Queries with known answers: rare phrases in four languages, and paraphrased English sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.search.vocabulary import Language

PHRASES_OF_LANGUAGE = 25
MEANINGS = 100
ANSWERS = 3

# Text of scenes, and its paraphrase in queries.
_WHO = (
    ("a fisherman", "angler"),
    ("two nurses", "hospital staff"),
    ("an old farmer", "elderly peasant"),
    ("the prime minister", "head of government"),
    ("a group of pupils", "school children"),
    ("a mountain guide", "alpine leader"),
    ("the goalkeeper", "football player in goal"),
    ("a street musician", "busker"),
    ("several firemen", "fire brigade"),
    ("a young chef", "cook"),
)
_WHAT = (
    ("repairs a torn net", "mending nets"),
    ("is giving a speech", "talking to an audience"),
    ("bakes fresh bread", "making loaves in the oven"),
    ("rescues a stranded dog", "saving an animal"),
    ("paints a wooden boat", "colouring a small ship"),
    ("climbs an icy wall", "ascending frozen rock"),
    ("counts the ballots", "tallying votes"),
    ("plants apple trees", "setting up an orchard"),
    ("looks for a lost child", "searching for a missing kid"),
    ("waits for the last train", "staying on the platform at night"),
)
_WHERE = ("in heavy rain", "at dawn", "in front of a crowd", "beside the canal", "in the old town")
_AROUND = ("Here {0}.", "Now we can see how {0}.", "{0}, as every year.")


@dataclass(frozen=True, slots=True)
class Plant:
    """A query and the lines that answer it.

    Attributes:
        query: text of the query.
        kind: kind of the query.
        lines: line of each scene that answers it.
        is_english: whether the lines have vectors of their meaning.
    """

    query: str
    kind: str
    lines: tuple[str, ...]
    is_english: bool


def plants(languages: Sequence[Language]) -> list[Plant]:
    """Return the queries, which are the same each time."""
    chance = np.random.default_rng(4)
    made: list[Plant] = []
    for language in languages:
        rare = language.words[-4 * PHRASES_OF_LANGUAGE :]
        for number in range(PHRASES_OF_LANGUAGE):
            pair = rare[2 * number], rare[2 * number + 1]
            lines = (
                language.sentence([*language.draw(chance, 4), *pair, *language.draw(chance, 3)]) for _ in range(ANSWERS)
            )
            phrase = language.gap.join(pair)
            made.append(Plant(phrase, f"phrase {language.code}", tuple(lines), is_english=language.code == "EN"))
    for number in range(MEANINGS):
        who, what = _WHO[number // 10], _WHAT[number % 10]
        sentence = f"{who[0]} {what[0]} {_WHERE[(number // 10 + number) % 5]}"
        lines = tuple(around.format(sentence) for around in _AROUND)
        made.append(Plant(f"{who[1]} {what[1]}", "other words", lines, is_english=True))
    return made
