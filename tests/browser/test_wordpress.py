"""The plugin, in a real WordPress: set, placed as a short code and as a block, used, removed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.doors.pages.guide import contrast

from . import wordpress
from .double import lacking
from .wordpress import PASSWORD, PLUGIN, Site

QUESTION = "Qui a signé la convention ORT de Guichen ?"
SETTINGS = "/wp-admin/options-general.php?page=assistant_pvd"


@pytest.fixture(scope="module")
def site(site_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A WordPress with the plugin active and not set; a later test finds it as the last left it."""
    if missing := wordpress.missing():
        lacking("WordPress", *missing)
    with wordpress.running(tmp_path_factory.mktemp("wordpress"), site_port) as found:
        yield found


@pytest.fixture
def admin(site: Site, browser: Browser) -> Iterator[Page]:
    """The browser of who runs the site."""
    page = browser.new_context(locale="fr-FR").new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{site.url}/wp-login.php")
    page.locator("#user_login").fill("mairie")
    page.locator("#user_pass").fill(PASSWORD)
    page.locator("#wp-submit").click()
    expect(page.locator("#wpadminbar")).to_be_attached()
    yield page
    page.context.close()


def save(admin: Page, **fields: str) -> None:
    for name, value in fields.items():
        admin.locator(f"#{name}").fill(value)
    admin.locator("#submit").click()


def test_its_php_is_php() -> None:
    if "php-cli" in wordpress.missing():
        lacking("PHP", "php-cli")
    for file in PLUGIN.rglob("*.php"):
        done = subprocess.run(["php", "-l", file], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_before_it_is_set_visitors_see_nothing(site: Site, admin: Page, page: Page) -> None:
    page.goto(site.page("court"))
    assert "assistant" not in page.locator(".entry-content").inner_text()
    admin.goto(site.page("court"))
    expect(admin.get_by_text("L’assistant n’est pas encore réglé")).to_be_visible()


def test_settings_that_cannot_be_are_refused_and_stay_as_they_were(
    site: Site, admin: Page, served: str
) -> None:
    admin.goto(site.url + SETTINGS)
    expect(admin.get_by_text(f"ajoutez {site.url}.")).to_be_visible()  # to ASSISTANT_ORIGINS
    save(admin, server=f"{served}/", privacy="https://www.exemple.fr/donnees", accent="#6699cc")
    refused = admin.locator(".settings-error.notice-error")
    expect(refused).to_have_count(1)
    ratio = f"{contrast('#6699cc', '#ffffff'):.2f}".replace(".", ",")
    expect(refused).to_contain_text(f"avec des mots blancs est de {ratio} pour 1, il en faut 4,5")
    expect(admin.locator("#server")).to_have_value(served)
    expect(admin.locator("#accent")).to_have_value("#17527d")
    save(admin, server=f"{site.url}/rien")
    expect(refused).to_contain_text("l’assistant ne répond pas à cette adresse")
    expect(admin.locator("#server")).to_have_value(served)
    save(admin, accent="#aa4400", contact="https://www.exemple.fr/contact")
    expect(refused).to_have_count(0)
    expect(admin.locator("#accent")).to_have_value("#aa4400")


def test_a_form_without_its_nonce_changes_nothing(site: Site, admin: Page) -> None:
    admin.goto(site.url + SETTINGS)
    admin.locator("#_wpnonce").evaluate("(nonce) => { nonce.value = 'faux' }")
    save(admin, contact="https://ailleurs.exemple/")
    assert "https://www.exemple.fr/contact" in site.php("print_r(get_option('assistant_pvd'));")


@pytest.mark.parametrize("how", ["court", "bloc"])
def test_a_visitor_asks_and_is_answered(site: Site, page: Page, served: str, how: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(site.page(how))
    if how == "court":  # a button at the bottom of the window
        page.get_by_role("button", name="Poser une question (IA)").click()
    page.get_by_label("Votre question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Voir le passage 1").first.click(timeout=30_000)
    expect(page.locator("assistant-pvd mark").first).to_be_visible()
    header = page.locator("assistant-pvd .header")
    colour = header.evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert colour == "rgb(170, 68, 0)"
    for name, address in (("Données personnelles", "donnees"), ("Contacter la mairie", "contact")):
        link = page.get_by_role("link", name=name)
        expect(link).to_have_attribute("href", f"https://www.exemple.fr/{address}")
    script = page.locator("script[src*=assistant-pvd]")
    assert (script.count(), script.get_attribute("type")) == (1, "module")
    assert re.fullmatch(r"sha384-.{64}", script.get_attribute("integrity") or "")
    assert {re.sub(r"/[^/]*$", "", url) for url in requests if url.startswith(served)} <= {
        f"{served}/widget/0.1.0", f"{served}/api/v1"
    }  # fmt: skip
    others = [url for url in requests if not url.startswith((served, site.url, "data:"))]
    assert [url for url in others if not url.startswith("blob:")] == []


def test_a_page_without_it_loads_nothing_of_it(site: Site, page: Page) -> None:
    page.goto(site.page("sans"))
    assert "assistant-pvd" not in page.content()


def test_the_editor_places_the_block(site: Site, admin: Page) -> None:
    admin.goto(f"{site.url}/wp-admin/post.php?post={site.pages['bloc']}&action=edit")
    admin.get_by_role("button", name="Close dialog").click()  # WordPress's welcome
    select = admin.get_by_label("Où il se tient")
    expect(select).to_have_value("inline")
    select.select_option("launcher")
    content = admin.evaluate("wp.data.select('core/editor').getEditedPostContent()")
    assert content == '<!-- wp:assistant-pvd/assistant {"mode":"launcher"} /-->'


def test_another_version_of_the_server_is_followed(site: Site, served: str, tmp_path: Path) -> None:
    site.php("update_option('assistant_pvd_file', ['src' => 'x', 'integrity' => 'y']);")
    told = site.php("do_action('assistant_pvd_daily'); print_r(get_option('assistant_pvd_file'));")
    assert f"{served}/widget/0.1.0/assistant-pvd.js" in told


def test_removed_it_leaves_nothing(site: Site) -> None:
    left = "foreach (wp_load_alloptions() as $n => $v) if (strpos($n . $v, 'istant_pvd')) echo $n;"
    assert "assistant_pvd_file" in site.php(left)
    site.php(
        "require ABSPATH . 'wp-admin/includes/plugin.php'; "
        "deactivate_plugins('assistant-pvd/assistant-pvd.php'); "
        "uninstall_plugin('assistant-pvd/assistant-pvd.php');"
    )
    assert site.php(left) == ""
