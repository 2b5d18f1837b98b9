"""What is sent to the server, read whole within a size and a time, before anything parses it."""

from __future__ import annotations

import logging

import anyio
import anyio.to_thread
from fastapi import Request
from starlette.requests import ClientDisconnect

from assistant.doors.guichet import access
from assistant.doors.http.crowd.connections import PATIENCE
from assistant.doors.http.problems import Refused

_MOST = 64_000  # bytes: twenty turns of 2,000 characters of French in UTF-8, with room
_TOO_LONG = f"Le corps dépasse {_MOST} octets. Raccourcissez l'historique."
_FILE = 30_000_000  # bytes of a document that someone of the guichet sends
_TOO_LARGE = (
    "Ce fichier dépasse 30 Mo. Enregistrez-le moins lourd, ou mettez-le à la main dans le dossier "
    "de la ville."
)
_FILE_COMES_IN = 300.0  # seconds
_TOO_LATE = "L'envoi s'est interrompu avant la fin. Vérifiez votre connexion, puis réessayez."
_NOT_TEXT = "Le corps n'est pas du texte UTF-8. Encodez-le en UTF-8."

log = logging.getLogger(__name__)


async def whole(request: Request) -> bytes:
    """All that was sent. Raises Refused."""
    file = request.url.path == access.UPLOAD and await anyio.to_thread.run_sync(
        access.logged_in, request
    )
    most, too_long = (_FILE, _TOO_LARGE) if file else (_MOST, _TOO_LONG)
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > most:
        raise Refused(too_long, status=413)
    body = bytearray()
    try:
        with anyio.fail_after(_FILE_COMES_IN if file else PATIENCE):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise Refused(too_long, status=413)
        if not file:
            body.decode("utf-8")
    except TimeoutError as error:
        raise Refused(_TOO_LATE, status=408) from error
    except ClientDisconnect as error:
        log.info("a client left before the end of what it sent")
        raise Refused(_TOO_LATE, status=400) from error  # that nobody reads
    except UnicodeDecodeError as error:
        raise Refused(_NOT_TEXT, status=400) from error
    return bytes(body)
