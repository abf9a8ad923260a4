"""The containers of deploy/aws/service.yml as processes: one network namespace for the task, as Fargate gives it one.

Commands, variables and health checks are those of the templates. Put in their place is only what AWS would put there:
secrets, the database's address and the file of its authorities. The key in KMS is left out; its tests have moto.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.deploy.aws_templates import GIVEN, installation
from tests.system.stack import proxy
from tests.system.stack.application import Application, build
from tests.system.stack.postgres import PostgresServer, binaries
from tests.system.stack.processes import Program

# Within the network that nginx believes to be the load balancer's.
BALANCER = "10.20.0.10"
CLIENT = "203.0.113.9"
HOST = GIVEN["ServerName"]
SECRETS = {
    "SECRET_KEY": "w4Zq8Lr1Tn6Bv3Hs9Gd2Fj7Pm5YcXe0RoAiUsDtKzNbQu",
    "PGPASSWORD": "a-password-of-the-task",
    "API_KEY": "Zk3vQ9xT7mB2nW5pR8sD4fG6hJ1lC0aE",
}
SECRETS["SECRET_KEY"] += SECRETS["API_KEY"]


def image(home: Path) -> Application:
    """What the Dockerfile builds, static files included; nothing of this environment gets into the task."""
    build(home / "app")
    environment = {
        "SECRET_KEY": SECRETS["SECRET_KEY"],
        "ALLOWED_HOSTS": "build.invalid",
        "DATABASE_URL": "postgresql://build.invalid/build",
    }
    application = Application(app=home / "app", home=home, environment=environment)
    application.run("collectstatic", "--noinput", "--verbosity", "0")
    return application


class Namespace:
    """A loopback of its own, on which every port is free. `open` is false where the machine does not let us."""

    def __init__(self) -> None:
        self.name = f"grader-task-{os.getpid()}"

    def open(self) -> bool:
        commands = (
            f"netns add {self.name}",
            f"-netns {self.name} link set lo up",
            f"-netns {self.name} address add {BALANCER}/32 dev lo",
        )
        try:
            done = [subprocess.run(["ip", *line.split()], capture_output=True, check=False) for line in commands]
        except FileNotFoundError:
            return False
        return all(command.returncode == 0 for command in done)

    def close(self) -> None:
        subprocess.run(["ip", "netns", "delete", self.name], capture_output=True, check=False)

    def inside(self, command: list[str]) -> list[str]:
        return ["ip", "netns", "exec", self.name, *command]


def database(home: Path, namespace: Namespace) -> PostgresServer:
    """Port 5432 of the task's loopback, TLS only, with a certificate for `localhost`; also a socket for the test."""
    server = PostgresServer(home, password=SECRETS["PGPASSWORD"])
    server.port = 5432
    server.create()
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"),
            *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(home / "server.key"), "-out", str(home / "server.crt")),
        ],
        check=True,
        capture_output=True,
    )
    (server.data / "pg_hba.conf").write_text("local all all scram-sha-256\nhostssl all all all scram-sha-256\n")
    if server.user:
        subprocess.run(["chown", server.user, str(home / "server.key"), str(home / "server.crt")], check=True)
    options = {
        "port": "5432",
        "listen_addresses": "localhost",
        "unix_socket_directories": str(home),
        "ssl": "on",
        "ssl_cert_file": str(home / "server.crt"),
        "ssl_key_file": str(home / "server.key"),
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    account = ["setpriv", f"--reuid={server.user}", f"--regid={server.user}", "--clear-groups"] if server.user else []
    server.program.command = namespace.inside([*account, str(binaries() / "postgres"), f"-D{server.data}", *settings])
    server.program.user = None
    return server


def connect(server: PostgresServer, name: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(server.home), dbname=name, user="grader", password=server.password, port=5432, autocommit=True
    )


@dataclass
class Task:
    """`definitions` are the templates' containers by name, with their intrinsics resolved."""

    home: Path
    application: Application
    namespace: Namespace
    authorities: Path
    definitions: Mapping[str, dict[str, Any]]

    def environment(self, container: str) -> dict[str, str]:
        definition = self.definitions[container]
        given = {pair["Name"]: str(pair["Value"]) for pair in definition["Environment"]}
        given.pop("RUBRIC_ENCRYPTION_KMS_KEY", None)
        if "DATABASE_URL" in given:
            address = given["DATABASE_URL"].replace("data.Database.Endpoint.Address", "localhost")
            given["DATABASE_URL"] = address.replace("/etc/ssl/certs/rds.pem", str(self.authorities))
        secrets = {pair["Name"]: SECRETS[pair["Name"]] for pair in definition.get("Secrets", [])}
        inherited = {name: self.application.environment[name] for name in ("PATH", "HOME", "LANG", "OMP_NUM_THREADS")}
        return {**inherited, **given, **secrets}

    def program(self, container: str) -> Program:
        """The image's entry point with the definition's command; nginx with its template filled in."""
        if container == "nginx":
            variables = self.environment("nginx")
            main = proxy.render(self.home, templates="templates-behind-load-balancer", variables=variables)
            program = proxy.nginx(self.home, main)
            program.command = self.namespace.inside(list(program.command))
            return program
        entry_point = str(self.application.app / "deploy" / "entrypoint.sh")
        return Program(
            name=container,
            command=self.namespace.inside([entry_point, *self.definitions[container]["Command"]]),
            log=self.home / f"{container}.log",
            environment=self.environment(container),
            directory=self.application.app,
        )

    def health(self, container: str) -> int:
        """The exit code of the container's health check."""
        kind, *command = self.definitions[container]["HealthCheck"]["Command"]
        assert kind == "CMD"
        return subprocess.run(
            self.namespace.inside(command),
            env=self.environment(container),
            cwd=self.application.app,
            capture_output=True,
            timeout=self.definitions[container]["HealthCheck"]["Timeout"] + 15,
            check=False,
        ).returncode

    def ask(
        self, path: str, *headers: str, host: str = HOST, scheme: str = "https", forged: str = ""
    ) -> tuple[int, str]:
        """What the load balancer gets when it passes on a request of CLIENT, who had put `forged` before its address."""
        forwarded = (f"Host: {host}", f"X-Forwarded-For: {forged}{CLIENT}", f"X-Forwarded-Proto: {scheme}", *headers)
        lines = [part for header in forwarded for part in ("--header", header)]
        command = ["curl", "--silent", "--max-time", "20", "--interface", BALANCER, "--write-out", "\n%{http_code}"]
        address = f"http://{BALANCER}:8080{path}"
        done = subprocess.run(
            self.namespace.inside([*command, *lines, address]), capture_output=True, text=True, timeout=30, check=False
        )
        body, _, status = done.stdout.rpartition("\n")
        return int(status), body


def task_of_the_templates(home: Path, application: Application, namespace: Namespace, authorities: Path) -> Task:
    stacks = installation()
    tasks = (stacks["release"].resources["MigrateTask"], stacks["service"].resources["Task"])
    definitions = {
        container["Name"]: container for task in tasks for container in task["Properties"]["ContainerDefinitions"]
    }
    return Task(home, application, namespace, authorities, definitions)
