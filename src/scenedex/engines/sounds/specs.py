"""Engines of sounds."""

from __future__ import annotations

from typing import Final

from scenedex.engines.catalog import Entry, WeightFile, hugging_face_url
from scenedex.engines.engine import Engine
from scenedex.engines.sounds.port import SOUNDS
from scenedex.engines.spec import EngineSpec

CED: Final = Engine("ced", "1", "ced-tiny")
"""CED-Tiny for the classes of AudioSet, downloaded."""

CED_FILE: Final = "model.int8.onnx"
CED_LABELS: Final = "class_labels_indices.csv"

_CED_REPOSITORY: Final = "k2-fsa/sherpa-onnx-ced-tiny-audio-tagging-2024-04-19"

SPECS: Final = (
    EngineSpec(
        port=SOUNDS,
        engine=CED,
        factory="scenedex.engines.sounds.ced:CedTagger",
        packages={"onnxruntime": "onnxruntime"},
        weights=Entry(
            "ced-tiny",
            "applause, laughter and background music, CED-tiny",
            "Apache-2.0",
            f"https://huggingface.co/{_CED_REPOSITORY}",
            (
                WeightFile(
                    CED_FILE,
                    hugging_face_url(_CED_REPOSITORY, "main", CED_FILE),
                    6_133_417,
                    "73aa22e783115f6a4ae169b36089907e07d0fd44795595eddea9c1bfc74cc945",
                ),
                WeightFile(
                    CED_LABELS,
                    hugging_face_url(_CED_REPOSITORY, "main", CED_LABELS),
                    14_675,
                    "cdd1049833c4b86127c2773ac0d14a2754b6a6d0d1798002ed5c66e699708429",
                ),
            ),
        ),
    ),
)
