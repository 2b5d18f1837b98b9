"""What the weekly report says: of questions, of sources, of quality, and what to write next."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

from assistant.assembly import REPORT, Assistant
from assistant.errors import InputError
from assistant.measuring import golden
from assistant.measuring.golden import Run, Verdict
from assistant.records.answers import Answers, State, Version
from assistant.records.questions import Asked, Counts, Filter, counts, listed, oldest, total
from assistant.records.store import Store
from assistant.records.vain import Mark
from assistant.validated.gaps import Group
from corpus import report
from corpus.catalogue import Contact
from corpus.documents import Document
from corpus.errors import ParseError
from corpus.snapshots import Change, Snapshots
from index.passages import Passage

SPAN = timedelta(days=7)
_GROUPS, _USELESS, _CHANGES = 15, 15, 40  # that are shown
_GAPS = 10  # groups to write for that nobody marked
_SOON = timedelta(days=30)  # before the day after which an answer is to be read again


@dataclass(frozen=True, slots=True)
class Vain:
    """Questions of one meaning that were asked in vain: how often in the time told, and in as much
    before; None where the journal does not go as far."""

    group: Group
    count: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Questions:
    """What people asked since a day, `since`. `shortened`: the journal goes back no further.

    `before` counts those of as many days before, None where the journal does not go as far. `vain`
    is what was not answered, None where the groups are not made yet; `unanswered` counts it.
    """

    since: date
    shortened: bool
    counted: Counts
    before: int | None
    useless: Sequence[Asked]
    reasons: Mapping[str, int]
    vain: Sequence[Vain] | None
    unanswered: int
    gaps: Sequence[Vain]


@dataclass(frozen=True, slots=True)
class Sources:
    """What became of what is read. `problems` are a title, what is wrong and what to do."""

    changes: Sequence[Change]
    changed: int
    problems: Sequence[tuple[str, str]]
    contacts: Sequence[Contact]
    overdue: Sequence[Document]


@dataclass(frozen=True, slots=True)
class Quality:
    """The last run of the golden questions, and the one before; `lost` are right no more."""

    last: Run
    before: Run | None

    @property
    def lost(self) -> Sequence[str]:
        then = self.before.verdicts if self.before else {}
        return [
            asked
            for asked, became in self.last.verdicts.items()
            if became is not Verdict.RIGHT and then.get(asked) is Verdict.RIGHT
        ]

    @property
    def failed(self) -> Mapping[str, Verdict]:
        return {a: b for a, b in self.last.verdicts.items() if b is not Verdict.RIGHT}


@dataclass(frozen=True, slots=True)
class Week:
    """The report. `questions` is None where nothing is kept, `quality` where nothing was asked."""

    since: date
    until: date
    questions: Questions | None
    sources: Sources
    review: Sequence[Version]
    soon: Sequence[Version]
    drafts: int
    quality: Quality | None
    titles: Mapping[str, str]
    entries: Mapping[str, str]


def week(
    assistant: Assistant, store: Store, var: Path, since: date | None = None, wait: float = 0.0
) -> Week:
    """The report from a day to today; of seven days when None. Raises InputError, JournalError.

    wait    seconds that the groups of questions may take to be made
    """
    until = date.today()
    since = since or until - SPAN + timedelta(days=1)
    if since > until:
        raise InputError("Le rapport ne peut pas commencer après aujourd'hui : choisissez un jour.")
    assistant.context()  # has the validated answers that no longer stand marked « à revoir »
    documents = assistant.retriever.generation.documents
    versions = Answers(store).all()
    runs = golden.runs(var)
    soon = (until + _SOON).isoformat()
    return Week(
        since,
        until,
        _questions(assistant, store, since, until, wait) if assistant.journal else None,
        _sources(assistant, report.read(var / REPORT), since, until),
        [v for v in versions if v.state is State.REVIEW],
        [v for v in versions if v.state is State.VALIDATED and v.content.expires <= soon],
        sum(v.state is State.DRAFT for v in versions),
        Quality(runs[-1], runs[-2] if len(runs) > 1 else None) if runs else None,
        {id: document.title for id, document in documents.items()},
        {entry.id: entry.title for entry in assistant.catalogue.entries},
    )


def _questions(
    assistant: Assistant, store: Store, since: date, until: date, wait: float
) -> Questions:
    assert assistant.journal is not None
    first = date.fromisoformat(oldest(until, assistant.journal.days))
    begin = max(since, first)
    span = until - begin + timedelta(days=1)
    earlier = begin - span
    known = earlier >= first
    with store.reading() as connection:
        counted = counts(connection, Filter(since=begin.isoformat()))
        last = (begin - timedelta(days=1)).isoformat()
        then = Filter(since=earlier.isoformat(), until=last)
        before = total(connection, then) if known else None
        judged = Filter(since=begin.isoformat(), opinion="inutile")
        useless = list(listed(connection, judged))
    reasons = Counter(each for asked in useless for each in json.loads(asked.reasons or "[]"))
    groups = _vain(assistant, begin, earlier if known else None, wait)
    asked = [each for each in groups or () if each.count]
    return Questions(
        begin,
        begin != since,
        counted,
        before,
        useless[:_USELESS],
        reasons,
        None if groups is None else asked[:_GROUPS],
        sum(each.count for each in asked),
        [
            *(each for each in groups or () if each.group.mark is Mark.TO_WRITE),
            *[each for each in asked if each.group.mark is None][:_GAPS],
        ],
    )


def _vain(
    assistant: Assistant, begin: date, earlier: date | None, wait: float
) -> list[Vain] | None:
    """All the groups, those asked most since a day first; before it, from `earlier` on."""
    assert assistant.gaps is not None
    generation, deadline = assistant.retriever.generation, time.monotonic() + wait
    while (found := assistant.gaps.now(generation)) is None and time.monotonic() < deadline:
        pass  # it waits by itself
    if found is None:
        return None
    border, first = begin.isoformat(), earlier.isoformat() if earlier else None
    told = []
    for group in found.groups:
        days = [pair for one in group.asked for pair in one.days.items()]
        count = sum(number for day, number in days if day >= border)
        before = sum(number for day, number in days if first and first <= day < border)
        told.append(Vain(group, count, before if first else None))
    return sorted(told, key=lambda each: -each.count)


def _sources(assistant: Assistant, report: Mapping[str, Any], since: date, until: date) -> Sources:
    catalogue = assistant.catalogue
    problems = [
        (line["title"], f"{line['problem']}. {line['remedy']}")
        for line in report.get("sources", [])
        if line["problem"]
    ]
    changes: Sequence[Change] = ()
    try:
        copies = Snapshots(catalogue.path, keep=False)
    except ParseError as error:
        problems.append(("Copies des sources", str(error)))
    else:
        start = datetime.combine(since, clock()).astimezone(UTC).isoformat(timespec="microseconds")
        changes = copies.changes((entry.id for entry in catalogue.entries), start)
        for entry in catalogue.entries:
            status = copies.statuses.get(entry.id)
            if entry.enabled and status is not None and status.problem:
                said = f"{status.problem} ({status.failures} fois de suite)."
                problems.append((entry.title, said))
    contacts = (catalogue.town.contact, *catalogue.contacts)
    documents = assistant.retriever.generation.documents.values()
    today = until.isoformat()
    return Sources(
        changes[:_CHANGES],
        len(changes),
        problems,
        [each for each in contacts if each.is_empty or each.is_old(until)],
        [each for each in documents if each.review and each.review < today],
    )


def place(passage: Passage, titles: Mapping[str, str]) -> str:
    """Where a passage stands: its document, then its headings."""
    title = titles[passage.document_id]
    return " › ".join([title, *(h for h in passage.headings if h != title)])


def excerpt(passage: Passage, longest: int = 140) -> str:
    """How a passage begins, cut between two words."""
    text = " ".join(passage.text.split())
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + "…"
