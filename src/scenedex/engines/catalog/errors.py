"""What can go wrong with weights."""

from __future__ import annotations


class WeightsError(Exception):
    """Weights cannot be had."""


class UnknownWeights(WeightsError):
    """The catalogue has no such weights."""


class SourceUnreachable(WeightsError):
    """The source of the weights cannot be reached from this machine."""


class WeightsNotServed(WeightsError):
    """The source does not have the file, or has another one."""


class DownloadInterrupted(WeightsError):
    """The download broke off; what has come is kept, and the same command goes on from there."""


class WrongContent(WeightsError):
    """The downloaded bytes are not those that were published; they were removed."""


class NoRoomForWeights(WeightsError):
    """The disk has no room for the weights."""


class PullRunning(WeightsError):
    """Another process is pulling these weights."""
