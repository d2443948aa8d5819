"""Scene grouping: consecutive shots of one place and time, within bounds on their length.

The stage `scenes` calls `group` once for all shots of an asset. Pure: times, colour layouts and sounds in,
`timeline` scenes out.
"""

from scenedex.engines.scenes.length import SceneLength, ScenePreset
from scenedex.engines.scenes.port import LINKED_LOOKS, SCENES, SPECS

__all__ = ["LINKED_LOOKS", "SCENES", "SPECS", "SceneLength", "ScenePreset"]
