"""Each alert has what its reader needs, and each runbook an alert."""

import re

import report
from rules import all_alerts
from runbooks import FOLDER

# What each runbook says, under these headings and in this order.
HEADINGS = ["## What is noticed", "## Look", "## Do", "## Escalate"]


def faults():
    alerts = all_alerts()
    for alert in alerts:
        where = f"{alert.file}: {alert.name}"
        if alert.labels.get("severity") not in {"page", "ticket"}:
            yield f"{where} is neither a page nor a ticket"
        if missing := {"summary", "description", "runbook"} - alert.annotations.keys():
            yield f"{where} lacks annotations: {', '.join(sorted(missing))}"
        if alert.annotations.get("runbook") != f"observability/runbooks/{alert.name}.md":
            yield f"{where} names another runbook than observability/runbooks/{alert.name}.md"
    names = {alert.name for alert in alerts}
    runbooks = {path.stem: path for path in FOLDER.glob("*.md")}
    yield from (f"{name} has no runbook" for name in sorted(names - runbooks.keys()))
    yield from (f"{name}.md is the runbook of no alert" for name in sorted(runbooks.keys() - names))
    for name, path in sorted(runbooks.items()):
        lines = path.read_text().splitlines()
        if lines[0] != f"# {name}":
            yield f"{path.name} does not begin with # {name}"
        if [line for line in lines if line.startswith("## ")] != HEADINGS:
            yield f"{path.name} has other headings than {', '.join(HEADINGS)}"
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            if not (FOLDER / link).exists():
                yield f"{path.name} leads to {link}, which is not there"


report.end(list(faults()), f"{len({alert.name for alert in all_alerts()})} alerts, each with its runbook")
