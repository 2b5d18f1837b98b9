"""Towns are opened when they are asked, closed when memory is wanted, and never touch another."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from country import BROKEN, LANVALEC, VALBOURG
from sqlalchemy import NullPool, create_engine, func, select, text

from assistant.answers import Outcome
from assistant.errors import InputError
from assistant.records.journal import answers
from assistant.settings import Settings
from assistant.towns.registry import NotReady, Towns, UnknownTown


class Memory:
    """What the process is said to take."""

    taken = 0

    def __call__(self) -> int:
        return self.taken


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def towns(country: Settings, memory: Memory) -> Iterator[Towns]:
    opened = Towns(country, memory)
    yield opened
    opened.close()


def codes(towns: Towns) -> list[str]:
    return [town.insee for town in towns.open]


def test_each_answers_of_its_own_documents_and_all_of_the_national_ones(towns: Towns) -> None:
    with towns.using(LANVALEC) as one, towns.using(VALBOURG) as other:
        said = one.assistant.answer("Quand le lavoir de Lanvalec est-il ouvert ?")
        assert "de mai à septembre" in said.text
        assert "samedi" in other.assistant.answer("Quel jour a lieu le marché ?").text
        unknown = other.assistant.answer("Quand le lavoir de Lanvalec est-il ouvert ?")
        assert unknown.outcome is not Outcome.ANSWERED
        bases = {id(town.assistant.retriever.generation.base) for town in (one, other)}
        assert len(bases) == 1
        assert one.assistant.retriever.generation.base is not None
        assert one.assistant.journal is not None and other.assistant.journal is not None
        assert one.assistant.journal.recall(said.id) is not None
        assert other.assistant.journal.recall(said.id) is None


def test_a_town_that_cannot_be_opened_keeps_no_other(
    towns: Towns, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NotReady):
        towns.take(BROKEN)
    assert BROKEN in caplog.text and "clé inconnue" in caplog.text
    for unknown in ("99999", "../..", "75056"):
        with pytest.raises(UnknownTown):
            towns.take(unknown)
    with towns.using(VALBOURG):
        assert codes(towns) == [VALBOURG]


def test_the_one_asked_the_longest_ago_is_closed_first_never_while_it_answers(
    towns: Towns, memory: Memory
) -> None:
    with towns.using(VALBOURG):
        pass
    memory.taken = 10**12
    with towns.using(LANVALEC):
        assert codes(towns) == [LANVALEC]
        with towns.using(VALBOURG) as other:
            assert codes(towns) == [LANVALEC, VALBOURG]  # both are held
            assert other.assistant.answer("ORT").generation
    with towns.using(VALBOURG):
        assert codes(towns) == [LANVALEC, VALBOURG]


def test_a_town_that_is_closed_leaves_nothing_to_look_for(towns: Towns, memory: Memory) -> None:
    """Its memory is counted at once: it does not wait for Python to look for what is let go of."""
    with towns.using(VALBOURG) as town:
        town.assistant.answer("Quel jour a lieu le marché ?")
        index = weakref.ref(town.assistant.retriever.generation)
    del town
    memory.taken = 10**12
    gc.disable()
    try:
        with towns.using(LANVALEC):
            assert codes(towns) == [LANVALEC] and index() is None
    finally:
        gc.enable()


def test_a_crowd_opens_a_town_once(towns: Towns) -> None:
    found = []

    def ask() -> None:
        with towns.using(VALBOURG) as town:
            found.append(town)

    crowd = [threading.Thread(target=ask) for _ in range(8)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert len(found) == 8 and len(set(map(id, found))) == 1
    assert found[0].users == 0


def test_a_site_is_of_the_town_that_lists_it(towns: Towns) -> None:
    assert towns.by_origin("https://www.lanvalec.example") == LANVALEC
    assert towns.by_origin("https://ailleurs.example") is None


def test_one_is_asked_before_anyone_does_and_nothing_of_it_is_kept(towns: Towns) -> None:
    def kept() -> int:
        with towns.using(LANVALEC) as town:
            assert town.assistant.store is not None
            with town.assistant.store.reading() as connection:
                return connection.execute(select(func.count()).select_from(answers)).scalar_one()

    before = kept()
    towns.warm()
    (town,) = towns.open
    assert "by_id" in vars(town.assistant.retriever.generation)  # made when it is first quoted
    assert kept() == before and not town.users


def test_no_folder_is_told(country: Settings) -> None:
    with pytest.raises(InputError, match="assistant towns add"):
        Towns(country.model_copy(update={"towns": country.towns / "none"}))  # type: ignore[operator]


@pytest.mark.postgresql
def test_towns_share_a_postgresql_each_in_a_schema_of_its_own(
    country: Settings, memory: Memory, postgresql: str
) -> None:
    base = f"postgresql+psycopg://postgres@/postgres?host={postgresql}"
    settings = country.model_copy(update={"journal": base})
    servers = [Towns(settings, memory) for _ in range(2)]
    with servers[0].using(VALBOURG) as town, servers[0].using(LANVALEC) as other:
        said = town.assistant.answer("Quel jour a lieu le marché ?")
        assert town.assistant.journal is not None and other.assistant.journal is not None
        assert town.assistant.journal.recall(said.id) is not None
        assert other.assistant.journal.recall(said.id) is None
    with servers[1].using(VALBOURG) as town:
        assert town.assistant.journal is not None
        assert town.assistant.journal.recall(said.id) is not None
    with create_engine(base, poolclass=NullPool).begin() as connection:
        held = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%answers%'")
        assert connection.execute(held).scalar() == 1  # this one
        for insee in (VALBOURG, LANVALEC):
            connection.execute(text(f"DROP SCHEMA ville_{insee} CASCADE"))
    for each in servers:
        each.close()
