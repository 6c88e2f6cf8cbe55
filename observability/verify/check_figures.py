"""The objectives are the same in the rules, in k6/slo.js and in the chart's canary."""

import re
from pathlib import Path

import report
import yaml
from rules import all_rules

PROJECT = Path(__file__).parent.parent.parent


def of_rules():
    """The objectives, and the buckets that tell what is quick enough, by objective."""
    rules = [rule for rule in all_rules() if "slo" in rule.labels]
    objectives = {
        rule.labels["slo"]: float(re.fullmatch(r"vector\((.+)\)", rule.expr)[1])
        for rule in rules
        if rule.name == "vitrina:slo_objective:ratio"
    }
    limits = {
        rule.labels["slo"]: float(found[1])
        for rule in rules
        if (found := re.search(r'le="([\d.]+)"', rule.expr))
    }
    return objectives, limits


def of_k6():
    script = (PROJECT / "k6" / "slo.js").read_text()

    def figures(pattern):
        found = re.search(pattern, script)
        if not found:
            report.end([f"k6/slo.js has nothing like {pattern}: look how it says its objectives now"], "")
        return [float(figure) for figure in found.groups()]

    return {
        "availability": figures(r"availability: ([\d.]+)")[0],
        "latency": figures(r"latency: \{ percentile: ([\d.]+), ms: (\d+) \}"),
        "stale": figures(r"stale: ([\d.]+)")[0],
        "editing": figures(r"editing: ([\d.]+)")[0],
    }


def faults():
    objectives, limits = of_rules()
    k6 = of_k6()
    rollout = yaml.safe_load((PROJECT / "helm/vitrina/values.yaml").read_text())["query"]["rollout"]["limits"]
    pairs = [
        ("storefront-availability", objectives["storefront-availability"], "k6/slo.js", k6["availability"]),
        ("storefront-latency", objectives["storefront-latency"], "k6/slo.js", k6["latency"][0] / 100),
        ("storefront-latency's limit", limits["storefront-latency"], "k6/slo.js", k6["latency"][1] / 1000),
        ("storefront-freshness", objectives["storefront-freshness"], "k6/slo.js", 1 - k6["stale"]),
        ("editing-availability", objectives["editing-availability"], "k6/slo.js", k6["editing"]),
        ("storefront-availability", objectives["storefront-availability"], "the canary", 1 - rollout["errorRatio"]),
    ]
    for what, ours, where, theirs in pairs:
        if abs(ours - theirs) > 1e-9:
            yield f"{what} is {ours} in observability/rules/slo.yaml and {theirs:g} in {where}"
    if rollout["p99Seconds"] > limits["storefront-latency"]:
        yield "the canary may be slower than the objective allows"


report.end(list(faults()), "the same figures in the rules, in k6/slo.js and in the chart's canary")
