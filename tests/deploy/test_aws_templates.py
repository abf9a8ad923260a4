"""The CloudFormation templates, with their intrinsics resolved."""

from __future__ import annotations

import ipaddress
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader import settings
from grader.queue_report import report_line
from grader.worker_metrics import QueueFigures
from tests.deploy.aws_templates import AWS, GIVEN, STACKS, Stack, installation, template
from tests.deploy.files import ROOT
from tests.system.stack.metric_filter import fields_of, matches

SMALL = installation()
FULL = installation(Replica="true", Cache="true", SpotWeight=3, Egress="nat")
EITHER = pytest.mark.parametrize("stacks", [SMALL, FULL], ids=["as small as possible", "with everything"])
LINTERS = Path(sys.executable).parent
PAGE = (ROOT / "docs" / "aws.md").read_text()
# Set by libpq's own programs, gunicorn's configuration and the nginx image.
READ_BY_OTHERS = {"PGPASSWORD", "BIND_ADDRESS", "WEB_CONCURRENCY"}


def containers(stack: Stack, task: str) -> dict[str, dict[str, Any]]:
    return {container["Name"]: container for container in stack.resources[task]["Properties"]["ContainerDefinitions"]}


def environment(container: dict[str, Any]) -> dict[str, str]:
    return {pair["Name"]: str(pair["Value"]) for pair in container["Environment"]}


def secrets(container: dict[str, Any]) -> dict[str, str]:
    return {pair["Name"]: pair["ValueFrom"] for pair in container.get("Secrets", [])}


def statements(role: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        statement["Sid"]: statement
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    }


# The templates as files


