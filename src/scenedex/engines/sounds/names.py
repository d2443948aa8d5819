"""What the engine of sounds is called, without loading it."""

from typing import Final

from scenedex.engines.engine import Engine

CED: Final = Engine("ced", "1", "ced-tiny")
"""CED-Tiny for the classes of AudioSet, downloaded."""

CED_FILE: Final = "model.int8.onnx"
CED_LABELS: Final = "class_labels_indices.csv"
