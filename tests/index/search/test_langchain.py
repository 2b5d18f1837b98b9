"""The search inside chains of LangChain's own, with its fake model."""

import pytest
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompt_values import PromptValue
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from index.search.langchain import PassageRetriever
from index.search.retriever import Retriever

QUESTION = "Combien de communes en 2026 ?"
BEST = ["Année : 2026 ; Communes : 1 646.", "Année : 2020 ; Communes : 1 200."]


@pytest.fixture
def passages(retriever: Retriever) -> PassageRetriever:
    return PassageRetriever(retriever=retriever, limit=2)


def test_it_gives_passages_as_their_documents(passages: PassageRetriever) -> None:
    found = passages.invoke(QUESTION)
    assert [document.page_content for document in found] == BEST
    assert found[0].id == "ort#3"
    assert found[0].metadata == {
        "id": "ort#3",
        "document_id": "ort",
        "title": "L'opération de revitalisation de territoire",
        "source": "",  # a fiche of ours has no address
        "headings": [
            "L'opération de revitalisation de territoire",
            "Combien de communes ont signé une ORT ?",
        ],
        "page": None,
        "score": pytest.approx(1.0),
    }


def test_a_chain_of_theirs_gives_the_passages_to_its_model(passages: PassageRetriever) -> None:
    sent: list[str] = []

    def told(prompt: PromptValue) -> PromptValue:
        sent.append(prompt.to_string())
        return prompt

    def joined(found: list[Document]) -> str:
        return "\n".join(f"[{document.id}] {document.page_content}" for document in found)

    chain = (
        {"context": passages | RunnableLambda(joined), "question": RunnablePassthrough()}
        | ChatPromptTemplate.from_template("{context}\n\n{question}")
        | RunnableLambda(told)
        | FakeListChatModel(responses=["1 646 communes [ort#3]."])
        | StrOutputParser()
    )
    assert chain.invoke(QUESTION) == "1 646 communes [ort#3]."
    assert sent == [f"Human: [ort#3] {BEST[0]}\n[ort#2] {BEST[1]}\n\n{QUESTION}"]


def test_a_batch_is_searched_in_threads(passages: PassageRetriever) -> None:
    found = passages.batch([QUESTION, "Quel jour a lieu le marché ?"] * 3)
    assert [documents[0].id for documents in found] == ["ort#3", "marche#1"] * 3


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_it_is_awaited(passages: PassageRetriever) -> None:
    assert [document.page_content for document in await passages.ainvoke(QUESTION)] == BEST


def test_it_wants_a_search_and_a_limit_over_zero(retriever: Retriever) -> None:
    with pytest.raises(ValidationError):
        PassageRetriever(retriever=retriever, limit=0)
    with pytest.raises(ValidationError):
        PassageRetriever.model_validate({"retriever": "chroma"})
