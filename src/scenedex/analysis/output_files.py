"""Files that the outputs of stages name, as reconciliation compares them with managed storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from scenedex.analysis.all_stages import STAGES
from scenedex.analysis.stage import ChildStep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.analysis.stage import Stage

_CHILD_STEPS: Final[Mapping[str, tuple[Stage[Any], ChildStep[Any]]]] = {
    stage.name: (stage, stage.step) for stage in STAGES if isinstance(stage.step, ChildStep)
}

STAGES_WITH_FILES: Final = tuple(name for name, (_, step) in _CHILD_STEPS.items() if step.files is not None)
"""Names of the stages whose results name files."""


def artefact_of(stage: str) -> Sequence[str]:
    """Return the artefact that a stage keeps for further stages of the same analysis, if it has one."""
    _, step = _CHILD_STEPS.get(stage, (None, None))
    return [] if step is None or step.artefact is None else [step.artefact]


def files_of(stage: str, result: bytes) -> Sequence[str]:
    """Return the files that a stored result names. A result of another version of the stage names none."""
    declared, step = _CHILD_STEPS.get(stage, (None, None))
    if declared is None or step is None or step.files is None:
        return []
    try:
        return step.files(msgspec.json.decode(result, type=declared.result))
    except msgspec.MsgspecError:
        return []
