"""Compares every example in descriptions of events with the schema that it stands in: examples.py FILE…

A metaschema says only that examples are a list, and Redocly compares those of OpenAPI alone.
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator, FormatChecker


def with_examples(node, path):
    """Every schema in a document that has examples, and where it stands."""
    if isinstance(node, dict):
        if isinstance(node.get("examples"), list):
            yield node, path
        for name, below in node.items():
            yield from with_examples(below, f"{path}/{name}")
    elif isinstance(node, list):
        for number, below in enumerate(node):
            yield from with_examples(below, f"{path}/{number}")


def faults(file):
    """What is wrong with a file's examples, and how many there are."""
    found, count = [], 0
    for schema, path in with_examples(json.loads(file.read_text()), "#"):
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        for number, example in enumerate(schema["examples"]):
            count += 1
            for fault in validator.iter_errors(example):
                found.append(f"{file}: {path}/examples/{number}: {fault.json_path}: {fault.message}")
    return found or ([] if count else [f"{file} has no examples: give some, as its readers begin with them"]), count


results = [faults(pathlib.Path(name)) for name in sys.argv[1:]]
wrong = [fault for found, _ in results for fault in found]
if wrong:
    sys.exit("\n".join(wrong))
print(f"ok -- {sum(count for _, count in results)} examples are what their schemas say")
