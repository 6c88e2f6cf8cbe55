#!/bin/sh
# Says in one sentence what stands in the way of a build, before a long build finds out.
# Usage: check-machine.sh <megabytes that must be free>
set -eu

needed_mb=$1

if ! command -v cargo >/dev/null 2>&1; then
    echo "cargo was not found; install Rust 1.95 or newer (https://rustup.rs) and put ~/.cargo/bin on the PATH" >&2
    exit 1
fi

free_mb=$(df -Pm . | awk 'NR == 2 { print $4 }')
if [ "$free_mb" -lt "$needed_mb" ]; then
    echo "only $free_mb MB are free on the disk of $PWD and $needed_mb MB are needed; free some space and try again" >&2
    exit 1
fi
