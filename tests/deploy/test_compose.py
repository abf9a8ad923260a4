"""The compose files: their schema, and what every service must have."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands

from grader import settings
from tests.deploy.files import COMPOSE_FILES, DEPLOY, ROOT, compose

DEVELOPMENT, PRODUCTION = COMPOSE_FILES
SERVICES: dict[str, Any] = compose(PRODUCTION)["services"]
# They end by themselves.
JOBS = {"migrate", "backup"}
LINTERS = Path(sys.executable).parent


@pytest.mark.parametrize("path", COMPOSE_FILES, ids=lambda path: path.name)
def test_the_file_fits_the_compose_specification(path: Path) -> None:
    command = [str(LINTERS / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(path)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("path", COMPOSE_FILES, ids=lambda path: path.name)
def test_what_a_service_refers_to_is_defined(path: Path) -> None:
    document = compose(path)
    for name, service in document["services"].items():
        assert set(service.get("networks", [])) <= set(document.get("networks", {})), name
        assert set(service.get("secrets", [])) <= set(document.get("secrets", {})), name
        assert set(service.get("depends_on", {})) <= set(document["services"]), name
        for source in _mounted(service):
            if source.startswith("."):
                # Made by init-secrets.sh.
                made = source in {"./secrets/tls", "./acme", "./backups"}
                assert made or (path.parent / source).exists(), f"{name} mounts {source}"
            else:
                assert source in document["volumes"], f"{name} mounts {source}"


def _mounted(service: dict[str, Any]) -> list[str]:
    return [str(volume).split(":", 1)[0] for volume in service.get("volumes", [])]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_bounded_and_gets_no_rights_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert {"cpus", "memory"} <= set(service["deploy"]["resources"]["limits"])
    assert service["restart"] == ("no" if name in JOBS else "unless-stopped")
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - JOBS))
def test_every_service_that_stays_is_watched(name: str) -> None:
    # The image of the web server has a check of its own.
    assert name == "web" or SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", ["web", "worker", "db", "nginx", "prometheus", "grafana"])
def test_what_the_product_rests_on_has_its_share_reserved(name: str) -> None:
    assert {"cpus", "memory"} <= set(SERVICES[name]["deploy"]["resources"]["reservations"])


def test_web_worker_and_migrations_are_one_image() -> None:
    assert len({SERVICES[name]["image"] for name in ("web", "worker", "migrate")}) == 1


def test_web_and_worker_wait_until_the_schema_is_there() -> None:
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_nginx_is_published_to_others() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"nginx", "grafana"}
    assert all(port.startswith("127.0.0.1:") for port in published["grafana"])


def test_no_way_leads_out_from_where_transcripts_are() -> None:
    networks = compose(PRODUCTION)["networks"]
    for name in ("web", "worker", "migrate", "db", "backup"):
        assert all(networks[network]["internal"] for network in SERVICES[name]["networks"]), name


def test_secrets_come_from_files_and_stand_nowhere_in_the_file() -> None:
    document = compose(PRODUCTION)
    assert all(set(secret) == {"file"} for secret in document["secrets"].values())
    text = PRODUCTION.read_text()
    assert not re.search(
        r"(?m)^\s+(SECRET_KEY|DATABASE_URL|POSTGRES_PASSWORD|PGPASSWORD|GF_SECURITY_ADMIN_PASSWORD):", text
    )


def test_every_variable_of_the_application_is_one_it_reads() -> None:
    for path in COMPOSE_FILES:
        given = set(compose(path)["x-app"]["environment"])
        assert given - settings.ENV.names - {"WEB_CONCURRENCY"} == set()


def test_the_images_can_be_pinned_by_digest() -> None:
    for path in COMPOSE_FILES:
        images = {service["image"] for service in compose(path)["services"].values()}
        assert all(re.fullmatch(r"\$\{[A-Z_]+_IMAGE:-[^}]+:[^}]+\}|med-ed-op-grader:dev", image) for image in images)
        assert not any(image.endswith(":latest}") for image in images if "med-ed" not in image)


def test_the_variables_of_the_nginx_template_are_the_ones_that_are_given() -> None:
    template = (DEPLOY / "nginx" / "templates" / "default.conf.template").read_text()
    used = set(re.findall(r"\$\{([A-Z_]+)\}", template))
    environment = SERVICES["nginx"]["environment"]
    assert used == set(environment) - {"NGINX_ENVSUBST_FILTER"}
    assert set(re.findall(r"[A-Z_]{2,}", environment["NGINX_ENVSUBST_FILTER"])) == used


def test_containers_get_longer_to_stop_than_their_processes_take() -> None:
    for name in ("web", "worker"):
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > 30


def test_the_database_allows_as_many_connections_as_web_and_worker_may_open() -> None:
    environment = compose(PRODUCTION)["x-app"]["environment"]

    def default(name: str) -> int:
        return int(environment[name].split(":-")[1].rstrip("}"))

    per_process = default("THREADS") + 1
    # A worker has a pool for jobs and one for its own connections; twice, for the minute when old and new overlap.
    wanted = 2 * (default("WEB_CONCURRENCY") + 2) * per_process
    [limit] = [int(part.split(":-")[1].rstrip("}")) for part in SERVICES["db"]["command"] if "max_connections" in part]
    assert wanted < limit


def test_development_is_reachable_from_this_machine_alone() -> None:
    for name, service in compose(DEVELOPMENT)["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


PAGES = {name: (ROOT / "docs" / name).read_text() for name in ("deployment.md", "operations.md")}
_RUNS = re.compile(
    r"\bcompose (?:--profile \w+ )?(?:run|exec|restart|logs|stop|ps|build) (?:--?\w[\w-]*(?: [\dA-Z][\w=]*| /\S+)? )*([a-z]+)"
)


@pytest.mark.parametrize("page", PAGES)
def test_documented_commands_name_services_that_exist(page: str) -> None:
    named = set(_RUNS.findall(PAGES[page]))
    assert len(named) >= 1
    assert named <= set(SERVICES)


@pytest.mark.parametrize("page", PAGES)
def test_documented_commands_of_the_application_exist(page: str) -> None:
    named = set(re.findall(r"compose run --rm web ([a-z_]+)", PAGES[page]))
    assert named
    assert named <= set(get_commands())


def test_every_variable_of_the_compose_files_is_documented() -> None:
    used = {name for path in COMPOSE_FILES for name in re.findall(r"(?<!\$)\$\{([A-Z_]+)[:}]", path.read_text())}
    documented = set(re.findall(r"`([A-Z_]+)`", PAGES["deployment.md"])) | {"PORT"}
    assert used - documented == set()


def test_every_variable_of_the_nginx_templates_is_documented() -> None:
    for template in (DEPLOY / "nginx").glob("templates*/*.template"):
        used = set(re.findall(r"\$\{([A-Z_]+)\}", template.read_text()))
        [row] = [
            line for line in PAGES["deployment.md"].splitlines() if line.startswith(f"| `{template.parent.name}/`")
        ]
        assert set(re.findall(r"`([A-Z_]+)`", row)) == used


def test_links_between_the_pages_lead_somewhere() -> None:
    anchors = {
        name: {
            re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in re.findall(r"(?m)^#+ (.+)$", text)
        }
        for name, text in PAGES.items()
    }
    for name, text in PAGES.items():
        for target, anchor in re.findall(r"\]\(([\w.]*)#([\w-]+)\)", text):
            assert anchor in anchors[target or name], f"{name}: {target}#{anchor}"
