{{/* What only cache-invalidator's pods have. */}}
{{- define "vitrina.invalidator.env" -}}
{{- with .Values.postgres.cloudnativepg -}}
{{- if .enabled -}}
{{ include "vitrina.secretEnv" (dict "variable" "POSTGRES_PASSWORD" "secret" .roleSecrets.query "key" "password") }}
{{- end -}}
{{- end }}
{{ include "vitrina.replicaEnv" . }}
{{ include "vitrina.redisEnv" . }}
{{ include "vitrina.kafkaEnv" . }}
- name: VITRINA_CONSUMER__GROUP
  value: {{ .Values.invalidator.consumerGroup }}
{{- end -}}
