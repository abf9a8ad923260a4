"""The stacks created and updated against moto, as far as moto has the resources.

It answers CREATE_COMPLETE whatever it leaves out, so what it leaves out is written here: a type that is in no list fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.cloudformation.parsing import resource_class_from_type

from tests.deploy.aws_templates import STACKS, installation, parameters_of, template

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse .* not supported by moto:UserWarning")

# Left out by moto without a word. tests/deploy/test_aws_templates.py holds them to what they should be.
IGNORED = {
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::Budgets::Budget",
    "AWS::CloudWatch::Alarm",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::Logs::MetricFilter",
    "AWS::Logs::QueryDefinition",
    "AWS::SNS::TopicPolicy",
    "AWS::SecretsManager::Secret",
}
# Properties that moto can't read, and what happens: it looks for TagKey in the tags of a key, and takes a reference to
# a parameter group for the group itself.
UNREADABLE = {("AWS::KMS::Key", "Tags"), ("AWS::RDS::DBInstance", "DBParameterGroupName")}
# Attributes that moto does not know.
UNKNOWN_ATTRIBUTES = {("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupFullName")}
REGION = "eu-central-1"
STAND_IN = f"arn:aws:stand-in:{REGION}:123456789012"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        boto3.client("acm").request_certificate(DomainName="grading.example.org")
        yield


# Does the arithmetic on addresses that moto has no function for (Fn::Cidr).
CALCULATOR = installation()["network"]


class _Readable:
    """A template without what moto can't read; what it does not make has a name that stands in for it."""

    def __init__(self, stack: str) -> None:
        self.document = template(stack)
        self.types = {name: resource["Type"] for name, resource in self.document["Resources"].items()}
        for resource in self.document["Resources"].values():
            for kind, unreadable in UNREADABLE:
                if resource["Type"] == kind:
                    resource["Properties"].pop(unreadable, None)

    def body(self) -> str:
        return json.dumps(self._walk(self.document))

    def _walk(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._walk(item) for item in value]
        if not isinstance(value, dict):
            return re.sub(r"\$\{(\w+)\.(\w+)\}", self._stand_in, value) if isinstance(value, str) else value
        if "Ref" in value and self.types.get(value["Ref"]) in IGNORED:
            return f"{STAND_IN}:{value['Ref']}"
        if "Fn::GetAtt" in value and self._lacks(*value["Fn::GetAtt"]):
            return f"{STAND_IN}:{value['Fn::GetAtt'][0]}"
        chosen = value.get("Fn::Select")
        if chosen and isinstance(chosen[1], dict) and "Fn::Cidr" in chosen[1]:
            return CALCULATOR.resolve(value)
        return {key: self._walk(item) for key, item in value.items()}

    def _stand_in(self, match: re.Match[str]) -> str:
        return f"{STAND_IN}:{match[1]}" if self._lacks(match[1], match[2]) else match[0]

    def _lacks(self, name: str, attribute: str) -> bool:
        kind = self.types.get(name)
        return kind in IGNORED or (kind, attribute) in UNKNOWN_ATTRIBUTES


def _readable(stack: str) -> str:
    return _Readable(stack).body()


def _parameters(stack: str, **given: Any) -> list[dict[str, str]]:
    [certificate] = boto3.client("acm").list_certificates()["CertificateSummaryList"]
    values = parameters_of(stack, CertificateArn=certificate["CertificateArn"], **given)
    return [{"ParameterKey": name, "ParameterValue": str(value)} for name, value in values.items()]


def _create(**given: Any) -> None:
    client = boto3.client("cloudformation")
    for stack in STACKS:
        client.create_stack(
            StackName=f"grader-{stack}",
            TemplateBody=_readable(stack),
            Parameters=_parameters(stack, **given),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )


def _update(stack: str, **given: Any) -> None:
    boto3.client("cloudformation").update_stack(
        StackName=f"grader-{stack}",
        TemplateBody=_readable(stack),
        Parameters=_parameters(stack, **given),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )


