"""Status of an analysis that replaces an edited index."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from analysis_samples import claimed
from index_samples import with_findings
from scenedex.analysis import queries
from scenedex.analysis.outputs import StageOutputs
from scenedex.analysis.publishing import Publisher, Ready
from scenedex.analysis.records import NewOutput
from scenedex.analysis.stage import Made
from scenedex.analysis.stages.moments import Moment
from scenedex.analysis.stages.visual import VisualResult
from scenedex.engines.registry import EngineRegistry
from scenedex.index.service import publish
from scenedex.jobs.errors import Superseded
from scenedex.timeline import Timecode
from stage_outcomes import outcomes, scene, scope, selected

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Item, Site

    from scenedex.analysis.records import AnalysisClaim

END = Timecode(Fraction(1))


class Desk:
    """Helper that ends analyses of one asset with one scene."""

    def __init__(self, item: Item, folder: Path) -> None:
        self.item = item
        platform = item.service.platform
        self._picture = folder / "1.jpg"
        self._picture.write_bytes(b"picture")
        self._outputs = StageOutputs(platform.database, platform.managed)
        self._publisher = Publisher(platform.database, platform.queue, platform.managed, EngineRegistry())

    def publish(self, claim: AnalysisClaim, *, damaged_packets: int = 0) -> None:
        """Publish what the analysis found."""
        new = NewOutput("visual", b"{}", {"1.jpg": self._picture})
        stored = self.item.service.run(lambda: self._outputs.keep(claim, "a", new))
        visual = VisualResult(
            is_picture=False, duration=Moment.of(END), shots=(), engines=(), damaged_packets=damaged_packets
        )
        engines = selected()
        inputs = outcomes(
            scope(engines, analysis_person_count=0),
            [scene(0, 1)],
            visual=Made(visual, "a", stored.output_id, stored.folder),
        )
        ready = Ready(claim, inputs, ())
        self.item.service.run(lambda: self._publisher.publish(ready))

    def message(self) -> str:
        """Return the status message of the latest analysis."""
        return self.item.call("GET", "/index/status").json()["result"]["analysisStatusMessage"]

    def edit(self, times: int) -> None:
        """Correct a line of the index."""
        for number in range(times):
            assert self.item.call("PATCH", "/index/scripts/1", {"text": f"Take {number}"}).status_code == 200


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Desk:
    """An asset with an index of one line."""
    item = site.base.imported()
    claim = claimed(item)
    made = item.made_index(claim.index_id, scenes=1)
    item.service.transact(lambda tx: publish(tx, replace(made, scenes=(with_findings(made.scenes[0]),))))
    item.service.transact(lambda tx: queries.end(tx, claim, "ANALYZE_COMPLETED", None))
    return Desk(item, tmp_path)


def test_an_index_that_nobody_edited_is_replaced_without_a_word(desk: Desk) -> None:
    desk.publish(claimed(desk.item))

    assert desk.message() == "Analysis completed"


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (1, "Analysis completed; 1 edit of the former index was replaced"),
        (3, "Analysis completed; 3 edits of the former index were replaced"),
    ],
)
def test_edits_that_are_replaced_are_counted(edits: int, message: str, desk: Desk) -> None:
    desk.edit(edits)

    desk.publish(claimed(desk.item))

    assert desk.message() == message


def test_edits_count_until_the_index_is_there(desk: Desk) -> None:
    desk.edit(1)
    claim = claimed(desk.item)
    desk.edit(1)
    assert desk.message() == "Analysis in progress"

    desk.publish(claim)

    assert desk.message() == "Analysis completed; 2 edits of the former index were replaced"


def test_edits_stand_beside_what_else_is_to_be_said(desk: Desk) -> None:
    desk.edit(1)

    desk.publish(claimed(desk.item), damaged_packets=2)

    assert desk.message() == (
        "Analysis completed; 2 damaged packets of the video were passed over; 1 edit of the former index was replaced"
    )


def test_edits_are_those_of_the_latest_index_alone(desk: Desk) -> None:
    desk.edit(2)
    desk.publish(claimed(desk.item))

    desk.publish(claimed(desk.item))

    assert desk.message() == "Analysis completed"


def test_edits_survive_an_analysis_that_does_not_publish(desk: Desk) -> None:
    desk.edit(1)
    claim = claimed(desk.item)
    assert desk.item.call("POST", "/index/cancel").status_code == 200

    with pytest.raises(Superseded):
        desk.publish(claim)

    [scene] = desk.item.call("GET", "/index").json()["result"]["scenes"]
    assert scene["scripts"][0]["text"] == "Take 0"
