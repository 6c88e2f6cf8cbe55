"""Reads a rendered TestRun with its ConfigMap, and has k6 read every script as a runner would find it."""

import pathlib
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent.parent


def main():
    k6 = sys.argv[1]
    documents = {it["kind"]: it for it in yaml.safe_load_all(sys.stdin)}
    config, run = documents["ConfigMap"], documents["TestRun"]
    volume = next(it for it in run["spec"]["runner"]["volumes"] if "configMap" in it)
    mount = next(it for it in run["spec"]["runner"]["volumeMounts"] if it["name"] == volume["name"])
    expect(
        volume["configMap"]["name"] == config["metadata"]["name"],
        f"the TestRun mounts {volume['configMap']['name']}, the ConfigMap is {config['metadata']['name']}",
    )
    with tempfile.TemporaryDirectory() as folder:
        lay_out(pathlib.Path(folder), volume["configMap"]["items"], config["data"])
        chosen = pathlib.PurePosixPath(run["spec"]["script"]["localFile"]).relative_to(mount["mountPath"])
        expect((pathlib.Path(folder) / chosen).exists(), f"spec.script.localFile: no pod has a file {chosen}")
        scripts = sorted(it for it in pathlib.Path(folder).glob("*.js") if "handleSummary" in it.read_text())
        for script in scripts:
            read(k6, script)
    print(f"k6 reads {len(scripts)} scripts as a runner finds them; the TestRun runs {chosen}")


def lay_out(folder, items, data):
    """What the kubelet does with a volume's items: only these, and a missing key keeps the pod from starting."""
    for item in items:
        expect(item["key"] in data, f"the TestRun wants the key {item['key']}, which the ConfigMap lacks")
        path = folder / item["path"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(data[item["key"]])
    laid = {str(it.relative_to(folder)) for it in folder.rglob("*.js")}
    missing = {str(it.relative_to(HERE)) for it in [*HERE.glob("*.js"), *HERE.glob("lib/*.js")]} - laid
    expect(not missing, f"kustomization.yaml and testrun.yaml leave out {sorted(missing)}")
    unused = set(data) - {item["key"] for item in items}
    expect(not unused, f"the TestRun leaves out {sorted(unused)} of the ConfigMap")


def read(k6, script):
    archive = script.with_suffix(".tar")
    for command in (
        [k6, "archive", script, "-O", archive],
        [k6, "inspect", "--execution-requirements", archive],
    ):
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        expect(ended.returncode == 0, f"{script.name}: {ended.stderr.strip()}")


def expect(holds, otherwise):
    if not holds:
        sys.exit(f"k6/k6-operator/verify.py: {otherwise}")


main()
