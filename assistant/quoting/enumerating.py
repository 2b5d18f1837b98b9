"""Questions about a list as a whole: all its points, how many, those of a value, the largest.

A list answers when its own words (headings, what announces it, names of columns) say what is asked;
what they do not say must be said by its points, which are then those asked for. A number is said of
a list that is whole only, and a comparison of values of one column only, which are quoted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from weakref import WeakKeyDictionary

from assistant import messages
from assistant.proof.claims import read
from assistant.proof.paraphrases import is_light, root
from assistant.question.asking import Asking
from assistant.question.logic import Compared, excludes
from assistant.quoting.citations import Quote
from assistant.quoting.lists import MOST, List, bulleted, cells, title
from index.french.analysis import expansions, fold, stem, synonyms, tokens
from index.french.numbers import canonical
from index.passages import Passage
from index.search.retriever import Query
from index.stores.register import FORM, Register

# Words that ask for a list or compare, and say nothing of what is listed.
_ASKING = frozenset(
    tokens(
        "liste lister listes énumère énumérer cite citer cites donne donner donnez nomme nommer "
        "nom noms nombre total complète complet entière entier montre montrer affiche détail parmi "
        "connaître voir reçu reçus reçue reçues touché obtenu perçu gros grosse élevé élevée "
        "important importante faible fort haut bas"
    )
)
_ROOT = 7  # letters: « subvention » begins « subventionnée », « commun » not « communauté »
# Ends of adjectives made of a noun: « sportives » of « sport », « culturelle » of « culture ».
_DERIVED, _NOUN = re.compile(r"(?:if|iv|el|al)$"), 5
_SENTENCE = 15  # words: a point that long says something of its own
_MANY = 10  # points that one counts at a glance
_NO = re.compile(r"non\b|pas\b|refus|rejet|exclu|aucun")
_YES = re.compile(r"oui\b|x\b|retenu|accept|accord")
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FIGURE = re.compile(r"\d+(?:,\d+)?(?: ?[^\W\d_]{1,12}\d?| ?[€%])?")
_PART = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def told(
    asked: Asking, query: Query, lists: Iterable[List], home: Collection[str] = ()
) -> tuple[Quote, ...]:
    """The answer of the list that says all that is asked; nothing where no list does.

    home    the tokens that name the town, which its own documents need not say
    """
    wanted = _wanted(asked, query, home)
    measured = asked.compared is not None and bool(asked.compared.measure)
    if not wanted and not measured:
        return ()
    fits = list(filter(None, (_fit(found, wanted, asked, query) for found in lists)))
    if not wanted and len(fits) > 1:  # « laquelle a le plus d'adhérents ? », of which list?
        return ()
    for fit in sorted(fits, key=lambda fit: (len(fit.rest), -fit.year)):
        if asked.compared is not None:
            if said := _largest(fit, asked, query):
                return said
        elif asked.counted or asked.listing or fit.rest:
            return _enumerated(fit, asked)
    return ()


_tables: WeakKeyDictionary[Register, tuple[List, ...]] = WeakKeyDictionary()


def tables(register: Register) -> tuple[List, ...]:
    """The lists whose rows are found by name, each whole."""
    if register not in _tables:
        by_list: dict[str, list[Passage]] = {}
        for row in register.rows:
            by_list.setdefault(row.document_id, []).append(row)
        _tables[register] = tuple(map(List.of_file, by_list.values()))
    return _tables[register]


def _wanted(asked: Asking, query: Query, home: Collection[str]) -> list[str]:
    """The tokens that a list must say: not those that only say what is done with it."""
    light = {stem(word) for word in query.words if is_light(root(word))}
    measure = asked.compared.measure if asked.compared else frozenset()
    return [
        token
        for token in query.tokens
        if token not in _ASKING and token not in home and token not in light - {*asked.counted}
        if token not in measure and not any(token.startswith(one) for one in measure)
    ]


@dataclass(frozen=True, slots=True)
class _Fit:
    """A list that says what is asked, and its points that say `rest`, what its own words do not.

    `year` is the last one that it names, 0 for none.
    """

    found: List
    items: tuple[Quote, ...]
    rest: tuple[str, ...]
    year: int


def _fit(found: List, wanted: Sequence[str], asked: Asking, query: Query) -> _Fit | None:
    names, frame = _held(found.names, query), _held(found.frame, query)
    items = _agreeing(found, query.tokens, refused=bool(asked.denied))
    split = len(items) < len(found.items)
    if not split and excludes(found.names) is not bool(asked.denied):
        return None
    wanted = [token for token in wanted if token not in asked.denied or _says(token, names)]
    # A word that names a row is no synonym of what the list is of: « la boulangerie », of shops.
    titled = {token for item in found.items for token in tokens(title(item))} - frame
    rest = tuple(token for token in wanted if not _says(token, frame))
    named = tuple(token for token in wanted if token in titled and token not in rest)
    if asked.compared is not None:
        thing, where = tuple(asked.compared.measure) or tuple(wanted), frame
    else:
        thing, where = asked.counted[:1] or tuple(wanted), names
    if not any(_says(token, where) for token in thing):
        return None
    if asked.compared is not None:
        asked_of = tuple(item for item in items if {*query.tokens}.issuperset(tokens(title(item))))
        if len(asked_of) > 1:
            items = asked_of
            rest = tuple(t for t in rest if not any(_says(t, tokens(title(i))) for i in items))
        if rest:
            return None
    elif rest:
        items = tuple(item for item in items if _holds(item, (*rest, *named), query))
    if not items:
        return None
    if rest and not found.table and max(len(item.text.split()) for item in items) > _SENTENCE:
        return None
    years = [int(year) for year in _YEARS.findall(found.frame)]
    return _Fit(found, items, rest, max(years, default=0))


def _held(text: str, query: Query) -> frozenset[str]:
    found = tokens(text)
    return frozenset(found) | frozenset(expansions(found, query.acronyms))


def _says(token: str, held: Collection[str]) -> bool:
    if not synonyms(token).isdisjoint(held):
        return True
    if (root := _DERIVED.sub("", token)) != token and len(root) >= _NOUN and root in held:
        return True
    if len(token) < _ROOT:
        return False
    return any(len(t) >= _ROOT and (t.startswith(token) or token.startswith(t)) for t in held)


def _holds(item: Quote, rest: Sequence[str], query: Query) -> bool:
    """Whether a point says words of the question.

    « Martin » is not Saint-Martin-du-Bois; nor, of a row found by its name, Saint Martin.
    """
    asked = {*query.tokens, *query.expanded}
    row = item.passage.form in ("row", FORM)
    values = [cell.value for cell in cells(item)] if row else [item.text]
    held: set[str] = set()
    for value in values:
        if row and value == title(item) and not asked.issuperset(tokens(value)):
            continue
        held |= set(tokens(value))
        for part in _PART.findall(value):
            if "-" in part and not asked.issuperset(tokens(part)):
                held -= set(tokens(part))
    return all(_says(token, held) for token in rest)


def _agreeing(found: List, wanted: Sequence[str], *, refused: bool) -> tuple[Quote, ...]:
    """The rows that say yes, or no, in the column that the question names; else all of them."""
    if not found.table:
        return found.items
    rows = [{cell.column: fold(cell.value) for cell in cells(item)} for item in found.items]
    told = {
        column: [_NO.match(row.get(column, "")) is not None for row in rows]
        for column in filter(None, rows[0])
        if all(_NO.match(v) or _YES.match(v) for v in (row.get(column, "") for row in rows))
    }
    named = [c for c in told if any(_says(token, tokens(c)) for token in wanted)]
    # « Refusées » names no column « Retenue : oui », which is the only one that says it.
    column = named[0] if named else next(iter(told), "") if refused and len(told) == 1 else ""
    kept = zip(found.items, told.get(column, ()), strict=False)
    return tuple(item for item, said_no in kept if said_no is refused) or found.items


def _enumerated(fit: _Fit, asked: Asking) -> tuple[Quote, ...]:
    """The points asked for, and how many there are where the list is whole."""
    found, items = fit.found, fit.items
    if len(items) > MOST:
        return ()
    if len(items) < len(found.items):
        sure = found.is_whole and (asked.counted or len(items) > _MANY)
        note = messages.some_of_list(len(items), len(found.items), found.table) if sure else ""
    elif found.is_whole:
        told = asked.counted or len(items) > _MANY
        note = messages.length_of_list(len(items), found.table) if told else ""
    else:
        note = messages.UNCOUNTED if asked.counted else ""
    if found.lead is not None:  # what is ours comes first: it answers
        lead = replace(found.lead, before=f"\n{note}\n" if note else " ")
        return (lead, *bulleted(items))
    return tuple(bulleted(items, note)) if len(items) > 1 or note else items


# --- The largest


def _largest(fit: _Fit, asked: Asking, query: Query) -> tuple[Quote, ...]:
    """The row whose value is the largest, or the smallest, and the one after it.

    Nothing where the values are not of one column and one unit, or where some of them are missing.
    """
    assert asked.compared is not None
    compared, items = asked.compared, fit.items
    if not fit.found.table or len(items) < 2:
        return ()
    if _lacking(fit.found, items, compared, query):
        return ()
    column = _measured(items, compared.measure, tokens(fit.found.frame), query.tokens) or ""
    known = [(value, item) for item in items if (value := _value(item, column)) is not None]
    known.sort(key=lambda pair: -compared.sign * pair[0])
    (first, top), (second, under) = known[:2]
    named = len(items) < len(fit.found.items)
    note = messages.largest(
        title(top),
        column,
        None if named else len(items),
        most=compared.sign > 0,
        equal=first == second,
    )
    return tuple(bulleted([top, under], note))


def lacking(found: List, asked: Asking, query: Query) -> str:
    """What a table lacks to say which of its rows is the largest; "" for nothing, or for a list."""
    if asked.compared is None or not found.table:
        return ""
    return _lacking(found, found.items, asked.compared, query) or messages.OTHER_ROWS


def _lacking(found: List, items: Sequence[Quote], compared: Compared, query: Query) -> str:
    column = _measured(items, compared.measure, tokens(found.frame), query.tokens)
    if column is None:
        return messages.NO_COLUMN
    if len(items) == len(found.items) and not found.is_whole:
        return messages.part_of_table(column)
    empty = sum(_value(item, column) is None for item in items)
    return messages.empty_cells(empty, column) if empty else ""


def _measured(
    items: Sequence[Quote],
    measure: frozenset[str],
    frame: Collection[str],
    asked: Collection[str],
) -> str | None:
    """The column that the question measures; the one that it names, or the only one of figures,
    where the whole table is of what it measures: « la plus grosse subvention en 2025 »."""
    columns = [cell.column for cell in cells(items[0])[1:] if cell.column]
    # No synonym: « année » is one of « durée », and is not how long a street is.
    named = [c for c in columns if not measure.isdisjoint(tokens(c))]
    figures = [c for c in columns if all(_value(item, c) is not None for item in items)]
    if named:
        return named[0]
    whole = not measure or any(_says(token, frame) for token in measure)
    said = [c for c in figures if tokens(c) and set(tokens(c)) <= set(asked)]
    figures = said or figures
    return figures[0] if len(figures) == 1 and whole else None


def _value(item: Quote, column: str) -> Decimal | None:
    """The figure of a cell that holds one only."""
    value = next((cell.value for cell in cells(item) if cell.column == column), "")
    value = canonical(value)
    if not _FIGURE.fullmatch(value):
        return None
    claims = read(value)
    figure = claims[0].value if len(claims) == 1 else None
    return figure if figure is not None else Decimal(value) if _YEARS.fullmatch(value) else None
