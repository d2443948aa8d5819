"""From what was asked, and the engines that are there, to what each stage is told. Pure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stages import faces, pictures, sound, sounds, speakers, speech, text, visual, voice
from scenedex.analysis.stages import meaning as meanings
from scenedex.analysis.steps import Step
from scenedex.engines.scenes import SceneLength, SceneRange
from scenedex.engines.selection import NotAnalysed, Selected
from scenedex.engines.speech import SpokenLanguage
from scenedex.index.records import Engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.moments import Span
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.selection import Selection
    from scenedex.index.records import AnalysisSetting

IMAGE_FORMATS: Final = frozenset({"png", "jpg", "heic"})
_STAGES: Final = "scenedex.analysis.stages"
_NO_SOUND: Final = "A picture has no sound."
_SOUND_STAGES: Final = ("voice", "speech", "speakers", "sounds")


def scene_length(setting: AnalysisSetting) -> SceneLength:
    """Bounds on the length of scenes."""
    shortest, longest = setting.min_scene_duration_sec, setting.max_scene_duration_sec
    if shortest is None or longest is None:
        return SceneLength.of(SceneRange(setting.scene_range or SceneRange.MEDIUM.value))
    return SceneLength(Fraction(shortest), Fraction(longest))


class Plan:
    """What the stages of one analysis are told.

    Args:
        setting: what was asked.
        engines: what is there.
        is_picture: whether the asset is a still picture.
        decode_threads: of the decoder; 0: as many as there are cores.
        threads: of each engine; likewise.
        vocabulary: words that labels are chosen from.
    """

    def __init__(
        self,
        setting: AnalysisSetting,
        engines: Selection,
        *,
        is_picture: bool,
        decode_threads: int,
        threads: int,
        vocabulary: Sequence[str],
    ) -> None:
        self._setting = setting
        self._engines = engines
        self._is_picture = is_picture
        self._decode_threads = decode_threads
        self._threads = threads
        self._vocabulary = tuple(vocabulary)
        self._language = msgspec.convert(setting.source_language or "ENKO", SpokenLanguage)
        self.reasons = self._not_wanted()

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages with a step that will run."""
        wanted = [visual.NAME]
        wanted += [name for name in ("faces", "text", "pictures") if self.choice(name) is not None]
        if self.needs_sound:
            wanted.append(sound.NAME)
            wanted += [name for name in _SOUND_STAGES if self.choice(name) is not None]
        if self.choice("meaning") is not None:
            wanted.append(meanings.NAME)
        return tuple(wanted)

    @property
    def needs_sound(self) -> bool:
        """Whether any stage listens."""
        return not self._is_picture and any(self.choice(name) is not None for name in ("voice", "sounds"))

    def choice(self, stage: str) -> EngineChoice | None:
        """The engine of a stage; None where it does not run."""
        return None if stage in self.reasons else self._engines.choice(stage)

    def engines(self, found: Sequence[Engine], *, has_sound: bool) -> tuple[Engine, ...]:
        """What produced each part of the index, or why it is missing, after those of the first stages."""
        return (*found, *(self._engine(in_force, has_sound=has_sound) for in_force in self._engines))

    def _engine(self, in_force: Selected | NotAnalysed, *, has_sound: bool) -> Engine:
        reason = self.reasons.get(in_force.port)
        if reason is None and not has_sound and in_force.port in _SOUND_STAGES:
            reason = _NO_SOUND if self._is_picture else "The video has no sound."
        match in_force:
            case Selected(stage, choice) if reason is None:
                return Engine(stage, choice.name, choice.version, choice.weights)
            case NotAnalysed(stage, why, command) if reason is None:
                return Engine(stage, not_analysed=f"{why}; {command}")
            case _:
                return Engine(in_force.port, not_analysed=reason)

    def _not_wanted(self) -> dict[str, str]:
        """Stages that this analysis does without, and why."""
        reasons: dict[str, str] = {}
        if self._setting.analysis_person_count == 0:
            reasons["faces"] = "Not asked for: analysisPersonCount is 0."
        if self._is_picture:
            reasons |= dict.fromkeys(_SOUND_STAGES, _NO_SOUND)
            return reasons
        if not self._setting.detect_audio_effects:
            reasons["sounds"] = "Not asked for: detectAudioEffects is false."
        # Voices are found for what is said, which is nobody's without them.
        for stage, needed in (("speech", "voice"), ("voice", "speech"), ("speakers", "voice"), ("speakers", "speech")):
            lacking = self._engines[needed]
            if isinstance(lacking, NotAnalysed):
                reasons[stage] = f"{needed} is not analysed: {lacking.reason}; {lacking.command}"
        return reasons

    def visual(self) -> Step[visual.VisualResult]:
        """Shots, keyframes, and stills for other stages."""
        return Step(
            visual.NAME,
            visual.VERSION,
            f"{_STAGES}.visual:run_visual",
            visual.VisualOptions(threads=self._decode_threads),
            visual.VisualResult,
            files=lambda found: found.files,
            artefact=visual.PACK,
            decoded=lambda found: float(found.duration.timecode().seconds),
        )

    def faces(self, after: str, shots: tuple[Span, ...], choice: EngineChoice) -> Step[faces.FacesResult]:
        """Faces in the stills of the step with the address ``after``."""
        return Step(
            faces.NAME,
            faces.VERSION,
            f"{_STAGES}.faces:run_faces",
            faces.FacesOptions(choice=choice, shots=shots, threads=self._threads),
            faces.FacesResult,
            needs=(after,),
            files=lambda found: [track.crop for track in found.tracks if track.crop],
            weights=_folders(choice),
        )

    def text(self, after: str, found: visual.VisualResult, choice: EngineChoice) -> Step[text.TextResult]:
        """Text in the stills."""
        korean = self.choice("korean")
        return Step(
            text.NAME,
            text.VERSION,
            f"{_STAGES}.text:run_text",
            text.TextOptions(
                choice=choice,
                korean=korean,
                duration=found.duration,
                cuts=tuple(shot.span.start for shot in found.shots[1:]),
                threads=self._threads,
            ),
            text.TextResult,
            needs=(after,),
            weights=_folders(choice, korean),
        )

    def pictures(
        self, after: str, choice: EngineChoice, vocabulary_vectors: tuple[bytes, ...] = ()
    ) -> Step[pictures.PicturesResult]:
        """Vectors and keywords of the keyframes; what the vocabulary means is worked out again unless it is given."""
        objects, labels = self.choice("objects"), self.choice("labels")
        return Step(
            pictures.NAME,
            pictures.VERSION,
            f"{_STAGES}.pictures:run_pictures",
            pictures.PicturesOptions(
                embedder=choice,
                objects=objects,
                labels=labels,
                vocabulary=() if labels is None else self._vocabulary,
                vocabulary_vectors=() if labels is None else vocabulary_vectors,
                threads=self._threads,
            ),
            pictures.PicturesResult,
            needs=(after,),
            weights=_folders(choice, objects, labels),
        )

    def sound(self) -> Step[sound.SoundResult]:
        """The samples that other stages listen to."""
        return Step(
            sound.NAME,
            sound.VERSION,
            f"{_STAGES}.sound:run_sound",
            sound.SoundOptions(),
            sound.SoundResult,
            artefact=sound.FILE,
        )

    def voice(self, after: str, choice: EngineChoice) -> Step[voice.VoiceResult]:
        """Where somebody speaks."""
        return Step(
            voice.NAME,
            voice.VERSION,
            f"{_STAGES}.voice:run_voice",
            voice.VoiceOptions(choice=choice),
            voice.VoiceResult,
            needs=(after,),
            weights=_folders(choice),
        )

    def speech(self, after: str, regions: tuple[Span, ...], choice: EngineChoice) -> Step[speech.SpeechResult]:
        """What is said."""
        return Step(
            speech.NAME,
            speech.VERSION,
            f"{_STAGES}.speech:run_speech",
            speech.SpeechOptions(choice=choice, language=self._language, regions=regions, threads=self._threads),
            speech.SpeechResult,
            needs=(after,),
            weights=_folders(choice),
        )

    def speakers(self, after: str, said: speech.SpeechResult, choice: EngineChoice) -> Step[speakers.SpeakersResult]:
        """Who says it."""
        return Step(
            speakers.NAME,
            speakers.VERSION,
            f"{_STAGES}.speakers:run_speakers",
            speakers.SpeakersOptions(
                choice=choice, utterances=tuple(one.span for one in said.utterances), threads=self._threads
            ),
            speakers.SpeakersResult,
            needs=(after,),
            weights=_folders(choice),
        )

    def sounds(self, after: str, choice: EngineChoice) -> Step[sounds.SoundsResult]:
        """What else is heard."""
        return Step(
            sounds.NAME,
            sounds.VERSION,
            f"{_STAGES}.sounds:run_sounds",
            sounds.SoundsOptions(choice=choice, threads=self._threads),
            sounds.SoundsResult,
            needs=(after,),
            weights=_folders(choice),
        )

    def meaning(self, words: Sequence[str], choice: EngineChoice) -> Step[meanings.MeaningResult]:
        """Vectors of the words of scenes."""
        return Step(
            meanings.NAME,
            meanings.VERSION,
            f"{_STAGES}.meaning:run_meaning",
            meanings.MeaningOptions(choice=choice, texts=tuple(words), threads=self._threads),
            meanings.MeaningResult,
            weights=_folders(choice),
        )


def _folders(*choices: EngineChoice | None) -> tuple[str, ...]:
    return tuple({choice.folder: None for choice in choices if choice is not None and choice.folder is not None})
