#!/usr/bin/env bash
# Renders the chart with its own value files and compares the pods with the images: chart.sh FOLDER, which has each
# image's configuration as SERVICE.json.
set -euo pipefail

images=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
# helm (which tells of every link that it follows) and its Python are those of the chart's own check, under its name for them.
here=$root/helm
# shellcheck source=helm/verify/tools.sh
source "$here/verify/tools.sh"
mkdir -p "${bin:?}"
once "$HELM_PACKAGE-$SCHEMAS_PACKAGE" install_python_packages

for values in "$here"/values/{dev,staging,production}.yaml; do
    helm template vitrina "$here/vitrina" --namespace vitrina --values "$values" 2> >(grep -v '^level=INFO' >&2) |
        "${python:?}" "$root/images/verify/chart.py" "$images" ||
        { echo "the images and the chart with helm/values/${values##*/} differ as said above" >&2 && exit 1; }
done
echo "commands, ports, user, read-only root and tags agree with dev, staging and production"
