"""Stage: background music."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, Stage
from scenedex.analysis.stages.recording import Recording
from scenedex.analysis.stages.sound import SOUND_STAGE, main_sound
from scenedex.analysis.stages.sounds import SoundsOptions, SoundsResult, detect_sounds, why_not_wanted
from scenedex.engines.loader import open_engine
from scenedex.engines.sounds import MUSIC, SoundKind

if TYPE_CHECKING:
    from scenedex.analysis.stage import Inputs, NotApplicable
    from scenedex.media.opened import OpenedMedia

KINDS: Final = (SoundKind.BACKGROUND_MUSIC,)


def run_music(opened: OpenedMedia, params: bytes) -> SoundsResult:
    """Detect music in the whole recording. Runs in the child process."""
    options = msgspec.json.decode(params, type=SoundsOptions)
    tagger = open_engine(MUSIC, options.choice, threads=options.threads)
    return detect_sounds(Recording(opened.file), tagger, KINDS, opened.report)


def _options(inputs: Inputs) -> SoundsOptions | NotApplicable:
    refusal = main_sound(inputs)
    if refusal is not None:
        return refusal
    return SoundsOptions(choice=inputs.choice(MUSIC), threads=inputs.scope.threads)


MUSIC_STAGE: Final = Stage(
    name="music",
    version="1",
    result=SoundsResult,
    step=ChildStep(function=run_music, reads=SOUND_STAGE),
    options=_options,
    needs=(SOUND_STAGE,),
    ports=(MUSIC,),
    share=1,
    is_listening=True,
    unwanted=why_not_wanted,
)
