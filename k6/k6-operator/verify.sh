#!/usr/bin/env bash
# Renders what `kubectl apply -k k6` applies, lays the scripts out as a pod would see them, and has k6 read
# each there as k6-operator's initializer does.
set -euo pipefail

PYYAML_VERSION=6.0.3

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scripts=$(dirname "$here")
tools=$(dirname "$scripts")/target/tools/pyyaml-$PYYAML_VERSION

fail() {
    echo "k6/k6-operator/verify.sh: $1" >&2
    exit 1
}

# Where helm/verify.sh puts one.
PATH=$PATH:$(dirname "$scripts")/target/tools/bin
command -v kubectl >/dev/null 2>&1 || fail "kubectl was not found; helm/verify.sh quick fetches one; or install 1.21 or newer"
k6=$("$scripts/install.sh")
if [[ ! -e $tools/ready ]]; then
    rm -rf "$tools"
    python3 -m venv "$tools" >/dev/null ||
        fail "python3 cannot make an environment; install what it lacks with: apt-get install python3-venv"
    "$tools/bin/pip" install --quiet --disable-pip-version-check "pyyaml==$PYYAML_VERSION" ||
        fail "pyyaml $PYYAML_VERSION could not be installed with pip; its message above says why"
    touch "$tools/ready"
fi

kubectl kustomize "$scripts" | "$tools/bin/python" "$here/verify.py" "$k6"
