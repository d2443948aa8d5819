"""Identity of an engine, and the choice of one for a stage."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from scenedex.engines.service import ModelService


@dataclass(frozen=True, slots=True)
class Engine:
    """One implementation of a port.

    Attributes:
        name: stable identifier of the implementation.
        version: changes whenever the same input may give another output.
        weights: identifier of the weights that were loaded, `None` if the engine learned nothing from data.
    """

    name: str
    version: str
    weights: str | None = None

    def __str__(self) -> str:
        return " ".join(part for part in (self.name, self.version, self.weights) if part)


class EngineChoice(msgspec.Struct, frozen=True):
    """Order to load one engine. It travels to the process that loads it.

    Attributes:
        name: the implementation.
        version: its version. A process with another version of the code refuses the order.
        weights: identifier of the weights in the catalogue, or of those inside the engine's wheel.
        folder: folder of the downloaded files, `None` for weights inside a wheel.
        factory: see `EngineSpec`.
        address: address of the service that it calls, `None` for an engine that calls none.
    """

    name: str
    version: str
    weights: str | None = None
    folder: str | None = None
    factory: str = ""
    address: str | None = None

    @property
    def engine(self) -> Engine:
        """Identity of the engine, without its place."""
        return Engine(self.name, self.version, self.weights)


@dataclass(frozen=True, slots=True)
class EngineContext:
    """Argument of an engine's factory.

    Attributes:
        engine: identity under which the engine was chosen.
        folder: folder of its downloaded weights, `None` without them.
        threads: threads that one call may use, 0 for one per processor.
        address: address of the service that it calls, `None` for an engine that calls none.
        service: options of the calls, `None` for an engine that calls no language model.
    """

    engine: Engine
    folder: Path | None = None
    threads: int = 0
    address: str | None = None
    service: ModelService | None = None

    @property
    def weights_folder(self) -> Path:
        """Folder of the downloaded weights.

        Raises:
            EngineUnavailable: the choice names no folder.
        """
        if self.folder is None:
            weights = self.engine.weights
            raise EngineUnavailable(f"The weights {weights} are not here: run `scenedex weights pull {weights}`.")
        return self.folder

    @property
    def service_address(self) -> str:
        """Address of the service that the engine calls.

        Raises:
            EngineUnavailable: the choice names no address.
        """
        if self.address is None:
            raise EngineUnavailable(f"The setting engines.addresses has no address of {self.engine.name}.")
        return self.address


class EngineUnavailable(Exception):
    """An engine cannot be used: its weights are missing or damaged, its version is another, or its service fails."""


def find_in_package(package: str, path: str, message: str) -> Path:
    """Return a file or folder inside an installed package, without importing its code.

    Raises:
        EngineUnavailable: it is not there. The error has the message.
    """
    spec = find_spec(package)
    for place in [] if spec is None else spec.submodule_search_locations or ():
        if (found := Path(place, path)).exists():
            return found
    raise EngineUnavailable(message)
