{{/* What the schema cannot say: values that contradict each other. Each failure says what to do. */}}
{{- define "vitrina.checks" -}}
{{- $values := .Values -}}
{{- if not $values.image.registry -}}
{{- fail "image.registry is empty: set it to where the three images are, such as registry.example.com/vitrina" -}}
{{- end -}}
{{- if and (not $values.kafka.brokers) (not $values.kafka.strimzi.enabled) -}}
{{- fail "kafka.brokers is empty: list the brokers as host:port, or set kafka.strimzi.enabled" -}}
{{- end -}}
{{- $kafkaHost := printf "%s-%s-00" (include "vitrina.releaseName" (list . "kafka")) (include "vitrina.releaseName" (list . "controller")) -}}
{{- if and $values.kafka.strimzi.enabled (gt (len $kafkaHost) 63) -}}
{{- fail (printf "kafka.strimzi.enabled makes hosts called %s, and such a name has 63 letters at most: call the release by 21 letters or fewer" $kafkaHost) -}}
{{- end -}}
{{- $auth := $values.admin.auth -}}
{{- if not (or $auth.jwks $auth.jwksConfigMap.name) -}}
{{- fail "admin.auth has no keys: set jwks to the issuer's https address, or jwksConfigMap.name to a ConfigMap with the key set" -}}
{{- end -}}
{{- if and $auth.jwks $auth.jwksConfigMap.name -}}
{{- fail "admin.auth has both jwks and jwksConfigMap.name: keep one of them" -}}
{{- end -}}
{{- if not $auth.issuer -}}
{{- fail "admin.auth.issuer is empty: set it to the `iss` of the tokens that are to be accepted" -}}
{{- end -}}
{{- $scaling := $values.invalidator.autoscaling -}}
{{- $partitions := int $values.kafka.changesPartitions -}}
{{- if and $scaling.enabled (gt (int $scaling.maxReplicas) $partitions) -}}
{{- fail (printf "invalidator.autoscaling.maxReplicas is %d, but catalog.changes.v1 has %d partitions (kafka.changesPartitions): the pods above that would have nothing to read, so lower it or add partitions" (int $scaling.maxReplicas) $partitions) -}}
{{- end -}}
{{- if and (not $scaling.enabled) (gt (int $values.invalidator.replicas) $partitions) -}}
{{- fail (printf "invalidator.replicas is %d, but catalog.changes.v1 has %d partitions (kafka.changesPartitions): the pods above that would have nothing to read, so lower it or add partitions" (int $values.invalidator.replicas) $partitions) -}}
{{- end -}}
{{- range $name, $service := dict "query" $values.query "invalidator" $values.invalidator -}}
{{- if and $service.autoscaling.enabled (gt (int $service.autoscaling.minReplicas) (int $service.autoscaling.maxReplicas)) -}}
{{- fail (printf "%s.autoscaling.minReplicas is above maxReplicas: lower it" $name) -}}
{{- end -}}
{{- end -}}
{{- if ge (int $values.shutdown.waitSeconds) (int $values.shutdown.deadlineSeconds) -}}
{{- fail "shutdown.waitSeconds is not below shutdown.deadlineSeconds: the services refuse to start so; lower it" -}}
{{- end -}}
{{- if and $values.query.rollout.enabled (not $values.mesh.enabled) -}}
{{- fail "query.rollout.enabled needs mesh.enabled: only the mesh can give a canary its share of the requests" -}}
{{- end -}}
{{- if and (or $values.query.rollout.enabled (and $values.query.autoscaling.enabled (eq $values.query.autoscaling.requests.from "keda"))) (not $values.monitoring.prometheusAddress) -}}
{{- fail "monitoring.prometheusAddress is empty, but the canary's analysis or query.autoscaling.requests.from: keda asks Prometheus: set it" -}}
{{- end -}}
{{- $policy := $values.networkPolicy -}}
{{- if and $policy.enabled (not $values.kafka.strimzi.enabled) -}}
{{- range $values.kafka.brokers -}}
{{- $port := splitList ":" . | last | int -}}
{{- if not (or (eq $port (int $policy.kafka.port)) (include "vitrina.egress.extraPort" (list $ $port))) -}}
{{- fail (printf "kafka.brokers has port %d, but pods may leave for Kafka by port %d only: set networkPolicy.kafka.port to it, or add it to networkPolicy.extraEgress" $port (int $policy.kafka.port)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $policy.enabled $auth.jwks -}}
{{- $url := urlParse $auth.jwks -}}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" | default (ternary "443" "80" (eq $url.scheme "https")) | int -}}
{{- if not (or (eq $port (int $policy.issuer.port)) (include "vitrina.egress.extraPort" (list $ $port))) -}}
{{- fail (printf "admin.auth.jwks has port %d, but pods may leave for the issuer by port %d only: set networkPolicy.issuer.port to it, or add it to networkPolicy.extraEgress" $port (int $policy.issuer.port)) -}}
{{- end -}}
{{- end -}}
{{- $connections := int (include "vitrina.primaryConnections" .) -}}
{{- $most := int $values.postgres.cloudnativepg.maxConnections -}}
{{- if and $values.postgres.cloudnativepg.enabled (gt $connections $most) -}}
{{- fail (printf "postgres.cloudnativepg.maxConnections is %d, but the services may have %d to the primary: raise it, or lower query.autoscaling.maxReplicas, query.replicas or PRIMARY__POOL__SIZE" $most $connections) -}}
{{- end -}}
{{- include "vitrina.checks.settings" . -}}
{{- end -}}
