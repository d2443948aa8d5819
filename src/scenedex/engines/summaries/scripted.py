"""Fake of the port: a summariser with scripted sentences, pauses and failures."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scenedex.engines.engine import Engine
from scenedex.engines.summaries.port import SceneSummary, SummarySentence, SummaryUnavailable, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.engines.engine import EngineContext
    from scenedex.engines.summaries.port import SceneEvidence, SummaryLocale

SCRIPTED: Final = Engine("scripted", "1")


@dataclass(frozen=True, slots=True)
class ScriptedPause:
    """A call that waits.

    Attributes:
        scene_id: its scene.
        is_reached: set when the call waits.
        is_over: the call goes on when this is set.
    """

    scene_id: int
    is_reached: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class SummaryScript:
    """What a summariser does, and a record of what it was asked.

    Attributes:
        failures: number of calls that fail, by scene, before one succeeds.
        pause: call that waits, if any.
        pictures_per_scene: number of keyframes that it reads.
        said: scenes that it has summarised, in order of the calls.
        preceding: number of preceding summaries of each of these calls.
        pictures: times of the keyframes of each of these calls.
        absent_names: names of absent persons of each of these calls.
    """

    failures: Mapping[int, int] = field(default_factory=dict[int, int])
    pause: ScriptedPause | None = None
    pictures_per_scene: int = 0
    said: list[int] = field(default_factory=list[int])
    preceding: list[int] = field(default_factory=list[int])
    pictures: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])
    absent_names: list[frozenset[str]] = field(default_factory=list[frozenset[str]])


class ScriptedSummariser:
    """Says the number and locale of a scene, then names, lines and texts as they are."""

    def __init__(self, script: SummaryScript | None = None) -> None:
        self.engine: Final = SCRIPTED
        self.model: Final = "scripted-model"
        self.prompt_version: Final = "1"
        self._script = script or SummaryScript()
        self._failed: Counter[int] = Counter()

    @property
    def pictures_per_scene(self) -> int:
        """See `Summariser`."""
        return self._script.pictures_per_scene

    async def summarise(
        self, scene: SceneEvidence, locale: SummaryLocale, preceding: Sequence[SceneSummary]
    ) -> SceneSummary:
        """See `Summariser`."""
        script = self._script
        if script.pause is not None and script.pause.scene_id == scene.scene_id:
            script.pause.is_reached.set()
            await script.pause.is_over.wait()
        if self._failed[scene.scene_id] < script.failures.get(scene.scene_id, 0):
            self._failed[scene.scene_id] += 1
            raise SummaryUnavailable(f"The script has no words for scene {scene.scene_id}.", Usage(input_tokens=1))
        script.said.append(scene.scene_id)
        script.preceding.append(len(preceding))
        script.absent_names.append(scene.absent_names)
        script.pictures.append(tuple(one.time_ms for one in scene.pictures))
        names = [SummarySentence(f"{one.name} is there.", "seen") for one in scene.persons if one.name]
        return SceneSummary(
            (
                SummarySentence(f"This is scene {scene.scene_id} in {locale}.", "seen"),
                *names,
                *(SummarySentence(one.text, "heard") for one in scene.lines),
                *(SummarySentence(one.text, "read") for one in scene.texts),
            ),
            unsupported_count=1,
            usage=Usage(len(scene.pictures), 100, 10),
        )


def open_scripted(_context: EngineContext) -> ScriptedSummariser:
    """Return a summariser without pauses and failures."""
    return ScriptedSummariser()
