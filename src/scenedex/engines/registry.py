"""Registry of engines: the built-in ones and those of installed packages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Final, cast

from scenedex.calibration import DEFAULT_BASELINE, DEFAULT_FACES, Baseline, FaceCalibration
from scenedex.engines.built_in import PORTS, SPECS
from scenedex.engines.catalog import WeightsError, find
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.faces.port import FACES
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from scenedex.calibration import Curve
    from scenedex.engines.catalog import Entry
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.port import Port

GROUP: Final = "scenedex.engines"
"""Group of entry points. Each names an `EngineSpec` or a tuple of them."""

AUTO: Final = "auto"
OFF: Final = "off"

_FACTORY: Final = re.compile(r"[\w.]+:\w+")


@dataclass(frozen=True, slots=True)
class RejectedPlugin:
    """An entry point whose engines cannot be used.

    Attributes:
        distribution: the installed package, with its version.
        reason: the fault of its declaration.
    """

    distribution: str
    reason: str


@dataclass(frozen=True, slots=True)
class EngineRegistry:
    """Engines that this installation knows.

    Attributes:
        all_specs: their declarations, the preferred one of each port first.
        rejected: installed packages whose engines cannot be used.
    """

    all_specs: tuple[EngineSpec, ...] = SPECS
    rejected: tuple[RejectedPlugin, ...] = ()

    @classmethod
    def installed(cls) -> EngineRegistry:
        """Return the built-in engines and those of the packages that are installed beside this one."""
        specs, rejected = SPECS, list[RejectedPlugin]()
        for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
            try:
                # An installed plug-in is there on purpose, so its engine is preferred to the built-in ones.
                specs = (*_loaded(point, specs), *specs)
            except Exception as error:  # noqa: BLE001  # a package may fail in any way
                rejected.append(RejectedPlugin(_distribution(point), str(error) or type(error).__name__))
        return cls(specs, tuple(rejected))

    @property
    def ports(self) -> tuple[Port[Any], ...]:
        """All ports: those with a choice of engines in the order of an index, then the fixed ones."""
        return PORTS

    @property
    def catalog(self) -> tuple[Entry, ...]:
        """Downloadable weights of all engines, those of one port in the order of preference."""
        return _catalog(self.all_specs)

    def specs(self, port: Port[Any]) -> tuple[EngineSpec, ...]:
        """Return the engines of a port, the preferred one first."""
        return tuple(spec for spec in self.all_specs if spec.port == port)

    def setting_choices(self, port: Port[Any]) -> tuple[str, ...]:
        """Return the values that the port's setting may have."""
        switch = (AUTO, OFF) if port.can_be_off else (AUTO,)
        return (*switch, *(spec.setting for spec in self.specs(port)))

    def entry(self, identifier: str) -> Entry:
        """Return the weights with this id.

        Raises:
            WeightsError: there are none.
        """
        for entry in self.catalog:
            if entry.id == identifier:
                return entry
        raise WeightsError(f"the catalogue has no weights {identifier!r}: scenedex weights list")

    def users(self, entry: Entry) -> tuple[EngineSpec, ...]:
        """Return the selectable engines that run on some weights."""
        specs = (spec for port in self.ports if port.has_choice for spec in self.specs(port))
        return tuple(spec for spec in specs if spec.weights is not None and spec.weights.id == entry.id)

    def weights_of(self, stage: str) -> tuple[Entry, ...]:
        """Return the weights for a stage of ``weights list``, the preferred ones first."""
        return tuple(
            entry for entry in self.catalog if any(spec.port.weights_stage == stage for spec in self.users(entry))
        )

    def has_name(self, identity: str, port: Port[Any]) -> bool:
        """Return whether an engine of the port has the name of this identity, in whatever version."""
        return any(spec.engine.name == identity.partition(" ")[0] for spec in self.specs(port))

    def face_calibration(self, identity: str) -> FaceCalibration:
        """Return the calibration of the face engine of this identity, in whatever version, or the default one."""
        name = identity.partition(" ")[0]
        declared = (spec.calibration for spec in self.specs(FACES) if spec.engine.name == name)
        return next((one for one in declared if isinstance(one, FaceCalibration)), DEFAULT_FACES)

    def face_curve(self, identity: str) -> Curve:
        """Return the scores of the similarities of the face engine of this identity."""
        return self.face_calibration(identity).curve

    def baseline(self, identity: str, *ports: Port[Any]) -> Baseline:
        """Return the baseline of the engine of this name and these weights, in whatever version, or the default one.

        The first of the ports that knows the engine decides.
        """
        name, *further = identity.split(" ")
        weights = further[1] if len(further) > 1 else None
        declared = (
            spec.calibration
            for port in ports
            for spec in self.specs(port)
            if (spec.engine.name, spec.engine.weights) == (name, weights)
        )
        return next((one for one in declared if isinstance(one, Baseline)), DEFAULT_BASELINE)

    def of_identity(self, identity: str, weights: Path, *ports: Port[Any]) -> EngineChoice:
        """Return the order to load the engine that made a stored result.

        Args:
            identity: name, version and weights of the engine, with spaces between.
            weights: the weights folder, which need not exist.
            ports: the ports that it may belong to.

        Raises:
            EngineUnavailable: there is no such engine here, or its weights are missing.
        """
        for port in ports:
            for spec in self.specs(port):
                if str(spec.engine) != identity:
                    continue
                if spec.weights is None:
                    return spec.choice()
                folder = find(weights, spec.weights)
                if folder is None:
                    raise EngineUnavailable(f"The weights are missing: scenedex weights pull {spec.weights.id}")
                return spec.choice(folder)
        weights_id = identity.split(" ")[2:]
        if weights_id and weights_id[0] not in {entry.id for entry in self.catalog}:
            raise EngineUnavailable(f"No weights of this version are called {weights_id[0]}.")
        raise EngineUnavailable(f"No engine of this version is {identity}.")


