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

# Packed, with all rules and dashboards, which are links in the chart's folder; and as another chart's.
render_apart() {
    local packed=$root/target/helm-packed
    rm -rf "$packed"
    helm package "$chart" --destination "$packed" >/dev/null
    helm template vitrina "$packed"/vitrina-*.tgz --namespace vitrina --values "$here/values/production.yaml" >"$packed/production.yaml"
    cmp "$packed/production.yaml" "$rendered/production.yaml" || fail "packed, the chart renders something else"
    rendered_all rules '^kind: PrometheusRule$'
    rendered_all dashboards '^  name: vitrina-dashboard-'

    local parent=$root/target/helm-parent
    rm -rf "$parent"
    mkdir -p "$parent/charts"
    cp -r "$here"/verify/parent/* "$parent"
    cp -rL "$chart" "$parent/charts/vitrina"
    helm lint --strict --quiet "$parent"
    helm template shop "$parent" --namespace shop >"$rendered/as-subchart.yaml"
    grep -q 'name: shop-catalog-query$' "$rendered/as-subchart.yaml" || fail "the subchart is not rendered"
}

# rendered_all FOLDER PATTERN: production has an object for each file of observability/FOLDER.
rendered_all() {
    local files objects
    files=$(find "$root/observability/$1" -type f | wc -l)
    objects=$(grep -c "$2" "$rendered/production.yaml" || true)
    [[ $files == "$objects" ]] || fail "observability/$1 has $files files, and production $objects objects of them"
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

# What the canary's analysis and the autoscalers ask Prometheus for is what the services export.
asks_for_metrics_that_there_are() {
    local name
    while read -r name; do
        grep -rqF "\"$name\"" "$root"/{service-kit,catalog-query,catalog-admin,cache-invalidator}/src ||
            fail "the chart asks for $name, and no service has such a metric"
    done < <(grep -hoE 'vitrina_[a-z0-9_]+_(total|seconds)' "$rendered/production.yaml" "$here/prometheus-adapter.yaml" | sort -u)
}

# A server of one's own is set like the one that the chart makes.
tells_the_settings() {
    "$python" "$here/verify/postgres_settings.py" "$root/schema/README.md" <"$rendered/production-cloudnativepg.yaml"
}

refuses_what_it_should() {
    local -a production=(--values "$here/values/production.yaml")
    refused "additional properties 'autoscalling' not allowed" "$chart" "${production[@]}" --set query.autoscalling.enabled=true
    refused "additional properties 'replica' not allowed" "$root/target/helm-parent" --set vitrina.query.replica=2
    refused "additional properties 'FRESHNESS_BOUND' not allowed" "$chart" "${production[@]}" --set query.settings.FRESHNESS_BOUND=1s
    refused "lower it or add partitions" "$chart" "${production[@]}" --set kafka.changesPartitions=4

    # As where links are not followed.
    local bare=$root/target/helm-bare
    rm -rf "$bare"
    cp -r "$chart" "$bare"
    rm -r "$bare/files"
    refused "the chart has no files/dashboards" "$bare" "${production[@]}" --set monitoring.rules.enabled=false
    refused "the chart has no files/rules" "$bare" "${production[@]}" --set monitoring.dashboards.enabled=false
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
step "packed, and as a subchart" render_apart
step "schemas of Kubernetes and of the operators" fits_schemas
step "kube-score" scores
step "unit tests" helm-unittest "$chart"
step "what must be refused" refuses_what_it_should
step "metrics that there are" asks_for_metrics_that_there_are
step "settings of PostgreSQL" tells_the_settings
step "the canary's queries" analyses
[[ ${1:-} == quick ]] || step "the canary, by Argo Rollouts' own code" judged_by_argo_rollouts
echo "helm: all is well"
