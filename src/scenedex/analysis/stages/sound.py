"""Stage: samples of the sound of a film, as `Recording` reads them, in one pass over all of its sound tracks."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, DiskUse, NotApplicable, Source, Stage
from scenedex.analysis.stages.recording import write_contents

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.analysis.stage import Inputs
    from scenedex.analysis.stages.moments import Span
    from scenedex.media.opened import OpenedMedia
    from scenedex.media.sound import TracksPass

SOUND_FILE: Final = "sound.pcm"
"""Name of the file of samples. The file is empty if there is no sound."""


class SoundOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Numbers of the sound tracks to hear, each by itself, or all if none is named."""

    tracks: tuple[int, ...] = ()


class Programme(msgspec.Struct, frozen=True):
    """Sound that is heard by itself.

    Attributes:
        tracks: numbers of its sound tracks in the file, from 1. Several are the channels of one sound.
        samples: number of its samples.
        is_silent: whether it has no sound above -60 dB.
        is_additional: whether it is a commentary, or for people who do not see or hear well.
        language: language tag of the file, or `None` without one.
        loudest: position among its tracks of the loudest one in each second, a byte each. Empty with one track.
    """

    tracks: tuple[int, ...]
    samples: int
    is_silent: bool = False
    is_additional: bool = False
    language: str | None = None
    loudest: bytes = b""

    def track_at(self, span: Span) -> int:
        """Return the number of the track that is heard best in a span of time."""
        start, end = (moment.timecode().seconds for moment in (span.start, span.end))
        seconds = self.loudest[int(start) : max(int(start) + 1, math.ceil(end))]
        best = max(sorted(set(seconds)), key=seconds.count, default=0)
        return self.tracks[best]


class SoundResult(msgspec.Struct, frozen=True):
    """Result of the stage.

    Attributes:
        has_sound: whether there is sound that can be decoded. A still picture and a silent film have none.
        samples: number of samples of the first programme.
        damaged_packets: number of packets of the sound that could not be decoded.
        programmes: sounds in the order of the file of samples, first the one that a viewer hears.
        track_count: number of sound tracks of the file.
        unsupported: codecs of the tracks that cannot be decoded, by the number of the track.
        crowded_out: numbers of the tracks beyond the maximum of programmes.
    """

    has_sound: bool
    samples: int
    damaged_packets: int
    programmes: tuple[Programme, ...] = ()
    track_count: int = 0
    unsupported: dict[int, str] = {}
    crowded_out: tuple[int, ...] = ()

    def refusal(self) -> NotApplicable:
        """Return the reason why nothing can be heard."""
        if not self.track_count:
            return NO_SOUND
        if not self.unsupported:
            return NotApplicable("The sound cannot be decoded.")
        codecs = ", ".join(dict.fromkeys(self.unsupported.values()))
        return NotApplicable(f"The codec of the sound ({codecs}) is not supported.")


def run_sound(opened: OpenedMedia, params: bytes) -> SoundResult:
    """Write the samples to the work folder. Runs in the child process."""
    options = msgspec.json.decode(params, type=SoundOptions)
    if opened.is_image:
        (opened.work_dir / SOUND_FILE).touch()
        return SoundResult(has_sound=False, samples=0, damaged_packets=0)
    with opened.sound_tracks() as sound:
        return _written(sound, options.tracks, opened.work_dir)


def _written(sound: TracksPass, wanted: tuple[int, ...], folder: Path) -> SoundResult:
    from scenedex.media.programmes import MAX_PROGRAMMES, SILENT_PEAK, ProgrammeWriter, main_of, programmes_of  # noqa: PLC0415  # only the child decodes

    found = programmes_of(sound.tracks, wanted)
    kept, others = found[:MAX_PROGRAMMES], found[MAX_PROGRAMMES:]
    with (folder / SOUND_FILE).open("wb") as file:
        writers = [ProgrammeWriter(tracks, file, number * sound.max_samples) for number, tracks in enumerate(kept)]
        writer_of = {track: writer for tracks, writer in zip(kept, writers, strict=True) for track in tracks}
        for track, chunk in sound.chunks(writer_of):
            writer_of[track].add(track, chunk)
        for writer in writers:
            writer.finish()
        heard = [number for number, writer in enumerate(writers) if writer.samples]
        silent = [writer.peak <= SILENT_PEAK for writer in writers]
        if heard:
            candidates = [kept[number] for number in heard]
            main = heard[main_of(candidates, sound.tracks, [silent[number] for number in heard])]
            heard.sort(key=lambda number: (number != main, number))
        if len(kept) > 1:
            file.seek(0, os.SEEK_END)
            write_contents(file, [(writers[number].start, writers[number].samples) for number in heard])
    programmes = tuple(
        Programme(
            tuple(track + 1 for track in kept[number]),
            writers[number].samples,
            silent[number],
            sound.tracks[kept[number][0]].is_additional,
            sound.tracks[kept[number][0]].language,
            bytes(writers[number].loudest),
        )
        for number in heard
    )
    return SoundResult(
        has_sound=bool(programmes),
        samples=programmes[0].samples if programmes else 0,
        damaged_packets=sound.damaged_packets,
        programmes=programmes,
        track_count=len(sound.tracks),
        unsupported={number: track.codec for number, track in enumerate(sound.tracks, 1) if not track.is_decodable},
        crowded_out=tuple(track + 1 for tracks in others for track in tracks),
    )


NO_SOUND: Final = NotApplicable("The video has no sound.")


def main_sound(inputs: Inputs) -> NotApplicable | None:
    """Return why the sound that a viewer hears cannot be analysed, or `None` if it can."""
    sound = inputs.of(SOUND_STAGE)
    return None if sound.has_sound else sound.refusal()


def _options(inputs: Inputs) -> SoundOptions:
    wanted = inputs.scope.setting.audio_tracks
    return SoundOptions(tracks=() if wanted is None or isinstance(wanted, str) else wanted)


SOUND_STAGE: Final = Stage(
    name="sound",
    version="4",
    result=SoundResult,
    step=ChildStep(
        function=run_sound,
        reads=Source.MEDIA,
        artefact=SOUND_FILE,
        # Eight programmes.
        writes=DiskUse(base_bytes=16 * 1024**2, bytes_per_second=8 * 32_000),
    ),
    options=_options,
    share=3,
    is_listening=True,
    is_auxiliary=True,
)
