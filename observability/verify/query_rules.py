"""Prints the queries of dashboards and runbooks as recording rules, so that promtool reads them."""

import yaml
from dashboards import all_dashboards, other_queries_of, queries_of
from runbooks import queries_of_runbooks

VALUES = {"namespace": "shop", "job": ".*", "__rate_interval": "1m"}

queries = [
    query
    for name, dashboard in all_dashboards().items()
    for query in [*queries_of(name, dashboard), *other_queries_of(name, dashboard)]
]
rules = [
    {"record": "query", "expr": query.with_values(VALUES), "labels": {"name": query.name}}
    for query in [*queries, *queries_of_runbooks()]
]
print(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
