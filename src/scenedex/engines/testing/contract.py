"""Base of the contract suites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from scenedex.engines.loader import open_engine
from scenedex.engines.registry import fault_of

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.spec import EngineSpec


class EngineContract:
    """Tests of every engine.

    Attributes:
        spec: declaration of the engine.
    """

    spec: ClassVar[EngineSpec]

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls) -> Path | None:
        """Folder of the downloaded weights, `None` for an engine without them."""
        return None

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, weights_folder: Path | None) -> Any:  # noqa: ANN401  # of the port's protocol
        """The engine, opened as a stage opens it."""
        return open_engine(cls.spec.port, cls.spec.choice(weights_folder), threads=1)

    def test_the_declaration_is_valid(self) -> None:
        assert fault_of(self.spec, []) is None

    def test_the_engine_is_the_declared_one(self, engine: Any) -> None:  # noqa: ANN401  # as above
        assert engine.engine == self.spec.engine
