"""Rules, dashboards and runbooks name only metrics that the services have: those spelled in their code."""

import re
from pathlib import Path

import report
from dashboards import all_dashboards, other_queries_of, queries_of
from rules import all_rules
from runbooks import queries_of_runbooks

PROJECT = Path(__file__).parent.parent.parent
CRATES = ["service-kit", "catalog-query", "catalog-admin", "cache-invalidator"]
# From the crate metrics-process, as each service shows them.
PROCESS = {
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_virtual_memory_bytes",
    "process_virtual_memory_max_bytes",
    "process_start_time_seconds",
    "process_open_fds",
    "process_max_fds",
    "process_threads",
}
NAME = re.compile(r"\b(?:vitrina|process)[_:][\w:]+")


def in_code():
    for crate in CRATES:
        for path in (PROJECT / crate / "src").rglob("*.rs"):
            yield from re.findall(r'"(vitrina_[a-z0-9_]+)"', path.read_text())


def queries():
    for rule in all_rules():
        yield f"{rule.file}: {rule.name}", rule.expr
    for name, dashboard in all_dashboards().items():
        for query in [*queries_of(name, dashboard), *other_queries_of(name, dashboard)]:
            yield query.name, query.expr
    for query in queries_of_runbooks():
        yield query.name, query.expr


def faults():
    known = {*in_code(), *PROCESS, *(rule.name for rule in all_rules() if not rule.is_alert)}
    histograms = {f"{name}{part}" for name in known if name.endswith("_seconds") for part in ("_bucket", "_count", "_sum")}
    for where, expr in queries():
        for name in sorted(set(NAME.findall(expr)) - known - histograms):
            yield f"{where}: no service has the metric {name}"


report.end(list(faults()), f"{sum(1 for _ in queries())} queries, of metrics that there are")
