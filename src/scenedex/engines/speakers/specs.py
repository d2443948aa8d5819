"""Engines of speakers."""

from __future__ import annotations

from typing import Final

from scenedex.engines.catalog import Entry, WeightFile, hugging_face_url
from scenedex.engines.engine import Engine
from scenedex.engines.speakers.port import SPEAKERS
from scenedex.engines.spec import EngineSpec

WESPEAKER: Final = Engine("wespeaker", "1", "wespeaker-resnet34")
"""WeSpeaker's ResNet34, downloaded."""

WESPEAKER_FILE: Final = "wespeaker_en_voxceleb_resnet34_LM.onnx"

ONE_SPEAKER: Final = Engine("one-speaker", "1")
"""Attributes everything to one speaker. The stage does so without loading an engine."""

_WESPEAKER_REPOSITORY: Final = "Wespeaker/wespeaker-voxceleb-resnet34-LM"

SPECS: Final = (
    EngineSpec(
        port=SPEAKERS,
        engine=WESPEAKER,
        factory="scenedex.engines.speakers.wespeaker:WespeakerEmbedder",
        packages={"onnxruntime": "onnxruntime"},
        weights=Entry(
            "wespeaker-resnet34",
            "who speaks when, WeSpeaker ResNet34-LM",
            "CC-BY-4.0",
            f"https://huggingface.co/{_WESPEAKER_REPOSITORY}",
            (
                WeightFile(
                    WESPEAKER_FILE,
                    hugging_face_url(
                        _WESPEAKER_REPOSITORY, "f0c48c298fd835726c27956a5d617bad7115627e", "voxceleb_resnet34_LM.onnx"
                    ),
                    26_530_309,
                    "7bb2f06e9df17cdf1ef14ee8a15ab08ed28e8d0ef5054ee135741560df2ec068",
                ),
            ),
        ),
    ),
    EngineSpec(port=SPEAKERS, engine=ONE_SPEAKER),
)
