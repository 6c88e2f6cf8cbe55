#!/bin/sh
# Says in one sentence what stands in the way of a build, before a long build finds out.
# Usage: check-machine.sh <program that the build makes> <megabytes that a first build takes>
set -eu

program=$1
needed_mb=$2

if ! command -v cargo >/dev/null 2>&1; then
    echo "cargo was not found; install Rust 1.95 or newer (https://rustup.rs) and put ~/.cargo/bin on the PATH" >&2
    exit 1
fi

# What is built already takes little more.
[ ! -x "$program" ] || exit 0

# The nearest folder that is there: before a first build the program's own is not.
folder=$(dirname "$program")
while [ ! -d "$folder" ]; do
    folder=$(dirname "$folder")
done
free_mb=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
if [ "$free_mb" -lt "$needed_mb" ]; then
    echo "only $free_mb MB are free on the disk of $folder and $needed_mb MB are needed; free some space, or build elsewhere with CARGO_TARGET_DIR=<folder>" >&2
    exit 1
fi
