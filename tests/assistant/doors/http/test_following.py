from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest

from assistant import assembly
from assistant.doors.http.following import Following
from assistant.settings import Settings
from index.encoder.embedding import load
from index.generation import live


@pytest.mark.usefixtures("checked_here")
def test_a_server_answers_from_what_is_published_without_being_asked(
    own: Settings, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    builder = own.model_copy(update={"generations": str(shared)})
    other = {"generations": str(shared), "var": tmp_path / "other", "poll": 3600.0}
    embedder = load(own.model)
    shelf = assembly.published(builder, embedder)
    assert shelf is not None
    shelf.publish(live(own.index))
    with closing(assembly.assemble(own.model_copy(update=other))) as assistant:
        assert assistant.retriever.generation.number == "000001"
        fiche = own.catalogue.parent / "fiches" / "piscine.md"
        fiche.write_text(fiche.read_text("utf-8").replace("8 novembre", "9 novembre"), "utf-8")
        assembly.build(builder)
        with closing(Following(lambda: [assistant], 0.01)):
            until = time.monotonic() + 60
            while assistant.retriever.generation.number != "000002":
                assert time.monotonic() < until
                time.sleep(0.01)
