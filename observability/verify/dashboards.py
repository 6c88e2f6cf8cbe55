"""The dashboards, read."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "dashboards"


@dataclass(frozen=True)
class Query:
    """What a panel, a variable or an annotation asks Prometheus for."""

    # Such as `overview: Requests, A`.
    name: str
    expr: str

    def with_values(self, values):
        """The expression as Grafana sends it, with these values of its variables."""
        return re.sub(r"\$\{?(\w+)\}?", lambda found: values[found[1]], self.expr)


def all_dashboards():
    """The documents, by the names of their files without `.json`."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def panels_of(dashboard):
    """Its panels without the rows between them."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def queries_of(name, dashboard):
    """What its panels ask for."""
    return [
        Query(f"{name}: {panel['title']}, {target['refId']}", target["expr"])
        for panel in panels_of(dashboard)
        for target in panel["targets"]
    ]


def other_queries_of(name, dashboard):
    """What its variables are made of, and its annotations."""
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            series = re.fullmatch(r"label_values\((.+), \w+\)", variable["query"]["query"])[1]
            yield Query(f"{name}: variable {variable['name']}", series)
    for annotation in dashboard["annotations"]["list"]:
        yield Query(f"{name}: annotation {annotation['name']}", annotation["expr"])
