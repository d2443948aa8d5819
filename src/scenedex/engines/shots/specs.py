"""Engine of shots."""

from __future__ import annotations

from typing import Final

from scenedex.engines.engine import Engine
from scenedex.engines.shots.port import SHOTS
from scenedex.engines.spec import EngineSpec

PLANE_LAYOUT: Final = Engine("plane-layout", "1")

SPECS: Final = (EngineSpec(port=SHOTS, engine=PLANE_LAYOUT),)
