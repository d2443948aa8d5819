"""Plan of an analysis: which stages run, in which order, and why the others do not. Pure."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, Final

from scenedex.analysis.all_stages import STAGES
from scenedex.analysis.stage import NotApplicable
from scenedex.engines.selection import NotAnalysed
from scenedex.index.records import StageEngine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.analysis.stage import AnalysisScope, Inputs, Stage
    from scenedex.engines.selection import Selected

_PICTURE_HAS_NO_SOUND: Final = "A picture has no sound."


class Plan:
    """Stages of one analysis.

    Args:
        scope: the analysis.
        stages: declarations to choose from.

    Attributes:
        scope: the analysis.
        stages: those that run. Each comes after the stages that it needs and uses.
    """

    def __init__(self, scope: AnalysisScope, stages: Sequence[Stage[Any]] = STAGES) -> None:
        self.scope = scope
        ordered = in_order(stages)
        self._left_out = _left_out(scope, ordered)
        self.stages = tuple(stage for stage in ordered if stage not in self._left_out)
        self._stage_of_port = {port.name: stage for stage in ordered for port in stage.ports}

    def engines(self, inputs: Inputs) -> tuple[StageEngine, ...]:
        """Return the engine of each part of the index, or the reason why the part is missing.

        Args:
            inputs: outcomes of all stages that ran.
        """
        fixed = [
            StageEngine(part, engine.name, engine.version, engine.weights)
            for stage in self.stages
            if (made := inputs.made(stage)) is not None
            for part, engine in stage.produced_by(made.result)
        ]
        chosen = [found for found in self.scope.engines if found.port in self._stage_of_port]
        return (*fixed, *(self._engine(found, inputs) for found in chosen))

    def _engine(self, found: Selected | NotAnalysed, inputs: Inputs) -> StageEngine:
        port = found.port
        stage = self._stage_of_port[port]
        outcome = inputs.outcomes.get(stage)
        if isinstance(outcome, NotApplicable):
            return StageEngine(port, not_analysed=outcome.reason)
        left_out = self._left_out.get(stage)
        if left_out is not None and port == stage.ports[0].name:
            return StageEngine(port, not_analysed=left_out)
        if isinstance(found, NotAnalysed):
            return StageEngine(port, not_analysed=_lack(found, stage))
        if left_out is not None:
            return StageEngine(port, not_analysed=_without(stage, left_out))
        made = inputs.made(stage)
        note = stage.note(made.result, inputs) if made is not None and port == stage.ports[0].name else None
        return StageEngine(port, found.choice.name, found.choice.version, found.choice.weights, note=note)


def in_order(stages: Sequence[Stage[Any]]) -> tuple[Stage[Any], ...]:
    """Sort stages so that each comes after those that it needs and uses.

    Raises:
        CycleError: stages need each other.
    """
    sorter = TopologicalSorter({stage: [*stage.needs, *stage.uses] for stage in stages})
    return tuple(sorter.static_order())


def _left_out(scope: AnalysisScope, ordered: Sequence[Stage[Any]]) -> Mapping[Stage[Any], str]:
    left_out: dict[Stage[Any], str] = {}
    for stage in ordered:
        found = _obstacle(scope, stage, left_out)
        if found is not None:
            left_out[stage] = found
    for stage in reversed(ordered):
        users = [other for other in ordered if stage in other.needs]
        if stage.is_auxiliary and stage not in left_out and users and all(user in left_out for user in users):
            left_out[stage] = _without(users[0], left_out[users[0]])
    return left_out


def _obstacle(scope: AnalysisScope, stage: Stage[Any], left_out: Mapping[Stage[Any], str]) -> str | None:
    """Return the first reason why a stage does not run, apart from that nothing needs it."""
    reason = stage.unwanted(scope.setting)
    if stage.is_listening and scope.is_picture:
        reason = _PICTURE_HAS_NO_SOUND
    if reason is not None:
        return reason
    if stage.ports and isinstance(lacking := scope.engines[stage.ports[0].name], NotAnalysed):
        return _lack(lacking, stage)
    return next((_without(need, left_out[need]) for need in stage.needs if need in left_out), None)


def _lack(found: NotAnalysed, stage: Stage[Any]) -> str:
    """Return the reason for the index, with the task in words if the name of the port does not say it."""
    title = next(port.title for port in stage.ports if port.name == found.port)
    task = "" if title == found.port else f"{title}: "
    return f"{task}{found.reason}. To enable it: {found.command}"


def _without(stage: Stage[Any], reason: str) -> str:
    return f"{stage.name} is not analysed: {reason.removesuffix('.')}"
