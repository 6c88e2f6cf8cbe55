# shellcheck shell=bash
# What helm/verify.sh renders: the value files, then every combination of the switches that meet in a template.
# Sourced; needs $here.

: "${here:?}"

# Prints the arguments for helm, one set a line, after a name.
value_files() {
    local environment stores store arguments
    for environment in dev staging production; do
        echo "$environment --values $here/values/$environment.yaml"
    done
    for stores in cloudnativepg strimzi valkey "cloudnativepg strimzi" "cloudnativepg valkey" "strimzi valkey" \
        "cloudnativepg strimzi valkey"; do
        arguments="--values $here/values/production.yaml"
        for store in $stores; do
            arguments+=" --values $here/values/$store.yaml"
        done
        echo "production-${stores// /-} $arguments"
    done
}

# The switches that no other depends on go with the network policies, on and off.
switches() {
    local shape requests stores policies
    local -i number=0
    for shape in mesh.enabled=false,query.rollout.enabled=false mesh.enabled=true,query.rollout.enabled=false \
        mesh.enabled=true,query.rollout.enabled=true; do
        for requests in enabled=false enabled=true,none enabled=true,adapter enabled=true,keda; do
            for stores in {true,false}/{true,false}/{true,false}; do
                for policies in true false; do
                    IFS=/ read -r postgres kafka redis <<<"$stores"
                    number+=1
                    echo "switches-$number --values $here/values/production.yaml --set $shape" \
                        "--set query.autoscaling.${requests/,/ --set query.autoscaling.requests.from=}" \
                        "--set invalidator.autoscaling.${requests%%,*}" \
                        "--set postgres.cloudnativepg.enabled=$postgres,postgres.cloudnativepg.maxConnections=1200" \
                        "--set kafka.strimzi.enabled=$kafka" \
                        "--set redis.valkey.enabled=$redis,networkPolicy.enabled=$policies" \
                        "--set priorityClasses.create=$policies,migrations.enabled=$policies" \
                        "--set monitoring.serviceMonitors.enabled=$policies"
                done
            done
        done
    done
}
