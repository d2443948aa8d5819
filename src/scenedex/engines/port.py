"""Ports: the tasks of perception that engines implement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from scenedex.engines.engine import Engine

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Port(Generic[T]):
    """A task of perception. ``T`` is the protocol that its engines implement.

    Attributes:
        name: name in settings, in the index and in ``doctor``.
        title: the task in words.
        stage: name of the task in ``weights list``, the name of the port if empty.
        has_choice: whether engines are selected for it. Without a choice the one built-in engine runs.
        can_be_off: whether the settings may switch it off.
        is_extensible: whether installed packages may add engines.
        has_network: whether its engines run in the worker, where they may call the address of the settings.
    """

    name: str
    title: str
    stage: str = ""
    has_choice: bool = True
    can_be_off: bool = True
    is_extensible: bool = True
    has_network: bool = False

    @property
    def weights_stage(self) -> str:
        """Name of the task in ``weights list``."""
        return self.stage or self.name


class OpenedEngine(Protocol):
    """Part that the protocols of all ports share."""

    @property
    def engine(self) -> Engine:
        """Identity of the engine."""
        ...


class EmbeddingEngine(OpenedEngine, Protocol):
    """Part that the protocols of ports of vectors share."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...


class InputRefused(ValueError):
    """An engine does not take this input. The docstring of each kind is its message."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)
