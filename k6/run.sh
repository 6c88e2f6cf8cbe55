#!/usr/bin/env bash
# Runs one of the k6 scripts against the stack of `make up`, and fails when a target is missed.
# Usage: k6/run.sh SCRIPT; without a script it lists them. README.md has the variables that it takes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
reports=${VITRINA_REPORTS:-$here/reports}

fail() {
    echo "k6/run.sh: $1" >&2
    exit "${2:-1}"
}

need() {
    command -v "$1" >/dev/null 2>&1 || fail "$1 was not found; install it with: apt-get install $2"
}

# Every script begins with its question, and that is how a script is told from what scripts share.
list() {
    local script
    for script in "$here"/*.js; do
        if grep -q '^const question' "$script"; then
            printf '  %-20s %s\n' "$(basename "$script" .js)" "$(question "$script")"
        fi
    done
}

question() {
    awk '/^const question/ { on = 1 } on { print } on && /;$/ { exit }' "$1" | grep -o "'.*'" | tr -d "'\n"
}

is_script() {
    [[ $1 =~ ^[a-z-]+$ && -f $here/$1.js ]] && grep -q '^const question' "$here/$1.js"
}

# Where to send the requests: VITRINA_TARGET if it is given, or else the stack.
find_addresses() {
    if [[ -n ${VITRINA_TARGET:-} ]]; then
        export VITRINA_QUERY=$VITRINA_TARGET
        return
    fi
    local stack=${VITRINA_STACK:-$root/.devstack/stack.json} found
    [[ -r $stack ]] ||
        fail "no stack runs ($stack is not there): start one with make up, or name another address in VITRINA_TARGET"
    found=$(python3 -c '
import json, sys
it = json.load(open(sys.argv[1]))["addresses"]
print(",".join(it["query"]), it["admin"], it["editor_token"], sep="\n")' "$stack" 2>/dev/null) ||
        fail "$stack cannot be read as the description of a stack: make up writes it anew"
    local lines
    mapfile -t lines <<<"$found"
    export VITRINA_QUERY=${lines[0]} VITRINA_ADMIN=${lines[1]}
    [[ -r ${lines[2]} ]] && VITRINA_EDITOR_TOKEN=$(<"${lines[2]}") && export VITRINA_EDITOR_TOKEN
    # Both processes run the same version here, so the canary must come out equal.
    if [[ $script == canary && -z ${BASE_STABLE:-}${BASE_CANARY:-} ]]; then
        export BASE_STABLE=${VITRINA_QUERY%%,*} BASE_CANARY=${VITRINA_QUERY##*,}
    fi
    only_loopback "$VITRINA_QUERY,$VITRINA_ADMIN,${BASE_STABLE:-$VITRINA_ADMIN},${BASE_CANARY:-$VITRINA_ADMIN}"
}

only_loopback() {
    local address
    for address in ${1//,/ }; do
        [[ $address =~ ^https?://(127(\.[0-9]{1,3}){3}|localhost|\[::1\])(:[0-9]+)?/?$ ]] ||
            fail "$address is not on this machine: to send requests there all the same, name it in VITRINA_TARGET"
    done
}

is_answering() {
    local address
    for address in ${VITRINA_QUERY//,/ }; do
        curl --silent --output /dev/null --connect-timeout 3 --max-time 10 "$address/v1/products?limit=1" ||
            fail "catalog-query does not answer at $address: make status tells how it stands, make up starts it"
    done
}

# k6 ends with 99 when a threshold was missed; the rows know beside that what a script compares itself.
verdict() {
    python3 -c '
import json, sys
sys.exit(any(row["met"] is False for row in json.load(open(sys.argv[1]))))' "$reports/$script.json"
}

script=${1:-}
if [[ -z $script ]]; then
    echo "usage: k6/run.sh SCRIPT, one of"
    list
    exit 0
fi
is_script "$script" || { list >&2 && fail "there is no script \"$script\": choose one of those above" 64; }
need python3 python3
need curl curl
find_addresses
is_answering
k6=$("$here/install.sh")

mkdir -p "$reports"
rm -f "$reports/$script".{md,html,json}
export VITRINA_REPORTS=$reports
code=0
"$k6" run --quiet --no-usage-report --log-format raw --address '' "$here/$script.js" || code=$?
[[ $code == 0 || $code == 99 ]] || fail "k6 ended with $code; its message above says why" "$code"
echo "reports: $reports/$script.md, .html, .json"
verdict || fail "$script missed its targets"
