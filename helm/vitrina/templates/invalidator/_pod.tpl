{{/* What only cache-invalidator's pods have. */}}
{{- define "vitrina.invalidator.env" -}}
{{ include "vitrina.primaryEnv" (dict "root" . "role" "query") }}
{{ include "vitrina.replicaEnv" . }}
{{ include "vitrina.redisEnv" . }}
{{ include "vitrina.kafkaEnv" . }}
- name: VITRINA_CONSUMER__GROUP
  value: {{ .Values.invalidator.consumerGroup }}
- name: VITRINA_AUDIT__PODS
  value: {{ include "vitrina.name" (list . "catalog-query-pods") }}:9080
{{- end -}}
