"""The search offered to LangChain: a retriever that any chain of theirs takes.

    embedder = load("")  # index.encoder.embedding: the model that ships
    generation = Generation(live(Path("var/index")), embedder)  # index.generation
    passages = PassageRetriever(retriever=Retriever(generation), limit=5)
    chain = {"context": passages, "question": RunnablePassthrough()} | prompt | model

Nothing of ours imports this module: langchain_core was a quarter of what a start without a writer
imports (0.45 of 1.9 s of processor time, 2026-11).
"""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from index.passages import Hit
from index.search.retriever import Retriever


class PassageRetriever(BaseRetriever):
    """Passages as LangChain's documents, best first; safe to call from several threads.

    Metadata: id, document_id, title, source, headings, page, score. `source`, which their chains
    cite by, is the publication's address, "" when it has none.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    limit: int = Field(default=10, ge=1)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [self._document(hit) for hit in self.retriever.search(query, self.limit).hits]

    def _document(self, hit: Hit) -> Document:
        passage = hit.passage
        published = self.retriever.generation.documents[passage.document_id]
        return Document(
            id=passage.id,
            page_content=passage.text,
            metadata={
                "id": passage.id,
                "document_id": passage.document_id,
                "title": published.title,
                "source": published.url or "",
                "headings": list(passage.headings),
                "page": passage.page,
                "score": hit.score,
            },
        )
