"""Selection of the engine of each port on this machine, or of the reason that none runs and the command that helps.

Checks only whether packages are installed and whether weights are there. It loads no engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from scenedex.engines.catalog import find
from scenedex.engines.keywords import bundled_vocabulary, read_vocabulary
from scenedex.engines.registry import AUTO, OFF
from scenedex.engines.text import KOREAN, TEXT
from scenedex.settings import EngineSettings, SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from scenedex.engines.catalog import Entry
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.port import Port
    from scenedex.engines.registry import EngineRegistry
    from scenedex.engines.spec import EngineSpec


@dataclass(frozen=True, slots=True)
class Selected:
    """An engine that runs.

    Attributes:
        port: name of its port.
        choice: the engine, and the folder of its weights.
        better: command that provides a more able engine, empty if there is none or if this engine was asked for.
    """

    port: str
    choice: EngineChoice
    better: str = ""


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """A port that no engine serves.

    Attributes:
        port: name of the port.
        reason: the reason, in a few words.
        command: command or setting that changes it.
        weights: id of the weights that are missing, or `None` if something else is the reason.
    """

    port: str
    reason: str
    command: str
    weights: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogWeights:
    """Weights of the catalogue, and whether they are on this machine."""

    entry: Entry
    is_here: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """Result for every port with a choice of engines, in their order."""

    results: tuple[Selected | NotAnalysed, ...]

    def __iter__(self) -> Iterator[Selected | NotAnalysed]:
        return iter(self.results)

    def __getitem__(self, port: str) -> Selected | NotAnalysed:
        return next(result for result in self.results if result.port == port)

    def choice(self, port: str) -> EngineChoice | None:
        """Return the selected engine of a port, or `None`."""
        result = self[port]
        return result.choice if isinstance(result, Selected) else None


def is_installed(package: str) -> bool:
    """Return whether a package can be imported, without importing it."""
    return find_spec(package) is not None


def select_engines(
    settings: EngineSettings,
    weights: Path,
    language: str,
    *,
    registry: EngineRegistry,
    is_installed: Callable[[str], bool] = is_installed,
) -> Selection:
    """Select the engine of every port.

    Args:
        settings: engines that the operator asks for.
        weights: folder of downloaded weights, which need not exist.
        language: spoken language, as an analysis names it.
        registry: engines to select from.
        is_installed: returns whether a package can be imported, by its name. It must not import it.
    """
    machine = _Machine(weights, is_installed, settings.addresses)
    results: dict[str, Selected | NotAnalysed] = {}
    for port in registry.ports:
        if port.has_choice:
            wanted = getattr(settings, port.name, AUTO)
            results[port.name] = machine.select(port, wanted, registry.specs(port), language)
    text = results[TEXT.name]
    if isinstance(text, NotAnalysed):
        results[KOREAN.name] = NotAnalysed(KOREAN.name, "text on screen is not analysed", text.command)
    return Selection(tuple(results.values()))


def runnable_engines(port: Port[Any], weights: Path, *, registry: EngineRegistry) -> list[EngineChoice]:
    """Return all engines of a port that can run on this machine, the preferred one first."""
    machine = _Machine(weights, is_installed, {})
    tried = [machine.select(port, spec.setting, [spec], "") for spec in registry.specs(port)]
    return [result.choice for result in tried if isinstance(result, Selected)]


def weights_of_catalog(folder: Path, registry: EngineRegistry) -> list[CatalogWeights]:
    """Return all downloadable weights, and whether they are in the weights folder."""
    return [CatalogWeights(entry, find(folder, entry) is not None) for entry in registry.catalog]


def require_known_engines(settings: EngineSettings, registry: EngineRegistry) -> None:
    """Check that every engine of the settings exists, and that those with an address need one.

    Raises:
        SettingsInvalid: one does not. The message names the setting, its value and the choices.
    """
    for port in registry.ports:
        if port.name not in EngineSettings.model_fields:
            continue
        wanted, choices = getattr(settings, port.name), registry.setting_choices(port)
        if wanted not in choices:
            raise SettingsInvalid(f"engines.{port.name}: {wanted!r} is none of {', '.join(choices)}")
    callers = [spec.setting for spec in registry.all_specs if spec.needs_address]
    for name in settings.addresses:
        if name not in callers:
            choices = ", ".join(callers) or "the engines that call a service, since none is installed"
            raise SettingsInvalid(f"engines.addresses: {name!r} is none of {choices}")


def vocabulary_of(settings: EngineSettings) -> tuple[str, ...]:
    """Return the words that labels are chosen from.

    Raises:
        VocabularyUnreadable: the settings name a file that cannot be used.
    """
    return bundled_vocabulary() if settings.vocabulary is None else read_vocabulary(settings.vocabulary)


@dataclass(frozen=True, slots=True)
class _Machine:
    weights: Path
    is_installed: Callable[[str], bool]
    addresses: Mapping[str, str]

    def select(
        self, port: Port[Any], wanted: str, specs: Sequence[EngineSpec], language: str
    ) -> Selected | NotAnalysed:
        """Return the wanted engine, or the first of all that can run, or else the lack of the preferred one."""
        if wanted == OFF:
            return NotAnalysed(port.name, "it is switched off", _setting(port))
        tried = [self._try(port, spec, language) for spec in specs if wanted in {AUTO, spec.setting}]
        if not tried:
            return NotAnalysed(port.name, f"no engine is called {wanted}", _setting(port))
        found = next((result for result in tried if isinstance(result, Selected)), tried[0])
        is_bundled = isinstance(found, Selected) and found.choice.folder is None
        if is_bundled and wanted == AUTO and specs[0].weights is not None:
            return replace(found, better=pull_command(specs[0].weights.id))
        return found

    def _try(self, port: Port[Any], spec: EngineSpec, language: str) -> Selected | NotAnalysed:
        if spec.languages is not None and language not in spec.languages:
            return NotAnalysed(port.name, f"{spec.setting} does not know the language {language}", _setting(port))
        for package, distribution in spec.packages.items():
            if not self.is_installed(package):
                return NotAnalysed(port.name, f"the package {package} is not installed", f"pip install {distribution}")
        address = self.addresses.get(spec.setting) if spec.needs_address else None
        if spec.needs_address and address is None:
            return NotAnalysed(port.name, f"{spec.setting} has no address", _address(spec))
        if spec.weights is None:
            return Selected(port.name, spec.choice(address=address))
        folder = find(self.weights, spec.weights)
        if folder is None:
            identifier = spec.weights.id
            reason = f"the weights {identifier} are missing"
            return NotAnalysed(port.name, reason, pull_command(identifier), identifier)
        return Selected(port.name, spec.choice(folder, address))


def pull_command(identifier: str) -> str:
    """Return the command that downloads weights."""
    return f"scenedex weights pull {identifier}"


def _address(spec: EngineSpec) -> str:
    return f'SCENEDEX_ENGINES_ADDRESSES={{"{spec.setting}": "https://HOST/PATH"}}'


def _setting(port: Port[Any]) -> str:
    return f"SCENEDEX_ENGINES_{port.name.upper()}={AUTO}"
