"""Compares the PostgreSQL settings that the chart renders with those that schema/README.md asks of a server of one's own.

Reads the rendered objects from standard input; the README's path is the one argument. What only sizes a server is left out.
"""

import re
import sys

import yaml

SIZES = {"max_connections", "max_slot_wal_keep_size"}


def told(readme):
    """Setting and value, by the table below "The settings"; several settings may stand before one value."""
    section = readme.split("\n## The settings\n", 1)[1].split("\n## ", 1)[0]
    settings = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 3 and (values := re.findall(r"`([^`]+)`", cells[1])):
            settings.update({name: values[0] for name in re.findall(r"`([^`]+)`", cells[0])})
    return without_sizes(settings)


def rendered(objects):
    """What the one database cluster among them is given."""
    (cluster,) = [item for item in objects if item and item["apiVersion"] == "postgresql.cnpg.io/v1" and item["kind"] == "Cluster"]
    given = cluster["spec"]["postgresql"]
    settings = dict(given["parameters"])
    # CloudNativePG writes the standbys' names itself.
    if wait := given.get("synchronous"):
        settings["synchronous_standby_names"] = f"{wait['method'].upper()} {wait['number']} (…)"
    return without_sizes(settings)


def without_sizes(settings):
    return {name: str(value) for name, value in settings.items() if name not in SIZES}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        wanted = told(file.read())
    given = rendered(list(yaml.safe_load_all(sys.stdin)))
    for name in sorted(wanted.keys() | given.keys()):
        if wanted.get(name) != given.get(name):
            sys.exit(f"{name}: schema/README.md says {wanted.get(name)}, the chart renders {given.get(name)}")
    print(f"{len(given)} settings, and schema/README.md tells them")


main()
