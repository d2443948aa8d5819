"""Addresses of outputs: everything that decides on an output is in them, and nothing else."""

from __future__ import annotations

import msgspec
import pytest

from scenedex.analysis.outputs import address
from scenedex.engines.engine import EngineChoice


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Options of a stage."""

    choice: EngineChoice
    height: int = 480
    threads: int = 0


CHOICE = EngineChoice("engine", "1", "weights", "/here/weights")
OPTIONS = Options(choice=CHOICE)
BASE = address("faces", "1", OPTIONS, ["a"])


def changed(**changes: object) -> Options:
    return msgspec.structs.replace(OPTIONS, **changes)


def test_the_same_facts_have_the_same_address() -> None:
    assert address("faces", "1", changed(), ["a"]) == BASE


@pytest.mark.parametrize(
    "other",
    [
        address("text", "1", OPTIONS, ["a"]),
        address("faces", "2", OPTIONS, ["a"]),
        address("faces", "1", OPTIONS, ["b"]),
        address("faces", "1", changed(height=720), ["a"]),
        address("faces", "1", changed(choice=msgspec.structs.replace(CHOICE, name="other")), ["a"]),
        address("faces", "1", changed(choice=msgspec.structs.replace(CHOICE, version="2")), ["a"]),
        address("faces", "1", changed(choice=msgspec.structs.replace(CHOICE, weights="others")), ["a"]),
    ],
    ids=["stage", "version", "source", "option", "engine", "engine's version", "weights"],
)
def test_whatever_decides_on_the_output_changes_the_address(other: str) -> None:
    assert other != BASE


def test_the_place_of_weights_and_code_and_the_number_of_threads_do_not() -> None:
    elsewhere = changed(
        threads=8, choice=msgspec.structs.replace(CHOICE, folder="/there/weights", factory="package.module:open")
    )

    assert address("faces", "1", elsewhere, ["a"]) == BASE


def test_outputs_of_earlier_versions_are_found_again() -> None:
    assert BASE == "d9171b9325ae79364cd71e5dad708e72a2b28b6cd967432aa95f902d3519e980"
