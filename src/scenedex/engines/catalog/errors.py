"""Errors of weights."""

from __future__ import annotations


class WeightsError(Exception):
    """Weights are not available."""


class UnknownWeights(WeightsError):
    """The catalogue has no such weights."""


class SourceUnreachable(WeightsError):
    """The source of the weights cannot be reached from this machine."""


class WeightsNotServed(WeightsError):
    """The source does not have the file, or has another one."""


class DownloadInterrupted(WeightsError):
    """The download was interrupted. The received part is kept, and the same command resumes from there."""


class WrongContent(WeightsError):
    """The downloaded content is not the published one. It was removed."""


class NoRoomForWeights(WeightsError):
    """The disk has no room for the weights."""


class PullRunning(WeightsError):
    """Another process is pulling these weights."""
