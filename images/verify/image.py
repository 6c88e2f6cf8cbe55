"""Looks at one final image: image.py SERVICE ROOT BASE_ROOT, with its configuration (OCI) on standard input.

ROOT and BASE_ROOT are where the image and its runtime base are mounted. Names every fault, and ends with 1 if there is any.
"""

import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path

PROJECT = Path(__file__).parents[2]
MEGABYTE = 1_000_000
# Of all files. The largest image takes two thirds of it.
BUDGET = 60 * MEGABYTE
SHELLS = {"ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "mksh", "sh", "tcsh", "toybox", "zsh"}
PACKAGE_MANAGERS = {"apk", "apt", "apt-get", "aptitude", "dnf", "dpkg", "microdnf", "opkg", "pacman", "rpm", "yum", "zypper"}
DEBUG_SECTION = b".debug_info"

faults = []


def must(true, fault):
    if not true:
        faults.append(fault)


def files_of(root):
    """Everything below, by its path as the image has it."""
    for folder, folders, names in os.walk(root):
        for name in folders + names:
            path = Path(folder, name)
            yield f"/{path.relative_to(root)}", path


def check_configuration(service, image, version):
    config = image["config"]
    must(re.fullmatch(r"[1-9]\d*:[1-9]\d*", config.get("User", "")), f"the user is {config.get('User')!r}: not a number other than root's")
    must(config.get("Entrypoint") == [f"/usr/local/bin/{service}"], f"the entry point is {config.get('Entrypoint')}: not the program by its path")
    must(not config.get("Cmd"), f"the program gets arguments: {config.get('Cmd')}")
    must(config.get("StopSignal") == "SIGTERM", f"it is stopped with {config.get('StopSignal')}")
    must("Healthcheck" not in config, "there is a health check, which Kubernetes does not read")
    must(not any(re.search("KEY|TOKEN|PASSWORD|SECRET|PROXY", one.split("=")[0], re.I) for one in config.get("Env", [])), f"a variable looks like a secret: {config.get('Env')}")

    crate = tomllib.loads((PROJECT / service / "Cargo.toml").read_text())["package"]
    workspace = tomllib.loads((PROJECT / "Cargo.toml").read_text())["workspace"]["package"]
    labels = {key.removeprefix("org.opencontainers.image."): value for key, value in (config.get("Labels") or {}).items()}
    for key, value in {"title": crate["name"], "description": crate["description"], "licenses": workspace["license"], "version": version}.items():
        must(labels.get(key) == value, f"the label {key} is {labels.get(key)!r}, not {value!r}")
    must(re.fullmatch(r"[0-9a-f]{40}(-dirty)?", labels.get("revision", "")), f"the label revision is {labels.get('revision')!r}: no commit")
    try:
        must(datetime.fromisoformat(labels["created"]) == datetime.fromisoformat(image["created"]), f"the label created is {labels['created']}, the image is of {image['created']}")
    except (KeyError, ValueError) as error:
        faults.append(f"the label created is no moment: {error}")


def check_files(service, root, base):
    expected = {f"/usr/local/bin/{service}", f"/usr/share/sbom/{service}.cdx.json"}
    present = dict(files_of(root))
    added = {name for name, path in present.items() if not path.is_dir()} - {name for name, _ in files_of(base)}
    must(added == expected, f"over the base it has {sorted(added)}, not {sorted(expected)}")

    size = count = 0
    for name, path in present.items():
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            size += path.lstat().st_size
            count += 1
            check_file(name, path, mode, service)
        must(stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode), f"{name} is neither a file nor a folder nor a link")
        must(path.name not in SHELLS or stat.S_ISDIR(mode), f"{name} is a shell")
        must(path.name not in PACKAGE_MANAGERS or stat.S_ISDIR(mode), f"{name} is a package manager")
        if not stat.S_ISLNK(mode):
            must(not mode & stat.S_IWOTH or mode & stat.S_ISVTX, f"{name} can be written by everyone")
    must(size <= BUDGET, f"{size / MEGABYTE:.1f} MB are more than the {BUDGET / MEGABYTE:.0f} MB that an image may have")
    print(f"{service}: {count} files, {size / MEGABYTE:.1f} MB, of which the program {present[f'/usr/local/bin/{service}'].stat().st_size / MEGABYTE:.1f} MB")


