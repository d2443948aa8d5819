"""Proxies whose pictures are copied: only the container, or also the sound, is made anew."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal

import av

from scenedex.media.containers import to_fraction
from scenedex.media.packets import PacketQueues
from scenedex.media.proxies import CONTAINER_OPTIONS, MadeProxy
from scenedex.media.proxy_sound import SoundTrack
from scenedex.media.sound_choice import codec_of, sounds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.packet import Packet
    from av.stream import Stream

    from scenedex.media.containers import Film

_OF_WEBM: Final = frozenset({"vp8", "vp9", "av1"})
_SOUND_OF_WEBM: Final = frozenset({"opus", "vorbis"})
_SECONDS_AHEAD: Final = Fraction(1, 2)
_PACKETS_BETWEEN_REPORTS: Final = 100


def remux_film(
    film: Film,
    length: Fraction,
    effort: Literal["container", "sound"],
    wanted: Collection[int],
    folder: Path,
    report: Callable[[float, int], None],
) -> MadeProxy:
    """Copy the packets of a film to a container that browsers open, with its sound encoded if ``effort`` says so.

    ``wanted`` are the numbers of the sound tracks to hear. See `sounds_of`. Several are always encoded.

    Raises:
        FFmpegError: the container does not take these packets.
        ValueError: packets have no times.
    """
    sounds = sounds_of(film.container, wanted)
    if len(sounds) > 1:
        effort = "sound"
    codec = film.stream.codec_context.codec.canonical_name
    has_webm_sound = all(codec_of(sound) in _SOUND_OF_WEBM for sound in sounds.values())
    is_webm = codec in _OF_WEBM and (effort == "sound" or has_webm_sound)
    kind: Literal["webm", "mp4"] = "webm" if is_webm else "mp4"
    name: Literal["proxy.webm", "proxy.mp4"] = "proxy.webm" if is_webm else "proxy.mp4"
    damaged = 0
    with av.open(folder / name, "w", format=kind, container_options=CONTAINER_OPTIONS[kind]) as out:
        copies = {film.stream.index: _Copy(film, film.stream, out)}
        if effort == "sound" and sounds:
            damaged = _with_encoded_sound(film, tuple(sounds.values()), length, copies[film.stream.index], out, report)
        else:
            copies |= {sound.index: _Copy(film, sound, out) for sound in sounds.values()}
            queues = PacketQueues(film.container, [film.stream, *sounds.values()])
            for number, packet in enumerate(queues.all()):
                at = copies[packet.stream.index].write(packet)
                if number % _PACKETS_BETWEEN_REPORTS == 0:
                    report(min(1.0, float(at / length)), number)
    return MadeProxy(
        name, "video/webm" if is_webm else "video/mp4", effort, sound_tracks=tuple(sounds), damaged_packets=damaged
    )


def _with_encoded_sound(
    film: Film,
    sounds: Sequence[AudioStream],
    length: Fraction,
    pictures: _Copy,
    out: OutputContainer,
    report: Callable[[float, int], None],
) -> int:
    """Copy the pictures and encode the sound beside them. Return the number of damaged packets."""
    queues = PacketQueues(film.container, [film.stream, *sounds])
    track = SoundTrack(film, sounds, length, queues, "libopus" if "webm" in out.format.name else "aac", out)
    for number, packet in enumerate(queues.of(film.stream)):
        at = pictures.write(packet)
        track.write_until(at + _SECONDS_AHEAD)
        if number % _PACKETS_BETWEEN_REPORTS == 0:
            report(min(1.0, float(at / length)), number)
    track.finish()
    return track.damaged_packets


class _Copy:
    """A stream whose packets are copied, with the start of the asset as time 0."""

    def __init__(self, film: Film, stream: Stream, out: OutputContainer) -> None:
        # As a copy of the decoder, the new stream has no encoder.
        self._stream = out.add_stream_from_template(stream, opaque=True)
        self._out = out
        self._tick = to_fraction(stream.time_base) or film.tick
        self._start = round((film.origin or 0) / self._tick)
        self._at = Fraction(0)
        self._held: list[Packet[Any]] = []
        self._is_begun = False

    def write(self, packet: Packet[Any]) -> Fraction:
        """Write a packet and return its time. The last packet of a walk is empty and is not written."""
        if packet.size == 0:
            self._write_held(None)
            return self._at
        if packet.pts is None:
            raise ValueError("a packet has no time")
        self._at = (packet.pts - self._start) * self._tick
        if packet.dts is None and not self._is_begun:
            # Matroska has no decoding times. The library knows them once it has seen the reordering of pictures.
            self._held.append(packet)
            return self._at
        self._write_held(packet.dts)
        self._write(packet, packet.pts if packet.dts is None else packet.dts)
        return self._at

    def _write_held(self, following: int | None) -> None:
        """Write the packets before the first one with a decoding time, in even steps."""
        held, self._held = self._held, []
        self._is_begun = True
        for number, packet in enumerate(held):
            step = max(1, packet.duration or 0)
            presented = packet.pts or 0
            self._write(packet, presented if following is None else following - (len(held) - number) * step)

    def _write(self, packet: Packet[Any], decoded: int) -> None:
        packet.pts, packet.dts = (packet.pts or 0) - self._start, decoded - self._start
        packet.stream = self._stream
        self._out.mux(packet)
