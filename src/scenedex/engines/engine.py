"""What produced a result, so that it can be reproduced, and what is to produce one."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Engine:
    """One implementation of a port.

    Attributes:
        name: stable identifier of the implementation.
        version: changes whenever the same input may give another output.
        weights: identifier of the weights that were loaded; none where the engine learned nothing from data.
    """

    name: str
    version: str
    weights: str | None = None


class EngineChoice(msgspec.Struct, frozen=True):
    """Which implementation a stage shall load; travels to the process that loads it.

    Attributes:
        name: the implementation.
        version: its version; a process with another version of the code refuses the order.
        weights: identifier of the weights in the catalogue, or of those inside the engine's wheel.
        folder: where the downloaded files of the weights lie; None for weights inside a wheel.
    """

    name: str
    version: str
    weights: str | None = None
    folder: str | None = None

    @property
    def engine(self) -> Engine:
        """What it is, without where it lies."""
        return Engine(self.name, self.version, self.weights)


class EngineUnavailable(Exception):
    """An engine cannot be loaded: its weights are missing or damaged, or its version is another."""
