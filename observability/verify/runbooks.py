"""The runbooks, read."""

import re
from pathlib import Path

from dashboards import Query

FOLDER = Path(__file__).parent.parent / "runbooks"


def queries_of_runbooks():
    """Each line of their PromQL is one."""
    for path in sorted(FOLDER.glob("*.md")):
        for block in re.findall(r"^```promql\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL):
            for number, line in enumerate(block.splitlines(), start=1):
                yield Query(f"{path.name}: line {number}", line)
