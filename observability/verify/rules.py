"""The rule files, read."""

from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent.parent / "rules"


@dataclass(frozen=True)
class Rule:
    """A recording rule or an alert."""

    file: str
    # What it records, or the alert's name.
    name: str
    is_alert: bool
    expr: str
    labels: dict
    annotations: dict


def all_rules():
    """Every rule of every file."""
    return [
        Rule(
            file=path.name,
            name=rule.get("alert") or rule["record"],
            is_alert="alert" in rule,
            expr=rule["expr"],
            labels=rule.get("labels", {}),
            annotations=rule.get("annotations", {}),
        )
        for path in sorted(FOLDER.glob("*.yaml"))
        for group in yaml.safe_load(path.read_text())["groups"]
        for rule in group["rules"]
    ]


def all_alerts():
    """Every alert; some stand twice under one name, once for each severity."""
    return [rule for rule in all_rules() if rule.is_alert]
