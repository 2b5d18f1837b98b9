"""The assistant that answers a request, once it is ready."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from assistant.assembly import Assistant

NOT_READY = "L'assistant n'est pas prêt. Réessayez dans quelques secondes."


def _assistant(request: Request) -> Assistant:
    found = getattr(request.app.state, "assistant", None)
    if not isinstance(found, Assistant):
        raise HTTPException(503, NOT_READY)
    return found


Ready = Annotated[Assistant, Depends(_assistant)]
