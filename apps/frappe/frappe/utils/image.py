"""Pictures made smaller.

Invariant: a picture keeps its kind and its proportions; what is no picture comes back unchanged.
"""

from __future__ import annotations

import io

_KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def optimize_image(
    content: bytes,
    content_type: str,
    max_width: int = 1024,
    max_height: int = 768,
    optimize: bool = True,
    quality: int = 85,
) -> bytes:
    """Give a picture scaled down to fit `max_width` and `max_height` pixels, written with `quality` (JPEG, WebP).

    Pictures of other kinds, those that would grow, and broken ones come back unchanged.
    """
    kind = _KINDS.get(content_type)
    if kind is None:
        return content
    from PIL import Image, ImageOps, UnidentifiedImageError  # wanted by few calls

    try:
        with Image.open(io.BytesIO(content)) as opened:
            picture = ImageOps.exif_transpose(opened) or opened
            picture.thumbnail((max_width, max_height), Image.Resampling.LANCZOS)
            output = io.BytesIO()
            picture.save(output, format=kind, optimize=optimize, quality=quality, save_all=False)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return content
    return output.getvalue() if output.tell() < len(content) else content


def strip_exif_data(content: bytes, content_type: str) -> bytes:
    """Give a picture without the facts that cameras put into it (place, time, device), turned upright."""
    kind = _KINDS.get(content_type)
    if kind is None:
        return content
    from PIL import Image, ImageOps  # wanted by few calls

    with Image.open(io.BytesIO(content)) as opened:
        upright = ImageOps.exif_transpose(opened) or opened
        bare = Image.new(upright.mode, upright.size)
        bare.paste(upright)
        output = io.BytesIO()
        bare.save(output, format=kind)
    return output.getvalue()
