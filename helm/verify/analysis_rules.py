"""Makes recording rules of an AnalysisTemplate's queries, for promtool: analysis_rules.py < rendered > rules.

Each is recorded as `<template>:<metric>` for the canary whose pods have the hash `new`.
"""

import json
import sys

import yaml


def rules(documents):
    for document in documents:
        if document and document["kind"] == "AnalysisTemplate":
            template = document["metadata"]["name"].removeprefix("catalog-query-")
            for metric in document["spec"]["metrics"]:
                query = metric["provider"]["prometheus"]["query"]
                yield {
                    "record": f"{template}:{metric['name'].replace('-', '_')}",
                    "expr": query.replace("{{args.canary}}", "new"),
                }


found = list(rules(yaml.safe_load_all(sys.stdin)))
json.dump({"groups": [{"name": "analysis", "interval": "5m", "rules": found}]}, sys.stdout)
