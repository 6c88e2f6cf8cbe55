#!/usr/bin/env bash
# Proves the chart without a cluster: it lints, renders with every value file and combination of switches, fits the
# schemas of Kubernetes and of the operators without exception, scores, passes its unit tests, and refuses what it
# should. `verify.sh quick` leaves out what takes minutes to build: Argo Rollouts' own judgement of the canary.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
# shellcheck source=helm/verify/tools.sh
source "$here/verify/tools.sh"
# shellcheck source=helm/verify/combinations.sh
source "$here/verify/combinations.sh"
: "${schemas:?}" "${python:?}"

rendered=$root/target/helm-rendered
chart=$here/vitrina

# What kube-score asks for and the chart leaves out on purpose:
IGNORED=(
    # A CPU limit throttles within each tenth of a second, which is the 99th percentile; requests share out the node.
    --ignore-container-cpu-limit
    # An image is named by its tag or digest and never by `latest`; a registry that is away must not stop a pod's start.
    --ignore-test container-image-pull-policy
)

fail() {
    echo "$*" >&2
    exit 1
}

step() {
    local begun=$SECONDS
    echo "== $1"
    shift
    "$@"
    echo "   took $((SECONDS - begun)) s"
}

lint_and_render() {
    rm -rf "$rendered"
    mkdir -p "$rendered"
    { value_files && switches; } | xargs -P "$(nproc)" -L 1 "$here/verify/render.sh" "$chart" "$rendered" ||
        fail "the values above do not render"
    echo "$(find "$rendered" -type f | wc -l) sets of values linted and rendered"
}

# With files of rules and dashboards, and as another chart's.
render_apart() {
    local copy=$root/target/helm-with-files
    rm -rf "$copy"
    cp -rL "$chart" "$copy"
    mkdir -p "$copy/files"
    cp -r "$here"/verify/files/* "$copy/files"
    helm template vitrina "$copy" --namespace vitrina --values "$here/values/production.yaml" >"$rendered/with-files.yaml"
    grep -q '^kind: PrometheusRule$' "$rendered/with-files.yaml" || fail "files/rules/*.yaml are not rendered"
    grep -q '"title": "Sample"' "$rendered/with-files.yaml" || fail "files/dashboards/*.json are not rendered"

    local parent=$root/target/helm-parent
    rm -rf "$parent"
    mkdir -p "$parent/charts"
    cp -r "$here"/verify/parent/* "$parent"
    cp -rL "$chart" "$parent/charts/vitrina"
    helm lint --strict --quiet "$parent"
    helm template shop "$parent" --namespace shop >"$rendered/as-subchart.yaml"
    grep -q 'name: shop-catalog-query$' "$rendered/as-subchart.yaml" || fail "the subchart is not rendered"
}

fits_schemas() {
    local version
    for version in "${KUBERNETES[@]}"; do
        kubeconform -strict -summary -kubernetes-version "$version" \
            -schema-location "$schemas/kubernetes-{{.NormalizedKubernetesVersion}}/{{.ResourceKind}}{{.KindSuffix}}.json" \
            -schema-location "$schemas/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json" \
            "$rendered" | tee "$root/target/helm-schemas.log"
        grep -q 'Skipped: 0$' "$root/target/helm-schemas.log" || fail "some objects were not compared with a schema"
    done
}

# kube-score knows no Rollout, whose pods are those of a Deployment: it is shown one.
scores() {
    local file
    for file in "$rendered"/{dev,staging,production,production-*-*-*,as-subchart}.yaml; do
        sed 's|^apiVersion: argoproj.io/v1alpha1|apiVersion: apps/v1|; s|^kind: Rollout|kind: Deployment|' "$file" |
            kube-score score --kubernetes-version v1.31 --output-format ci "${IGNORED[@]}" - >"$root/target/helm-score.log" ||
            { grep CRITICAL "$root/target/helm-score.log" && fail "${file##*/} has the faults above"; }
    done
}

refuses_what_it_should() {
    local -a production=(--values "$here/values/production.yaml")
    refused "additional properties 'autoscalling' not allowed" "$chart" "${production[@]}" --set query.autoscalling.enabled=true
    refused "additional properties 'replica' not allowed" "$root/target/helm-parent" --set vitrina.query.replica=2
    refused "additional properties 'FRESHNESS_BOUND' not allowed" "$chart" "${production[@]}" --set query.settings.FRESHNESS_BOUND=1s
    refused "lower it or add partitions" "$chart" "${production[@]}" --set kafka.changesPartitions=4
}

# refused SENTENCE ARGUMENT…: helm does not render that, and says so.
refused() {
    local sentence=$1 said
    shift
    if said=$(helm template vitrina "$@" 2>&1 >/dev/null); then
        fail "helm template vitrina $* should have been refused"
    fi
    grep -qF "$sentence" <<<"$said" || fail "refused, but not for \"$sentence\": $said"
}

analyses() {
    local folder=$root/target/helm-analysis
    mkdir -p "$folder"
    "$python" "$here/verify/analysis_rules.py" <"$rendered/production.yaml" >"$folder/analysis_rules.yaml"
    cp "$here/verify/analysis_test.yaml" "$folder"
    promtool test rules "$folder/analysis_test.yaml"
}

judged_by_argo_rollouts() {
    (cd "$here/verify/rollouts" && RENDERED=$rendered/production.yaml nice -n 19 go test -count=1 -vet=off -v .)
}

install_tools
step "lint and render" lint_and_render
step "with files, and as a subchart" render_apart
step "schemas of Kubernetes and of the operators" fits_schemas
step "kube-score" scores
step "unit tests" helm-unittest "$chart"
step "what must be refused" refuses_what_it_should
step "the canary's queries" analyses
[[ ${1:-} == quick ]] || step "the canary, by Argo Rollouts' own code" judged_by_argo_rollouts
echo "helm: all is well"
