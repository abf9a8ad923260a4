"""deploy.sh and rollback.sh against command lines that record what they are told."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.deploy import aws_command_line
from tests.deploy.files import DEPLOY, ROOT

AWS = DEPLOY / "aws"
CONFIG = """\
# A comment
Name=grader
Region=eu-central-1
ServerName=grading.example.org
CertificateArn=arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-0000-0000-0000-000000000000
AlarmEmail=oncall@example.org
DatabaseMaxConnections=1000
"""
READS = re.compile(
    r"^(aws (\w[\w-]* )?(describe|list|get|wait)|aws sts|aws \w+ (describe|list|get|wait)|getent|docker login)"
)
OUTPUTS = {
    "AppRepositoryUri": "111122223333.registry.example/grader/app",
    "NginxRepositoryUri": "111122223333.registry.example/grader/nginx",
    "PrivateSubnets": "subnet-a,subnet-b",
    "TaskGroup": "sg-tasks",
    "MigrateTask": "arn:aws:ecs:eu-central-1:111122223333:task-definition/grader-migrate:7",
    "BalancerName": "grader-1.elb.example",
}
TASK = "arn:aws:ecs:eu-central-1:111122223333:task/grader/0f"
Answer = tuple[list[str], str | int]


def _git(folder: Path, *arguments: str) -> str:
    identity = {"GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "e", "GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "e"}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **identity},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.strip()


@dataclass
class Desk:
    """A clone of its own with the scripts in it, and the programs that stand in."""

    home: Path
    answers: list[Answer] = field(default_factory=list)

    @property
    def clone(self) -> Path:
        return self.home / "clone"

    def version(self) -> str:
        return _git(self.clone, "rev-parse", "--short=12", "HEAD")

    def commit(self, path: str, text: str = "x") -> str:
        file = self.clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        _git(self.clone, "add", "-A")
        _git(self.clone, "commit", "-qm", path)
        return self.version()

    def run(self, script: str, *arguments: str, config: str = CONFIG) -> subprocess.CompletedProcess[str]:
        (self.home / "grader.conf").write_text(config)
        (self.home / "answers.json").write_text(json.dumps(self.answers))
        return subprocess.run(
            [str(self.clone / "deploy" / "aws" / script), *arguments],
            env={"PATH": f"{self.home / 'bin'}:{os.environ['PATH']}", "STAND_IN_HOME": str(self.home)},
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def told(self) -> list[str]:
        file = self.home / "told.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        return [shlex.join(json.loads(line)) for line in lines]

    def changes(self) -> list[str]:
        return [line for line in self.told() if not READS.match(line)]

    def order(self, *words: str) -> list[int]:
        """Where each of `words` is first told."""
        told = self.told()
        return [next((at for at, line in enumerate(told) if word in line), -1) for word in words]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    (desk.clone / "deploy").mkdir(parents=True)
    subprocess.run(["cp", "-r", str(AWS), str(desk.clone / "deploy" / "aws")], check=True)
    smoke = desk.clone / "deploy" / "smoke.sh"
    smoke.write_text('#!/bin/sh\nread -r key\necho "smoke $1 $2 key=$key"\n')
    smoke.chmod(0o755)
    _git(desk.clone, "init", "-q")
    _git(desk.clone, "add", "-A")
    _git(desk.clone, "commit", "-qm", "first")
    (tmp_path / "bin").mkdir()
    for program in ("aws", "docker", "getent"):
        stand_in = tmp_path / "bin" / program
        stand_in.write_text(f"#!{sys.executable}\n" + Path(aws_command_line.__file__).read_text())
        stand_in.chmod(0o755)
    desk.answers = [
        *[([f"OutputKey=='{name}'"], value) for name, value in OUTPUTS.items()],
        (["describe-images"], 1),
        (["run-task"], TASK),
        (["exitCode"], "0"),
        (["get-caller-identity"], "111122223333"),
        (["get-secret-value"], "the-bootstrap-key"),
    ]
    return desk


def test_a_deployment_builds_pushes_migrates_updates_waits_and_tests_in_this_order(desk: Desk) -> None:
    done = desk.run("deploy.sh", "grader.conf")
    assert done.returncode == 0, done.stdout + done.stderr
    order = desk.order(
        "--stack-name grader-foundation",
        "--stack-name grader-network --template-file",
        "--stack-name grader-data",
        "docker build",
        "docker push",
        "--stack-name grader-release --template-file",
        "ecs run-task",
        "wait tasks-stopped",
        "--stack-name grader-service --template-file",
        "wait services-stable",
        "--stack-name grader-monitoring",
        "get-secret-value",
    )
    assert -1 not in order
    assert order == sorted(order)
    assert "smoke https://grading.example.org - key=the-bootstrap-key" in done.stdout
    assert not [line for line in desk.told() if "the-bootstrap-key" in line]


def test_the_version_is_the_commit_and_the_same_for_both_images_and_stacks(desk: Desk) -> None:
    desk.run("deploy.sh", "grader.conf")
    version = desk.version()
    pushed = [line for line in desk.changes() if line.startswith("docker push")]
    assert pushed == [
        f"docker push {OUTPUTS['AppRepositoryUri']}:{version}",
        f"docker push {OUTPUTS['NginxRepositoryUri']}:{version}",
    ]
    for stack in ("release", "service"):
        [line] = [line for line in desk.changes() if f"--stack-name grader-{stack}" in line]
        assert f"Version={version}" in line


def test_each_stack_is_given_the_parameters_that_it_knows(desk: Desk) -> None:
    desk.run("deploy.sh", "grader.conf")
    given = {
        match[1]: set(re.findall(r"(\w+)=", line.split("--parameter-overrides")[1]))
        for line in desk.changes()
        if (match := re.search(r"deploy --stack-name grader-(\w+)", line))
    }
    assert given["foundation"] == {"Name"}
    assert given["data"] == {"Name", "DatabaseMaxConnections"}
    assert given["service"] == {"Name", "ServerName", "CertificateArn", "Version"}
    [monitoring] = [line for line in desk.changes() if "--stack-name grader-monitoring" in line]
    assert "DatabaseConnectionsAlarm=800" in monitoring


@pytest.mark.parametrize("script", ["deploy.sh", "rollback.sh"])
def test_a_dry_run_shows_the_commands_and_changes_nothing(desk: Desk, script: str) -> None:
    before = desk.version()
    desk.commit("rubrics/readme.txt")
    desk.answers = [
        (["describe-stacks", "ParameterKey=='Version'"], desk.version()),
        (
            ["list-task-definitions"],
            "arn:aws:ecs:eu-central-1:1:task-definition/grader:2 arn:aws:ecs:eu-central-1:1:task-definition/grader:1",
        ),
        (["describe-task-definition", "grader:2"], f"x/grader/app:{desk.version()}"),
        (["describe-task-definition", "grader:1"], f"x/grader/app:{before}"),
        *([] if script == "rollback.sh" else desk.answers),
    ]
    done = desk.run(script, "--dry-run", "grader.conf")
    assert done.returncode == 0, done.stderr
    assert desk.changes() == []
    assert "aws cloudformation deploy --stack-name grader-service" in done.stdout
    assert "dry run: nothing is changed" in done.stdout


def test_images_that_are_there_are_not_built_again(desk: Desk) -> None:
    desk.answers = [answer for answer in desk.answers if answer[0] != ["describe-images"]]
    done = desk.run("deploy.sh", "grader.conf")
    assert done.returncode == 0
    assert not [line for line in desk.told() if line.startswith("docker")]


@pytest.mark.parametrize("answer", ["1", "None"])
def test_migrations_that_fail_stop_the_deployment_while_the_version_before_serves(desk: Desk, answer: str) -> None:
    desk.answers.insert(0, (["exitCode"], answer))
    done = desk.run("deploy.sh", "grader.conf")
    assert done.returncode == 1
    assert "the version before still serves" in done.stderr
    assert not [line for line in desk.changes() if "grader-service" in line]


def test_tasks_that_do_not_become_healthy_are_told_with_what_to_look_at(desk: Desk) -> None:
    desk.answers.insert(0, (["deploy", "--stack-name grader-service"], 255))
    done = desk.run("deploy.sh", "grader.conf")
    assert done.returncode == 1
    assert "aws logs tail /grader/app" in done.stderr
    assert not [line for line in desk.changes() if "grader-monitoring" in line]


def test_before_the_name_leads_anywhere_the_smoke_test_says_where_to_point_it(desk: Desk) -> None:
    desk.answers.insert(0, (["getent"], 2))
    done = desk.run("deploy.sh", "grader.conf")
    assert done.returncode == 0
    assert "point it to grader-1.elb.example" in done.stdout
    assert "smoke https" not in done.stdout


def test_work_that_is_not_committed_is_not_deployed(desk: Desk) -> None:
    (desk.clone / "rubrics.txt").write_text("not committed")
    done = desk.run("deploy.sh", "grader.conf")
    assert done.returncode == 1
    assert "commit them" in done.stderr
    assert desk.changes() == []


def test_a_version_that_was_never_pushed_is_refused(desk: Desk) -> None:
    done = desk.run("deploy.sh", "--version", "v9", "grader.conf")
    assert done.returncode == 1
    assert "No image has the tag v9" in done.stderr
    assert not [line for line in desk.told() if "docker" in line]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Nmae=grader", "no template has the parameter Nmae"),
        ("Version=1", "no template has the parameter Version"),
        ("just words", "type Name=value"),
        ("AlarmEmail=", "AlarmEmail is missing"),
    ],
    ids=["a parameter that is none", "the version", "no assignment", "a value that is missing"],
)
def test_a_configuration_that_can_not_be_used_is_refused_before_anything_is_asked(
    desk: Desk, line: str, says: str
) -> None:
    done = desk.run("deploy.sh", "grader.conf", config=f"{CONFIG}{line}\n")
    assert done.returncode == 1
    assert says in done.stderr
    assert desk.told() == []


def test_a_value_is_data_whatever_it_looks_like(desk: Desk) -> None:
    hostile = "RephraserUrl=http://h/$(touch stolen)`touch stolen`; touch stolen \"*\" 'x'"
    done = desk.run("deploy.sh", "grader.conf", config=f"{CONFIG}{hostile}\n")
    assert done.returncode == 0, done.stderr
    assert not list(desk.home.rglob("stolen"))
    [line] = [line for line in desk.changes() if "--stack-name grader-service" in line]
    assert hostile in shlex.split(line)


# Rollback


@pytest.fixture
def released(desk: Desk) -> Desk:
    """Two versions were deployed; the newer one serves. Task definitions of the migration are in the list too."""
    before = desk.version()
    present = desk.commit("scoring/code.py")
    family = "arn:aws:ecs:eu-central-1:111122223333:task-definition"
    desk.answers = [
        (["describe-stacks", "ParameterKey=='Version'"], present),
        (
            ["list-task-definitions"],
            f"{family}/grader-migrate:9\t{family}/grader:3\t{family}/grader:2\t{family}/grader:1",
        ),
        (["describe-task-definition", "grader:3"], f"x/grader/app:{present}"),
        (["describe-task-definition", "grader:2"], f"x/grader/app:{before}"),
        (["describe-task-definition", "grader:1"], "x/grader/app:older"),
        *[answer for answer in desk.answers if answer[0] != ["describe-images"]],
    ]
    return desk


def _first(desk: Desk) -> str:
    return _git(desk.clone, "rev-parse", "--short=12", _git(desk.clone, "rev-list", "--max-parents=0", "HEAD"))


def test_a_rollback_serves_the_version_before_and_migrates_nothing(released: Desk) -> None:
    done = released.run("rollback.sh", "grader.conf")
    assert done.returncode == 0, done.stderr
    [update, *rest] = [line for line in released.changes() if "cloudformation deploy" in line]
    assert not rest
    assert "--stack-name grader-service" in update
    assert f"Version={_first(released)}" in update
    assert not [line for line in released.told() if "run-task" in line]
    assert "smoke https://grading.example.org" in done.stdout


def test_migrations_in_between_are_named_and_need_a_word(released: Desk) -> None:
    first = _first(released)
    present = released.commit("scoring/migrations/0009_add_a_column.py")
    released.answers.insert(0, (["describe-stacks", "ParameterKey=='Version'"], present))
    refused = released.run("rollback.sh", "grader.conf", first)
    assert refused.returncode == 1
    assert "scoring/migrations/0009_add_a_column.py" in refused.stdout
    assert "--with-migrations" in refused.stderr
    assert released.changes() == []
    assert released.run("rollback.sh", "--with-migrations", "grader.conf", first).returncode == 0


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((["list-task-definitions"], ""), "no version before"),
        ((["describe-images"], 254), "is gone"),
    ],
    ids=["nothing before", "its image was deleted"],
)
def test_a_rollback_that_leads_nowhere_changes_nothing(released: Desk, answer: Answer, says: str) -> None:
    released.answers.insert(0, answer)
    done = released.run("rollback.sh", "grader.conf")
    assert done.returncode == 1
    assert says in done.stderr
    assert released.changes() == []


def test_an_unknown_commit_is_not_gone_back_to_blindly(released: Desk) -> None:
    done = released.run("rollback.sh", "grader.conf", "ffffffffffff")
    assert done.returncode == 1
    assert "fetch it" in done.stderr


# What the deployer may do

POLICY = json.loads((AWS / "deployer-policy.json").read_text())["Statement"]
IAM_NAMES = {
    "cloudformation deploy": [
        "cloudformation:CreateChangeSet",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:GetTemplateSummary",
    ],
    "cloudformation describe-stacks": ["cloudformation:DescribeStacks"],
    "ecr describe-images": ["ecr:DescribeImages"],
    "ecr get-login-password": ["ecr:GetAuthorizationToken"],
    "ecs run-task": ["ecs:RunTask"],
    "ecs wait": ["ecs:DescribeTasks", "ecs:DescribeServices"],
    "ecs describe-tasks": ["ecs:DescribeTasks"],
    "ecs describe-task-definition": ["ecs:DescribeTaskDefinition"],
    "ecs list-task-definitions": ["ecs:ListTaskDefinitions"],
    "secretsmanager get-secret-value": ["secretsmanager:GetSecretValue"],
    "logs tail": ["logs:FilterLogEvents"],
    "sts get-caller-identity": [],
}


def _actions(statement: dict[str, object]) -> list[str]:
    actions = statement["Action"]
    assert isinstance(actions, str | list)
    return [actions] if isinstance(actions, str) else actions


def test_the_deployer_may_do_what_the_scripts_ask_for() -> None:
    text = "".join((AWS / name).read_text() for name in ("common.sh", "deploy.sh", "rollback.sh"))
    asked = set(re.findall(r"(?<!need_tools )\baws ([a-z]+ [a-z-]+)", text)) - {"sso login"}
    assert asked == set(IAM_NAMES)
    patterns = [re.escape(action).replace(r"\*", ".*") for statement in POLICY for action in _actions(statement)]
    for command in asked:
        for action in IAM_NAMES[command]:
            assert any(re.fullmatch(pattern, action) for pattern in patterns), action


def test_the_deployer_can_not_make_itself_powerful() -> None:
    for statement in POLICY:
        assert statement["Effect"] == "Allow"
        for action in _actions(statement):
            service, verb = action.split(":")
            assert verb.strip("*"), action
            if service == "iam":
                assert statement["Resource"] != "*"
                assert all("role/NAME-" in arn or "aws-service-role" in arn for arn in _listed(statement["Resource"]))
        if "iam:PassRole" in _actions(statement):
            assert statement["Condition"]["StringEquals"]["iam:PassedToService"]
    forbidden = {
        "kms:ScheduleKeyDeletion",
        "secretsmanager:DeleteSecret",
        "cloudformation:DeleteStack",
        "iam:CreateUser",
    }
    assert not forbidden & {action for statement in POLICY for action in _actions(statement)}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_the_worked_costs_add_up() -> None:
    page = (ROOT / "docs" / "aws.md").read_text()
    rows = re.findall(r"(?m)^\| ([^|]+, (hour|month)) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", page)
    assert len(rows) > 10
    totals = [
        sum(
            float(price) * float(row[place]) * (730 if unit == "hour" else 1)
            for row in rows
            for _, unit, price in [row[:3]]
        )
        for place in (3, 4, 5)
    ]
    [told] = re.findall(r"(?m)^\| \*\*total\*\* \| \| \*\*(\d+)\*\* \| \*\*(\d+)\*\* \| \*\*(\d+)\*\* \|$", page)
    assert [str(round(total)) for total in totals] == list(told)
