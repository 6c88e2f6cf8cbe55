{{/* Where the stores are, as the services' settings: addresses out of Secrets, or of what this chart renders. */}}

{{- define "vitrina.secretEnv" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end -}}

{{/* The primary, as a role: (dict "root" $ "role" "admin"). */}}
{{- define "vitrina.primaryEnv" -}}
{{- $postgres := .root.Values.postgres -}}
{{- if $postgres.cloudnativepg.enabled -}}
{{ include "vitrina.secretEnv" (dict "variable" "POSTGRES_PASSWORD" "secret" (get $postgres.cloudnativepg.roleSecrets .role) "key" "password") }}
- name: VITRINA_PRIMARY__URL
  value: postgresql://vitrina_{{ .role }}:$(POSTGRES_PASSWORD)@{{ include "vitrina.releaseName" (list .root "postgres") }}-rw:5432/vitrina
{{- else -}}
{{ include "vitrina.secretEnv" (dict "variable" "VITRINA_PRIMARY__URL" "secret" $postgres.existingSecret.name "key" (get $postgres.existingSecret.keys .role)) }}
{{- end -}}
{{- end -}}

{{/* The replicas, as the role that reads. Where there is a single instance, it stands for its replica, too. */}}
{{- define "vitrina.replicaEnv" -}}
{{- $postgres := .Values.postgres -}}
{{- if $postgres.cloudnativepg.enabled -}}
{{- $service := ternary "ro" "rw" (gt (int $postgres.cloudnativepg.instances) 1) -}}
- name: VITRINA_REPLICA__URLS
  value: postgresql://vitrina_query:$(POSTGRES_PASSWORD)@{{ include "vitrina.releaseName" (list . "postgres") }}-{{ $service }}:5432/vitrina
{{- else -}}
{{ include "vitrina.secretEnv" (dict "variable" "VITRINA_REPLICA__URLS" "secret" $postgres.existingSecret.name "key" $postgres.existingSecret.keys.replicas) }}
{{- end -}}
{{- end -}}

{{- define "vitrina.redisEnv" -}}
{{- $redis := .Values.redis -}}
{{- if $redis.valkey.enabled -}}
{{ include "vitrina.secretEnv" (dict "variable" "REDIS_PASSWORD" "secret" $redis.valkey.passwordSecret.name "key" $redis.valkey.passwordSecret.key) }}
- name: VITRINA_REDIS__URL
  value: redis://:$(REDIS_PASSWORD)@{{ include "vitrina.releaseName" (list . "valkey") }}:6379
{{- else -}}
{{ include "vitrina.secretEnv" (dict "variable" "VITRINA_REDIS__URL" "secret" $redis.existingSecret.name "key" $redis.existingSecret.key) }}
{{- end -}}
{{- end -}}

{{- define "vitrina.kafkaBrokers" -}}
{{- if .Values.kafka.strimzi.enabled -}}
{{ include "vitrina.releaseName" (list . "kafka") }}-kafka-bootstrap.{{ .Release.Namespace }}.svc:9092
{{- else -}}
{{ join "," .Values.kafka.brokers }}
{{- end -}}
{{- end -}}

{{- define "vitrina.kafkaEnv" -}}
- name: VITRINA_KAFKA__BROKERS
  value: {{ include "vitrina.kafkaBrokers" . }}
{{- with .Values.kafka.topicPrefix }}
- name: VITRINA_KAFKA__TOPIC_PREFIX
  value: {{ . | quote }}
{{- end }}
{{- end -}}