def test_cfn_lint_finds_nothing() -> None:
    command = [str(LINTERS / "cfn-lint"), *(str(AWS / f"{stack}.yml") for stack in STACKS)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert found.stdout == ""
    assert found.returncode == 0


@pytest.mark.parametrize("stack", STACKS)
def test_every_exception_of_a_linter_has_its_reason(stack: str) -> None:
    text = (AWS / f"{stack}.yml").read_text()
    assert len(re.findall(r"- id: CKV", text)) == len(re.findall(r"- id: CKV\w+\s+comment: ", text))
    for above in re.findall(r"(?m)^(.*)\n +ignore_checks:", text):
        assert above.strip().startswith("#")


@pytest.mark.parametrize("stack", STACKS)
def test_a_template_has_no_alias_which_cloudformation_does_not_read(stack: str) -> None:
    assert not re.search(r"(?m)[:-] [&*][a-z][\w-]*\s*$|^ *<<:", (AWS / f"{stack}.yml").read_text())


def test_a_parameter_means_the_same_in_every_template() -> None:
    declared: dict[str, set[str]] = {}
    for stack in STACKS:
        for name, parameter in template(stack)["Parameters"].items():
            same = {key: value for key, value in parameter.items() if key in {"Type", "Default", "AllowedValues"}}
            declared.setdefault(name, set()).add(json.dumps(same, sort_keys=True))
    assert {name for name, kinds in declared.items() if len(kinds) > 1} == set()


def test_every_parameter_without_a_default_is_in_the_example_of_the_configuration() -> None:
    example = (AWS / "grader.conf.example").read_text()
    for stack in STACKS:
        for name, parameter in template(stack)["Parameters"].items():
            assert "Default" in parameter or name == "Version" or f"\n{name}=" in example, name
    for name, value in re.findall(r"(?m)^# (\w+)=(\S+)$", example):
        defaults = {str(template(stack)["Parameters"].get(name, {}).get("Default", value)) for stack in STACKS}
        assert defaults == {value}, name


def test_every_parameter_is_documented() -> None:
    documented = set(re.findall(r"`([A-Z]\w+)`", PAGE))
    declared = {name for stack in STACKS for name in template(stack)["Parameters"]}
    assert declared - documented == {"Version"} - documented


@EITHER
def test_no_export_is_made_for_nobody(stacks: dict[str, Stack]) -> None:
    imported = set().union(*(stack.imported for stack in stacks.values()))
    always = {"grader-CacheUrlArn", "grader-ReplicaHost", "grader-CacheGroup", "grader-DatabaseMaxConnections"}
    assert set(stacks["foundation"].exports) - imported - always == set()


# The network


def _routes(network: Stack, table: str) -> dict[str, str]:
    return {
        route["DestinationCidrBlock"]: route.get("GatewayId") or route["NatGatewayId"]
        for route in network.of_type("AWS::EC2::Route").values()
        if route["RouteTableId"] == f"network.{table}"
    }


def test_private_subnets_lie_in_two_zones_and_nothing_leads_out_of_them() -> None:
    network = SMALL["network"]
    subnets = network.of_type("AWS::EC2::Subnet")
    private = [subnets["PrivateSubnetA"], subnets["PrivateSubnetB"]]
    assert {subnet["AvailabilityZone"] for subnet in private} == {"zone-a", "zone-b"}
    assert _routes(network, "PrivateRoutes") == {}
    assert not any(subnet.get("MapPublicIpOnLaunch") for subnet in subnets.values())


def test_a_way_out_is_a_nat_gateway_and_only_on_request() -> None:
    assert _routes(FULL["network"], "PrivateRoutes") == {"0.0.0.0/0": "network.NatGateway"}
    assert SMALL["network"].of_type("AWS::EC2::NatGateway") == {}


def test_without_a_way_out_every_service_that_a_task_needs_has_an_endpoint() -> None:
    endpoints = SMALL["network"].of_type("AWS::EC2::VPCEndpoint").values()
    named = {endpoint["ServiceName"].removeprefix("com.amazonaws.eu-central-1.") for endpoint in endpoints}
    assert named == {"ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager", "kms"}


@EITHER
def test_nginx_believes_the_subnets_of_the_load_balancer_and_no_other(stacks: dict[str, Stack]) -> None:
    believed = ipaddress.ip_network(
        environment(containers(stacks["service"], "Task")["nginx"])["LOAD_BALANCER_NETWORK"]
    )
    blocks = {
        name: ipaddress.ip_network(subnet["CidrBlock"])
        for name, subnet in stacks["network"].of_type("AWS::EC2::Subnet").items()
    }
    for name, block in blocks.items():
        assert block.subnet_of(believed) == name.startswith("Public"), name
    assert len({str(block) for block in blocks.values()}) == 4


ADMITTED = {
    "BalancerGroup": {("0.0.0.0/0", 443), ("0.0.0.0/0", 80)},
    "TaskGroup": {("network.BalancerGroup", 8080)},
    "DatabaseGroup": {("network.TaskGroup", 5432)},
    "CacheGroup": {("network.TaskGroup", 6379)},
    "EndpointGroup": {("network.TaskGroup", 443)},
}


@EITHER
def test_each_group_admits_its_neighbour_on_one_port_and_nobody_else(stacks: dict[str, Stack]) -> None:
    groups = stacks["network"].of_type("AWS::EC2::SecurityGroup")
    admitted = {
        name: {
            (rule.get("CidrIp") or rule["SourceSecurityGroupId"], rule["FromPort"])
            for rule in group["SecurityGroupIngress"]
            if rule["FromPort"] == rule["ToPort"]
        }
        for name, group in groups.items()
    }
    assert admitted == ADMITTED
    assert all(group["SecurityGroupEgress"] for group in groups.values())


def test_all_traffic_is_logged() -> None:
    [flow] = SMALL["network"].of_type("AWS::EC2::FlowLog").values()
    assert (flow["ResourceId"], flow["TrafficType"]) == ("network.Vpc", "ALL")


# Data at rest


@EITHER
def test_everything_that_is_stored_is_encrypted_with_a_key_of_the_installation(stacks: dict[str, Stack]) -> None:
    database = stacks["data"].of_type("AWS::RDS::DBInstance")["Database"]
    key = "foundation.Key.Arn"
    assert (database["StorageEncrypted"], database["KmsKeyId"]) == (True, key)
    for secret in stacks["data"].of_type("AWS::SecretsManager::Secret").values():
        assert secret["KmsKeyId"] == key
    for stack in stacks.values():
        for group in stack.of_type("AWS::Logs::LogGroup").values():
            assert group["KmsKeyId"] == key
            assert group["RetentionInDays"] >= 14
    for repository in stacks["foundation"].of_type("AWS::ECR::Repository").values():
        assert repository["EncryptionConfiguration"] == {"EncryptionType": "KMS", "KmsKey": key}
    for cache in stacks["data"].of_type("AWS::ElastiCache::ReplicationGroup").values():
        assert cache["AtRestEncryptionEnabled"]
        assert cache["TransitEncryptionEnabled"]
        assert cache["KmsKeyId"] == key


def test_keys_rotate_and_may_not_be_lost_with_a_stack() -> None:
    foundation = SMALL["foundation"]
    assert {name: key["EnableKeyRotation"] for name, key in foundation.of_type("AWS::KMS::Key").items()} == {
        "Key": True,
        "RubricKey": True,
    }
    for stack in SMALL.values():
        for name, resource in stack.resources.items():
            if resource["Type"] in {"AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"}:
                assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain", name


def test_the_database_is_backed_up_doubled_and_out_of_reach() -> None:
    resource = SMALL["data"].resources["Database"]
    database = resource["Properties"]
    assert database["BackupRetentionPeriod"] >= 7
    assert database["MultiAZ"] == "true"
    assert database["PubliclyAccessible"] is False
    assert database["DeletionProtection"] is True
    assert resource["DeletionPolicy"] == "Snapshot"
    assert database["VPCSecurityGroups"] == ["network.DatabaseGroup"]


def test_the_database_insists_on_tls_and_logs_no_statement() -> None:
    [group] = SMALL["data"].of_type("AWS::RDS::DBParameterGroup").values()
    told = group["Parameters"]
    assert told["rds.force_ssl"] == "1"
    assert (told["log_statement"], told["log_min_duration_statement"]) == ("none", "-1")
    assert told["log_min_error_statement"] == "panic"
    assert group["Family"] == f"postgres{SMALL['data'].resources['Database']['Properties']['EngineVersion']}"


def test_the_database_takes_as_many_connections_as_all_tasks_may_open_during_a_release() -> None:
    service, data = SMALL["service"].parameters, SMALL["data"].parameters
    per_process = service["Threads"] + 1
    # A worker has a pool for jobs and one for its own connections, its metrics and its report a thread each.
    per_task = (service["WebConcurrency"] + 2) * per_process + 2
    assert 2 * service["MaxTasks"] * per_task <= data["DatabaseMaxConnections"]
    assert SMALL["monitoring"].parameters["DatabaseConnectionsAlarm"] == data["DatabaseMaxConnections"] * 4 // 5


def test_replica_and_cache_exist_on_request_only() -> None:
    assert set(SMALL["data"].of_type("AWS::RDS::DBInstance")) == {"Database"}
    assert set(FULL["data"].of_type("AWS::RDS::DBInstance")) == {"Database", "DatabaseReplica"}
    assert not SMALL["data"].of_type("AWS::ElastiCache::ReplicationGroup")
    assert FULL["data"].of_type("AWS::ElastiCache::ReplicationGroup")


# Secrets


@EITHER
def test_secrets_are_generated_and_stand_in_no_template(stacks: dict[str, Stack]) -> None:
    for name, secret in stacks["data"].of_type("AWS::SecretsManager::Secret").items():
        if name == "CacheUrl":
            assert "{{resolve:secretsmanager:data.CacheToken:SecretString}}" in secret["SecretString"]
        else:
            assert secret["GenerateSecretString"]["PasswordLength"] >= 40
            assert secret["GenerateSecretString"]["ExcludePunctuation"] is True
    password = stacks["data"].resources["Database"]["Properties"]["MasterUserPassword"]
    assert password == "{{resolve:secretsmanager:data.DatabaseSecret:SecretString:password}}"


@EITHER
def test_each_container_is_given_the_secrets_it_needs_and_no_others(stacks: dict[str, Stack]) -> None:
    app = {"SECRET_KEY": "data.SecretKey", "PGPASSWORD": "data.DatabaseSecret:password::"}
    cache = {"REDIS_URL": "data.CacheUrl"} if stacks is FULL else {}
    task = containers(stacks["service"], "Task")
    assert secrets(task["nginx"]) == {}
    assert secrets(task["web"]) == secrets(task["worker"]) == {**app, **cache}
    migrate = containers(stacks["release"], "MigrateTask")["migrate"]
    assert secrets(migrate) == {**app, "API_KEY": "data.ApiKey"}


@EITHER
def test_the_generated_secrets_are_ones_that_the_application_takes(stacks: dict[str, Stack]) -> None:
    generated = stacks["data"].of_type("AWS::SecretsManager::Secret")
    assert generated["SecretKey"]["GenerateSecretString"]["PasswordLength"] >= 50
    assert 32 <= generated["ApiKey"]["GenerateSecretString"]["PasswordLength"] <= 200


# What tasks may do


def test_the_task_may_wrap_keys_of_rubrics_and_nothing_else() -> None:
    role = SMALL["release"].resources["TaskRole"]["Properties"]
    assert {sid: (s["Action"], s["Resource"]) for sid, s in statements(role).items()} == {
        "WrapAndUnwrap": (["kms:Encrypt", "kms:Decrypt"], "foundation.RubricKey.Arn")
    }
    assert "ManagedPolicyArns" not in role


@EITHER
def test_ecs_may_pull_log_and_hand_out_these_secrets_and_nothing_else(stacks: dict[str, Stack]) -> None:
    role = stacks["release"].resources["ExecutionRole"]["Properties"]
    allowed = statements(role)
    assert {sid: statement["Action"] for sid, statement in allowed.items()} == {
        "SignInToTheRegistry": "ecr:GetAuthorizationToken",
        "PullItsOwnImages": ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
        "WriteItsOwnLog": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "HandOutItsOwnSecrets": "secretsmanager:GetSecretValue",
        "OpenThoseSecrets": "kms:Decrypt",
    }
    cache = ["data.CacheUrl"] if stacks is FULL else []
    assert allowed["HandOutItsOwnSecrets"]["Resource"] == [
        "data.DatabaseSecret",
        "data.SecretKey",
        "data.ApiKey",
        *cache,
    ]
    assert [sid for sid, statement in allowed.items() if statement["Resource"] == "*"] == ["SignInToTheRegistry"]
    assert "ManagedPolicyArns" not in role


@EITHER
def test_no_role_can_be_taken_by_another_account(stacks: dict[str, Stack]) -> None:
    for stack in stacks.values():
        for name, role in stack.of_type("AWS::IAM::Role").items():
            for statement in role["AssumeRolePolicyDocument"]["Statement"]:
                assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}, name
                assert set(statement["Principal"]) == {"Service"}


