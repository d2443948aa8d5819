"""Versions of the media libraries."""

from __future__ import annotations


def decoder_versions() -> tuple[tuple[str, str], ...]:
    """Return name and version of each library that opens files."""
    import av  # noqa: PLC0415  # only the doctor asks
    import PIL  # noqa: PLC0415
    import pillow_heif  # noqa: PLC0415

    codec = ".".join(str(part) for part in av.library_versions["libavcodec"])
    return (
        ("FFmpeg", av.ffmpeg_version_info),
        ("FFmpeg libavcodec", codec),
        ("PyAV", av.__version__),
        ("Pillow", PIL.__version__),
        ("libheif", pillow_heif.libheif_version()),
    )
