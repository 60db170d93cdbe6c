"""QR codes that lead to the page where a paper is verified."""

from __future__ import annotations

import io

import segno


def qr_svg(address: str) -> str:
    """The code as SVG without any style or script: for a page's markup and for `check.svg` of a template."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=4, border=2, xmldecl=False, svgclass=None, lineclass=None, omitsize=False
    )
    return out.getvalue().decode().strip()


def qr_png(address: str, *, scale: int = 8) -> bytes:
    """The code as PNG, `scale` pixels a module."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=scale, border=2)
    return out.getvalue()
