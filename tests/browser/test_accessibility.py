"""What the widget owes to people who read, hear or handle it otherwise (RGAA 4.1, WCAG 2.2)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from .double import Double, Widget, answer, events, refusal, violations

SIZES = [(1280, 800), (640, 400), (320, 256)]  # 640 and 320 are 1280 at 200 % and 400 %


def closed(widget: Widget) -> None:
    widget.visit("privacy-url=https://www.exemple.fr/donnees")


def opened(widget: Widget) -> None:
    widget.visit(
        "privacy-url=https://www.exemple.fr/donnees contact-url=https://www.exemple.fr/contact"
    ).open()


def inline(widget: Widget) -> None:
    widget.visit("mode=inline").ask()


def waiting(widget: Widget) -> None:
    widget.double.streams(b": ping\n\n", holds=True)
    opened(widget)
    widget.send()
    expect(widget.page.get_by_role("button", name="Arrêter")).to_be_visible()


def answered(widget: Widget) -> None:
    opened(widget)
    widget.ask()


def citation_open(widget: Widget) -> None:
    answered(widget)
    for button in widget.page.get_by_role("button", name="Voir le passage").all():
        button.click()


def refused(widget: Widget) -> None:
    widget.double.says(refusal())
    answered(widget)


def error(widget: Widget) -> None:
    widget.double.sends(503, "application/problem+json", {"status": 503, "detail": "En panne."})
    opened(widget)
    widget.send()
    expect(widget.page.get_by_role("alert")).to_contain_text("En panne.")


def judged(widget: Widget) -> None:
    answered(widget)
    widget.page.get_by_role("button", name="Non").click()
    expect(widget.page.get_by_text("Merci, votre avis est enregistré.")).to_be_visible()


def parting(widget: Widget) -> None:
    answered(widget)
    widget.page.get_by_role("button", name="La garder pendant ma visite").click()
    widget.page.get_by_role("button", name="Texte plus grand").click()
    widget.page.get_by_role("button", name="Nouvelle conversation").click()


STATES = [
    closed, opened, inline, waiting, answered, citation_open, refused, error, judged, parting
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(
    widget: Widget, state: Callable[[Widget], None], size: tuple[int, int], scheme: str
) -> None:
    widget.page.set_viewport_size({"width": size[0], "height": size[1]})
    widget.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    state(widget)
    assert violations(widget.page) == []
    # Reflow (1.4.10): nothing to scroll sideways, in the page or in the panel.
    wider = widget.page.evaluate(
        """() => [document.scrollingElement,
          ...document.querySelector('assistant-pvd').shadowRoot.querySelectorAll('.panel, .scroll')]
          .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.className)"""
    )
    assert wider == []


def test_the_notice_comes_before_the_first_question_and_stays_at_hand(widget: Widget) -> None:
    widget.visit().open()
    field = widget.page.get_by_label("Votre question")
    expect(widget.page.get_by_text("pas avec un agent de la mairie")).to_be_visible()
    expect(field).to_have_accessible_description(re.compile("intelligence artificielle"))
    widget.ask()
    notice = widget.page.get_by_text("À savoir")
    expect(widget.page.get_by_text("pas avec un agent de la mairie")).to_be_hidden()
    notice.click()
    expect(widget.page.get_by_text("pas avec un agent de la mairie")).to_be_visible()


def test_the_field_has_a_visible_label(widget: Widget) -> None:
    widget.visit().open()
    expect(widget.page.locator("assistant-pvd label")).to_be_visible()
    field = widget.page.get_by_label("Votre question")
    assert field.get_attribute("placeholder") is None
    size: str = field.evaluate("(field) => getComputedStyle(field).fontSize")
    assert float(size.removesuffix("px")) >= 16  # below, iOS zooms in


HEARD = """() => {
  const root = document.querySelector('assistant-pvd').shadowRoot
  const node = root.querySelector('.hush[role=status]')
  const heard = []
  new MutationObserver(() => heard.push(node.textContent)).observe(node,
    { childList: true, characterData: true, subtree: true })
  return [node.textContent, heard]
}"""


def test_an_answer_is_announced_once(widget: Widget) -> None:
    widget.double.says(answer(), every=11)
    widget.visit().open()
    heard = widget.page.evaluate_handle(HEARD)
    widget.ask()
    told = answer()["text"]
    assert heard.json_value() == [
        "",  # there, and empty, before the first question
        ["Recherche dans les documents…", f"Réponse de l’assistant\u00a0: {told}"],
    ]
    assert widget.page.locator("assistant-pvd .scroll").get_attribute("aria-live") is None


def test_an_english_answer_is_announced_in_english(widget: Widget) -> None:
    widget.double.says(answer(("The agreement was signed in 2021.", [1]), language="en"))
    widget.visit().open().ask("When was it signed?")
    heard = widget.page.locator("assistant-pvd .hush[role=status]")
    expect(heard).to_have_text("Réponse de l’assistant\u00a0: The agreement was signed in 2021.")
    expect(heard.locator("span")).to_have_attribute("lang", "en")


def test_a_long_answer_is_announced_in_part(widget: Widget) -> None:
    widget.double.says(answer(("é" * 601, [1])))
    widget.visit().open()
    heard = widget.page.evaluate_handle(HEARD)
    widget.ask()
    told: str = heard.json_value()[1][1]
    assert told.endswith("é… (réponse complète dans la conversation)")
    assert told.count("é") == 600 + "Réponse… (réponse complète".count("é")


def test_a_long_address_at_the_end_of_a_sentence_breaks(widget: Widget) -> None:
    widget.page.set_viewport_size({"width": 320, "height": 640})
    widget.double.says(answer((f"Le site est www.{'communaute-' * 6}exemple.fr.", [1])))
    widget.visit().open()
    widget.ask()
    text = widget.page.locator("assistant-pvd .text").last
    expect(text).to_contain_text("exemple.fr.")
    assert text.evaluate("text => text.scrollWidth <= text.clientWidth")


def test_the_whole_journey_by_keyboard(widget: Widget) -> None:
    """Open, ask, read a passage, stop, close; the focus is never lost to the page's body."""
    widget.visit("contact-url=https://www.exemple.fr/contact")
    page = widget.page
    lost = page.evaluate_handle(
        """() => {
          const lost = []
          const root = document.querySelector('assistant-pvd').shadowRoot
          root.addEventListener('focusout', () => setTimeout(() => {
            if (document.activeElement === document.body) lost.push(Date.now())
          }))
          return lost
        }"""
    )

    def tab_to(name: str, key: str = "Tab") -> None:
        for _ in range(20):
            page.keyboard.press(key)
            if name in widget.focused():
                return
        raise AssertionError(f"{name} cannot be reached with {key}")

    tab_to("button.launcher")
    page.keyboard.press("Enter")
    assert widget.focused() == "textarea.field"
    page.keyboard.type("Quand ?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copier", exact=True).wait_for()
    assert widget.focused() == "textarea.field"
    tab_to("button.pill", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("assistant-pvd .pill").last).to_have_attribute("aria-expanded", "true")
    tab_to("textarea.field")
    begun = events(answer())
    widget.double.streams(begun[: begun.index(b"event: done")], holds=True)
    page.keyboard.type("Et ensuite ?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Arrêter")).to_be_visible()
    tab_to("button.stop")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Arrêter")).to_be_hidden()
    assert widget.focused() == "textarea.field"
    tab_to("button.again", "Shift+Tab")
    page.keyboard.press("Enter")
    assert widget.focused() == "button.yes"
    page.keyboard.press("Enter")
    assert widget.focused() == "textarea.field"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert widget.focused() == "button.launcher"
    assert lost.json_value() == []


