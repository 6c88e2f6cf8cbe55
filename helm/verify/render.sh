#!/usr/bin/env bash
# Lints and renders the chart with one set of values: render.sh CHART FOLDER NAME ARGUMENT… writes FOLDER/NAME.yaml.
set -euo pipefail

chart=$1 folder=$2 name=$3
shift 3
if ! said=$(helm lint --strict --quiet "$chart" "$@" 2>&1); then
    echo "$name does not pass helm lint: $said" >&2
    exit 1
fi
helm template vitrina "$chart" --namespace vitrina "$@" >"$folder/$name.yaml" ||
    { echo "$name does not render" >&2 && exit 1; }
