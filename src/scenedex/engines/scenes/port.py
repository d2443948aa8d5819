"""Port and engine of scenes."""

from __future__ import annotations

from typing import Final

from scenedex.engines.engine import Engine
from scenedex.engines.port import Port
from scenedex.engines.spec import EngineSpec

SCENES: Final[Port[object]] = Port("scenes", "scenes", has_choice=False, is_extensible=False)

LINKED_LOOKS: Final = Engine("linked-looks", "3")

SPECS: Final = (EngineSpec(port=SCENES, engine=LINKED_LOOKS),)
