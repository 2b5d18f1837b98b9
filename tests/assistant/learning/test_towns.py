"""The questions on documents of which nobody asked before are about what is in them."""

from pathlib import Path

import pytest

from assistant.learning import towns
from corpus import catalogue
from corpus.reading import entries
from index.chunking import chunk
from index.french.analysis import sentences

LEARNED = Path(towns.__file__).parent / "data" / "towns"
APART = Path(__file__).parents[2] / "quality" / "towns"


@pytest.mark.parametrize("folder", [LEARNED, APART], ids=["learned", "apart"])
def test_each_answer_is_a_sentence_of_its_document(folder: Path) -> None:
    said: dict[str, list[str]] = {}
    for document in entries.read(catalogue.load(folder / "catalogue.toml")):
        for passage in chunk(document):
            texts = [passage.text[start:end] for start, end in sentences(passage.text)]
            said.setdefault(document.id, []).extend(texts)
    asked = towns.questions(folder)
    lost = [one.text for one in asked if one.facts and not any(map(one.holds, said[one.document]))]
    assert lost == []
    assert 0.3 < sum(not one.facts for one in asked) / len(asked) < 0.5
