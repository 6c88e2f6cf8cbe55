#!/usr/bin/env bash
# Proves the load tests without the services: every script against a catalog of its own that answers rightly, and wrongly
# on purpose, and what `kubectl apply -k k6` applies.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

python3 -m unittest discover tests
k6-operator/verify.sh
