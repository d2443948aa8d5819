"""First lines of a server: its address, the next command, and the weights that are missing."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from scenedex.cli.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scenedex.settings import Settings

_DEFAULT_ADDRESS = "http://127.0.0.1:8600"
_ANY_ADDRESSES = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  # shown, not bound


@dataclass(frozen=True, slots=True)
class MissingWeights:
    """Stages that are not analysed for lack of weights.

    Attributes:
        stages: names of the stages.
        ids: ids of the weights.
        size_bytes: size of all weights.
    """

    stages: Sequence[str]
    ids: Sequence[str]
    size_bytes: int

    def command(self, invocation: Invocation) -> str:
        """Return the command that downloads them."""
        return invocation.command(f"weights pull {' '.join(self.ids)}")


@dataclass(frozen=True, slots=True)
class Greeting:
    """Facts about a server that has started.

    Attributes:
        url: address for clients of this machine, or the configured public one.
        data_dir: data folder.
        key_count: number of access keys in force.
        user: name for the first access key.
        sign_in: address of the console that signs in once, or `None` without such a link.
        weights: missing weights, or `None` if there are none or no worker runs here.
        invocation: call of this process.
    """

    url: str
    data_dir: Path
    key_count: int
    user: str
    sign_in: str | None
    weights: MissingWeights | None
    invocation: Invocation

    @property
    def next_command(self) -> str:
        """Command that a new user types next."""
        if not self.key_count:
            return self.invocation.command(f"keys create --user {self.user} --role manager")
        endpoint = "" if self.url == _DEFAULT_ADDRESS else f" --endpoint {self.url}"
        return self.invocation.command(f"workspaces list{endpoint}")

    def lines(self) -> Iterator[str]:
        """Yield the lines for people."""
        from scenedex.cli.user.rendering import size_text

        yield f"Scenedex serves at {self.url}. Documentation: {self.url}/docs"
        keys = f"{self.key_count} access key{'' if self.key_count == 1 else 's'}" if self.key_count else "no access key"
        yield f"There {'are' if self.key_count > 1 else 'is'} {keys}. Next, in another terminal: {self.next_command}"
        if self.sign_in is None:
            yield f"Console: {self.url}/console/"
        else:
            yield f"Console: {self.sign_in} (signs you in once, within ten minutes, in a browser on this machine)"
        if self.weights is not None:
            stages, size = ", ".join(self.weights.stages), size_text(self.weights.size_bytes)
            yield f"Not analysed, for lack of weights: {stages}. Get them ({size}): {self._pull}"

    def fields(self) -> dict[str, object]:
        """Return the fields of the log entry for programs."""
        return {
            "url": self.url,
            "docs": f"{self.url}/docs",
            "console": f"{self.url}/console/",
            "data_dir": str(self.data_dir),
            "access_keys": self.key_count,
            "next": self.next_command,
        }

    def write(self, *, for_people: bool) -> None:
        """Write the greeting to the log."""
        if for_people:
            sys.stderr.write("".join(f"{line}\n" for line in self.lines()))
            sys.stderr.flush()
            return
        structlog.get_logger("scenedex.serve").info("serving", **self.fields())
        if self.weights is not None:
            _log_missing(self.weights, self._pull)

    @property
    def _pull(self) -> str:
        return "" if self.weights is None else self.weights.command(self.invocation)


def log_lack_of_weights(settings: Settings) -> None:
    """Log the weights that this machine lacks, if any."""
    weights = missing_weights(settings)
    if weights is not None:
        _log_missing(weights, weights.command(Invocation.of_process(settings.data_dir)))


def _log_missing(weights: MissingWeights, command: str) -> None:
    structlog.get_logger("scenedex.serve").warning(
        "stages.not_analysed", stages=list(weights.stages), reason="their weights are missing", remedy=command
    )


def missing_weights(settings: Settings) -> MissingWeights | None:
    """Return the stages without weights on this machine, or `None`."""
    from scenedex.engines.registry import EngineRegistry
    from scenedex.engines.selection import NotAnalysed, select_engines

    registry = EngineRegistry.installed()
    absent = [
        result
        for result in select_engines(settings.engines, settings.weights_folder, "ENKO", registry=registry)
        if isinstance(result, NotAnalysed) and result.weights is not None
    ]
    if not absent:
        return None
    ids = list(dict.fromkeys(result.weights for result in absent if result.weights is not None))
    return MissingWeights([result.port for result in absent], ids, sum(registry.entry(one).size_bytes for one in ids))


def address_of(settings: Settings, port: int) -> str:
    """Return the address that clients use: the configured one, or that of a listener on this machine."""
    if settings.server.public_url:
        return settings.server.public_url.rstrip("/")
    host = _ANY_ADDRESSES.get(settings.server.host, settings.server.host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
