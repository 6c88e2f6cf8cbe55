# shellcheck shell=bash
# What observability/verify.sh needs, under target/tools of the project. Sourced; needs $root and $here.

: "${root:?}" "${here:?}"

tools=$root/target/tools
python=$tools/observability-python-$(sha256sum <"$here/verify/requirements.txt" | cut -c1-12)/bin/python

fail() {
    echo "observability/verify.sh: $1" >&2
    exit "${2:-1}"
}

install_python_packages() {
    local home=${python%/bin/python}
    [[ -e $home/ready ]] && return
    command -v python3 >/dev/null 2>&1 || fail "python3 was not found; install it with: apt-get install python3 python3-venv"
    echo "installing Grafana's definitions of dashboards, once"
    rm -rf "$home"
    python3 -m venv "$home" >/dev/null ||
        fail "python3 cannot make an environment; install what it lacks with: apt-get install python3-venv"
    "$python" -m pip install --quiet --disable-pip-version-check --requirement "$here/verify/requirements.txt" ||
        fail "the packages of observability/verify/requirements.txt could not be installed; the message above says why"
    touch "$home/ready"
}

# Debian's package is taken apart, not installed: its service would be started.
install_prometheus() {
    command -v prometheus >/dev/null 2>&1 && command -v promtool >/dev/null 2>&1 && return
    local home=$tools/prometheus
    export PATH=$home/usr/bin:$PATH
    [[ -e $home/ready ]] && return
    command -v apt-get >/dev/null 2>&1 ||
        fail "prometheus and promtool were not found, and neither was apt-get: install Prometheus 2.42 or newer"
    echo "fetching Prometheus with apt-get, once"
    rm -rf "$home"
    mkdir -p "$home"
    apt-cache show prometheus >/dev/null 2>&1 || update_package_lists
    (cd "$home" && apt-get download --quiet --quiet prometheus 2>"$home/apt.log") || {
        cat "$home/apt.log" >&2
        fail "apt-get could not fetch the package prometheus; its message above says why"
    }
    dpkg-deb --extract "$home"/prometheus_*.deb "$home"
    rm "$home"/prometheus_*.deb
    touch "$home/ready"
}

update_package_lists() {
    local as_root=()
    if [[ $(id -u) != 0 ]]; then
        command -v sudo >/dev/null 2>&1 || fail "the package lists are empty: run apt-get update as root once, then try again"
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update --quiet --quiet
}

install_tools() {
    mkdir -p "$tools"
    install_python_packages
    install_prometheus
}
