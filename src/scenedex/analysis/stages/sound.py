"""Stage: samples of the sound of a film, as `Recording` reads them, in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, DiskUse, NotApplicable, Source, Stage

if TYPE_CHECKING:
    from scenedex.media.opened import OpenedMedia

SOUND_FILE: Final = "sound.pcm"
"""Name of the file of samples. The file is empty if there is no sound."""


class SoundOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of the stage: none."""


class SoundResult(msgspec.Struct, frozen=True):
    """Result of the stage.

    Attributes:
        has_sound: whether there is sound that can be decoded. A still picture and a silent film have none.
        samples: number of samples in the file.
        damaged_packets: number of packets of the sound that could not be decoded.
    """

    has_sound: bool
    samples: int
    damaged_packets: int


def run_sound(opened: OpenedMedia, params: bytes) -> SoundResult:
    """Write the samples to the work folder. Runs in the child process."""
    msgspec.json.decode(params, type=SoundOptions)
    with (opened.work_dir / SOUND_FILE).open("wb") as file:
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
    step=ChildStep(
        function=run_sound,
        reads=Source.MEDIA,
        artefact=SOUND_FILE,
        # Twice the samples of the duration: the sound may be longer than the video.
        writes=DiskUse(base_bytes=16 * 1024**2, bytes_per_second=64_000),
    ),
    options=lambda _inputs: SoundOptions(),
    share=3,
    is_listening=True,
    is_auxiliary=True,
)

NO_SOUND: Final = NotApplicable("The video has no sound.")
