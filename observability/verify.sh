#!/usr/bin/env bash
# Proves rules, dashboards and runbooks: promtool checks and tests the rules, Grafana's definitions read the dashboards,
# every alert has its runbook, every metric is one that the services have. Then a real Prometheus scrapes the stack of
# `make up` and is asked all that rules and dashboards ask.
# Usage: observability/verify.sh [quick]; quick leaves the stack out. VITRINA_STACK names another stack.json.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
# shellcheck source=observability/verify/tools.sh
source "$here/verify/tools.sh"
: "${python:?}"

stack=${VITRINA_STACK:-$root/.devstack/stack.json}

step() {
    local begun=$SECONDS
    echo "== $1"
    shift
    "$@"
    echo "   took $((SECONDS - begun)) s"
}

# quietly COMMAND…: its output only if it fails.
quietly() {
    local said
    said=$("$@" 2>&1) || { echo "$said" >&2 && return 1; }
}

rules() {
    quietly promtool check rules "$here"/rules/*.yaml
    quietly promtool test rules "$here"/tests/*.yaml
    echo "   $(grep -c '  - name: ' <(cat "$here"/tests/*.yaml)) tests"
}

# Of dashboards and runbooks, whose queries nobody else reads before they are needed.
queries() {
    "$python" "$here/verify/query_rules.py" >"$tools/query-rules.yaml"
    quietly promtool check rules --lint=none "$tools/query-rules.yaml"
    "$python" "$here/verify/check_names.py"
}

live() {
    [[ -r $stack ]] ||
        fail "no stack runs ($stack is not there): start one with make up, or leave this out with observability/verify.sh quick"
    "$python" "$here/verify/check_live.py" "$stack"
}

case ${1:-} in
    "" | quick) ;;
    -h | --help)
        sed -n '2,/^set/ { /^#/ s/^# //p }' "${BASH_SOURCE[0]}"
        exit 0
        ;;
    *) fail "\"$1\" is not known: the one argument is quick" 64 ;;
esac

install_tools
step "rules" rules
step "runbooks" "$python" "$here/verify/check_runbooks.py"
step "dashboards" "$python" "$here/verify/check_dashboards.py"
step "queries" queries
step "objectives" "$python" "$here/verify/check_figures.py"
[[ ${1:-} == quick ]] || step "a real Prometheus on the stack" live
echo "observability: all is well"