def test_a_passage_button_keeps_the_focus_while_the_answer_goes_on(widget: Widget) -> None:
    begun = events(answer())
    second = begun.index(b"event: sentence", begun.index(b"event: sentence") + 1)
    widget.double.streams(begun[:second], holds=True)
    widget.visit().open().send()
    button = widget.page.get_by_role("button", name="Voir le passage 1")
    button.focus()
    widget.double.chunks.append(begun[second:])
    widget.double.holds = False
    widget.page.get_by_role("button", name="Copier", exact=True).wait_for()
    assert "1er octobre 2020" in widget.text(".text")
    expect(button).to_be_focused()


def test_the_page_cannot_take_the_focus_behind_a_full_screen_panel(widget: Widget) -> None:
    widget.page.set_viewport_size({"width": 375, "height": 812})
    widget.visit().open()
    for _ in range(12):
        widget.page.keyboard.press("Tab")
        assert widget.focused() not in ("a", "button")  # the host page's own
    widget.page.keyboard.press("Escape")
    expect(widget.page.get_by_role("dialog")).to_be_hidden()
    assert widget.focused() == "button.launcher"


def test_targets_are_44_pixels(widget: Widget) -> None:
    citation_open(widget)
    small = widget.page.evaluate(
        """() => {
          const root = document.querySelector('assistant-pvd').shadowRoot
          const reaches = (one, dx, dy) => {
            one.scrollIntoView({ block: 'center' })
            const { x, y, width, height } = one.getBoundingClientRect()
            const hit = root.elementFromPoint(x + width / 2 + dx, y + height / 2 + dy)
            // Within a text, two lines share the room between them.
            return one.contains(hit) || one.matches('.pill') && hit.matches('.pill')
          }
          return [...root.querySelectorAll('button, summary, textarea')]
            .filter((one) => one.checkVisibility({ visibilityProperty: true }))
            .filter((one) => ![[0, -21], [0, 21], [-21, 0], [21, 0]]
              .every(([dx, dy]) => reaches(one, dx, dy)))
            .map((one) => one.localName + '.' + one.className)
        }"""
    )
    assert small == []


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (320, 640)], ids=str)
def test_text_at_200_percent_leaves_room_for_the_answer(
    widget: Widget, size: tuple[int, int]
) -> None:
    widget.page.set_viewport_size({"width": size[0], "height": size[1]})
    widget.double.says(answer(("Une longue phrase. " * 60, [1])))
    widget.visit("privacy-url=https://www.exemple.fr/donnees")
    widget.page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet()
          sheet.replaceSync('html { font-size: 200% }')
          document.adoptedStyleSheets.push(sheet)
        }"""
    )
    widget.page.locator("assistant-pvd .launcher").click()
    widget.ask()
    room, question, right, close = widget.page.evaluate(
        """() => {
          const root = document.querySelector('assistant-pvd').shadowRoot
          const box = (selector) => root.querySelector(selector).getBoundingClientRect()
          return [box('.scroll').height, box('.question').top - box('.scroll').top,
            box('.asked').right, box('.close').left]
        }"""
    )
    assert room >= 0.5 * size[1]
    assert abs(question) <= 1  # the header and the notice have left
    assert right <= close  # and the button that stays hides nothing
    expect(widget.page.get_by_role("button", name="Fermer l’assistant")).to_be_in_viewport(ratio=1)
    field = widget.page.get_by_label("Votre question")
    one = field.bounding_box()
    field.fill("Une question qui est un peu longue pour une seule ligne du champ. " * 5)
    many = field.bounding_box()
    assert one is not None and many is not None
    assert one["height"] * 1.5 < many["height"] < 0.4 * size[1]


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_launcher_is_one_line_of_a_phone(widget: Widget, width: int, language: str) -> None:
    widget.page.set_viewport_size({"width": width, "height": 844})
    box = widget.visit(lang=language).page.locator("assistant-pvd .launcher").bounding_box()
    assert box is not None
    assert 44 <= box["height"] <= 50
    assert box["width"] <= 240


def test_text_spacing_cuts_nothing(widget: Widget) -> None:
    # WCAG 1.4.12, set where a reader's own style sheet would: inside.
    widget.visit().open()
    widget.page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet()
          sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
            word-spacing: .16em !important } p { margin-bottom: 2em !important }`)
          document.querySelector('assistant-pvd').shadowRoot.adoptedStyleSheets.push(sheet)
        }"""
    )
    widget.ask()
    cut = widget.page.evaluate(
        """() => [...document.querySelector('assistant-pvd').shadowRoot
          .querySelectorAll('button:not(.pill), summary, p:not(.hush), h2')]
          .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
          .map((one) => one.className)"""
    )
    assert cut == []


@pytest.mark.parametrize("contrast", ["active", "none"])
def test_it_stands_still_and_survives_forced_colours(
    browser: Browser, double: Double, contrast: str
) -> None:
    context = browser.new_context(
        reduced_motion="reduce", forced_colors="active" if contrast == "active" else "none"
    )
    widget = Widget(context.new_page(), double)
    double.streams(b": ping\n\n", holds=True)
    widget.visit().open().send()
    assert widget.page.evaluate("document.getAnimations().length") == 0
    border = widget.page.locator("assistant-pvd .send").evaluate(
        "(send) => getComputedStyle(send).borderStyle"
    )
    assert border == "solid"  # what is left of a button once its background is gone
    assert violations(widget.page) == []
    context.close()