# The service


def test_a_task_is_nginx_web_and_worker() -> None:
    task = containers(SMALL["service"], "Task")
    assert list(task) == ["nginx", "web", "worker"]
    assert all(container["Essential"] for container in task.values())
    assert all(container["ReadonlyRootFilesystem"] for container in task.values())
    assert all(container["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]} for container in task.values())
    assert task["nginx"]["DependsOn"] == [{"ContainerName": "web", "Condition": "HEALTHY"}]
    assert [container.get("PortMappings") for container in task.values()][1:] == [None, None]
    assert sum(container["MemoryReservation"] for container in task.values()) <= int(
        SMALL["service"].parameters["TaskMemory"]
    )


@EITHER
def test_every_variable_of_a_container_is_one_that_it_reads(stacks: dict[str, Stack]) -> None:
    task = containers(stacks["service"], "Task")
    for container in (task["web"], task["worker"], containers(stacks["release"], "MigrateTask")["migrate"]):
        named = set(environment(container)) | set(secrets(container))
        assert named - settings.ENV.names - READ_BY_OTHERS == set()
    templates = ROOT / "deploy" / "nginx" / "templates-behind-load-balancer" / "default.conf.template"
    filled = set(re.findall(r"\$\{([A-Z_]+)\}", templates.read_text()))
    nginx = environment(task["nginx"])
    assert set(nginx) - {"NGINX_ENVSUBST_FILTER"} == filled
    assert set(re.findall(r"[A-Z_]{2,}", nginx["NGINX_ENVSUBST_FILTER"])) == filled


@EITHER
def test_the_database_is_reached_with_its_certificate_checked_and_its_password_elsewhere(
    stacks: dict[str, Stack],
) -> None:
    for container in (
        *containers(stacks["service"], "Task").values(),
        *containers(stacks["release"], "MigrateTask").values(),
    ):
        for name, value in environment(container).items():
            if name.startswith("DATABASE_"):
                assert re.fullmatch(
                    r"postgresql://grader@data\.Database(Replica)?\.Endpoint\.Address:5432/grader"
                    r"\?sslmode=verify-full&sslrootcert=/etc/ssl/certs/rds\.pem",
                    value,
                )
    assert "/etc/ssl/certs/rds.pem" in (AWS / "app.Dockerfile").read_text()


def test_what_runs_is_one_version_of_both_images() -> None:
    images = {name: container["Image"] for name, container in containers(SMALL["service"], "Task").items()}
    app = f"foundation.AppRepository.RepositoryUri:{GIVEN['Version']}"
    assert images == {
        "nginx": f"foundation.NginxRepository.RepositoryUri:{GIVEN['Version']}",
        "web": app,
        "worker": app,
    }
    assert containers(SMALL["release"], "MigrateTask")["migrate"]["Image"] == app


def test_containers_get_longer_to_stop_than_their_processes_take() -> None:
    task = containers(SMALL["service"], "Task")
    assert all(task[name]["StopTimeout"] > 30 for name in ("web", "worker"))


@EITHER
def test_a_release_that_fails_goes_back_and_one_that_works_loses_no_request(stacks: dict[str, Stack]) -> None:
    deployment = stacks["service"].resources["Service"]["Properties"]["DeploymentConfiguration"]
    assert deployment == {
        "MinimumHealthyPercent": 100,
        "MaximumPercent": 200,
        "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
    }
    assert stacks["service"].resources["Task"]["UpdateReplacePolicy"] == "Retain"


def test_spot_is_a_share_of_what_is_beyond_the_tasks_that_are_always_there() -> None:
    def strategy(stacks: dict[str, Stack]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = stacks["service"].resources["Service"]["Properties"]["CapacityProviderStrategy"]
        return found

    always = {"CapacityProvider": "FARGATE", "Base": 2, "Weight": 1}
    assert strategy(SMALL) == [always]
    assert strategy(FULL) == [always, {"CapacityProvider": "FARGATE_SPOT", "Weight": 3}]


def test_tasks_follow_processor_memory_and_queue_between_two_and_ten() -> None:
    service = SMALL["service"]
    [target] = service.of_type("AWS::ApplicationAutoScaling::ScalableTarget").values()
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 10)
    assert target["ResourceId"] == "service/foundation.Cluster/service.Service.Name"
    followed = set()
    for policy in service.of_type("AWS::ApplicationAutoScaling::ScalingPolicy").values():
        assert policy["ScalingTargetId"] == "service.Scaling"
        tracked = policy["TargetTrackingScalingPolicyConfiguration"]
        followed.add(
            tracked.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
            or tracked["CustomizedMetricSpecification"]["MetricName"]
        )
    assert followed == {"ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization", "DueJobsPerWorker"}
    assert "DesiredCount" not in service.resources["Service"]["Properties"]


def test_the_door_speaks_tls_alone_and_sends_to_the_configured_name() -> None:
    listeners = SMALL["service"].of_type("AWS::ElasticLoadBalancingV2::Listener")
    https = listeners["HttpsListener"]
    assert (https["Port"], https["Protocol"]) == (443, "HTTPS")
    assert https["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")
    assert https["Certificates"] == [{"CertificateArn": GIVEN["CertificateArn"]}]
    [redirect] = listeners["HttpListener"]["DefaultActions"]
    assert redirect["RedirectConfig"]["Host"] == GIVEN["ServerName"]
    assert redirect["RedirectConfig"]["StatusCode"] == "HTTP_301"
    [rule] = SMALL["service"].of_type("AWS::ElasticLoadBalancingV2::ListenerRule").values()
    assert rule["Conditions"][0]["PathPatternConfig"]["Values"] == ["/metrics", "/metrics/*"]
    assert rule["Actions"][0]["FixedResponseConfig"]["StatusCode"] == "403"


def test_the_load_balancer_asks_the_path_that_answers_without_a_database() -> None:
    [group] = SMALL["service"].of_type("AWS::ElasticLoadBalancingV2::TargetGroup").values()
    assert (group["HealthCheckPath"], group["Port"], group["TargetType"]) == ("/health", 8080, "ip")
    [balanced] = SMALL["service"].resources["Service"]["Properties"]["LoadBalancers"]
    nginx = containers(SMALL["service"], "Task")["nginx"]
    assert {balanced["ContainerPort"]} == {port["ContainerPort"] for port in nginx["PortMappings"]} == {8080}


def test_images_are_scanned_immutable_and_do_not_pile_up() -> None:
    for repository in SMALL["foundation"].of_type("AWS::ECR::Repository").values():
        assert repository["ImageScanningConfiguration"] == {"ScanOnPush": True}
        assert repository["ImageTagMutability"] == "IMMUTABLE"
        rules = json.loads(repository["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
        assert {rule["selection"]["tagStatus"] for rule in rules} == {"untagged", "any"}
        assert all(rule["action"] == {"type": "expire"} for rule in rules)


# What is watched


def _filters() -> dict[str, dict[str, Any]]:
    """By the name of the metric."""
    filters = SMALL["monitoring"].of_type("AWS::Logs::MetricFilter").values()
    return {found["MetricTransformations"][0]["MetricName"]: found for found in filters}


def test_errors_are_counted_by_the_filter_of_the_contract() -> None:
    found = _filters()["ErrorLines"]
    assert found["FilterPattern"] == "[time, request_id, level=ERROR*, ...]"
    assert found["LogGroupName"] == "foundation.LogGroup"


@pytest.mark.parametrize(
    ("metric", "value"),
    [("DueJobsPerWorker", "2.5"), ("OldestDueJobSeconds", "3"), ("Workers", "4"), ("FailedJobs", "1")],
)
def test_the_figures_of_the_queue_are_read_from_the_line_that_a_worker_writes(metric: str, value: str) -> None:
    figures = QueueFigures(due=10, oldest_seconds=3.2, workers=4, failed=1)
    line = f"2026-11-27T10:00:00.000Z - INFO grader.queue_report {report_line(figures)}"
    found = _filters()[metric]
    assert matches(found["FilterPattern"], line)
    assert not matches(found["FilterPattern"], line.replace("grader.queue_report", "grader.other"))
    columns = [column.strip().split("=")[0] for column in found["FilterPattern"].strip("[]").split(",")]
    named = found["MetricTransformations"][0]["MetricValue"].removeprefix("$")
    assert fields_of(line)[columns.index(named)] == value


def test_the_scaling_follows_a_metric_that_a_filter_makes() -> None:
    tracked = SMALL["service"].resources["ScaleOnQueue"]["Properties"]["TargetTrackingScalingPolicyConfiguration"]
    custom = tracked["CustomizedMetricSpecification"]
    [made] = _filters()[custom["MetricName"]]["MetricTransformations"]
    assert custom["Namespace"] == made["MetricNamespace"]


@EITHER
def test_every_alarm_is_sent_has_its_runbook_and_watches_something_that_exists(stacks: dict[str, Stack]) -> None:
    alarms = stacks["monitoring"].of_type("AWS::CloudWatch::Alarm")
    assert len(alarms) >= 12
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == ["monitoring.Topic"], name
        [[document, heading]] = re.findall(r"Runbook, (docs/\w+\.md), [“]?(.+?)[”]?\.$", alarm["AlarmDescription"])
        assert re.search(rf"(?m)^### {re.escape(heading)}$", (ROOT / document).read_text()), name
        stats = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
        for metric in stats or [alarm]:
            assert metric["Namespace"].startswith("AWS/") or metric["MetricName"] in _filters(), name


def test_silence_of_workers_and_of_tasks_is_an_alarm() -> None:
    alarms = SMALL["monitoring"].of_type("AWS::CloudWatch::Alarm")
    silent = {name for name, alarm in alarms.items() if alarm["TreatMissingData"] == "breaching"}
    assert silent == {"WorkersGoneAlarm", "NoHealthyTaskAlarm"}


def test_alarms_and_the_budget_may_write_to_the_topic_and_to_its_key() -> None:
    [topic] = SMALL["monitoring"].of_type("AWS::SNS::Topic").values()
    assert topic["Subscription"] == [{"Protocol": "email", "Endpoint": GIVEN["AlarmEmail"]}]
    services = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
    [policy] = SMALL["monitoring"].of_type("AWS::SNS::TopicPolicy").values()
    allowed = policy["PolicyDocument"]["Statement"][0]
    assert (allowed["Effect"], allowed["Action"], allowed["Principal"]) == (
        "Allow",
        "sns:Publish",
        {"Service": services},
    )
    key = SMALL["foundation"].resources["Key"]["Properties"]["KeyPolicy"]["Statement"]
    assert [s["Principal"]["Service"] for s in key if "AlarmsAndTheBudget" in s["Sid"]] == [services]


@EITHER
def test_the_dashboard_is_json_and_shows_what_exists(stacks: dict[str, Stack]) -> None:
    [dashboard] = stacks["monitoring"].of_type("AWS::CloudWatch::Dashboard").values()
    widgets = json.loads(dashboard["DashboardBody"])["widgets"]
    assert "${" not in dashboard["DashboardBody"]
    taken: set[tuple[int, int]] = set()
    for widget in widgets:
        cells = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells
    shown = {
        metric[1] for widget in widgets for metric in widget["properties"].get("metrics", []) if metric[0] == "grader"
    }
    shown |= {
        metric[1]
        for widget in widgets
        if widget["properties"].get("metrics", [[""]])[0][0] == "grader"
        for metric in widget["properties"]["metrics"]
    }
    assert shown <= set(_filters())
    assert {"ErrorLines", "DueJobsPerWorker", "Workers"} <= shown


def test_saved_queries_read_the_log_in_its_own_format() -> None:
    queries = SMALL["monitoring"].of_type("AWS::Logs::QueryDefinition")
    assert len(queries) >= 5
    for query in queries.values():
        assert query["LogGroupNames"] == ["foundation.LogGroup"]


def test_the_month_has_a_budget_that_warns_before_and_after() -> None:
    [budget] = SMALL["monitoring"].of_type("AWS::Budgets::Budget").values()
    assert budget["Budget"]["TimeUnit"] == "MONTHLY"
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 400, "Unit": "USD"}
    kinds = {found["Notification"]["NotificationType"] for found in budget["NotificationsWithSubscribers"]}
    assert kinds == {"ACTUAL", "FORECASTED"}
