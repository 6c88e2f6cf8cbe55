{{/* What only catalog-admin's pods have. */}}
{{- define "vitrina.admin.env" -}}
{{ include "vitrina.primaryEnv" (dict "root" . "role" "admin") }}
{{ include "vitrina.kafkaEnv" . }}
{{ include "vitrina.authEnv" . }}
{{ include "vitrina.sessionEnv" . }}
- name: VITRINA_PUBLISHER__PARTITIONS
  value: {{ .Values.kafka.changesPartitions | quote }}
{{- end -}}

{{/* The migration job reads the same settings, so it is given the same. */}}
{{- define "vitrina.authEnv" -}}
{{- $auth := .Values.admin.auth -}}
- name: VITRINA_AUTH__JWKS
  value: {{ ternary (printf "/etc/vitrina/jwks/%s" $auth.jwksConfigMap.key) $auth.jwks (not (empty $auth.jwksConfigMap.name)) }}
- name: VITRINA_AUTH__ISSUER
  value: {{ $auth.issuer | quote }}
- name: VITRINA_AUTH__AUDIENCE
  value: {{ $auth.audience | quote }}
{{- end -}}

{{- define "vitrina.admin.volumes" -}}
{{- with .Values.admin.auth.jwksConfigMap.name -}}
- name: jwks
  configMap:
    name: {{ . }}
{{- end -}}
{{- end -}}

{{- define "vitrina.admin.mounts" -}}
{{- if .Values.admin.auth.jwksConfigMap.name -}}
- name: jwks
  mountPath: /etc/vitrina/jwks
  readOnly: true
{{- end -}}
{{- end -}}
