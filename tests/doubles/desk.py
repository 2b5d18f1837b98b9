"""Browsers at the guichet of a test: each keeps its cookie and sends forms as pages of ours do."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

from fastapi.testclient import TestClient

from assistant.doors.guichet.access import ENTRY, TOKEN, token
from assistant.records.people import Role

ADDRESS = "https://testserver"
COOKIE = "__Host-guichet"
# An account of each role, named after it.
PASSWORDS = {role: f"{role.value[::-1]} à la fenêtre" for role in Role}


class Browser:
    """Someone's browser; redirections are not followed."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self.secret = ""

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> Any:
        """Send a form with its token, from the site itself."""
        sent = {TOKEN: token(self.secret)} | fields
        return self.send("POST", path, sent, {"origin": ADDRESS})

    def send(
        self, method: str, path: str, fields: dict[str, str] | None, headers: dict[str, str]
    ) -> Any:
        self._client.cookies.clear()
        if self.secret:
            headers = {"cookie": f"{COOKIE}={self.secret}"} | headers
        found = self._client.request(
            method, path, data=fields, headers={"accept": "text/html"} | headers,
            follow_redirects=False,
        )  # fmt: skip
        given = SimpleCookie(found.headers.get("set-cookie", ""))
        if COOKIE in given:
            self.secret = given[COOKIE].value
        return found

    def enter(self, name: str, password: str) -> Any:
        """Log in."""
        self.get(ENTRY)
        return self.post(ENTRY, name=name, password=password)
