from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from lxml import html

from assistant.answers import Answer, Outcome, Sentence
from assistant.doors.http.api import create
from assistant.doors.pages.asking import blocks
from assistant.question.history import MAX_TURNS
from assistant.settings import Settings

POOL = "Quand le marché de Valbourg a-t-il lieu ?"
SITE = "https://www.valbourg.example"


@pytest.fixture(scope="module")
def client(assistant_settings: Settings) -> Iterator[TestClient]:
    listed = assistant_settings.model_copy(update={"origins": [SITE]})
    with TestClient(create(listed)) as started:
        yield started


def read(text: str) -> html.HtmlElement:
    return html.fromstring(text)


def texts(page: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in page.xpath(path)]


def turns(page: html.HtmlElement) -> list[str]:
    return [str(field.value) for field in page.xpath("//input[@name='history']")]


def test_the_form_asks_for_no_script(client: TestClient) -> None:
    response = client.get("/poser")
    page = read(response.text)
    assert page.xpath("//script") == []
    assert page.xpath("//form/@method") == ["post"]
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]


def test_a_question_is_answered_with_its_proof(client: TestClient) -> None:
    page = read(client.post("/poser", data={"question": POOL}).text)
    same = client.post("/api/v1/answers", json={"question": POOL}).json()
    for sentence in same["sentences"]:
        assert sentence["text"] in " ".join(texts(page, "//*[@class='said'] | //article//li"))
    assert texts(page, "//mark") == [c["quote"] for c in same["citations"]]
    (first, *_) = same["citations"]
    assert page.xpath("//a[@href='#preuve-1']") and page.xpath("//*[@id='preuve-1']")
    assert first["sources"][0]["url"] in page.xpath("//ol[@class='proofs']//a/@href")


def test_a_follow_up_travels_in_the_form(client: TestClient) -> None:
    page = read(client.post("/poser", data={"question": POOL}).text)
    kept = turns(page)
    assert kept[0] == POOL and len(kept) == 2
    again = client.post("/poser", data={"question": "et où se tient-il ?", "history": kept})
    assert "sous les halles" in texts(read(again.text), "//article")[0]
    assert turns(read(again.text))[:2] == kept
    assert POOL in texts(read(again.text), "//details[last()]")[0]


def test_what_is_too_old_is_left_behind(client: TestClient) -> None:
    kept = [f"tour {number}" for number in range(30)]
    page = read(client.post("/poser", data={"question": POOL, "history": kept}).text)
    assert len(turns(page)) == MAX_TURNS and turns(page)[0] == f"tour {32 - MAX_TURNS}"


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("", "La question est vide\u00a0: écrivez-la en quelques mots."),
        ("???", "La question ne contient aucun mot\u00a0: écrivez-la en quelques mots."),
        ("o" * 501, "La question dépasse 500 caractères\u00a0: raccourcissez-la."),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(
    client: TestClient, question: str, wrong: str
) -> None:
    response = client.post("/poser", data={"question": question, "history": ["a", "b"]})
    page = read(response.text)
    assert response.status_code == 422
    assert texts(page, "//*[@role='alert']") == [wrong.replace("\u00a0", " ")]
    assert page.xpath("//textarea")[0].value.strip() == question
    assert turns(page) == ["a", "b"]


def test_a_style_that_does_not_exist_is_refused(client: TestClient) -> None:
    response = client.post("/poser", data={"question": POOL, "style": "chanté"})
    assert response.status_code == 422
    assert "Cette façon de répondre n&#39;existe pas" in response.text


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", ""])
def test_what_is_no_form_is_a_page_that_says_so(client: TestClient, kind: str) -> None:
    headers = {"content-type": kind, "accept": "text/html"}
    response = client.post("/poser", content=b"{}", headers=headers)
    assert response.status_code == 400
    assert texts(read(response.text), "//main//p")[0].startswith("Ce formulaire ne peut pas")


def test_markup_that_is_typed_stays_text(client: TestClient) -> None:
    typed = "<img src=x onerror=alert(1)> marché de Valbourg ?"
    page = read(client.post("/poser", data={"question": typed, "history": [typed, typed]}).text)
    assert page.xpath("//img | //*[@onerror]") == []
    assert typed in turns(page)


def test_personal_data_does_not_travel_on(client: TestClient) -> None:
    page = client.post("/poser", data={"question": f"{POOL} Mon numéro : 06 12 34 56 78"}).text
    assert "06 12 34 56 78" not in page


def test_a_frame_is_for_the_sites_that_are_listed(client: TestClient) -> None:
    policy = client.get("/embed").headers["content-security-policy"]
    assert f"frame-ancestors 'self' {SITE};" in policy
    page = read(client.post("/embed", data={"question": POOL}).text)
    assert texts(page, "//article//h2") == ["Réponse de l’assistant"]
    out = page.xpath("//article//a[starts-with(@href, '/')]")
    assert out and all(link.get("target") == "_blank" for link in out)


def test_a_wrong_address_is_a_page_for_a_person_and_json_for_a_program(client: TestClient) -> None:
    person = client.get("/rien", headers={"accept": "text/html,*/*"})
    assert (person.status_code, texts(read(person.text), "//h1")) == (404, ["Introuvable"])
    assert client.get("/rien").json()["status"] == 404
    program = client.get("/api/v1/rien", headers={"accept": "text/html"})
    assert program.headers["content-type"] == "application/problem+json"


def test_a_list_is_a_list() -> None:
    one, two, three = (Sentence(text, ()) for text in ("a", "b", "c"))
    answer = Answer("1", Outcome.ANSWERED, "On peut : \n- a\n- b c fin", (one, two, three))
    assert [(b.listed, [s.text if s else t for t, s in b.parts]) for b in blocks(answer)] == [
        (False, ["On peut : "]),
        (True, ["a", "b"]),
        (False, ["c", " fin"]),
    ]