def _status(stack: str) -> str:
    [found] = boto3.client("cloudformation").describe_stacks(StackName=f"grader-{stack}")["Stacks"]
    return str(found["StackStatus"])


def _made(stack: str) -> dict[str, str]:
    resources = boto3.client("cloudformation").describe_stack_resources(StackName=f"grader-{stack}")["StackResources"]
    return {found["LogicalResourceId"]: found["ResourceType"] for found in resources if "LogicalResourceId" in found}


def test_what_moto_leaves_out_is_what_is_written_here() -> None:
    types = {resource["Type"] for stack in STACKS for resource in template(stack)["Resources"].values()}
    assert {kind for kind in types if resource_class_from_type(kind) is None} == IGNORED


@pytest.mark.usefixtures("aws")
def test_every_stack_is_created_with_every_resource_that_moto_knows() -> None:
    _create()
    for stack in STACKS:
        assert _status(stack) == "CREATE_COMPLETE"
        document = template(stack)["Resources"]
        wanted = {
            name: resource["Type"]
            for name, resource in document.items()
            if resource["Type"] not in IGNORED and "Condition" not in resource
        }
        assert wanted.items() <= _made(stack).items(), stack


@pytest.mark.usefixtures("aws")
def test_what_was_created_is_what_the_templates_say() -> None:
    _create()
    [database] = boto3.client("rds").describe_db_instances()["DBInstances"]
    assert (database["Engine"], database["StorageEncrypted"], database["PubliclyAccessible"]) == (
        "postgres",
        True,
        False,
    )
    assert database["BackupRetentionPeriod"] == 14
    [service] = boto3.client("ecs").describe_services(cluster="grader", services=["grader"])["services"]
    assert service["serviceName"] == "grader"
    definition = boto3.client("ecs").describe_task_definition(taskDefinition=service["taskDefinition"])[
        "taskDefinition"
    ]
    assert [container["name"] for container in definition["containerDefinitions"]] == ["nginx", "web", "worker"]
    assert all(container["image"].endswith(":0123456789ab") for container in definition["containerDefinitions"])
    balancer, *others = boto3.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert not others
    listeners = boto3.client("elbv2").describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    assert {(listener["Port"], listener["Protocol"]) for listener in listeners} == {(80, "HTTP"), (443, "HTTPS")}
    repositories = boto3.client("ecr").describe_repositories()["repositories"]
    assert {found["imageTagMutability"] for found in repositories} == {"IMMUTABLE"}
    [group] = boto3.client("logs").describe_log_groups(logGroupNamePrefix="/grader/app")["logGroups"]
    assert group["retentionInDays"] == 90
    assert json.loads(boto3.client("cloudwatch").get_dashboard(DashboardName="grader")["DashboardBody"])["widgets"]


@pytest.mark.usefixtures("aws")
def test_a_release_makes_a_new_task_definition_and_keeps_the_stack() -> None:
    _create()
    before = _made("service")
    _update("release", Version="ba9876543210")
    _update("service", Version="ba9876543210")
    assert _status("service") == "UPDATE_COMPLETE"
    assert _made("service") == before
    # Of the new revision moto keeps no more than that there is one.
    definitions = boto3.client("ecs").list_task_definitions(familyPrefix="grader", sort="DESC")["taskDefinitionArns"]
    assert [arn.rsplit("/", 1)[1] for arn in definitions if "/grader:" in arn][:1] == ["grader:2"]


@pytest.mark.usefixtures("aws")
def test_a_replica_and_a_way_out_are_created_on_request() -> None:
    _create(Replica="true", Egress="nat")
    databases = {found["DBInstanceIdentifier"] for found in boto3.client("rds").describe_db_instances()["DBInstances"]}
    assert databases == {"grader", "grader-replica"}
    assert len(boto3.client("ec2").describe_nat_gateways()["NatGateways"]) == 1
