"""What produced a result, so that it can be reproduced."""

from __future__ import annotations

from dataclasses import dataclass


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
