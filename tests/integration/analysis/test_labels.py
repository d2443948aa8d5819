"""Vectors of a vocabulary: each is read once in the life of a worker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of
from networks_pictures import write_siglip
from scenedex.analysis.child_runner import ChildRunner, StageFailed
from scenedex.analysis.labels import LabelVectors
from scenedex.analysis.vectors import VectorMaker
from scenedex.engines.keywords import SIGLIP2_LABELS
from scenedex.media.child import ChildLimits
from scenedex.media.machine_budget import MachineBudget
from scenedex.metrics import Metrics

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.engine import EngineChoice

LIMITS = ChildLimits(
    memory_bytes=3 * 1024**3,
    cpu_seconds=120,
    wall_seconds=120,
    stall_seconds=60,
    file_size_bytes=64 * 1024**2,
    max_pixels=64 * 1024**2,
)
WORDS = ("harbour", "crowd", "snow")


def labels_of(folder: Path) -> LabelVectors:
    turns = MachineBudget(folder / "turns", memory_bytes=LIMITS.memory_bytes, max_concurrent={})
    return LabelVectors(WORDS, VectorMaker(ChildRunner(LIMITS, LIMITS, turns, Metrics("worker")), folder / "work", 1))


def choice(folder: Path) -> EngineChoice:
    return choice_of(SIGLIP2_LABELS, folder)


def test_every_word_has_a_vector_that_is_read_once(tmp_path: Path) -> None:
    labels = labels_of(tmp_path)
    engine = choice(write_siglip(tmp_path / "siglip2-base"))

    async def twice() -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        first = await labels.of(engine)
        # What is known needs no weights.
        (tmp_path / "siglip2-base" / "text_model.onnx").unlink()
        return first, await labels.of(engine)

    first, second = asyncio.run(twice())

    assert first == second
    vectors = [np.frombuffer(vector, "<f4") for vector in first]
    assert len(vectors) == len(WORDS)
    assert all(abs(float(np.linalg.norm(vector)) - 1) < 1e-3 for vector in vectors)


def test_weights_that_are_missing_are_said(tmp_path: Path) -> None:
    labels = labels_of(tmp_path)

    with pytest.raises(StageFailed, match="siglip2-base"):
        asyncio.run(labels.of(choice(tmp_path / "siglip2-base")))
