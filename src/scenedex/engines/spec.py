"""Declaration of an engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scenedex.engines.engine import EngineChoice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scenedex.calibration import Baseline, FaceCalibration
    from scenedex.engines.catalog import Entry
    from scenedex.engines.engine import Engine
    from scenedex.engines.port import Port


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSpec:
    """Declaration of an engine. Reading it loads no library.

    Attributes:
        port: the task that it implements.
        engine: its identity.
        factory: ``package.module:name`` of a class or function that takes an `EngineContext` and returns the engine.
            Empty if the stage makes the engine itself.
        licence: SPDX identifier of the engine and of the weights inside its packages. Downloaded weights have theirs.
        packages: packages that must be installed, by import name, with the name to install.
        weights: weights to download, `None` if there are none or if they are inside a package.
        languages: spoken languages that it recognises, `None` if the language does not matter.
        seconds_per_minute: processor time for a minute of media on the machine of `pace.REFERENCE_GFLOPS`, `None` if it
            was not measured.
        needs_address: whether it calls a service, whose address the setting `engines.addresses` has.
        alias: its name in the settings. By default that is the id of downloaded weights, else the engine's name.
        calibration: meaning of the similarities of its vectors, `None` if it was not measured.
    """

    port: Port[Any]
    engine: Engine
    factory: str = ""
    licence: str = "Apache-2.0"
    packages: Mapping[str, str] = field(default_factory=dict[str, str])
    weights: Entry | None = None
    languages: frozenset[str] | None = None
    needs_address: bool = False
    alias: str = ""
    seconds_per_minute: float | None = None
    calibration: FaceCalibration | Baseline | None = None

    @property
    def setting(self) -> str:
        """Name in the settings."""
        return self.alias or (self.engine.name if self.weights is None else self.weights.id)

    def choice(self, folder: Path | None = None, address: str | None = None) -> EngineChoice:
        """Return the order to load this engine, with its weights from a folder and its service at an address."""
        place = None if folder is None else str(folder)
        return EngineChoice(self.engine.name, self.engine.version, self.engine.weights, place, self.factory, address)
