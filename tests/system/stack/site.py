"""Everything together, as deploy/compose.prod.yml puts it together, on loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.system.stack import proxy
from tests.system.stack.application import REPOSITORY, Application, build
from tests.system.stack.monitoring import Monitoring
from tests.system.stack.outside import OUR_END, Outside
from tests.system.stack.postgres import PostgresServer
from tests.system.stack.processes import Program, free_port
from tests.system.stack.web import SERVER_NAME, Client, plain_get

DATABASE = "grader"
RUBRIC_ID = "stroke_v1"


@dataclass
class Site:
    home: Path
    postgres: PostgresServer
    application: Application
    web: Program
    worker: Program
    nginx: Program
    monitoring: Monitoring
    client: Client
    http_port: int
    web_port: int
    worker_port: int
    outside: Outside | None
    migrations: list[subprocess.CompletedProcess[str]] = field(default_factory=list)

    def programs(self) -> list[Program]:
        return [self.web, self.worker, self.nginx]

    def from_address(self, source: str) -> Client:
        return replace(self.client, source=source)


@contextmanager
def running_site() -> Iterator[Site]:
    """Start it all in the order of a deployment; stop it all, in reverse, at the end."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-system-")))
        home.chmod(0o711)  # PostgreSQL's account has to pass
        secrets = _make_secrets(home)
        postgres = PostgresServer(home / "postgres", password=(secrets / "postgres_password").read_text().strip())
        postgres.create()
        stack.callback(postgres.stop)
        postgres.start()
        (secrets / "database_url").unlink()
        (secrets / "database_url").write_text(postgres.url(DATABASE))
        with postgres.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

        site = _assemble(home, secrets, postgres)
        site.outside = _open_outside(stack)
        site.migrations = migrate_at_once(site.application, processes=3)
        site.application.run(
            "import_rubric", str(site.application.app / f"rubrics/library/{RUBRIC_ID}.json"), "--approve"
        )
        site.client = replace(site.client, key=site.application.run("create_api_key", "system-test").stdout.strip())
        for program in (site.web, site.worker):
            stack.callback(program.stop)
            program.start()
        site.web.wait_until(lambda: _answers(site.web_port), seconds=90, what="the web server answers")
        site.worker.wait_until(lambda: _answers(site.worker_port), seconds=90, what="the worker answers")
        _configure_nginx(site, secrets)
        stack.callback(site.nginx.stop)
        site.nginx.start()
        site.nginx.wait_until(lambda: _answers(site.http_port), seconds=30, what="nginx answers")
        stack.callback(site.monitoring.stop)
        site.monitoring.start()
        yield site


def migrate_at_once(application: Application, *, processes: int) -> list[subprocess.CompletedProcess[str]]:
    """What several tasks that start together do."""
    with ThreadPoolExecutor(processes) as pool:
        return list(pool.map(lambda _: application.run("migrate", check=False), range(processes)))


def _make_secrets(home: Path) -> Path:
    subprocess.run(
        [str(REPOSITORY / "deploy" / "init-secrets.sh"), SERVER_NAME],
        env={"PATH": os.environ["PATH"], "INIT_DIR": str(home)},
        check=True,
        capture_output=True,
        timeout=60,
    )
    return home / "secrets"


def _assemble(home: Path, secrets: Path, postgres: PostgresServer) -> Site:
    web_port, worker_port, http_port, https_port = free_port(), free_port(), free_port(), free_port()
    build(home / "app")
    application = Application(
        app=home / "app",
        home=home,
        environment={
            "SECRET_KEY_FILE": str(secrets / "secret_key"),
            "DATABASE_URL_FILE": str(secrets / "database_url"),
            "ALLOWED_HOSTS": SERVER_NAME,
            "PORT": str(web_port),
            "BIND_ADDRESS": "127.0.0.1",
            "WEB_CONCURRENCY": "3",
            "WORKER_METRICS_PORT": str(worker_port),
            "WORKER_METRICS_ADDRESS": "127.0.0.1",
            "RATE_LIMIT_USER": "100000/minute",
            "RATE_LIMIT_ANONYMOUS": "100000/minute",
            "MAX_REQUESTS": "120",
        },
    )
    application.run("collectstatic", "--noinput", "--verbosity", "0")
    site_at = f"127.0.0.1:{https_port}"
    return Site(
        home=home,
        postgres=postgres,
        application=application,
        web=application.program("web", "web", PROMETHEUS_MULTIPROC_DIR=str(home / "metrics")),
        worker=application.program("worker", "worker"),
        nginx=proxy.nginx(home, home / "nginx" / "nginx.conf"),
        monitoring=Monitoring(home, site=site_at, worker=f"127.0.0.1:{worker_port}"),
        client=Client(port=https_port, certificate=secrets / "tls" / "fullchain.pem"),
        http_port=http_port,
        web_port=web_port,
        worker_port=worker_port,
        outside=None,
    )


def _open_outside(stack: ExitStack) -> Outside | None:
    outside = Outside()
    if not outside.open():
        return None
    stack.callback(outside.close)
    return outside


def _configure_nginx(site: Site, secrets: Path) -> None:
    shutil.rmtree(site.home / "nginx", ignore_errors=True)
    proxy.render(
        site.home,
        templates="templates",
        variables={
            "SERVER_NAME": SERVER_NAME,
            "PUBLIC_URL": f"https://{SERVER_NAME}:{site.client.port}",
            "BACKEND": f"127.0.0.1:{site.web_port}",
            "RESOLVER": "127.0.0.1",
            "HTTP_LISTEN": f"127.0.0.1:{site.http_port}",
            "HTTPS_LISTEN": f"127.0.0.1:{site.client.port}",
            "TLS_DIR": str(secrets / "tls"),
            "LOG_FORMAT": "text",
        },
        also_listen=[OUR_END] if site.outside else [],
    )


def _answers(port: int) -> bool:
    try:
        return plain_get(port, "/health").status == 200
    except OSError:
        return False
