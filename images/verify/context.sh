#!/usr/bin/env bash
# Whether the build's context has every crate of the workspace: cargo reads them all, whichever it builds.
set -euo pipefail
cd "$(dirname "$0")/../.."

members=$(sed -n '/^members = \[/,/^\]/ s/^ *"\(.*\)",$/\1/p' Cargo.toml)
[[ $members ]] || { echo "images/verify/context.sh: Cargo.toml names no members: look how it lists them now" >&2 && exit 1; }
for member in $members; do
    grep -qx "!$member" .dockerignore || { echo "images/verify/context.sh: .dockerignore leaves out $member: add a line !$member" >&2 && exit 1; }
done
