{{/* catalog-query's pods, whoever makes them: (list $ "pod-template-hash"). */}}
{{- define "vitrina.query.podTemplate" -}}
{{- $root := index . 0 -}}
{{- include "vitrina.podTemplate" (dict "root" $root "name" "catalog-query" "values" $root.Values.query
      "httpPort" 8080 "opsPort" 9080 "hashLabel" (index . 1) "env" (include "vitrina.query.env" $root)) -}}
{{- end -}}

{{- define "vitrina.query.env" -}}
{{ include "vitrina.primaryEnv" (dict "root" . "role" "query") }}
{{ include "vitrina.replicaEnv" . }}
{{ include "vitrina.redisEnv" . }}
{{ include "vitrina.kafkaEnv" . }}
{{ include "vitrina.secretEnv" (dict "variable" "VITRINA_CURSOR__KEY" "secret" .Values.query.cursorSecret.name "key" .Values.query.cursorSecret.key) }}
{{ include "vitrina.sessionEnv" . }}
{{- end -}}
