"""Files by hand that have harmed programs of this kind: they lead elsewhere, promise too much, or only look like media.

Small, except where size is the point.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Final

from benchmarks.fuzz.structure import parts_of, replaced
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.fuzz.seeds import Seed

_SECRET: Final = b"file:///etc/passwd"
_ELSEWHERE: Final = b"http://127.0.0.1:9/secret"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_EBML: Final = bytes.fromhex("1A45DFA3 93 4286 81 01 4282 88") + b"matroska" + bytes.fromhex("4287 81 04")
_UNKNOWN: Final = bytes.fromhex("18538067 01FFFFFFFFFFFFFF")


def box(kind: bytes, content: bytes = b"") -> bytes:
    """A box of ISO/IEC 14496-12."""
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    checksum = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + checksum


def element(kind: str, content: bytes) -> bytes:
    """An element of EBML, its length in eight bytes."""
    return bytes.fromhex(kind) + (1 << 56 | len(content)).to_bytes(8, "big") + content


def whole_files(seeds: Sequence[Seed]) -> dict[str, bytes]:
    """The nasties that are bytes and nothing more, by name."""
    return leading_elsewhere(seeds) | promising_too_much(seeds)


def leading_elsewhere(seeds: Sequence[Seed]) -> dict[str, bytes]:
    """Return small files that make a decoder open other files or addresses, or that disguise their format."""
    by_name = {seed.name: seed.data for seed in seeds}
    return _lists() | _references(by_name["mp4-h264-aac"]) | _links(by_name["mkv-h264-eac3"]) | _guises(by_name)


def promising_too_much(seeds: Sequence[Seed]) -> dict[str, bytes]:
    """Files whose headers cost or promise more than a decoder has, or lead it in circles."""
    by_name = {seed.name: seed.data for seed in seeds}
    return _films(by_name) | _matroskas(by_name["mkv-h264-eac3"]) | _pictures(by_name)


def _lists() -> dict[str, bytes]:
    """Texts that make a decoder open other files or addresses."""
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (depth, b"&l%d;" % (depth - 1) * 10 if depth else b"ha") for depth in range(10)
    )
    return {
        "playlist-of-files.m3u8": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n" + _SECRET + b"\n#EXT-X-ENDLIST\n",
        "playlist-of-addresses.mp4": b"#EXTM3U\n#EXTINF:9,\n" + _ELSEWHERE + b"\n#EXT-X-ENDLIST\n",
        "playlist-of-itself.ts": b"#EXTM3U\n#EXTINF:9,\nplaylist-of-itself.ts\n",
        "concat.mp4": b"ffconcat version 1.0\nfile /etc/passwd\n",
        "dash.mpd": b'<?xml version="1.0"?><MPD><Period><BaseURL>' + _ELSEWHERE + b"</BaseURL></Period></MPD>",
        "session.sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
        "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="' + _SECRET + b'"/></svg>',
        "laughs.svg": b"<!DOCTYPE svg [" + laughs + b"]><svg>&l9;</svg>",
        "art.xbin": b"XBIN\x1a\x50\x00\x19\x00\x10\x00" + bytes(4000),
        "font.ttf": b"\x00\x01\x00\x00\x00\x01" + bytes(200),
        "lines.srt": b"1\n00:00:00,000 --> 00:00:01,000\n" + _SECRET + b"\n",
        "lines.vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + _SECRET + b"\n",
        "lines.ass": b"[Script Info]\n[Fonts]\nfontname: /etc/passwd\n",
        "text.txt": b"root:x:0:0\n" * 100,
        "archive.zip": b"PK\x03\x04" + bytes(100),
        "nothing.mp4": b"",
        "one-byte.mp4": b"\x00",
        "zeros.mp4": bytes(100_000),
    }


def _references(film: bytes) -> dict[str, bytes]:
    """Return films that refer to samples in other files."""
    parts = parts_of(film, "iso")
    link = next(part for top in parts for part in top.walk() if part.kind == b"dref").parts[0]
    alias = bytes(3) + b"\x01" + bytes(150) + b"\x00\x12" + b"\x00\x10/etc/passwd\x00\x00\x00\x00\x00"
    place = box(b"rdrf", bytes(4) + b"url " + len(_SECRET).to_bytes(4, "big") + _SECRET)

    def referring(reference: bytes) -> bytes:
        return replaced(film, parts, "iso", link.start, link.end, reference)

    return {
        "reference-to-a-file.mp4": referring(box(b"url ", bytes(4) + _SECRET + b"\x00")),
        "reference-to-an-address.mov": referring(box(b"url ", bytes(4) + _ELSEWHERE + b"\x00")),
        "reference-by-alias.mov": referring(box(b"alis", alias)),
        "reference-by-name.mov": referring(box(b"urn ", bytes(4) + b"urn:x\x00" + _SECRET + b"\x00")),
        "redirection.mov": box(b"moov", box(b"rmra", box(b"rmda", place))),
    }


def _films(seeds: Mapping[str, bytes]) -> dict[str, bytes]:
    film, turned = seeds["mp4-h264-aac"], seeds["mov-prores-pcm"]
    parts = parts_of(film, "iso")
    moov = next(part for part in parts if part.kind == b"moov")
    inside = {part.kind: part for part in moov.walk()}
    before, movie = film[: moov.start], film[moov.start : moov.end]

    def with_numbers(kind: bytes, at: int, new: bytes) -> bytes:
        start = inside[kind].body + at
        return film[:start] + new + film[start + len(new) :]

    track = film[inside[b"trak"].start : inside[b"trak"].end]
    tracks = box(b"moov", film[moov.body : inside[b"trak"].start] + track * 10_000)
    edits = bytes(4) + (60_000).to_bytes(4, "big") + (b"\x00\x00\x00\x01" + bytes(4) + b"\x00\x01\x00\x00") * 60_000
    still = seeds["heic-clear"]
    items = still[next(part.start for part in parts_of(still, "iso") if part.kind == b"meta") :]
    return {
        "compressed-bomb.mov": before
        + box(b"moov", box(b"cmov", box(b"dcom", b"zlib") + box(b"cmvd", b"\x7f\xff\xff\xff" + _deflated_zeros(64)))),
        "tracks.mp4": before + tracks,
        "edits.mp4": replaced(film, parts, "iso", inside[b"elst"].body, inside[b"elst"].end, edits),
        "clock-of-nothing.mp4": with_numbers(b"mvhd", 12, bytes(4)),
        "clock-of-the-track.mp4": with_numbers(b"mdhd", 12, bytes(4)),
        "clock-without-end.mp4": with_numbers(b"mdhd", 12, b"\xff" * 8),
        "samples-without-end.mp4": with_numbers(b"stsz", 4, b"\x00\x00\x00\x01\x7f\xff\xff\xff"),
        "times-without-end.mp4": with_numbers(b"stts", 4, b"\x7f\xff\xff\xff"),
        "large-moov.mp4": before + box(b"moov", movie[8:] + box(b"udta", box(b"free", bytes(100 * 1024**2)))),
        "moov-of-boxes.mp4": before + box(b"moov", movie[8:] + box(b"free") * 1_000_000),
        "moov-in-moov.mp4": before + _within(b"moov", movie, 20_000),
        "boxes-of-nothing.mp4": film + box(b"free") * 100_000,
        # FFmpeg's demuxer never comes to an end with this one.
        "film-with-items.mov": turned + items,
        "film-of-8k.mp4": with_numbers(b"tkhd", 76, b"\x1e\x00\x00\x00\x10\xe0\x00\x00"),
    }


def _links(film: bytes) -> dict[str, bytes]:
    """Return Matroska files that contain other files or continue in them."""
    segment = parts_of(film, "ebml")[1]
    linked = element("1549A966", element("3EB923", bytes(16)) + element("3E83BB", _SECRET))
    chapters = element("1043A770", element("45B9", element("B6", element("6E67", bytes(16)))))
    attached = element("1941A469", element("61A7", element("466E", b"../../etc/passwd") + element("465C", bytes(1000))))
    return {
        "attachment.mkv": film[: segment.end] + attached,
        "linked-segments.mkv": film[: segment.body] + linked + chapters + film[segment.body :],
    }


def _guises(seeds: Mapping[str, bytes]) -> dict[str, bytes]:
    """Two formats in one file."""
    jpeg = seeds["jpg-baseline"]
    return {
        "document-and-picture.jpg": jpeg[:2] + b"\xff\xfe\x00\x20%PDF-1.7\n1 0 obj<<>>endobj   \n" + jpeg[2:],
        "picture-and-page.jpg": jpeg + b"<script>fetch('http://127.0.0.1:9')</script>",
        "picture-and-archive.png": seeds["png-rgb"] + b"PK\x03\x04" + bytes(100),
        "picture-and-film.jpg": jpeg + seeds["mp4-h264-aac"],
        "film-and-playlist.mp4": seeds["mp4-h264-aac"] + b"\n#EXTM3U\n" + _SECRET,
    }


def _matroskas(film: bytes) -> dict[str, bytes]:
    segment = parts_of(film, "ebml")[1]
    return {
        "voids.mkv": film[: segment.body] + bytes.fromhex("EC80") * 200_000 + film[segment.body :],
        "clusters-of-nothing.mkv": _EBML + _UNKNOWN + bytes.fromhex("1F43B675 80") * 200_000,
        "segments-in-segments.mkv": _EBML + bytes.fromhex("18538067 01000000FFFFFFFF") * 87_000 + bytes(50_000_000),
        "elements-without-end.mkv": _EBML + _UNKNOWN * 10_000,
        "tags-in-tags.mkv": _EBML + _UNKNOWN + _nested_tags(20_000),
        "compressed-tracks.mkv": _EBML + _UNKNOWN + element("1654AE6B", element("AE", _compressed_track())),
    }


def _pictures(seeds: Mapping[str, bytes]) -> dict[str, bytes]:
    header = (60_000).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00"
    small = (640).to_bytes(4, "big") + (360).to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    text = chunk(b"iTXt", b"Comment\x00\x01\x00\x00\x00" + _deflated_zeros(512))
    jpeg = seeds["jpg-baseline"]
    size = next(part for part in parts_of(jpeg, "jpeg") if part.kind == b"\xff\xc0").body + 1
    still = seeds["heic-one"]
    ispe = next(part for top in parts_of(still, "iso") for part in top.walk() if part.kind == b"ispe").body + 4
    progressive = seeds["jpg-progressive"]
    scans = [part for part in parts_of(progressive, "jpeg") if part.kind == b"\xff\xda"]
    last_scan = scans[-1].end
    moving = io.BytesIO()
    frames = [Image.new("RGB", (640, 360), (shade, 9, 9)) for shade in range(250)]
    frames[0].save(moving, "PNG", save_all=True, append_images=frames[1:])
    flowing = io.BytesIO()
    frames[0].save(flowing, "WEBP", save_all=True, append_images=frames[1:])
    return {
        "huge.png": _png(header, zlib.compress(bytes(100))),
        "bomb.png": _png(small, _deflated_zeros(512)),
        "text-bomb.png": _png(small, _deflated_zeros(1), text * 4),
        "profile-bomb.png": _png(small, _deflated_zeros(1), chunk(b"iCCP", b"x\x00\x00" + _deflated_zeros(512))),
        "frames.png": moving.getvalue(),
        "frames.webp": flowing.getvalue(),
        "huge.jpg": jpeg[:size] + b"\xff" * 4 + jpeg[size + 4 :],
        "scans.jpg": progressive[:last_scan] + progressive[scans[-1].start : last_scan] * 3000 + b"\xff\xd9",
        "huge.heic": still[:ispe] + b"\x7f\xff\xff\xff" * 2 + still[ispe + 8 :],
        "grid.heic": _grid(still),
    }


def _png(header: bytes, packed: bytes, more: bytes = b"") -> bytes:
    return _PNG + chunk(b"IHDR", header) + more + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def _deflated_zeros(mib: int) -> bytes:
    """So many MiB of zeros, a thousandth of it as bytes."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1024**2)) for _ in range(mib)) + packer.flush()


