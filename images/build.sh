#!/usr/bin/env bash
# Builds the three images as PREFIX/SERVICE:VERSION, with docker, podman or buildah: the first that is there, or BUILDER.
# Usage: images/build.sh PREFIX [OPTION OF THE BUILDER…], such as
#   images/build.sh registry.example.com/vitrina --build-arg RUNTIME_IMAGE=registry.example.com/distroless:nonroot
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)

fail() {
    echo "images/build.sh: $1" >&2
    exit 1
}

first_of() {
    local program
    for program in "$@"; do
        if command -v "$program" >/dev/null; then
            echo "$program"
            return
        fi
    done
    fail "none of $* was found: install one of them, or name it in BUILDER"
}

[[ ${1:-} && $1 != -* ]] || fail "say where the images are to be: images/build.sh PREFIX, such as registry.example.com/vitrina"
prefix=${1%/}
shift
builder=${BUILDER:-$(first_of docker podman buildah)}

version=$(sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml")
revision=$(git -C "$root" rev-parse HEAD)
[[ -z $(git -C "$root" status --porcelain) ]] || revision+=-dirty
# The commit's moment and not this one, so that the same commit gives the same image.
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}

options=(
    --build-arg "VERSION=$version"
    --build-arg "REVISION=$revision"
    --build-arg "CREATED=$(date --utc --date "@$epoch" +%Y-%m-%dT%H:%M:%SZ)"
    --build-arg "SOURCE_DATE_EPOCH=$epoch"
)
# Docker takes the files' dates from SOURCE_DATE_EPOCH.
[[ ${builder##*/} == docker ]] || options+=(--timestamp "$epoch")

for service in catalog-query catalog-admin cache-invalidator; do
    echo "building $prefix/$service:$version"
    "$builder" build "${options[@]}" --target "$service" --tag "$prefix/$service:$version" "$@" "$root"
done
