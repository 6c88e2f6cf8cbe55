#!/bin/sh
# Installs what `make up` and `make test` need and this machine lacks, with apt-get; with the argument `delivery`
# also what `make verify-delivery` needs of the system's packages, with `instructions` what `make count-instructions`
# needs, and with `bench` what `make bench` needs.
# Prints the list first; asks for sudo when not root; does nothing when nothing is missing.
set -eu

fail() {
    echo "$1" >&2
    exit 1
}

missing=""
need() {
    missing="$missing $1"
}

has() {
    command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]
}

has_postgres() {
    for folder in /usr/lib/postgresql/*/bin; do
        version=${folder#/usr/lib/postgresql/}
        version=${version%/bin}
        if [ -x "$folder/postgres" ] && [ "${version%%.*}" -ge 15 ] 2>/dev/null; then
            return 0
        fi
    done
    return 1
}

has_faketime() {
    for library in /usr/lib/*/faketime/libfaketimeMT.so.1; do
        [ -e "$library" ] && return 0
    done
    return 1
}

has_java() {
    has java || return 1
    # Java 8 does not know `--version`, so its answer is empty.
    version=$(java --version 2>/dev/null | awk 'NR == 1 { split($2, part, /[.-]/); print part[1] }')
    [ "${version:-0}" -ge 17 ]
}

has_postgres || need postgresql
has redis-server || need redis-server
has mvn || need maven
has cc || need build-essential
has c++ || need build-essential
has make || need build-essential
has pkg-config || need pkg-config
# The Kafka client's build (librdkafka) runs scripts in Python.
has python3 || need python3
# The commands to paste at the end of `make up` are curl's.
has curl || need curl
# Has the kernel end a test's processes with it, and drops root's rights for PostgreSQL.
has setpriv || need util-linux
# The measurements edit with psql, past catalog-admin.
has psql || need postgresql-client
# Sets the wall clocks of a test's processes.
has_faketime || need libfaketime
[ -e /usr/include/zlib.h ] || need zlib1g-dev
[ -e /etc/ssl/certs/ca-certificates.crt ] || need ca-certificates
if [ "${1:-}" = delivery ]; then
    # The tools of each part go into environments of their own.
    python3 -c 'import ensurepip' 2>/dev/null || need python3-venv
    # Strimzi's kinds are read by a program in Java.
    has javac || need default-jdk-headless
fi
if [ "${1:-}" = instructions ]; then
    has valgrind || need valgrind
fi
if [ "${1:-}" = bench ]; then
    # What Vitrina is measured beside, each on the one processor that servers have.
    has nginx || need nginx
    has varnishd || need varnish
    has taskset || need util-linux
fi
java_missing=no
has_java || java_missing=yes

if [ -z "$missing" ] && [ "$java_missing" = no ]; then
    exit 0
fi

# The list is words on purpose, here and below.
# shellcheck disable=SC2046,SC2086
missing=$(printf ' %s' $(printf '%s\n' $missing | sort -u))
list=${missing# }
[ "$java_missing" = no ] || list="${list:+$list }java (17 or newer)"

has apt-get || fail "apt-get was not found, so these packages must be installed by hand: $list"

root=""
if [ "$(id -u)" -ne 0 ]; then
    has sudo || fail "sudo was not found; run devstack/install-packages.sh as root once, then try again"
    root=sudo
fi

echo "installing with apt-get: $list"
$root apt-get update -q ||
    echo "the package lists could not all be read; trying with what is known" >&2

if [ "$java_missing" = yes ]; then
    if apt-cache show openjdk-17-jre-headless >/dev/null 2>&1; then
        need openjdk-17-jre-headless
    else
        need default-jre-headless
    fi
fi

# shellcheck disable=SC2086
$root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends $missing ||
    fail "apt-get could not install the packages; see its message above, then run devstack/install-packages.sh again"

has_postgres ||
    fail "this system's packages have no PostgreSQL 15 or newer: use Debian 12, Ubuntu 24.04 or newer, or add the packages of apt.postgresql.org"
