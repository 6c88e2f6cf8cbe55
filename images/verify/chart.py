"""Compares images with the pods that the chart makes of them: chart.py FOLDER, with rendered objects (YAML) on standard input.

FOLDER has each image's configuration (OCI) as SERVICE.json. Names every difference, and ends with 1 if there is any.
"""

import json
import sys
from pathlib import Path

import yaml

SERVICES = ("catalog-query", "catalog-admin", "cache-invalidator")
# What the chart may have a program do; runs.sh has it done.
COMMANDS = {"catalog-admin": ["migrate", "--wait", "10m"]}

faults = []
seen = set()


def pods(node):
    """Every pod's specification, wherever it is."""
    if isinstance(node, dict):
        if "containers" in node:
            yield node
        for value in node.values():
            yield from pods(value)
    elif isinstance(node, list):
        for value in node:
            yield from pods(value)


def compare(container, pod, service, config, version):
    def must(true, fault):
        if not true:
            faults.append(f"{service}, container {container['name']}: {fault}")

    arguments = container.get("args", [])
    must("command" not in container, f"the chart replaces the entry point with {container.get('command')}")
    must(not arguments or arguments == COMMANDS.get(service), f"the chart says {arguments}, which the program does not know")
    must(container["image"].rpartition(":")[2] == version, f"the chart wants {container['image']}, the image is of {version}")

    ports = {f"{one['containerPort']}/tcp" for one in container.get("ports", [])}
    exposed = set(config["ExposedPorts"])
    must(arguments or ports == exposed, f"the chart has the ports {sorted(ports)}, the image {sorted(exposed)}")

    security = pod.get("securityContext", {}) | container.get("securityContext", {})
    user = f"{security.get('runAsUser')}:{security.get('runAsGroup')}"
    must(user == config["User"], f"the chart runs it as {user}, the image is made for {config['User']}")
    must(security.get("readOnlyRootFilesystem") is True, "the chart lets its root be written, where the check does not")
    must("exec" not in json.dumps([container.get(key) for key in ("startupProbe", "livenessProbe", "readinessProbe", "lifecycle")]), "the chart runs a program that the image does not have")
    seen.add((service, *arguments))


def main(folder):
    images = {service: json.loads(Path(folder, f"{service}.json").read_text()) for service in SERVICES}
    for document in yaml.safe_load_all(sys.stdin):
        for pod in pods(document):
            for container in pod["containers"] + pod.get("initContainers", []):
                service = container["image"].rpartition("/")[2].partition(":")[0]
                if service in images:
                    config = images[service]["config"]
                    compare(container, pod, service, config, config["Labels"]["org.opencontainers.image.version"])
    expected = {(service,) for service in SERVICES}
    expected |= {(service, *arguments) for service, arguments in COMMANDS.items()}
    if seen != expected:
        faults.append(f"the chart runs {sorted(seen)}, not {sorted(expected)}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
