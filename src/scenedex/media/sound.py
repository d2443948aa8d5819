"""One pass over the sound of a film: samples at their presentation times."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from av.error import FFmpegError
from av.stream import Discard

from scenedex.media.containers import decoded_frames, is_out_of_memory, to_fraction
from scenedex.media.sound_choice import TrackHeader
from scenedex.media.sound_mixing import ANALYSED, Mixer, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

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
    """The sound of a track of one film, which can be iterated once.

    Args:
        film: opened video, whose frames must not be read meanwhile.
        stream: sound track to read, or `None` for no samples.
        length: duration of the asset in seconds. Later sound is dropped.
        report: called with the progress from 0 to 1 and the number of samples so far.
        form: form of the samples.
        packets: starts a walk over the remaining packets of a stream, if the caller reads other streams meanwhile.
    """

    def __init__(
        self,
        film: Film,
        stream: AudioStream | None,
        *,
        length: Fraction,
        report: Callable[[float, int], None],
        form: MixedForm = ANALYSED,
        packets: Callable[[AudioStream], Iterator[Packet[AudioStream]]] | None = None,
    ) -> None:
        self._stream = stream
        self._placement = _Placement(_Origin(film.origin), form, math.ceil(length * form.rate))
        self._progress = _Progress(report, self._placement.max_samples)
        self._packets = packets or film.container.demux
        if packets is None:
            _read_only(film, () if stream is None else (stream,))

    @property
    def damaged_packets(self) -> int:
        """Number of undecodable packets so far."""
        return self._placement.damaged_packets

    @property
    def samples(self) -> int:
        """Number of samples so far, 0 at the end if no sound can be decoded."""
        return self._placement.samples

    def chunks(self) -> Iterator[NDArray[np.int16]]:
        """Yield samples, the first at time 0 of the asset, in chunks of at most a second.

        Gaps are filled with silence. Of overlapping sounds the first counts. Damaged packets are skipped.
        """
        stream, placement = self._stream, self._placement
        if stream is None:
            return
        packets = self._packets
        for frame in decoded_frames(lambda: packets(stream), placement.count_damage):
            if frame.samples > 0 and frame.sample_rate > 0:
                yield from placement.take(frame)
                self._progress.note(lambda: placement.samples)
        yield from placement.finish()


class TracksPass:
    """The sounds of the tracks of one film, which can be iterated once. Each is mixed to mono at 16 kHz.

    Args:
        film: opened video, whose frames must not be read meanwhile.
        length: duration of the asset in seconds. Later sound is dropped.
        report: called with the progress from 0 to 1 and the number of samples of all tracks so far.

    Attributes:
        tracks: headers of all audio streams. Those that cannot be decoded have no samples.
        max_samples: maximum number of samples of a track.
    """

    def __init__(self, film: Film, *, length: Fraction, report: Callable[[float, int], None]) -> None:
        self.tracks: Final = tuple(TrackHeader.of(stream) for stream in film.container.streams.audio)
        self.max_samples: Final = math.ceil(length * ANALYSED.rate)
        self._film = film
        self._report = report
        self._placements: dict[int, _Placement] = {}
        self._damaged = 0

    @property
    def damaged_packets(self) -> int:
        """Number of undecodable packets so far."""
        return self._damaged + sum(placement.damaged_packets for placement in self._placements.values())

    def chunks(self, wanted: Collection[int]) -> Iterator[tuple[int, NDArray[np.int16]]]:
        """Yield the position of a track and its next samples, as `SoundPass` does, in one walk over the file.

        Args:
            wanted: positions of the tracks to decode, all of which have a known codec. The others are skipped.
        """
        positions = {self._film.container.streams.audio[position].index: position for position in sorted(wanted)}
        if not positions:
            return
        streams = [self._film.container.streams.audio[position] for position in positions.values()]
        origin = _Origin(self._film.origin)
        self._placements = {index: _Placement(origin, ANALYSED, self.max_samples) for index in positions}
        progress = _Progress(self._report, self.max_samples * len(streams))
        _read_only(self._film, streams)
        for index, frame in decoded_frames(lambda: self._packets(streams), self._count_damage):
            placement = self._placements[index]
            if frame.samples > 0 and frame.sample_rate > 0:
                for chunk in placement.take(frame):
                    yield positions[index], chunk
                progress.note(self._samples)
        for index, placement in self._placements.items():
            for chunk in placement.finish():
                yield positions[index], chunk

    def _samples(self) -> int:
        return sum(one.samples for one in self._placements.values())

    def _packets(self, streams: Sequence[AudioStream]) -> Iterator[_TrackPacket]:
        return map(_TrackPacket, self._film.container.demux(*streams))

    def _count_damage(self) -> None:
        self._damaged += 1


@dataclass(frozen=True, slots=True)
class _TrackPacket:
    packet: Packet[Any]

    def decode(self) -> Sequence[tuple[int, av.AudioFrame]]:
        # The packet that ends a stream has the number of no stream.
        index = self.packet.stream.index
        return [(index, frame) for frame in self.packet.decode()]


@dataclass(slots=True)
class _Origin:
    """Timestamp in seconds at which playing starts: that of the headers, or of the first frame of any track."""

    seconds: Fraction | None


class _Progress:
    """Reports at intervals."""

    def __init__(self, report: Callable[[float, int], None], most: int) -> None:
        self._report = report
        self._most = max(most, 1)
        self._reported = time.monotonic()
        self._noted = 0

    def note(self, count_samples: Callable[[], int]) -> None:
        self._noted += 1
        if self._noted % _FRAMES_BETWEEN_CLOCKS == 0 and time.monotonic() - self._reported > _SECONDS_BETWEEN_REPORTS:
            self._reported = time.monotonic()
            samples = count_samples()
            self._report(samples / self._most, samples)


class _Placement:
    """Samples of one stream at their times."""

    def __init__(self, origin: _Origin, form: MixedForm, max_samples: int) -> None:
        self.max_samples: Final = max_samples
        self.samples = 0
        self.damaged_packets = 0
        self._origin = origin
        self._form = form
        self._run: _Run | None = None

    def take(self, frame: av.AudioFrame) -> Iterator[NDArray[np.int16]]:
        """Yield the samples that a frame completes."""
        try:
            if self._run is None or not self._run.continues_with(frame, lambda: self._time(frame)):
                yield from self.finish()
                presented = self._time(frame)
                # A frame without a time follows the samples so far.
                start = Fraction(self.samples, self._form.rate) if presented is None else presented
                self._run = _Run(frame, start, self._form)
            yield from self._placed(self._run, self._run.feed(frame))
        except (FFmpegError, ValueError) as error:
            if is_out_of_memory(error):
                raise
            self.count_damage()
            self._run = None

    def finish(self) -> Iterator[NDArray[np.int16]]:
        """Yield the samples that were waiting for further frames."""
        run, self._run = self._run, None
        if run is not None:
            yield from self._placed(run, run.mixer.finish())

    def count_damage(self) -> None:
        self.damaged_packets += 1

    def _placed(self, run: _Run, blocks: Iterable[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
        for block in blocks:
            place = run.place
            run.place += len(block)
            if place >= self.max_samples:
                continue
            while self.samples < place:
                yield self._counted(self._form.silence(min(self._form.rate, place - self.samples)))
            fresh = block[max(0, self.samples - place) : self.max_samples - place]
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
        if self._origin.seconds is None:
            self._origin.seconds = presented
        return presented - self._origin.seconds


def _read_only(film: Film, streams: Sequence[AudioStream]) -> None:
    """Have the walk over a film skip all other streams."""
    wanted = {stream.index for stream in streams}
    for stream in film.container.streams:
        stream.discard = Discard.default if stream.index in wanted else Discard.all


class _Run:
    """Consecutive frames of one form without a gap."""

    def __init__(self, first: av.AudioFrame, start: Fraction, form: MixedForm) -> None:
        self.mixer = Mixer(first, form)
        self.place = round(start * form.rate)
        self._start = start
        self._fed = 0
        self._tick = to_fraction(first.time_base) or Fraction(1, first.sample_rate)
        self._first_pts = first.pts if first.time_base else None

    def continues_with(self, frame: av.AudioFrame, presented: Callable[[], Fraction | None]) -> bool:
        """Return whether a frame is of the same form and begins where the last one ended."""
        form = self.mixer.form
        if form_of(frame) != form:
            return False
        if self._first_pts is not None and frame.pts is not None:
            # Whole numbers, since fractions would take a fifth of the time of decoding.
            num, den = self._tick.numerator, self._tick.denominator
            late = (frame.pts - self._first_pts) * num * form.rate - self._fed * den
            if frame.time_base == self._tick:
                return abs(late) * _TOLERANCE.denominator <= _TOLERANCE.numerator * den * form.rate
        time_ = presented()
        return time_ is None or abs(time_ - self._start - Fraction(self._fed, form.rate)) <= _TOLERANCE

    def feed(self, frame: av.AudioFrame) -> Iterator[NDArray[np.int16]]:
        self._fed += frame.samples
        return self.mixer.feed(frame)
