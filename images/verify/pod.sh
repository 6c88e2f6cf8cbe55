#!/usr/bin/env bash
# Runs a program of an image as its pod would: as the first process, with a root that cannot be written, as user 65532
# without capabilities or a way to any, with a loopback of its own unless NETWORK=host.
# Usage: [NETWORK=host] pod.sh ROOT [VARIABLE=VALUE…] PROGRAM [ARGUMENT…]
set -euo pipefail

if [[ -z ${INSIDE:-} ]]; then
    spaces=(--mount --pid --ipc --uts)
    [[ ${NETWORK:-} == host ]] || spaces+=(--net)
    export INSIDE=yes
    exec unshare "${spaces[@]}" --fork "$0" "$@"
fi

root=$1
shift
mount --bind "$root" "$root"
mount --options remount,bind,ro "$root"
if touch "$root/tmp/written" 2>/dev/null; then
    echo "the root of the image could be written" >&2
    exit 1
fi
mount --types proc proc "$root/proc"
[[ ${NETWORK:-} == host ]] || ip link set lo up
# `env` finds the program's own variables in front of it, and leaves out all others.
variables=()
while [[ $1 == *=* ]]; do
    variables+=("$1")
    shift
done
exec env --ignore-environment "${variables[@]}" \
    /usr/bin/setpriv --no-new-privs --inh-caps=-all --clear-groups \
    /usr/sbin/chroot --userspec=65532:65532 --groups= "$root" "$@"
