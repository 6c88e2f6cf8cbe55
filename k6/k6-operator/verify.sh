#!/usr/bin/env bash
# Renders what `kubectl apply -k k6` applies, lays the scripts out as a pod would see them, and has k6 read
# each there as k6-operator's initializer does.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scripts=$root/k6
# kubectl, and a Python that reads YAML, are those of the chart's check, under its name for itself.
here=$root/helm
# shellcheck source=helm/verify/tools.sh
source "$here/verify/tools.sh"

install_programs
k6=$("$scripts/install.sh")
kubectl kustomize "$scripts" | "${python:?}" "$scripts/k6-operator/verify.py" "$k6"
