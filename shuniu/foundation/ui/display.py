"""How large a person wants it: 字号 小/中/大 and 长辈版, kept in two cookies, nowhere else."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

FONT_SCALES = ("", "m", "l")
MODES = ("", "elder")
YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Display:
    """`font_scale` is '', 'm' or 'l'; `mode` is '' or 'elder'."""

    font_scale: str = ""
    mode: str = ""


def display_of(request: HttpRequest) -> Display:
    """What the cookies say; anything unknown counts as not chosen."""
    scale, mode = request.COOKIES.get("scale", ""), request.COOKIES.get("mode", "")
    return Display(scale if scale in FONT_SCALES else "", mode if mode in MODES else "")


def remember(response: HttpResponse, request: HttpRequest) -> None:
    """Keeps what the switches of this request say for a year; the other choice stays as it was."""
    for cookie, name, allowed in (("scale", "font_scale", FONT_SCALES), ("mode", "mode", MODES)):
        value = request.GET.get(name)
        if value is not None and value in allowed:
            response.set_cookie(
                cookie, value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
            )
