"""How the checks of this folder end."""

import sys


def end(faults, well):
    """Ends with every fault on a line, or says that all is well."""
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        sys.exit(1)
    print(f"   {well}")
