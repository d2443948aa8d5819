"""The stages of an analysis. A further stage is a module of `stages` and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scenedex.analysis.stages.faces import FACES_STAGE
from scenedex.analysis.stages.meaning import MEANING_STAGE
from scenedex.analysis.stages.music import MUSIC_STAGE
from scenedex.analysis.stages.pictures import PICTURES_STAGE
from scenedex.analysis.stages.scenes import SCENES_STAGE
from scenedex.analysis.stages.sound import SOUND_STAGE
from scenedex.analysis.stages.sounds import SOUNDS_STAGE
from scenedex.analysis.stages.speakers import SPEAKERS_STAGE
from scenedex.analysis.stages.speech import SPEECH_STAGE
from scenedex.analysis.stages.strip import STRIP_STAGE
from scenedex.analysis.stages.terms import TERMS_STAGE
from scenedex.analysis.stages.text import TEXT_STAGE
from scenedex.analysis.stages.visual import VISUAL_STAGE
from scenedex.analysis.stages.voice import VOICE_STAGE
from scenedex.analysis.stages.waveform import WAVEFORM_STAGE

if TYPE_CHECKING:
    from scenedex.analysis.stage import Stage

STAGES: Final[tuple[Stage[Any], ...]] = (
    VISUAL_STAGE,
    FACES_STAGE,
    TEXT_STAGE,
    PICTURES_STAGE,
    SOUND_STAGE,
    MUSIC_STAGE,
    SOUNDS_STAGE,
    VOICE_STAGE,
    SPEECH_STAGE,
    SPEAKERS_STAGE,
    SCENES_STAGE,
    TERMS_STAGE,
    MEANING_STAGE,
    STRIP_STAGE,
    WAVEFORM_STAGE,
)
