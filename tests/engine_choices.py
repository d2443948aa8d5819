"""Declarations and choices of engines for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from scenedex.engines.built_in import SPECS
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.engine import Engine, EngineChoice
    from scenedex.engines.port import Port


def choice_of(
    engine: Engine, folder: Path | None = None, port: Port[Any] | None = None, **changes: Any
) -> EngineChoice:
    """Return the order to load an engine, the first of that identity unless its port is given."""
    return msgspec.structs.replace(spec_of(engine, port).choice(folder), **changes)


def spec_of(engine: Engine, port: Port[Any] | None = None) -> EngineSpec:
    """Return the declaration of a built-in engine, the first of that identity unless its port is given."""
    return next(spec for spec in SPECS if spec.engine == engine and port in {None, spec.port})


def fake_spec(port: Port[Any], engine: Engine) -> EngineSpec:
    """Declare a fake, whose test opens it itself."""
    return EngineSpec(port=port, engine=engine, factory="tests:fake")
