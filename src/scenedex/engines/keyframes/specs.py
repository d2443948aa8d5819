"""Engine of keyframes."""

from __future__ import annotations

from typing import Final

from scenedex.engines.engine import Engine
from scenedex.engines.keyframes.port import KEYFRAMES
from scenedex.engines.spec import EngineSpec

CLEAREST_FRAME: Final = Engine("clearest-frame", "3")

SPECS: Final = (EngineSpec(port=KEYFRAMES, engine=CLEAREST_FRAME),)
