"""Packets of several streams of one container, each read as if it were alone."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

from av.stream import Discard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

_S = TypeVar("_S", bound="Stream")


class PacketQueues:
    """Packets of chosen streams. Those that are read before their stream asks for them wait in memory.

    Args:
        container: opened container.
        streams: streams to read. All others are skipped.
    """

    def __init__(self, container: InputContainer, streams: Sequence[Stream]) -> None:
        self._container = container
        self._streams = streams
        self._waiting: dict[int, deque[Packet[Any]]] = {stream.index: deque() for stream in streams}
        for stream in container.streams:
            stream.discard = Discard.default if stream.index in self._waiting else Discard.all
        self._packets: Iterator[Packet[Any]] = container.demux(*streams)

    def of(self, stream: _S) -> Iterator[Packet[_S]]:
        """Walk over the remaining packets of a stream. An error of the container ends the walk, and another continues.

        Raises:
            FFmpegError: the container is damaged here.
        """
        waiting = self._waiting[stream.index]
        while True:
            while waiting:
                yield waiting.popleft()
            try:
                packet = next(self._packets, None)
            except BaseException:
                self._packets = self._container.demux(*self._streams)
                raise
            if packet is None:
                return
            # The packets that end a walk have the number of no stream.
            self._waiting[packet.stream.index].append(packet)

    def all(self) -> Iterator[Packet[Any]]:
        """Walk over the packets of all streams, as the container orders them.

        Raises:
            FFmpegError: the container is damaged.
        """
        yield from self._packets
