"""Stage: the sound of a film, as `recording` describes it, in one pass over it.

Needs: the media. Makes: a `SoundResult`, and the file `FILE` in the work folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, NotApplicable, Source, Stage

if TYPE_CHECKING:
    from scenedex.media.opened import OpenedMedia

FILE: Final = "sound.pcm"
"""The samples; empty where there is no sound."""


class SoundOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing can be chosen."""


class SoundResult(msgspec.Struct, frozen=True):
    """What became of the sound.

    Attributes:
        has_sound: whether there is any that can be decoded; a still picture and a silent film have none.
        samples: how many there are in the file.
        damaged_packets: packets of the sound that could not be decoded.
    """

    has_sound: bool
    samples: int
    damaged_packets: int


def run_sound(opened: OpenedMedia, params: bytes) -> SoundResult:
    """Writes the samples to the work folder; called in the child process.

    Raises:
        MediaUnreadable: the container is broken, has no video, or the codec of the video is not supported.
        DimensionsTooLarge: more pixels than allowed.
    """
    msgspec.json.decode(params, type=SoundOptions)
    with (opened.work_dir / FILE).open("wb") as file:
        if opened.is_image:
            return SoundResult(has_sound=False, samples=0, damaged_packets=0)
        with opened.sound() as sound:
            for chunk in sound.chunks():
                file.write(chunk.astype("<i2", copy=False).data)
            return SoundResult(sound.samples > 0, sound.samples, sound.damaged_packets)


SOUND_STAGE: Final = Stage(
    name="sound",
    version="1",
    result=SoundResult,
    step=ChildStep(function=run_sound, reads=Source.MEDIA, artefact=FILE),
    options=lambda _inputs: SoundOptions(),
    share=3,
    is_listening=True,
    is_auxiliary=True,
)

NO_SOUND: Final = NotApplicable("The video has no sound.")
