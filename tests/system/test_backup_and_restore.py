"""A backup that was never restored is a hope: this one is read into an empty server of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.system.stack.postgres import PostgresServer
from tests.system.stack.site import RUBRIC_ID, Site

pytestmark = pytest.mark.system

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DATABASE = "grader"
SAMPLES = sorted((DEPLOY.parent / "rubrics" / "library" / "samples" / RUBRIC_ID).glob("*[a-z].txt"))


def _run(script: str, *arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(DEPLOY / script), *arguments], env=environment, capture_output=True, text=True, timeout=90, check=False
    )


def _row_counts(server: PostgresServer) -> dict[str, int]:
    counts = {}
    with server.connect(DATABASE) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            [(rows,)] = connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()
            counts[str(table)] = int(str(rows))
    # These go on changing while a worker runs.
    return {table: rows for table, rows in counts.items() if not table.startswith("procrastinate_")}


@pytest.fixture(scope="module")
def backup(site: Site) -> Path:
    for sample in SAMPLES:
        body = {
            "rubric_id": RUBRIC_ID,
            "student_id": sample.stem,
            "submission": {"oral_transcript": sample.read_text()},
        }
        assert site.client.post("/api/grade", body).status == 201
    folder = site.home / "backups"
    environment = {**site.postgres.libpq_environment(DATABASE), "BACKUP_DIR": str(folder)}
    done = _run("backup.sh", environment=environment)
    assert done.returncode == 0, done.stderr
    file = Path(done.stdout.strip())
    assert list(folder.iterdir()) == [file]
    assert file.stat().st_mode & 0o077 == 0
    return file


@pytest.fixture(scope="module")
def empty_server(site: Site) -> Iterator[PostgresServer]:
    server = PostgresServer(site.home / "second-postgres", password="another-password")
    server.create()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def empty_database(empty_server: PostgresServer) -> PostgresServer:
    with empty_server.connect("postgres") as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    return empty_server


def test_what_was_backed_up_is_there_again_and_every_grading_verifies(
    site: Site, backup: Path, empty_database: PostgresServer
) -> None:
    done = _run("restore.sh", str(backup), environment=empty_database.libpq_environment(DATABASE))
    assert done.returncode == 0, done.stderr
    counts = _row_counts(empty_database)
    assert counts == _row_counts(site.postgres)
    assert counts["scoring_grading"] >= len(SAMPLES) >= 3
    there = {"DATABASE_URL_FILE": "", "DATABASE_URL": empty_database.url(DATABASE)}
    assert "No migrations to apply" in site.application.run("migrate", variables=there).stdout
    verified = site.application.run("verify_grades", variables=there)
    assert verified.stdout == site.application.run("verify_grades").stdout
    assert str(counts["scoring_grading"]) in verified.stdout


def test_a_grading_that_was_tampered_with_in_the_backup_is_found(
    site: Site, backup: Path, empty_database: PostgresServer
) -> None:
    assert _run("restore.sh", str(backup), environment=empty_database.libpq_environment(DATABASE)).returncode == 0
    with empty_database.connect(DATABASE) as connection:
        connection.execute("SET session_replication_role = replica")  # past the trigger that forbids it
        connection.execute(
            "UPDATE scoring_submission SET oral_transcript = oral_transcript || ' more' "
            "WHERE id = (SELECT submission_id FROM scoring_grading LIMIT 1)"
        )
    there = {"DATABASE_URL_FILE": "", "DATABASE_URL": empty_database.url(DATABASE)}
    assert site.application.run("verify_grades", check=False, variables=there).returncode != 0


def test_nothing_is_restored_over_what_is_there(site: Site, backup: Path) -> None:
    before = _row_counts(site.postgres)
    done = _run("restore.sh", str(backup), environment=site.postgres.libpq_environment(DATABASE))
    assert done.returncode == 1
    assert "create an empty one" in done.stderr
    assert _row_counts(site.postgres) == before


def test_a_damaged_backup_restores_nothing_at_all(backup: Path, empty_database: PostgresServer, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.dump"
    damaged.write_bytes(backup.read_bytes()[: backup.stat().st_size * 2 // 3])
    done = _run("restore.sh", str(damaged), environment=empty_database.libpq_environment(DATABASE))
    assert done.returncode != 0
    assert _row_counts(empty_database) == {}


def test_a_backup_that_fails_leaves_no_file_behind(site: Site, tmp_path: Path) -> None:
    environment = {**site.postgres.libpq_environment("no_such_database"), "BACKUP_DIR": str(tmp_path)}
    done = _run("backup.sh", environment=environment)
    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []
