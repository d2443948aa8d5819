"""One pass over the sound of a film: samples at their presentation times."""

from __future__ import annotations

import math
import time
from fractions import Fraction
from typing import TYPE_CHECKING

from av.error import FFmpegError
from av.stream import Discard

from scenedex.media.containers import decoded_frames, is_out_of_memory, to_fraction
from scenedex.media.sound_choice import choose_sound
from scenedex.media.sound_mixing import ANALYSED, Mixer, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import av
    import numpy as np
    from av.audio.stream import AudioStream
    from av.packet import Packet
    from numpy.typing import NDArray

    from scenedex.media.containers import Film
    from scenedex.media.sound_mixing import MixedForm

_SECONDS_BETWEEN_REPORTS = 0.2
_FRAMES_BETWEEN_CLOCKS = 32
# Containers round times to milliseconds. A larger difference is a gap or an overlap.
_TOLERANCE = Fraction(1, 100)


class SoundPass:
    """The sound of one film, which can be iterated once.

    Args:
        film: opened video, whose frames must not be read meanwhile.
        length: duration of the asset in seconds. Later sound is dropped.
        report: called with the progress from 0 to 1 and the number of samples so far.
        form: form of the samples.
        packets: starts a walk over the remaining packets of a stream, if the caller reads other streams meanwhile.

    Attributes:
        damaged_packets: number of undecodable packets so far.
        samples: number of samples so far, 0 at the end if no sound can be decoded.
    """

    def __init__(
        self,
        film: Film,
        *,
        length: Fraction,
        report: Callable[[float, int], None],
        form: MixedForm = ANALYSED,
        packets: Callable[[AudioStream], Iterator[Packet[AudioStream]]] | None = None,
    ) -> None:
        self.damaged_packets = 0
        self.samples = 0
        self._origin = film.origin
        self._stream = choose_sound(film.container)
        self._form = form
        self._max_samples = math.ceil(length * form.rate)
        self._report = report
        self._container = film.container
        self._packets = packets
        if packets is None:
            for stream in film.container.streams:
                stream.discard = Discard.default if stream is self._stream else Discard.all

    def chunks(self) -> Iterator[NDArray[np.int16]]:
        """Yield samples, the first at time 0 of the asset, in chunks of at most a second.

        Gaps are filled with silence. Of overlapping sounds the first counts. Damaged packets are skipped.
        """
        run: _Run | None = None
        reported = time.monotonic()
        for number, frame in enumerate(self._decoded()):
            presented = self._time(frame)
            try:
                if run is None or not run.continues_with(frame, presented):
                    if run is not None:
                        yield from self._placed(run, run.mixer.finish())
                    # A frame without a time follows the samples so far.
                    start = Fraction(self.samples, self._form.rate) if presented is None else presented
                    run = _Run(frame, start, self._form)
                yield from self._placed(run, run.feed(frame))
            except (FFmpegError, ValueError) as error:
                if is_out_of_memory(error):
                    raise
                self._count_damage()
                run = None
            if number % _FRAMES_BETWEEN_CLOCKS == 0 and time.monotonic() - reported > _SECONDS_BETWEEN_REPORTS:
                reported = time.monotonic()
                self._report(self.samples / self._max_samples, self.samples)
        if run is not None:
            yield from self._placed(run, run.mixer.finish())

    def _placed(self, run: _Run, blocks: Iterable[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
        for block in blocks:
            place = run.place
            run.place += len(block)
            if place >= self._max_samples:
                continue
            while self.samples < place:
                yield self._counted(self._form.silence(min(self._form.rate, place - self.samples)))
            fresh = block[max(0, self.samples - place) : self._max_samples - place]
            for start in range(0, len(fresh), self._form.rate):
                yield self._counted(fresh[start : start + self._form.rate])

    def _counted(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        self.samples += len(samples)
        return samples

    def _time(self, frame: av.AudioFrame) -> Fraction | None:
        """Return the presentation time of a frame in seconds from time 0 of the asset."""
        tick = to_fraction(frame.time_base)
        if frame.pts is None or tick is None:
            return None
        presented = frame.pts * tick
        if self._origin is None:
            self._origin = presented
        return presented - self._origin

    def _decoded(self) -> Iterator[av.AudioFrame]:
        stream = self._stream
        if stream is None:
            return
        packets = self._packets or self._container.demux
        for frame in decoded_frames(lambda: packets(stream), self._count_damage):
            if frame.samples > 0 and frame.sample_rate > 0:
                yield frame

    def _count_damage(self) -> None:
        self.damaged_packets += 1


class _Run:
    """Consecutive frames of one form without a gap."""

    def __init__(self, first: av.AudioFrame, start: Fraction, form: MixedForm) -> None:
        self.mixer = Mixer(first, form)
        self.place = round(start * form.rate)
        self._start = start
        self._fed = 0

    def continues_with(self, frame: av.AudioFrame, presented: Fraction | None) -> bool:
        form = self.mixer.form
        if form_of(frame) != form:
            return False
        return presented is None or abs(presented - self._start - Fraction(self._fed, form.rate)) <= _TOLERANCE

    def feed(self, frame: av.AudioFrame) -> Iterator[NDArray[np.int16]]:
        self._fed += frame.samples
        return self.mixer.feed(frame)
