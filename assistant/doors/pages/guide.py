"""/integration: the lines to paste in a site, and all that the widget lets a site choose."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.assembly import VERSION
from assistant.doors.http.assets import assets
from assistant.doors.http.ready import Ready
from assistant.doors.pages.site import page
from corpus.catalogue import URL

router = APIRouter(include_in_schema=False)

LEAST = 4.5  # WCAG 2.2, 1.4.3: between words and what is under them
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_MODES = ("launcher", "inline")
_DEFAULTS = {
    **{"site": "", "privacy": "", "contact": "", "mode": "launcher"},
    **{"accent": "#17527d", "words": "#ffffff"},
}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (« #17527d ») as WCAG 2 has it, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def wrong(chosen: dict[str, str]) -> dict[str, str]:
    """What cannot be in a choice, by the name of its field."""
    found = {}
    if _origin(chosen["site"]) is None:
        found["site"] = (
            "Écrivez l'adresse du site, depuis « https:// » : https://www.ma-commune.fr."
        )
    if not URL.fullmatch(chosen["privacy"]):
        found["privacy"] = (
            "Il faut l'adresse entière de la page qui dit comment les données personnelles sont "
            "traitées : le widget la montre avant la première question."
        )
    if chosen["contact"] and not URL.fullmatch(chosen["contact"]):
        found["contact"] = "Écrivez l'adresse entière, depuis « https:// », ou rien."
    if chosen["mode"] not in _MODES:
        found["mode"] = "Choisissez l'un des deux."
    if not (_COLOUR.fullmatch(chosen["accent"]) and _COLOUR.fullmatch(chosen["words"])):
        found["accent"] = "Écrivez chaque couleur avec six chiffres : #17527d."
    elif (ratio := contrast(chosen["accent"], chosen["words"])) < LEAST:
        found["accent"] = (
            f"Le contraste de ces deux couleurs est de {ratio:.2f} pour 1 : il en faut 4,5 pour "
            "que tout le monde puisse lire. Prenez un fond plus sombre, ou des mots plus clairs."
        ).replace(".", ",", 1)
    return found


def _origin(address: str) -> str | None:
    """« https://www.ma-commune.fr » of an address of that site; None when it is none."""
    if not URL.fullmatch(address):
        return None
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}"


@cache
def element() -> dict[str, Any]:
    """What custom-elements.json says of the element."""
    manifest = json.loads(assets()["custom-elements.json"].bodies[""])
    found: dict[str, Any] = manifest["modules"][0]["declarations"][0]
    return found


@router.get("/integration")
def guide(request: Request, assistant: Ready) -> HTMLResponse:
    """The guide; with a choice, the lines to paste for it, unless something in it cannot be."""
    sent = request.query_params
    chosen = {name: sent.get(name, default).strip() for name, default in _DEFAULTS.items()}
    troubles = wrong(chosen) if sent else {}
    origin = _origin(chosen["site"])
    return page(
        assistant,
        "integration.html",
        422 if troubles else 200,
        chosen=chosen,
        wrong=dict.fromkeys(_DEFAULTS, "") | troubles,
        failed=bool(troubles),
        ready=bool(sent) and not troubles,
        origin=origin,
        listed=origin in request.app.state.settings.origins,
        plain=(chosen["accent"], chosen["words"]) == (_DEFAULTS["accent"], _DEFAULTS["words"]),
        server=str(request.base_url).rstrip("/"),
        folder=f"{str(request.base_url).rstrip('/')}/widget/{VERSION}",
        files=assets(),
        element=element(),
    )