def _within(kind: bytes, content: bytes, depth: int) -> bytes:
    lengths = [len(content) + 8 * (level + 1) for level in range(depth)]
    return b"".join(length.to_bytes(4, "big") + kind for length in reversed(lengths)) + content


def _nested_tags(depth: int) -> bytes:
    """Nest simple tags in each other. Each header has eleven bytes."""
    lengths = [10 * level for level in reversed(range(depth))]
    simple = b"".join(bytes.fromhex("67C8") + (1 << 56 | length).to_bytes(8, "big") for length in lengths)
    return element("1254C367", element("7373", simple))


def _compressed_track() -> bytes:
    compression = element("6D80", element("6240", element("5034", element("4254", b"\x00"))))
    return element("D7", b"\x01") + element("83", b"\x01") + element("86", b"V_UNCOMPRESSED") + compression


def _grid(still: bytes) -> bytes:
    """Return a picture that claims to be a grid of 256 by 256 others."""
    parts = parts_of(still, "iso")
    entry = next(part for top in parts for part in top.walk() if part.kind == b"infe")
    kind = still.index(b"hvc1", entry.body)
    mdat = next(part for part in parts if part.kind == b"mdat")
    grid = b"\x00\x01\xff\xff" + b"\x7f\xff\xff\xff" * 2
    made = still[:kind] + b"grid" + still[kind + 4 :]
    return made[: mdat.body] + grid + made[mdat.body + len(grid) :]
