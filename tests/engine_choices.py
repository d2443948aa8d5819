"""Orders to load built-in engines, as a selection makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from scenedex.engines.built_in import SPECS
from scenedex.engines.loader import open_engine

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.engine import Engine, EngineChoice
    from scenedex.engines.port import Port


def choice_of(
    engine: Engine, folder: Path | None = None, port: Port[Any] | None = None, **changes: Any
) -> EngineChoice:
    """Return the order to load an engine, the first of that identity unless its port is given."""
    spec = next(spec for spec in SPECS if spec.engine == engine and port in {None, spec.port})
    return msgspec.structs.replace(spec.choice(folder), **changes)


def open_built_in(
    port: Port[Any], engine: Engine, folder: Path | None = None, *, threads: int = 0, **changes: Any
) -> Any:
    """Open a built-in engine of a port."""
    return open_engine(port, choice_of(engine, folder, port, **changes), threads=threads)