def _catalog(specs: Iterable[EngineSpec]) -> tuple[Entry, ...]:
    ordered = (spec for port in PORTS for spec in specs if spec.port == port)
    return tuple({spec.weights.id: spec.weights for spec in ordered if spec.weights is not None}.values())


def _loaded(point: EntryPoint, known: Sequence[EngineSpec]) -> tuple[EngineSpec, ...]:
    """Return the declarations of an entry point.

    Raises:
        ValueError: they are not usable.
    """
    found: object = point.load()
    specs = cast("tuple[object, ...]", found if isinstance(found, tuple) else (found,))
    accepted: list[EngineSpec] = []
    for spec in specs:
        if not isinstance(spec, EngineSpec):
            raise TypeError(f"{point.value} is no EngineSpec and no tuple of them")
        fault = fault_of(spec, (*known, *accepted))
        if fault is not None:
            raise ValueError(f"the engine {spec.engine}: {fault}")
        accepted.append(spec)
    return tuple(accepted)


def fault_of(spec: EngineSpec, known: Sequence[EngineSpec]) -> str | None:
    """Return the first rule that a declaration breaks."""
    port, engine, weights = spec.port, spec.engine, spec.weights
    same_port = [other for other in known if other.port == port]
    entries = {entry.id: entry for entry in _catalog(known)}
    identity = [part for part in (engine.name, engine.version, engine.weights) if part is not None]
    rules = {
        f"there is no port {port.name}": port in PORTS,
        f"the port {port.name} takes no further engines": port.is_extensible,
        f"engines of {port.name} run without network, so none can call an address": port.has_network
        or not spec.needs_address,
        f"its factory {spec.factory!r} is not written as package.module:function": _FACTORY.fullmatch(spec.factory),
        "its name, version and weights must be words without spaces": all(part.split() == [part] for part in identity),
        f"the setting {port.name} has the value {spec.setting} already": spec.setting
        not in {AUTO, OFF, *(other.setting for other in same_port)},
        f"another engine of {port.name} has this name, version and weights": engine
        not in [other.engine for other in same_port],
        f"its weights are {engine.weights}, but its files belong to {weights and weights.id}": weights is None
        or weights.id == engine.weights,
        f"other weights have the id {weights and weights.id}": weights is None
        or entries.get(weights.id, weights) == weights,
    }
    return next((rule for rule, is_kept in rules.items() if not is_kept), None)


def _distribution(point: EntryPoint) -> str:
    return point.value if point.dist is None else f"{point.dist.name} {point.dist.version}"
