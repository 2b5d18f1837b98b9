"""All the routes of the guichet, under what protects each of them."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from assistant.doors.guichet import (
    answers,
    entry,
    gaps,
    journal,
    lookup,
    people,
    provider,
    report,
    sources,
)
from assistant.doors.guichet.access import HOME, unforged

router = APIRouter(include_in_schema=False, dependencies=[Depends(unforged)])
for page in (entry, provider, lookup, journal, gaps, answers, report, sources, people):
    router.include_router(page.router, prefix=HOME)
