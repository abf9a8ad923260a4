"""Reads the CloudFormation templates and resolves what can be: parameters, conditions, imports of other stacks."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.deploy.files import DEPLOY

AWS = DEPLOY / "aws"
# In the order in which deploy.sh creates them.
STACKS = ("foundation", "network", "data", "release", "service", "monitoring")
PSEUDO = {
    "AWS::Region": "eu-central-1",
    "AWS::AccountId": "111122223333",
    "AWS::Partition": "aws",
    "AWS::StackName": "stack",
}
GIVEN = {
    "ServerName": "grading.example.org",
    "CertificateArn": "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-0000-0000-0000-000000000000",
    "AlarmEmail": "oncall@example.org",
    "Version": "0123456789ab",
}
_NOTHING = object()


class _Loader(yaml.SafeLoader):
    """`!Sub x` is read as {"Fn::Sub": x}, as CloudFormation reads it."""


def _tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    match node:
        case yaml.ScalarNode():
            value: Any = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case _:
            assert isinstance(node, yaml.MappingNode)
            value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt":
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


yaml.add_multi_constructor("!", _tag, Loader=_Loader)  # type: ignore[no-untyped-call]


def template(stack: str) -> dict[str, Any]:
    return dict(yaml.load((AWS / f"{stack}.yml").read_text(), Loader=_Loader))


@dataclass
class Stack:
    """One template with its parameters filled in. A reference to a resource is `network.Vpc`, an attribute of one
    `data.Database.Endpoint.Address`."""

    name: str
    parameters: Mapping[str, Any]
    exports: dict[str, Any]
    imported: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.template = template(self.name)
        self.resources: dict[str, dict[str, Any]] = {
            logical: {**resource, "Properties": self.resolve(resource.get("Properties", {}))}
            for logical, resource in self.template["Resources"].items()
            if "Condition" not in resource or self.condition(resource["Condition"])
        }
        self.outputs = {
            name: self.resolve(output["Value"]) for name, output in self.template.get("Outputs", {}).items()
        }
        for name, output in self.template.get("Outputs", {}).items():
            if "Export" in output:
                self.exports[str(self.resolve(output["Export"]["Name"]))] = self.outputs[name]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of each resource of a type."""
        return {name: found["Properties"] for name, found in self.resources.items() if found["Type"] == kind}

    def condition(self, name: str) -> bool:
        return bool(self.resolve(self.template["Conditions"][name]))

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [found for item in value if (found := self.resolve(item)) is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(function, argument)] = value.items()
            if function in self._functions():
                return self._functions()[function](argument)
        pairs = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in pairs.items() if item is not _NOTHING}

    def _functions(self) -> dict[str, Callable[[Any], Any]]:
        return {
            "Ref": self._ref,
            "Condition": self.condition,
            "Fn::GetAtt": lambda argument: ".".join([self.name, *argument]),
            "Fn::Sub": self._sub,
            "Fn::Join": lambda argument: argument[0].join(map(str, self.resolve(argument[1]))),
            "Fn::Split": lambda argument: str(self.resolve(argument[1])).split(argument[0]),
            "Fn::Select": lambda argument: self.resolve(argument[1])[int(argument[0])],
            "Fn::If": lambda argument: self.resolve(argument[1] if self.condition(argument[0]) else argument[2]),
            "Fn::Equals": lambda argument: str(self.resolve(argument[0])) == str(self.resolve(argument[1])),
            "Fn::Not": lambda argument: not self.resolve(argument[0]),
            "Fn::ImportValue": self._import,
            "Fn::GetAZs": lambda _: ["zone-a", "zone-b", "zone-c"],
            "Fn::Cidr": self._cidr,
        }

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in PSEUDO:
            return PSEUDO[name]
        if name in self.template["Parameters"]:
            return self.parameters[name]
        assert name in self.template["Resources"], f"{self.name}: {name} is neither a parameter nor a resource"
        return f"{self.name}.{name}"

    def _sub(self, argument: Any) -> str:
        text, names = (argument, {}) if isinstance(argument, str) else argument

        def filled(match: re.Match[str]) -> str:
            name = match[1]
            if name in names:
                return str(self.resolve(names[name]))
            return f"{self.name}.{name}" if "." in name else str(self._ref(name))

        return re.sub(r"\$\{([\w:.]+)\}", filled, text)

    def _import(self, argument: Any) -> Any:
        name = self.resolve(argument)
        assert name in self.exports, f"{self.name} imports {name}, which no stack before it exports"
        self.imported.add(name)
        return self.exports[name]

    def _cidr(self, argument: Any) -> list[str]:
        block, count, bits = argument
        network = ipaddress.ip_network(self.resolve(block))
        subnets = network.subnets(new_prefix=32 - int(bits))
        return [str(next(subnets)) for _ in range(int(count))]


def parameters_of(stack: str, **given: Any) -> dict[str, Any]:
    """The defaults, and what has none; a value that a template does not know is left out."""
    declared = template(stack)["Parameters"]
    values = {name: parameter["Default"] for name, parameter in declared.items() if "Default" in parameter}
    return {**values, **{name: value for name, value in {**GIVEN, **given}.items() if name in declared}}


def installation(**given: Any) -> dict[str, Stack]:
    """All stacks in order, each with the exports of those before it."""
    exports: dict[str, Any] = {}
    return {name: Stack(name, parameters_of(name, **given), exports) for name in STACKS}
