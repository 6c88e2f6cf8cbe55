"""Turns CustomResourceDefinitions into strict JSON schemas for kubeconform: crd_schemas.py TARGET CRD.yaml…"""

import json
import sys
from pathlib import Path

import yaml

class Loader(yaml.CSafeLoader):
    """Takes `=`, an operator in some lists of choices, for the text that it is."""


Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: node.value)

STRINGS = {"type": "object", "additionalProperties": {"type": "string"}}
# A definition says `type: object` of metadata and leaves the rest to the API server.
METADATA = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "namespace": {"type": "string"},
        "labels": STRINGS,
        "annotations": STRINGS,
    },
}


def strict(schema):
    """The schema without room for fields that it does not name."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: strict(value) for key, value in schema.items() if key != "default"}
    if schema.pop("x-kubernetes-int-or-string", False):
        schema.pop("type", None)
        schema["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    keeps_unknown = schema.pop("x-kubernetes-preserve-unknown-fields", False)
    if isinstance(schema.get("properties"), dict) and not keeps_unknown:
        schema.setdefault("additionalProperties", False)
    return schema


def versions(crd):
    """Each served version with its schema."""
    for version in crd["spec"]["versions"]:
        if version["served"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = METADATA
            schema["properties"].setdefault("apiVersion", {"type": "string"})
            schema["properties"].setdefault("kind", {"type": "string"})
            yield version["name"], schema


def main():
    target = Path(sys.argv[1])
    for path in sys.argv[2:]:
        for crd in yaml.load_all(Path(path).read_text(), Loader):
            if not crd or crd.get("kind") != "CustomResourceDefinition":
                continue
            folder = target / crd["spec"]["group"]
            folder.mkdir(parents=True, exist_ok=True)
            for version, schema in versions(crd):
                name = f"{crd['spec']['names']['kind'].lower()}_{version}.json"
                (folder / name).write_text(json.dumps(schema))


main()
