"""Several towns behind one address: by their path, by their site, each with its own doors."""

import gc
import threading
import weakref
from collections.abc import Iterator

import anyio
import pytest
from country import BROKEN, LANVALEC, VALBOURG
from fastapi.testclient import TestClient

from assistant.doors.http.crowd.line import Line
from assistant.doors.http.towns import Served
from assistant.records.people import People, Role
from assistant.settings import Settings
from assistant.stopping import Switch
from assistant.towns.registry import Towns

LAVOIR = {"question": "Quand le lavoir de Lanvalec est-il ouvert ?"}
ANSWERS = "/api/v1/answers"
SITE = "https://www.lanvalec.example"


@pytest.fixture(scope="module")
def towns(country: Settings) -> Towns:
    return Towns(country)


@pytest.fixture(scope="module")
def client(towns: Towns) -> Iterator[TestClient]:
    with TestClient(Served(towns), "https://testserver", follow_redirects=False) as started:
        yield started


def test_a_town_is_asked_by_its_path(client: TestClient) -> None:
    assert "de mai à septembre" in client.post(f"/t/{LANVALEC}{ANSWERS}", json=LAVOIR).text
    assert client.post(f"/t/{VALBOURG}{ANSWERS}", json=LAVOIR).json()["outcome"] != "answered"
    assert client.get(f"/t/{LANVALEC}/api/v1/about").json()["town"] == "Lanvalec"
    assert client.get(f"/t/{VALBOURG}/readyz").json()["status"] == "ok"
    found = client.get(f"/t/{VALBOURG}/api/v1/passages", params={"q": "marché"}).json()
    assert found["hits"][0]["passage"]["document_id"] == "marche"


def test_a_page_of_a_listed_site_needs_no_path(client: TestClient) -> None:
    answered = client.post(ANSWERS, json=LAVOIR, headers={"origin": SITE})
    assert "de mai à septembre" in answered.text
    assert answered.headers["access-control-allow-origin"] == SITE
    asking = {"origin": SITE, "access-control-request-method": "POST"}
    assert client.options(ANSWERS, headers=asking).status_code == 200
    # Of another town, and of none: nothing that its page could read.
    other = client.post(f"/t/{VALBOURG}{ANSWERS}", json=LAVOIR, headers={"origin": SITE})
    assert "access-control-allow-origin" not in other.headers
    nowhere = client.post(ANSWERS, json=LAVOIR, headers={"origin": "https://ailleurs.example"})
    assert nowhere.status_code == 404 and "code Insee" in nowhere.json()["detail"]


def test_what_is_of_no_town_is_served_to_all(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/widget/0/assistant-pvd.js").status_code == 200
    assert client.get("/readyz").json()["status"] == "ok"
    assert client.get("/a-propos").status_code == 404


def test_one_town_in_trouble_keeps_no_other(client: TestClient) -> None:
    assert client.get(f"/t/{BROKEN}/").status_code == 503
    unknown = client.get("/t/75056/")
    assert unknown.status_code == 404 and "75056" in unknown.json()["detail"]
    assert client.get(f"/t/{VALBOURG}/").status_code == 200


def test_the_links_of_a_page_lead_to_its_town(client: TestClient) -> None:
    root = f"/t/{LANVALEC}"
    page = client.post(f"{root}/poser", data=LAVOIR, headers={"accept": "text/html"})
    assert "de mai à septembre" in page.text
    assert f'href="{root}/passages/' in page.text
    assert 'href="/' not in page.text.replace(f'href="{root}/', "")
    assert int(page.headers["content-length"]) == len(page.content)
    whole = client.get(root)
    assert client.head(root).headers["content-length"] == str(len(whole.content))


def test_the_switch_of_a_town_stops_it_alone(client: TestClient, country: Settings) -> None:
    switch = Switch(country.town(LANVALEC).var)
    switch.stop("marie")
    try:
        assert client.post(f"/t/{LANVALEC}{ANSWERS}", json=LAVOIR).status_code == 503
        assert client.post(f"/t/{VALBOURG}{ANSWERS}", json=LAVOIR).status_code == 200
    finally:
        switch.lift()


def test_the_guichet_of_a_town_knows_its_people_alone(client: TestClient, towns: Towns) -> None:
    with towns.using(LANVALEC) as town:
        assert town.assistant.store is not None
        People(town.assistant.store).add("marie", Role.AGENT, "essai", "une phrase assez longue")
    logged = {}
    for insee in (LANVALEC, VALBOURG):
        form = f"/t/{insee}/guichet/connexion"
        page = client.get(form, follow_redirects=True)
        csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        sent = {"csrf": csrf, "name": "marie", "password": "une phrase assez longue"}
        logged[insee] = client.post(form, data=sent, headers={"origin": "https://testserver"})
    there = logged[LANVALEC].headers.get("location")
    assert there == f"/t/{LANVALEC}/guichet", logged[LANVALEC].text
    assert logged[VALBOURG].status_code != 303
    assert client.get(f"/t/{LANVALEC}/guichet").status_code == 200
    assert client.get(f"/t/{VALBOURG}/guichet").headers["location"].startswith(f"/t/{VALBOURG}/")


def test_the_doors_of_a_town_that_is_closed_hold_it_no_more(
    client: TestClient, towns: Towns, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(f"/t/{LANVALEC}{ANSWERS}", json=LAVOIR)
    (town,) = (each for each in towns.open if each.insee == LANVALEC)
    index = weakref.ref(town.assistant.retriever.generation)
    del town
    for _ in range(3):  # the threads that answer hold the last request
        client.post(f"/t/{VALBOURG}{ANSWERS}", json=LAVOIR)
    monkeypatch.setattr(towns, "_used", lambda: 10**12)
    gc.disable()
    try:
        with towns.using(VALBOURG):
            towns._make_room()
            assert index() is None
    finally:
        gc.enable()


def test_the_crowd_of_a_town_keeps_no_other_waiting() -> None:
    async def play() -> list[str]:
        every, done, end = anyio.Semaphore(3), list[str](), threading.Event()
        crowd, other = Line(2, longest=60.0, every=every), Line(2, every=every)

        def answer(name: str, wait: bool) -> None:
            if not wait or end.wait(10):
                done.append(name)

        async def ask(line: Line, name: str, wait: bool) -> None:
            with line.place() as place:
                await place.run(lambda: answer(name, wait))

        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(ask, crowd, "crowd", True)
            while crowd.serving < 2:
                await anyio.sleep(0.01)
            await ask(other, "other", wait=False)
            end.set()
        return done

    done = anyio.run(play)
    assert done[0] == "other" and done.count("crowd") == 20
