"""Contract of engines of scene summaries."""

from __future__ import annotations

import pytest

from engine_choices import fake_spec, spec_of
from scenedex.engines.summaries import COMPOSED, SUMMARIES
from scenedex.engines.summaries.scripted import SCRIPTED, ScriptedSummariser
from scenedex.engines.testing import SummariserContract


class TestComposed(SummariserContract):
    spec = spec_of(COMPOSED)


class TestScripted(SummariserContract):
    spec = fake_spec(SUMMARIES, SCRIPTED)

    @pytest.fixture
    def engine(self) -> ScriptedSummariser:
        return ScriptedSummariser()
