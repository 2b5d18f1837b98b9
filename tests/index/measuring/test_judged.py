"""Folders of judged questions: what is read, and what is said of a wrong line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from index.errors import JudgedError
from index.measuring.judged import Asked, document, read, read_passages

CORPUS = [
    {"_id": "ort#0", "title": "ORT", "text": "Un contrat."},
    {"_id": "ort#d7", "title": "", "text": "Cinq ans."},
    {"_id": "marche", "text": "Le samedi."},
]
QUERIES = [{"_id": "q1", "text": "C'est quoi ?"}, {"_id": "q2", "text": "Quand ?"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\tort\t1\nq2\tmarche\t1\n"


def folder(
    path: Path,
    corpus: Sequence[Any] | str = CORPUS,
    queries: Sequence[Any] | str = QUERIES,
    qrels: str = QRELS,
    where: str = "qrels.tsv",
) -> Path:
    """A judged folder at `path`; a text stands for a whole file."""
    (path / where).parent.mkdir(parents=True, exist_ok=True)
    for name, given in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        text = given if isinstance(given, str) else "\n".join(json.dumps(row) for row in given)
        (path / name).write_text(text, encoding="utf-8")
    (path / where).write_text(qrels, encoding="utf-8")
    return path


def test_each_row_is_one_passage_under_its_own_id(tmp_path: Path) -> None:
    found = read(folder(tmp_path / "jeu"))
    assert [(p.id, p.document_id, p.headings, p.text) for p in found.passages] == [
        ("ort#0", "ort", ("ORT",), "Un contrat."),
        ("ort#d7", "ort", ("",), "Cinq ans."),
        ("marche", "marche", ("",), "Le samedi."),
    ]
    assert [d.id for d in found.documents] == ["ort", "marche"]
    assert found.judged.name == "jeu"
    assert found.judged.questions == (Asked("q1", "C'est quoi ?"), Asked("q2", "Quand ?"))
    assert found.judged.relevant == {"q1": {"ort": 1}, "q2": {"marche": 1}}
    assert found.judged.notes == ()


def test_numbered_ids_are_judged_by_document_and_others_as_they_are(tmp_path: Path) -> None:
    assert (document("F1#0"), document("F1#d7"), document("a#b#2")) == ("F1", "F1", "a#b")
    assert (document("p0_0"), document("#1")) == ("p0_0", "#1")
    assert read(folder(tmp_path / "a")).judged.unit("ort#d7") == "ort"
    plain = [{"_id": "ort", "text": "Un contrat."}, {"_id": "marche", "text": "Le samedi."}]
    judged = read(folder(tmp_path / "b", corpus=plain)).judged
    assert (judged.whole, judged.unit("ort")) == (False, "ort")


@pytest.mark.parametrize(
    ("qrels", "where"),
    [
        ("q1\tort\nq2\tmarche\n", "qrels.tsv"),  # two columns, no header
        ("query-id\tcorpus-id\nq1\tort\nq2\tmarche\n", "qrels.tsv"),
        ("q1\tort\t1\nq2\tmarche\t1\n", "qrels/test.tsv"),
        ("Question\tdocument\tnote\nq1\tort\t1\nq2\tmarche\t1\n", "qrels.tsv"),
        ("q1\t0\tort\t1\nq2\t0\tmarche\t1\n", "qrels.tsv"),  # TREC's four columns
        ("q1 0 ort 1\nq2 0 marche 1\n\n", "qrels.tsv"),
        ("q1\tort#0\t1\nq1\tort#d7\t0\nq2\tmarche\t1\n", "qrels.tsv"),  # its best passage's grade
    ],
)
def test_judgements_are_read_in_every_shape(tmp_path: Path, qrels: str, where: str) -> None:
    judged = read(folder(tmp_path, qrels=qrels, where=where)).judged
    assert judged.relevant == {"q1": {"ort": 1}, "q2": {"marche": 1}}


def test_a_question_named_as_a_header_is_a_question(tmp_path: Path) -> None:
    asked = [{"_id": "q", "text": "Quand ?"}]
    assert read(folder(tmp_path, queries=asked, qrels="q\tort\n")).judged.relevant == {
        "q": {"ort": 1}
    }


def test_a_question_without_a_relevant_document_is_left_out_and_said_so(tmp_path: Path) -> None:
    judged = read(folder(tmp_path, qrels="q1\tort\t2\nq2\tmarche\t0\n")).judged
    assert [question.id for question in judged.questions] == ["q1"]
    assert judged.relevant == {"q1": {"ort": 2}}
    assert judged.notes == ("1 question(s) sans document pertinent : laissées de côté.",)


def test_a_judged_document_that_the_corpus_lacks_counts_as_not_found(tmp_path: Path) -> None:
    judged = read(folder(tmp_path, qrels=QRELS + "q2\tfoire\t1\n")).judged
    assert judged.relevant["q2"] == {"marche": 1, "foire": 1}
    [note] = judged.notes
    assert note.startswith("1 document(s) jugés sont absents de corpus.jsonl (dont foire)")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"corpus": '{"_id": "a", "text": "x"}\n{'}, r"corpus\.jsonl:2 : .* n'est pas du JSON"),
        ({"corpus": "[1]"}, r"corpus\.jsonl:1 : .* objet JSON"),
        ({"corpus": [{"_id": "a"}]}, r"corpus\.jsonl:1 : le champ « text » manque"),
        ({"corpus": [{"text": "x"}]}, r"corpus\.jsonl:1 : le champ « _id » manque"),
        ({"corpus": [{"_id": "a", "text": 3}]}, r"corpus\.jsonl:1 : le champ « text »"),
        ({"corpus": [{"_id": "a", "text": "x", "title": 3}]}, r"corpus\.jsonl:1 : « title »"),
        ({"corpus": CORPUS + CORPUS[:1]}, r"corpus\.jsonl : « ort#0 » y est deux fois"),
        ({"corpus": ""}, r"corpus\.jsonl : aucun passage"),
        ({"queries": [{"_id": "q1", "text": " "}]}, r"queries\.jsonl:1 : le champ « text »"),
        ({"queries": QUERIES + QUERIES}, r"queries\.jsonl : « q1 » y est deux fois"),
        ({"qrels": "q1\tort\t1\nq9\tort\t1\n"}, r"qrels\.tsv:2 : la question « q9 »"),
        ({"qrels": "q1\tort\toui\n"}, r"qrels\.tsv:1 : cette ligne"),
        ({"qrels": "q1\tort\t0.5\n"}, r"qrels\.tsv:1 : cette ligne"),
        ({"qrels": "q1\n"}, r"qrels\.tsv:1 : cette ligne"),
        ({"qrels": ""}, r"qrels\.tsv : aucune question"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(JudgedError, match=said):
        read(folder(tmp_path, **given))


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named_with_the_shape_of_a_folder(tmp_path: Path, name: str) -> None:
    (folder(tmp_path) / name).unlink()
    with pytest.raises(JudgedError, match=rf"{name}.* manque.*qrels/test\.tsv"):
        read(tmp_path)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (folder(tmp_path) / "queries.jsonl").write_bytes(b'{"_id": "q1", "text": "\xe9"}')
    with pytest.raises(JudgedError, match=r"queries\.jsonl : .*UTF-8"):
        read(tmp_path)


def test_passages_to_learn_from_need_no_id_and_may_have_headings(tmp_path: Path) -> None:
    rows = [{"headings": ["ORT", "Durée"], "text": "Cinq ans."}, {"_id": "m#2", "text": "Samedi."}]
    documents, passages = read_passages(folder(tmp_path, corpus=rows) / "corpus.jsonl")
    assert [(p.id, p.document_id, p.headings) for p in passages] == [
        ("1", "1", ("ORT", "Durée")),
        ("m#2", "m", ("",)),
    ]
    assert [d.id for d in documents] == ["1", "m"]


def test_headings_that_are_not_texts_are_named_with_their_line(tmp_path: Path) -> None:
    rows = [{"_id": "a", "text": "Un."}, {"_id": "b", "headings": ["ORT", 3], "text": "Deux."}]
    with pytest.raises(JudgedError, match="corpus.jsonl:2 .* liste de textes"):
        read_passages(folder(tmp_path, corpus=rows) / "corpus.jsonl")
