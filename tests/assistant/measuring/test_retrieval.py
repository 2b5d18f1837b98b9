"""What `assistant evaluate --retrieval` measures, says and keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.doors.cli.commands import commands
from assistant.errors import InputError
from assistant.measuring.evaluation import Question
from assistant.measuring.reports import LABELS
from assistant.measuring.retrieval import chosen, of_questions, read_results
from assistant.settings import Settings
from index.generation import Generation
from index.measuring.noise import VARIANTS

Run = Callable[..., Result]


def question(id: str, facts: tuple[str, ...], kind: str = "fact", **more: str) -> Question:
    fields = {"expect": "answer", "split": "fit", "text": "Combien ?"} | more
    return Question(
        id, fields["text"], kind, (), facts, (), (), fields["expect"], id, fields["split"]
    )


@pytest.fixture
def run(assistant_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("catalogue", "var", "model"):
        monkeypatch.setenv(f"ASSISTANT_{name.upper()}", str(getattr(assistant_settings, name)))

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(commands, ["evaluate", "--retrieval", *map(str, words)])

    return invoke


@pytest.fixture
def animals(tmp_path: Path) -> Path:
    folder = tmp_path / "animaux"
    folder.mkdir()
    corpus = ["Le chat miaule.", "Le chien aboie.", "La vache meugle."]
    rows = [json.dumps({"_id": f"d{n}#0", "text": text}) for n, text in enumerate(corpus)]
    (folder / "corpus.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (folder / "queries.jsonl").write_text(
        '{"_id": "a", "text": "Qui fait le marché ?"}\n{"_id": "b", "text": "ORT ?"}',
        encoding="utf-8",
    )
    (folder / "qrels.tsv").write_text("a\td0\nb\td1\n", encoding="utf-8")
    return folder


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    asked = [
        ("t1", "Combien de communes ont signé une ORT ?", ["3"], "answer", "fit"),
        ("t2", "Quel jour a lieu le marché ?", ["4"], "answer", "held"),
        ("t3", "Quel temps fait-il ?", [], "refuse", "fit"),
    ]
    path = tmp_path / "nos-questions.jsonl"
    rows = [
        {
            "id": id,
            "question": text,
            "kind": "fact",
            "history": [],
            "answer_facts": facts,
            "must_contain": [],
            "must_not_contain": [],
            "expect": expect,
            "split": split,
        }
        for id, text, facts, expect, split in asked
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_every_variant_has_its_french_name() -> None:
    assert list(LABELS) == list(VARIANTS)


def test_a_passage_is_right_when_it_states_a_fact_of_the_answer(generation: Generation) -> None:
    questions = [
        question("a", ("3",)),  # of two rows of a table
        question("b", ("4", "2")),
        question("refused", ("3",), expect="refuse"),
        question("spoken", ("3",), kind="english"),
        question("unknown", ("3", "99")),
        question("nothing", ()),
    ]
    judged = of_questions("nous", questions, generation.passages)
    assert [asked.id for asked in judged.questions] == ["a", "b"]
    assert judged.relevant["a"] == {"ort#2": 1, "ort#3": 1}
    assert set(judged.relevant["b"]) == {"marche#1", "ort#1", "glossaire#2"}
    assert judged.whole is False
    assert judged.notes == ("4 question(s) sans passage à trouver : laissées de côté.",)


def test_questions_without_any_fact_to_find_are_refused(generation: Generation) -> None:
    with pytest.raises(InputError, match="nous : aucune question"):
        of_questions("nous", [question("a", ("99",))], generation.passages)


def test_variants_are_chosen_by_name_each_once() -> None:
    assert chosen("sms, clean,sms") == ["sms", "clean"]
    for wrong in ("clean,texto", "", ","):
        with pytest.raises(InputError, match="clean, accents, typo1"):
            chosen(wrong)


def test_our_questions_are_searched_in_the_live_index(run: Run, ours: Path, tmp_path: Path) -> None:
    told = run(ours, "--variants", "clean,capitals", "--out", tmp_path / "r.jsonl")
    assert told.exit_code == 0, told.output
    assert "nos-questions : 2 questions jugées par passage" in told.stdout
    assert "1 question(s) sans passage à trouver" in told.stdout
    kept = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert [(r["variant"], r["id"]) for r in kept] == [
        ("clean", "t1"),
        ("clean", "t2"),
        ("capitals", "t1"),
        ("capitals", "t2"),
    ]
    assert kept[0]["measures"]["hit@1"] == 1.0
    assert kept[0]["found"][0] in ("ort#2", "ort#3")
    assert kept[2]["question"] == "COMBIEN DE COMMUNES ONT SIGNE UNE ORT ?"


def test_a_split_is_kept_alone_and_named(run: Run, ours: Path) -> None:
    told = run(ours, "--split", "held", "--variants", "clean")
    assert "nos-questions/held : 1 questions" in told.stdout


def test_a_folder_needs_no_index_and_shows_its_worst_questions(
    run: Run, animals: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ASSISTANT_VAR", str(tmp_path / "nowhere"))
    told = run(animals, "--variants", "clean")
    assert told.exit_code == 0, told.output
    assert "animaux : 2 questions jugées par document, 3 passages" in told.stdout
    assert "Les 2 moins bonnes" in told.stdout
    assert "attendu : d0" in told.stdout
    assert "moins bonnes" not in run(animals, "--variants", "clean", "--worst", 0).stdout


def test_a_run_is_compared_with_an_earlier_one(run: Run, ours: Path, tmp_path: Path) -> None:
    kept = tmp_path / "r.jsonl"
    run(ours, "--variants", "clean", "--out", kept)
    records = [json.loads(line) for line in kept.read_text().splitlines()]
    now = records[0]["measures"]["ndcg@10"]
    # one question loses .25 of nDCG, the other nothing: -.125 on average
    records[0]["measures"]["ndcg@10"] = now + 0.25
    kept.write_text("\n".join(map(json.dumps, records)))
    told = run(ours, "--variants", "clean", "--against", kept)
    assert "-0,1250 [-0,2500 ; +0,0000]  2 questions" in told.stdout
    told = run(ours, "--variants", "sms", "--against", kept)
    assert "Rien de commun" in told.stdout


def test_what_nothing_answers_is_told_apart_by_group(
    run: Run, ours: Path, animals: Path, tmp_path: Path
) -> None:
    far = animals / "queries.jsonl"
    told = run(ours, "--variants", "clean", "--far", far, "--near", animals, "--near", ours)
    assert told.exit_code == 0, told.output
    groups = told.stdout[told.stdout.index("Savoir dire non") :].splitlines()[2:7]
    assert [" ".join(line.split()[:-2]) for line in groups] == [
        "lointaines (animaux) 2",
        "proches (animaux) 2",
        "proches (nos-questions) 1",  # of ours, those that expect a refusal
        "fact 1",  # the file's own, by kind
        "réponse retirée 2",
    ]


def test_strangers_without_a_question_are_refused(run: Run, ours: Path, tmp_path: Path) -> None:
    told = run(ours, "--split", "held", "--far", ours)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "aucune question sans réponse" in told.stderr


def test_options_that_would_be_ignored_are_refused(run: Run, ours: Path) -> None:
    told = run(ours, "--show")
    assert (told.exit_code, told.stderr) == (
        1,
        "Erreur : --show ne sert pas avec --retrieval : retirez cette option.\n",
    )
    told = CliRunner().invoke(commands, ["evaluate", str(ours), "--worst", "3"])
    assert told.exit_code == 1 and "--worst ne sert qu'avec --retrieval" in told.stderr


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"set": "a", "variant": "b", "id": "c"}'])
def test_a_file_that_is_no_earlier_run_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "r.jsonl").write_text("\n" + line)
    with pytest.raises(InputError, match=r"r\.jsonl:2 : .*--out"):
        read_results(tmp_path / "r.jsonl")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--variants", "texto"], "Variante inconnue : « texto »"),
        (["--chart", "tableau.xls"], "tableau.xls : donnez à --chart un nom en .svg"),
        (["--chart", "nulle/part.svg"], "nulle : ce dossier n'existe pas"),
        ([], "qrels.tsv manque"),
    ],
)
def test_what_is_wrong_is_said_in_french_without_a_traceback(
    run: Run, animals: Path, words: list[str], said: str
) -> None:
    (animals / "qrels.tsv").unlink()
    told = run(animals, *words)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith("Erreur : ") and said in told.stderr
