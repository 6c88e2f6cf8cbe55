"""Prints what of cargo's configuration says how crates are fetched: registry_settings.py CONFIG_FILE.

The rest, such as linkers and wrappers, belongs to the machine and not into the image's build.
"""

import json
import sys
import tomllib
from pathlib import Path

TABLES = ("source", "registry", "registries", "http", "net")
# A path of this machine; the certificates are given to the build on their own.
LEFT_OUT = ("http", "cainfo")


def lines(path, value):
    if path == LEFT_OUT:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from lines((*path, key), inner)
    else:
        # JSON's strings, numbers, booleans and lists of them are TOML's, too.
        yield f"{'.'.join(json.dumps(key) for key in path)} = {json.dumps(value)}"


settings = tomllib.loads(Path(sys.argv[1]).read_text())
for table in TABLES:
    for line in lines((table,), settings.get(table, {})):
        print(line)
