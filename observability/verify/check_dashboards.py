"""The dashboards are what Grafana reads, and say what each panel shows."""

import json
from collections import Counter

import report
from dashboards import all_dashboards, panels_of
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

SCHEMA_VERSION = 41
VARIABLES = ["datasource", "namespace", "job"]
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


def lost(ours, theirs, at=""):
    """What does not survive being read by Grafana's definitions: misspelt, misplaced, of another type."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            if key in theirs:
                yield from lost(value, theirs[key], f"{at}.{key}")
            else:
                yield f"{at}.{key}"
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for place, (one, other) in enumerate(zip(ours, theirs)):
            yield from lost(one, other, f"{at}[{place}]")
    elif ours != theirs:
        yield at


def twice(values):
    return [value for value, count in Counter(values).items() if count > 1]


def faults_of_panel(panel):
    if not panel.get("description"):
        yield "has no description"
    if not panel["fieldConfig"]["defaults"].get("unit"):
        yield "has no unit"
    if panel["datasource"] != DATASOURCE or any(it["datasource"] != DATASOURCE for it in panel["targets"]):
        yield "does not use the variable datasource"
    if not panel["targets"] or not all(target.get("expr") for target in panel["targets"]):
        yield "asks for nothing"
    if not all(target.get("legendFormat") for target in panel["targets"]):
        yield "has a series without a legend"
    if twice(target["refId"] for target in panel["targets"]):
        yield "has two queries of one name"
    for target in panel["targets"]:
        # Windows that are too short for the scrape interval show nothing.
        if "rate(" in target["expr"] and "[$__rate_interval]" not in target["expr"]:
            yield "has a rate over another window than $__rate_interval"


def overlaps(panels):
    taken = {}
    for panel in panels:
        at = panel["gridPos"]
        for x in range(at["x"], at["x"] + at["w"]):
            for y in range(at["y"], at["y"] + at["h"]):
                if x >= 24 or taken.setdefault((x, y), panel["title"]) != panel["title"]:
                    yield panel["title"]
                    break


def faults():
    register_default_plugins()
    dashboards = all_dashboards()
    yield from (f"two dashboards have the uid {uid}" for uid in twice(it["uid"] for it in dashboards.values()))
    for name, dashboard in dashboards.items():
        read = json.loads(json.dumps(Dashboard.from_json(dashboard), cls=JSONEncoder))
        yield from (f"{name}.json: Grafana does not know {path}" for path in lost(dashboard, read))
        if dashboard["schemaVersion"] != SCHEMA_VERSION:
            yield f"{name}.json: schemaVersion is not {SCHEMA_VERSION}"
        if [variable["name"] for variable in dashboard["templating"]["list"]] != VARIABLES:
            yield f"{name}.json: its variables are not {', '.join(VARIABLES)}"
        panels = dashboard["panels"]
        yield from (f"{name}.json: two panels have the id {it}" for it in twice(panel["id"] for panel in panels))
        yield from (f"{name}.json: two panels are called {it}" for it in twice(panel["title"] for panel in panels))
        yield from (f"{name}.json: {it} overlaps another panel or the edge" for it in sorted(set(overlaps(panels))))
        for panel in panels_of(dashboard):
            yield from (f"{name}.json: {panel['title']} {fault}" for fault in faults_of_panel(panel))


count = sum(len(panels_of(dashboard)) for dashboard in all_dashboards().values())
report.end(list(faults()), f"{count} panels, as Grafana reads them")
