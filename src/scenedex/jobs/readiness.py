"""Whether the machine of a worker can do jobs: the port that handlers and the runner ask."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from scenedex.jobs.kinds import JobKind


class NotReady(Exception):
    """This worker cannot do jobs at the moment, through no fault of the job; somebody does it later."""


class GivenUp(Exception):
    """The job has ended without success, after as many tries as it may have; its row says why."""


def unanswered(tries: int) -> str:
    """Why a job is given up of which nobody heard how it went."""
    return f"Given up: {tries} tries broke off without an answer; their workers were killed, or taken for dead."


class Readiness(Protocol):
    """What a worker knows of its own machine."""

    def is_ready(self, kind: JobKind) -> bool:
        """Whether jobs of this kind may be taken."""
        ...

    def owning_faults(self) -> AbstractAsyncContextManager[None]:
        """Whatever breaks off within the block because this machine is not ready breaks off as `NotReady`.

        A handler gives such a try back: it is none of the job's.
        """
        ...


class AlwaysReady:
    """`Readiness` of a machine that nobody examines."""

    def is_ready(self, kind: JobKind) -> bool:
        """See `Readiness`."""
        del kind
        return True

    def owning_faults(self) -> AbstractAsyncContextManager[None]:
        """See `Readiness`."""
        return nullcontext()
