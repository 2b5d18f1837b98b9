"""A real WordPress with our plugin, on a MariaDB and a PHP of its own, for as long as a test."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from .double import ROOT

WORDPRESS = Path("/usr/share/wordpress")
PLUGIN = ROOT / "integrations/wordpress/assistant-pvd"
PACKAGES = (
    "wordpress", "wordpress-theme-twentytwentythree", "php-cli", "php-mysql", "mariadb-server-core"
)  # fmt: skip
PASSWORD = "un-mot-de-passe-pour-essayer"

_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HTTP_BLOCK_EXTERNAL', true); define('WP_ACCESSIBLE_HOSTS', '127.0.0.1');
define('DISABLE_WP_CRON', true); define('WP_DEBUG', true); define('WP_DEBUG_DISPLAY', true);
define('AUTOMATIC_UPDATER_DISABLED', true); define('WPLANG', 'fr_FR');
define('WP_HOME', 'http://127.0.0.1:{port}'); define('WP_SITEURL', WP_HOME);
$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""

_INSTALL = """
define('WP_INSTALLING', true);
$_SERVER += ['HTTP_HOST' => '127.0.0.1:{port}', 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET'];
require '{folder}/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
wp_install('Ma commune', 'mairie', 'mairie@ma-commune.example', false, '', '{password}');
delete_option('WPLANG'); // the constant counts then
switch_theme('twentytwentythree');
$failed = activate_plugin('assistant-pvd/assistant-pvd.php');
if (is_wp_error($failed)) {{ echo $failed->get_error_message(); exit(1); }}
$pages = ['court' => '[assistant_pvd mode="launcher"]', 'sans' => 'Rien.',
          'bloc' => '<!-- wp:assistant-pvd/assistant /-->'];
foreach ($pages as $name => $content) {{
  $id = wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_title' => $name,
                        'post_content' => $content]);
  echo "$name $id\\n";
}}
"""


def missing() -> list[str]:
    """The Debian packages to install first."""
    if not shutil.which("dpkg"):
        return list(PACKAGES)
    return [name for name in PACKAGES if not _installed(name)]


def _installed(package: str) -> bool:
    return subprocess.run(["dpkg", "--status", package], capture_output=True).returncode == 0


@dataclass(frozen=True)
class Site:
    """Where a WordPress answers; `pages` are those written in it, by title, with their numbers."""

    url: str
    folder: Path
    pages: dict[str, int]

    def page(self, title: str) -> str:
        return f"{self.url}/?page_id={self.pages[title]}"

    def php(self, code: str) -> str:
        """What a script prints that runs inside this WordPress."""
        server = f"$_SERVER += ['HTTP_HOST' => '{self.url.removeprefix('http://')}'];"
        return _php(f"{server} require '{self.folder}/wp-load.php'; {code}")


def _php(code: str) -> str:
    done = subprocess.run(["php", "-r", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def running(folder: Path, port: int) -> Iterator[Site]:
    """A WordPress installed in this folder, its pages written, the plugin active and not set."""
    site, socket = folder / "site", folder / "mariadb.sock"
    shutil.copytree(WORDPRESS, site, ignore=shutil.ignore_patterns("wp-config.php"))
    shutil.copytree(PLUGIN, site / "wp-content/plugins/assistant-pvd")
    (site / "wp-config.php").write_text(_CONFIG.format(socket=socket, port=port))
    with ExitStack() as stack:
        stack.enter_context(_database(folder / "data", socket))
        told = _php(_INSTALL.format(folder=site, port=port, password=PASSWORD))
        pages = dict(line.split() for line in told.splitlines())
        environment = os.environ | {"PHP_CLI_SERVER_WORKERS": "3"}
        command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(site)]
        found = Site(
            f"http://127.0.0.1:{port}", site, {name: int(number) for name, number in pages.items()}
        )
        stack.enter_context(_process(command, environment))
        _wait(f"{found.url}/wp-includes/images/blank.gif")
        yield found


@contextmanager
def _database(data: Path, socket: Path) -> Iterator[None]:
    user = f"--user={getpass.getuser()}"
    common = ["--no-defaults", f"--datadir={data}", user]
    quick = ["--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=8M"]
    subprocess.run(
        ["mariadb-install-db", *common, "--auth-root-authentication-method=normal",
         "--skip-test-db", *quick],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    init = data.with_name("init.sql")
    init.write_text("CREATE DATABASE wordpress CHARACTER SET utf8mb4;")
    command = ["mariadbd", *common, *quick, f"--socket={socket}", "--skip-networking"]
    with _process([*command, f"--init-file={init}"], dict(os.environ)):
        connect = f"new mysqli('localhost', 'root', '', 'wordpress', 0, '{socket}');"
        for _ in range(300):
            if subprocess.run(["php", "-r", connect], capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        yield


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as process:
        try:
            yield
        finally:
            process.terminate()


def _wait(address: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer")
