"""Choice of the sound tracks whose speech is transcribed: by voice, or as the request names them. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.analysis.stages.moments import Span
    from scenedex.analysis.stages.sound import Programme, SoundResult
    from scenedex.analysis.stages.voice import ProgrammeVoice

MIN_VOICE_SECONDS: Final = Fraction(1)
"""Minimum of voice in a track beside others. Less is a false alarm or a leak of another track."""

_CLEARLY_MORE: Final = 2
# Share of the voice from which on a channel counts.
_MIN_SHARE: Final = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class HeardTracks:
    """Programmes to transcribe.

    Attributes:
        programmes: number of each programme, and its regions of speech.
        remarks: remarks on the other tracks for the index.
        silenced: number of each of these programmes that repeats speech of another one, and the regions where it does.
    """

    programmes: tuple[tuple[int, tuple[Span, ...]], ...]
    remarks: tuple[str, ...]
    silenced: tuple[tuple[int, tuple[Span, ...]], ...] = ()


def heard_tracks(sound: SoundResult, voices: Sequence[ProgrammeVoice], wanted: str | Sequence[int]) -> HeardTracks:
    """Choose the programmes to transcribe.

    Args:
        sound: the programmes.
        voices: the voice in each of them.
        wanted: ``auto`` for each different speech once, ``all``, or the numbers of tracks.
    """
    is_auto = wanted == "auto"
    regions = [voice.own if is_auto else voice.regions for voice in voices]
    spoken = [number for number, own in enumerate(regions) if own]
    if is_auto:
        long = [number for number in spoken if _seconds(regions[number]) >= MIN_VOICE_SECONDS]
        spoken = long or spoken[:1]
    remarks = list(_remarks(sound, voices, spoken))
    if len(spoken) > 1:
        names = [_names(sound.programmes[number]) for number in spoken]
        remarks.insert(0, f"Lines are from sound tracks {', '.join(names[:-1])} and {names[-1]}")
    silenced = [
        (number, tuple(voices[number].regions[place] for place in voices[number].repeated))
        for number in spoken
        if is_auto and voices[number].repeated
    ]
    return HeardTracks(tuple((number, regions[number]) for number in spoken), tuple(remarks), tuple(silenced))


def voice_tracks(sound: SoundResult, voices: Sequence[ProgrammeVoice]) -> tuple[int, ...]:
    """Return the numbers of the sound tracks that a viewer should hear for the voice: those of one programme.

    That is the one that a viewer hears anyway, unless another has more than twice its voice. Of the channels of a
    programme, those that are heard best somewhere. Empty if the file has only one track, or no voice.
    """
    lengths = [_seconds(voice.regions) for voice in voices]
    most = max(lengths, default=Fraction(0))
    if sound.track_count <= 1 or not most:
        return ()
    number = 0 if lengths[0] * _CLEARLY_MORE >= most else lengths.index(most)
    best: defaultdict[int, Fraction] = defaultdict(Fraction)
    for region in voices[number].regions:
        best[sound.programmes[number].track_at(region)] += _seconds([region])
    return tuple(sorted(track for track, seconds in best.items() if seconds >= lengths[number] * _MIN_SHARE))


def _remarks(sound: SoundResult, voices: Sequence[ProgrammeVoice], spoken: Sequence[int]) -> Iterator[str]:
    if sound.track_count <= 1:
        return
    for number, (programme, voice) in enumerate(zip(sound.programmes, voices, strict=True)):
        if number in spoken:
            continue
        named = _named(programme)
        if programme.is_silent:
            yield f"{named} silent"
        elif voice.same_as is not None:
            yield f"{named} left out: the same speech as track {_names(sound.programmes[voice.same_as])}"
        else:
            yield f"{named} without speech"
    for track, codec in sorted(sound.unsupported.items()):
        yield f"sound track {track} left out: its codec ({codec}) is not supported"
    if sound.crowded_out:
        listed = ", ".join(map(str, sound.crowded_out))
        yield f"sound tracks {listed} left out: there are too many"


def _named(programme: Programme) -> str:
    return f"sound track{'s' if len(programme.tracks) > 1 else ''} {_names(programme)}"


def _names(programme: Programme) -> str:
    return "+".join(map(str, programme.tracks))


def _seconds(regions: Sequence[Span]) -> Fraction:
    return sum((one.end.timecode().seconds - one.start.timecode().seconds for one in regions), Fraction(0))
