"""The web servers before the assistant, run on loopback with the pages that we give: nginx, Caddy.

Of those pages, only names, ports, certificates and the servers behind are changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from databases import free_port, listening

ROOT = Path(__file__).parents[2]

_NGINX = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    # A balancer in the cloud, were there one before it: who asks is who it says.
    set_real_ip_from 127.0.0.0/8;
    real_ip_header X-Forwarded-For;
{page}
}}
"""


def nginx_page(*servers: str) -> str:
    """deploy/nginx.conf before a server, « machine:port »; as docs/replicas.md before two."""
    page = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    page = "server {" + page.rpartition("\nserver {")[2]  # without the one that sends to TLS
    if len(servers) == 1:
        return page.replace("127.0.0.1:8000", servers[0])
    replicas = (ROOT / "docs" / "replicas.md").read_text("utf-8")
    told = re.search(r"```nginx\n(.+?)# in the server .+?\n(.+?)```", replicas, re.DOTALL)
    assert told is not None
    page = re.sub(r"^    location / \{.*?^    \}\n", told[2], page, flags=re.M | re.S)
    page = told[1] + page.replace("http://127.0.0.1:8000", "http://assistants")
    for number, server in enumerate(servers, 1):
        page = page.replace(f"10.0.0.{number}:8000", server)
    return page


@contextmanager
def nginx(folder: Path, page: str) -> Iterator[str]:
    """Where an nginx of that page listens, without TLS."""
    port = free_port()
    page = re.sub(r"^ +(?:ssl_.+|listen \[.+|server_name .+);\n", "", page, flags=re.MULTILINE)
    page = page.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    written = folder / "nginx.conf"
    written.write_text(_NGINX.format(folder=folder, page=page), "utf-8")
    with listening(["nginx", "-e", f"{folder}/nginx.log", "-c", str(written)], port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def caddy(folder: Path, server: str) -> Iterator[str]:
    """Where a Caddy of deploy/Caddyfile listens before a server, « machine:port », without TLS."""
    port = free_port()
    page = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    page = page.replace("assistant.bourg.example {", f"http://127.0.0.1:{port} {{")
    written = folder / "Caddyfile"
    off = "{\n\tadmin off\n}\n"
    written.write_text(off + page.replace("127.0.0.1:8000", server), "utf-8")
    command = ["caddy", "run", "--config", str(written), "--adapter", "caddyfile"]
    with listening(command, port):
        yield f"http://127.0.0.1:{port}"
