"""Has a real Prometheus scrape a running stack, and asks it all that rules and dashboards ask.

Usage: check_live.py STACK, the stack.json of a running stack.
"""

import json
import re
import sys
import tempfile
import time
from pathlib import Path

import report
import yaml
from dashboards import Query, all_dashboards, other_queries_of, queries_of
from prometheus import QueryError, running, wait_until
from rules import FOLDER as RULES
from rules import all_rules
from runbooks import queries_of_runbooks
from traffic import Traffic

SECONDS = 40
# As the ServiceMonitors of the chart name them.
NAMESPACE = "vitrina"
VALUES = {"namespace": NAMESPACE, "job": ".*", "__rate_interval": "30s"}
EXEMPLARS = f'vitrina_http_request_duration_seconds_bucket{{namespace="{NAMESPACE}"}}'
COMPARISON = re.compile(r"(?<=\s)(==|>=|<=|>|<)(?=\s)")


def scrape_configs(addresses):
    """With the labels that the chart's ServiceMonitors give."""
    pods = {
        "catalog-query": addresses["query_ops"],
        "catalog-admin": [addresses["admin_ops"]],
        "cache-invalidator": [addresses["invalidator_ops"]],
    }
    return [
        {
            "job_name": job,
            "static_configs": [
                {
                    "targets": [base.removeprefix("http://")],
                    "labels": {"namespace": NAMESPACE, "service": job, "pod": f"{job}-{number}"},
                }
                for number, base in enumerate(bases)
            ],
        }
        for job, bases in pods.items()
    ]


def quick_rules(folder):
    """The rules, evaluated every second, so that nobody has to wait for the first results."""
    for path in RULES.glob("*.yaml"):
        (folder / path.name).write_text(re.sub(r"interval: \d+s", "interval: 1s", path.read_text()))
    return sorted(folder.glob("*.yaml"))


def queries():
    """All that must give a sample. An alert is asked without its limits, and about now: else a series
    that is not there, or labels that do not match, would look like a system that is well."""
    for name, dashboard in all_dashboards().items():
        for query in [*queries_of(name, dashboard), *other_queries_of(name, dashboard)]:
            yield Query(query.name, query.with_values(VALUES))
    for rule in all_rules():
        detail = rule.labels.get("severity" if rule.is_alert else "slo")
        suffix = f" ({detail})" if detail else ""
        yield Query(f"{rule.file}: {rule.name}{suffix}", without_limits(rule.expr))


def without_limits(expr):
    return re.sub(r" offset \w+", "", COMPARISON.sub(r"\1 bool", expr))


def faults(prometheus, started):
    may_be_empty = yaml.safe_load((Path(__file__).parent / "may_be_empty.yaml").read_text())
    asked = list(queries())
    for query in asked:
        try:
            if not prometheus.query(query.expr) and query.name not in may_be_empty:
                yield f"{query.name} gives nothing: {query.expr}"
        except QueryError as error:
            yield f"{query.name} is refused: {error}"
    for query in queries_of_runbooks():
        try:
            prometheus.query(query.expr)
        except QueryError as error:
            yield f"{query.name} is refused: {error}"
    for name in sorted(may_be_empty.keys() - {query.name for query in asked}):
        yield f"may_be_empty.yaml names what nobody asks: {name}"
    for rule in prometheus.rules():
        if rule["health"] != "ok":
            yield f"the rule {rule['name']} cannot be evaluated: {rule.get('lastError')}"
    if not any("trace_id" in it["labels"] for it in prometheus.exemplars(EXEMPLARS, started)):
        yield f"no exemplar leads to a trace: {EXEMPLARS}"


def all_up(prometheus):
    return all(target["health"] == "up" for target in prometheus.targets())


def firing(prometheus):
    return sorted({it["labels"]["alertname"] for it in prometheus.get("alerts")["alerts"] if it["state"] == "firing"})


def look(addresses):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rules").mkdir()
        rules = quick_rules(folder / "rules")
        with running(folder, scrape_configs(addresses), rules) as prometheus:
            wait_until(lambda: all_up(prometheus), "not all services answered at /metrics (see make status)")
            started = time.time()
            print(f"   reads and edits for {SECONDS} s", flush=True)
            requests = Traffic(addresses).run(SECONDS)
            found = list(faults(prometheus, started))
            for alert in firing(prometheus):
                print(f"   fires on this stack: {alert}")
    return found, requests


def main(stack):
    try:
        found, requests = look(json.loads(Path(stack).read_text())["addresses"])
    except (OSError, RuntimeError) as error:
        report.end([f"the stack cannot be asked: {error}"], "")
    count = sum(1 for _ in queries())
    report.end(found, f"{requests} requests; {count} queries, each with what a real Prometheus has")


main(sys.argv[1])
