"""Weights with which the channels of a sound become one, so that no voice cancels another or itself. Pure.

A plain sum of channels is silence where they are each other's opposite, as with a reversed cable, and sounds hollow
where one is a delayed copy of the other. Both may change within a recording, so the weights hold for a short window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Channels at or above this correlation add up well. Two independent sounds have about 0.
_ALIKE: Final = 0.3
_SURELY_ALIKE: Final = 0.5
# Without a delay between them, channels with the same sound reach this correlation.
_EQUAL: Final = 0.9
# A part of a window in which channels are opposites decides for the whole window.
_OPPOSITE: Final = -0.5
_PARTS: Final = 4
# The maximum correlation over all delays of independent voices is below this value, and that of copies is above.
_COPY: Final = 0.6
# A channel that was left out as a copy stays left out unless it is independent.
_STILL_COPY: Final = 0.35
_CLEARLY_HIGHER: Final = 0.05
_MAX_DELAY_SECONDS: Final = 0.06
_COMPARED_RATE: Final = 8_000
# Power of samples whose full scale is 1: 80 dB below is silence. A channel 40 dB below the loudest one is not heard.
_SILENT_POWER: Final = 1e-8
_FAINT: Final = 1e-4
# The channel that was chosen before stays chosen unless another is 6 dB louder.
_CLEARLY_LOUDER: Final = 4.0
_FADE_SECONDS: Final = 0.01


class Balance:
    """Mixes the channels of a sound to one, window by window. Its weights change without a click.

    Args:
        rate: samples per second and channel.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._former: NDArray[np.float32] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the former window was a plain sum."""
        return self._former is None

    def weights(self, channels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the weights of the next window. See `weights_of`."""
        return weights_of(channels, self._rate, self._former)

    def mix(self, channels: NDArray[np.float32], weights: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Return the mix ``(n,)`` of the next window.

        Args:
            channels: samples as ``(channels, n)``, with a full scale of 1.
            weights: weights of the window, those that it needs by default.
        """
        former = self._former
        if not np.isfinite(channels).all():
            channels = np.nan_to_num(channels, posinf=1, neginf=-1)
        self._former = self.weights(channels) if weights is None else weights
        mix = self._former @ channels
        if former is not None and not np.array_equal(former, self._former):
            fade = min(channels.shape[1], round(_FADE_SECONDS * self._rate))
            rise = np.linspace(0, 1, fade, dtype=np.float32)
            mix[:fade] = rise * mix[:fade] + (1 - rise) * (former @ channels[:, :fade])
        return mix

    def forget(self) -> None:
        """Note that a window was a plain sum."""
        self._former = None


def is_safe_to_add(channels: NDArray[np.float32]) -> bool | None:
    """Return whether the plain sum of a few samples keeps their power, or `None` if they are silent.

    This is a quick test. False means that `weights_of` should look closer, also if not all channels are heard. The
    shape of ``channels`` is ``(channels, n)``, with a full scale of 1.
    """
    power = np.einsum("cn,cn->c", channels, channels)
    total = float(power.sum())
    if not total > _SILENT_POWER * channels.shape[1]:
        return None
    if float(power.min()) < _FAINT * total:
        return False
    added = channels.sum(axis=0)
    return float(added @ added) >= (1 + _SURELY_ALIKE) * total


def weights_of(
    channels: NDArray[np.float32], rate: int, former: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Return a weight for each channel, with absolute values that add up to 1.

    A channel that is another's opposite gets a negative weight, and one that is another's delayed copy gets 0.

    Args:
        channels: samples of a window as ``(channels, n)``, with a full scale of 1.
        rate: samples per second.
        former: weights of the window before.
    """
    power = np.einsum("cn,cn->c", channels, channels) / max(1, channels.shape[1])
    heard = np.flatnonzero(power > max(_SILENT_POWER, _FAINT * float(power.max(initial=0))))
    weights = np.zeros(len(channels), np.float32)
    if not len(heard):
        return np.full(len(channels), 1 / len(channels), np.float32) if former is None else former
    order: list[int] = heard[np.argsort(-power[heard], kind="stable")].tolist()
    kept = None if former is None else int(np.abs(former).argmax())
    if kept in order and power[kept] * _CLEARLY_LOUDER >= power[order[0]]:
        order.remove(kept)
        order.insert(0, kept)
    mix = channels[order[0]].copy()
    weights[order[0]] = 1
    for channel in order[1:]:
        was_left_out = former is not None and former[channel] == 0
        sign = _sign(mix, channels[channel], rate, copy=_STILL_COPY if was_left_out else _COPY)
        weights[channel] = sign
        if sign:
            mix += sign * channels[channel]
    weights /= np.abs(weights).sum()
    # The opposite of the same mix would be a jump between two windows.
    return -weights if former is not None and float(former @ weights) < 0 else weights


def is_plain(weights: NDArray[np.float32]) -> bool:
    """Return whether the weights are those of a plain sum of all channels."""
    return bool((weights > 0).all() or (weights < 0).all())


def _sign(mix: NDArray[np.float32], channel: NDArray[np.float32], rate: int, *, copy: float) -> int:
    """Return 1 to add a channel to a mix, -1 to subtract it, and 0 to leave it out.

    ``copy`` is the correlation from which it is a delayed copy.
    """
    alike = _correlation(mix, channel)
    if abs(alike) < _EQUAL:
        delayed = _highest_correlation(mix, channel, rate)
        if delayed >= copy and delayed > abs(alike) + _CLEARLY_HIGHER:
            return 0
        parts = zip(np.array_split(mix, _PARTS), np.array_split(channel, _PARTS), strict=True)
        if abs(alike) < _ALIKE and min(_correlation(*part) for part in parts) <= _OPPOSITE:
            return 0
    return -1 if alike <= -_ALIKE else 1


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    product = float(one @ one) * float(other @ other)
    return float(one @ other) / product**0.5 if product > _SILENT_POWER**2 * len(one) ** 2 else 0.0


def _highest_correlation(one: NDArray[np.float32], other: NDArray[np.float32], rate: int) -> float:
    """Return the highest absolute correlation over all delays of up to 60 ms either way."""
    factor = max(1, rate // _COMPARED_RATE)
    one, other = _thinned(one, factor), _thinned(other, factor)
    delays = min(len(one) - 1, int(_MAX_DELAY_SECONDS * rate / factor))
    length = 1 << (len(one) + delays).bit_length()
    product = np.fft.rfft(one, length) * np.fft.rfft(other, length).conj()
    found = np.abs(np.fft.irfft(product, length))
    energy = float(one @ one) * float(other @ other)
    near = np.concatenate([found[: delays + 1], found[length - delays :]])
    return float(near.max()) / energy**0.5 if energy else 0.0


def _thinned(samples: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Return the means of every ``factor`` samples."""
    whole = len(samples) - len(samples) % factor
    return samples[:whole].reshape(-1, factor).mean(axis=1)
