"""Conversion of still pictures to sRGB: by their ICC profile, or by the colour properties of HEIC and PNG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, cast

import numpy as np
from PIL import Image, ImageCms

from scenedex.media.tones import highlights, to_sdr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.media.tones import Primaries, Transfer


class _CoreProfile(Protocol):
    @property
    def xcolor_space(self) -> str: ...
    @property
    def profile_description(self) -> str | None: ...


# Modes of pictures that each colour space of a profile describes.
_MODES: Final = {"RGB": ("RGB", "RGBA"), "GRAY": ("L",), "CMYK": ("CMYK",)}
# Numbers of ITU-T H.273.
_TRANSFERS: Final[Mapping[object, Transfer]] = {16: "pq", 18: "hlg"}
_PRIMARIES: Final[Mapping[object, Primaries]] = {9: "bt2020", 11: "p3", 12: "p3"}
_PNG_HEAD: Final = 8
_CHUNK_HEAD: Final = 8
_CHECKSUM: Final = 4
_MAX_CHUNKS: Final = 100
_TOP_CODE: Final = 4095
_TOP_BYTE: Final = 255


def png_colours(file: BinaryIO) -> Mapping[str, object] | None:
    """Return the coding-independent code points of a PNG file, by the names that HEIC has for them, or `None`.

    The place in the file changes. Source: Portable Network Graphics, third edition (`cICP`).
    """
    at = _PNG_HEAD
    for _ in range(_MAX_CHUNKS):
        file.seek(at)
        head = file.read(_CHUNK_HEAD + 2)
        if len(head) < _CHUNK_HEAD + 2 or head[4:8] == b"IDAT":
            return None
        if head[4:8] == b"cICP":
            return {"color_primaries": head[8], "transfer_characteristics": head[9]}
        at += int.from_bytes(head[:4], "big") + _CHUNK_HEAD + _CHECKSUM
    return None


def to_srgb(image: Image.Image) -> Image.Image:
    """Return a picture in sRGB. One whose profile is damaged, or describes other modes, is returned as it is."""
    info = cast("dict[str, object]", image.info)
    if isinstance(profile := info.get("icc_profile"), bytes):
        return _by_profile(image, profile)
    if isinstance(properties := info.get("nclx_profile"), dict):
        return _by_properties(image, cast("dict[str, object]", properties))
    return image


def _by_profile(image: Image.Image, data: bytes) -> Image.Image:
    if image.mode in ("P", "LA", "PA"):
        # Palettes are in the colours of the profile, and grey with transparency has no mode of its own there.
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(data))
        core = cast("_CoreProfile", source.profile)
        if image.mode not in _MODES.get(core.xcolor_space.strip(), ()) or "sRGB" in (core.profile_description or ""):
            return image
        converted = ImageCms.profileToProfile(
            image,
            source,
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  # untyped result
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGBA" if image.mode == "RGBA" else "RGB",
        )
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # the library fails on broken profiles in many ways
        return image
    return image if converted is None else converted


def _by_properties(image: Image.Image, properties: Mapping[str, object]) -> Image.Image:
    """Convert a picture by the ``color_primaries`` and ``transfer_characteristics`` of its file."""
    transfer: Transfer = _TRANSFERS.get(properties.get("transfer_characteristics"), "sdr")
    primaries: Primaries = _PRIMARIES.get(properties.get("color_primaries"), "bt709")
    if image.mode not in ("RGB", "RGBA") or (transfer == "sdr" and primaries == "bt709"):
        return image
    codes = (np.asarray(image.convert("RGB")).astype(np.uint32) * _TOP_CODE // _TOP_BYTE).astype(np.uint16)
    colours = [codes[..., number] for number in range(3)]
    converted = Image.fromarray(to_sdr(colours, transfer, primaries, peak=highlights(colours, transfer)))
    if image.mode == "RGBA":
        converted.putalpha(image.getchannel("A"))
    return converted
