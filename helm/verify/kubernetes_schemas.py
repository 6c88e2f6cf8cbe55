"""Writes Kubernetes' strict schemas, one file a kind, for kubeconform: kubernetes_schemas.py TARGET VERSION…"""

import json
import sys
from importlib.resources import files
from pathlib import Path

PACKAGE = files("kubernetes_validate") / "kubernetes-json-schema"
ELSEWHERE = "/api/_definitions.json#/$defs/"
HERE = "#/$defs/"


def references(node):
    """The names of the definitions that it refers to; they are changed to stand in the same file."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            name = reference.removeprefix(ELSEWHERE).removeprefix(HERE)
            node["$ref"] = HERE + name
            yield name
        for value in node.values():
            yield from references(value)


def bundle(schema, definitions):
    """The schema with all that it needs."""
    needed = {}
    waiting = list(references(schema))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = definitions[name]
            waiting.extend(references(needed[name]))
    return {**schema, "$defs": needed}


def main():
    target = Path(sys.argv[1])
    for version in sys.argv[2:]:
        source = PACKAGE / f"v{version}-local-strict"
        definitions = json.loads((source / "_definitions.json").read_text())["$defs"]
        folder = target / f"kubernetes-v{version}"
        folder.mkdir(parents=True, exist_ok=True)
        for path in source.iterdir():
            schema = json.loads(path.read_text())
            if "x-kubernetes-group-version-kind" in schema:
                (folder / path.name).write_text(json.dumps(bundle(schema, definitions)))


main()
