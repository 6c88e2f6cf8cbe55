"""A Prometheus of one's own, for as long as it is asked."""

import json
import math
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import yaml

READY_WITHIN = 60


class Prometheus:
    """What its HTTP API says (https://prometheus.io/docs/prometheus/latest/querying/api/)."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"

    def get(self, path, **parameters):
        try:
            with urlopen(f"{self.address}/api/v1/{path}?{urlencode(parameters)}", timeout=30) as answer:
                return json.load(answer)["data"]
        except HTTPError as error:
            raise QueryError(json.load(error)["error"]) from None

    def query(self, expr):
        """The samples that a query gives now, without those that are no number."""
        result = self.get("query", query=expr)["result"]
        return [sample for sample in result if not math.isnan(float(sample["value"][1]))]

    def targets(self):
        return self.get("targets")["activeTargets"]

    def rules(self):
        return [rule for group in self.get("rules")["groups"] for rule in group["rules"]]

    def exemplars(self, expr, start):
        series = self.get("query_exemplars", query=expr, start=start, end=time.time())
        return [exemplar for one in series for exemplar in one["exemplars"]]

    def is_ready(self):
        try:
            with urlopen(f"{self.address}/-/ready", timeout=5):
                return True
        except URLError:
            return False


class QueryError(Exception):
    """Prometheus refused a query."""


def wait_until(condition, what):
    """Until it holds, or fails with `what`."""
    deadline = time.monotonic() + READY_WITHIN
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} within {READY_WITHIN} s")
        time.sleep(0.2)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(folder: Path, scrape_configs, rule_files):
    """One in this folder, which scrapes every second; its log is `prometheus.log` there."""
    configuration = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(path) for path in rule_files],
        "scrape_configs": scrape_configs,
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))
    port = free_port()
    command = [
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--enable-feature=exemplar-storage",
        "--log.level=warn",
    ]
    log = folder / "prometheus.log"
    with log.open("w") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            prometheus = Prometheus(port)
            wait_until(
                lambda: process.poll() is not None or prometheus.is_ready(), f"Prometheus was not ready (see {log})"
            )
            if process.poll() is not None:
                raise RuntimeError(f"Prometheus ended with {process.returncode}: {log.read_text()}")
            yield prometheus
        finally:
            process.terminate()
