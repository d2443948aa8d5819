"""Loading of a chosen engine, in the process that runs it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from scenedex.engines.engine import EngineContext, EngineUnavailable

if TYPE_CHECKING:
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.port import Port
    from scenedex.engines.service import ModelService

T = TypeVar("T")


def open_engine(port: Port[T], choice: EngineChoice, *, threads: int = 0, service: ModelService | None = None) -> T:
    """Load a chosen engine and no other.

    Args:
        port: its port.
        choice: the engine.
        threads: threads that one of its calls may use, 0 for one per processor.
        service: options of calls, for an engine that calls a language model.

    Raises:
        EngineUnavailable: this machine has no such engine, or its weights are missing or damaged.
    """
    module, _, name = choice.factory.partition(":")
    try:
        factory: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise _unknown(port, choice, str(error)) from error
    folder = None if choice.folder is None else Path(choice.folder)
    opened = factory(EngineContext(choice.engine, folder, threads, choice.address, service))
    if opened.engine != choice.engine:
        raise _unknown(port, choice, f"{choice.factory} opens {opened.engine}")
    return opened


def _unknown(port: Port[Any], choice: EngineChoice, reason: str) -> EngineUnavailable:
    return EngineUnavailable(
        f"No engine of {port.title} here is {choice.engine} ({reason}): run the same version of scenedex everywhere."
    )