def check_file(name, path, mode, service):
    must(not mode & (stat.S_ISUID | stat.S_ISGID), f"{name} is setuid or setgid")
    must("security.capability" not in os.listxattr(path), f"{name} has capabilities")
    if mode & 0o111:
        library = re.search(r"\.so(\.|$)", path.name)
        must(library or name == f"/usr/local/bin/{service}", f"{name} can be executed, and is neither a library nor {service}")
    with path.open("rb") as file:
        must(file.read(2) != b"#!", f"{name} is a script")


def check_program(service, root):
    program = root / "usr/local/bin" / service
    must(stat.S_IMODE(program.stat().st_mode) == 0o755 and program.stat().st_uid == 0, "the program is not root's with mode 0755")
    sections = subprocess.run(["readelf", "--section-headers", "--wide", program], check=True, capture_output=True).stdout
    must(DEBUG_SECTION not in sections, "the program has lines of debugging")
    must(b".symtab" in sections, "the program has no symbols, so that a backtrace would have no names")


def direct_dependencies(bill):
    """The names of what the program itself takes."""
    names = {one["bom-ref"]: one["name"] for one in bill["components"]}
    subject = bill["metadata"]["component"]["bom-ref"]
    return {names[one] for entry in bill["dependencies"] if entry["ref"] == subject for one in entry.get("dependsOn", [])}


def check_bill(service, root, version):
    file = root / f"usr/share/sbom/{service}.cdx.json"
    if not file.exists():
        faults.append("there is no bill of materials")
        return
    bill = json.loads(file.read_text())
    must(bill["bomFormat"] == "CycloneDX", "the bill of materials is not CycloneDX")
    subject = bill["metadata"]["component"]
    must((subject["name"], subject["version"]) == (service, version), f"the bill of materials is of {subject['name']} {subject['version']}")

    # What is linked into this very program: all that it names, and nothing that only tests or other programs take.
    locked = {(one["name"], one["version"]) for one in tomllib.loads((PROJECT / "Cargo.lock").read_text())["package"]}
    listed = {(one["name"], one["version"]) for one in bill["components"]}
    names = {name for name, _ in listed}
    manifest = tomllib.loads((PROJECT / service / "Cargo.toml").read_text())
    only_tests = set(manifest.get("dev-dependencies", {})) - set(manifest["dependencies"])
    must(listed <= locked, f"the bill of materials has what Cargo.lock has not: {sorted(listed - locked)}")
    direct = direct_dependencies(bill)
    must(direct == set(manifest["dependencies"]), f"the bill of materials and Cargo.toml differ in {sorted(direct ^ set(manifest['dependencies']))}")
    must({"tokio", "rdkafka-sys", "libz-sys"} <= names, "the bill of materials lacks tokio, or the C libraries that are linked in")
    must("devstack" not in names and not only_tests & {"devstack", "insta", "proptest"} & names, "the bill of materials lists what only tests take")
    must(all(one.get("licenses") for one in bill["components"]), "the bill of materials has components without a licence")
    print(f"{service}: {len(listed)} crates in the bill of materials, {len([one for one in bill['components'] if one.get('scope') == 'required'])} of them in the program, the others take part in its build")


def main(service, root, base):
    image = json.load(sys.stdin)
    version = tomllib.loads((PROJECT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    check_configuration(service, image, version)
    check_files(service, Path(root), Path(base))
    check_program(service, Path(root))
    check_bill(service, Path(root), version)
    for fault in faults:
        print(f"{service}: {fault}", file=sys.stderr)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
