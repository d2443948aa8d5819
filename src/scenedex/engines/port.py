"""Ports: the tasks of perception that engines implement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

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
    """

    name: str
    title: str
    stage: str = ""
    has_choice: bool = True
    can_be_off: bool = True
    is_extensible: bool = True

    @property
    def weights_stage(self) -> str:
        """Name of the task in ``weights list``."""
        return self.stage or self.name
