"""What the engines of speakers are called, without loading them."""

from typing import Final

from scenedex.engines.engine import Engine

WESPEAKER: Final = Engine("wespeaker", "1", "wespeaker-resnet34")
"""WeSpeaker's ResNet34, downloaded."""

WESPEAKER_FILE: Final = "wespeaker_en_voxceleb_resnet34_LM.onnx"

ONE_SPEAKER: Final = Engine("one-speaker", "1")
"""What says that everything was said by one speaker, where nothing can tell voices apart."""
