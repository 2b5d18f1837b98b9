"""What must be on the disk before anything points at it, why it cannot be, and what is there."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

# Bytes: under that, what failed to be written failed for want of room.
_ROOM = 1_000_000
_FULL = ("no space left", "disk is full", "disk full", "quota exceeded")
_LOCKED = ("read-only", "readonly")

_PLACE = "libérez de la place, puis relancez"
_RIGHTS = "vérifiez les droits sur ce dossier, ou donnez-en un autre (ASSISTANT_VAR), puis relancez"
_WHY = {
    errno.ENOSPC: ("le disque est plein", _PLACE),
    errno.EDQUOT: ("la place accordée sur ce disque est épuisée", _PLACE),
    errno.EROFS: ("ce disque est en lecture seule", _RIGHTS),
    errno.EACCES: ("l'accès est refusé", _RIGHTS),
    errno.EPERM: ("l'accès est refusé", _RIGHTS),
    errno.ENOENT: ("ce dossier n'existe pas", _RIGHTS),
    errno.EIO: ("le disque ne répond pas", "vérifiez-le, puis relancez"),
    errno.ENOTDIR: ("un fichier tient la place d'un dossier", "déplacez-le, puis relancez"),
    errno.EEXIST: ("un fichier tient la place d'un dossier", "déplacez-le, puis relancez"),
    errno.EISDIR: ("un dossier tient la place d'un fichier", "déplacez-le, puis relancez"),
}


def trouble(error: BaseException, place: Path) -> str | None:
    """Why nothing can be written, in French and with the remedy; None when the disk is not why.

    Libraries have errors of their own: then their words, or the room that is left, tell.
    """
    code = error.errno if isinstance(error, OSError) else None
    path = error.filename if isinstance(error, OSError) and error.filename else place
    if code not in _WHY:
        said = str(error).lower()
        if any(words in said for words in _FULL) or _left(place) < _ROOM:
            code = errno.ENOSPC
        elif any(words in said for words in _LOCKED):
            code = errno.EROFS
        else:
            return None
    why, remedy = _WHY[code]
    return f"{os.fspath(path)} : {why}. {remedy[0].upper()}{remedy[1:]}."


def _left(place: Path) -> int:
    """The bytes left where a folder is, or would be."""
    for folder in (place, *place.absolute().parents):
        try:
            return shutil.disk_usage(folder).free
        except OSError:
            continue
    return _ROOM


def record(path: Path) -> dict[str, Any]:
    """A JSON object that a command wrote; empty when there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def flush(path: Path) -> None:
    """Wait until the disk holds a file, or the entries of a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
