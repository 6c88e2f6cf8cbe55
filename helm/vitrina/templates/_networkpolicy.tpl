{{/* Rules that NetworkPolicies are made of; each renders entries of an `egress` or `ingress` list. */}}

{{- define "vitrina.egress.dns" -}}
- to:
    {{- toYaml .Values.networkPolicy.dns.to | nindent 4 }}
  ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- end -}}

{{/* The Secret names the hosts and a NetworkPolicy cannot, so peers of one's own stores are said again. */}}
{{- define "vitrina.egress.store" -}}
- to:
    {{- if .inCluster }}
    - podSelector:
        matchLabels:
          {{- toYaml .labels | nindent 10 }}
    {{- else }}
    {{- toYaml .own.to | nindent 4 }}
    {{- end }}
  ports:
    - { protocol: TCP, port: {{ ternary .port .own.port .inCluster }} }
{{- end -}}

{{- define "vitrina.egress.postgres" -}}
{{- include "vitrina.egress.store" (dict "inCluster" .Values.postgres.cloudnativepg.enabled "port" 5432 "own" .Values.networkPolicy.postgres
      "labels" (dict "cnpg.io/cluster" (include "vitrina.releaseName" (list . "postgres")))) }}
{{ end -}}

{{- define "vitrina.egress.redis" -}}
{{- include "vitrina.egress.store" (dict "inCluster" .Values.redis.valkey.enabled "port" 6379 "own" .Values.networkPolicy.redis
      "labels" (fromYaml (include "vitrina.selector" (list . "valkey")))) }}
{{ end -}}

{{- define "vitrina.egress.kafka" -}}
{{- include "vitrina.egress.store" (dict "inCluster" .Values.kafka.strimzi.enabled "port" 9092 "own" .Values.networkPolicy.kafka
      "labels" (dict "strimzi.io/cluster" (include "vitrina.releaseName" (list . "kafka")) "strimzi.io/kind" "Kafka")) }}
{{ end -}}

{{/* Whether a rule of one's own lets a port out: (list $ 9094) gives "true", once or more, or nothing. */}}
{{- define "vitrina.egress.extraPort" -}}
{{- $wanted := index . 1 -}}
{{- range (index . 0).Values.networkPolicy.extraEgress -}}
{{- if not .ports -}}true{{- end -}}
{{- range .ports -}}
{{- if or (not .port) (and (ge $wanted (int .port)) (le $wanted (int (.endPort | default .port)))) -}}true{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The namespaces of the gateway and of Prometheus: (list $ "monitoring" 9080). */}}
{{- define "vitrina.ingress.fromNamespace" -}}
- from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ get (index . 0).Values.networkPolicy.namespaces (index . 1) | quote }}
  ports:
    - { protocol: TCP, port: {{ index . 2 }} }
{{- end -}}
