{{/* The settings that the chart makes itself, each with the value that says it. */}}
{{- define "vitrina.ownSettings" -}}
AUDIT__PODS: query
AUTH__AUDIENCE: admin.auth.audience
AUTH__ISSUER: admin.auth.issuer
AUTH__JWKS: admin.auth.jwks
CONSUMER__GROUP: invalidator.consumerGroup
CURSOR__KEY: query.cursorSecret
KAFKA__BROKERS: kafka.brokers
KAFKA__TOPIC_PREFIX: kafka.topicPrefix
PRIMARY__URL: postgres
PUBLISHER__PARTITIONS: kafka.changesPartitions
REDIS__URL: redis
REPLICA__URLS: postgres
SESSION__COOKIE_DOMAIN: session.cookieDomain
SESSION__KEY: session.secret
SHUTDOWN__DEADLINE: shutdown.deadlineSeconds
SHUTDOWN__WAIT: shutdown.waitSeconds
{{- end -}}

{{/* What to do about its other variables. */}}
{{- define "vitrina.ownVariables" -}}
OTEL_RESOURCE_ATTRIBUTES: leave it out
POD_NAME: leave it out
POSTGRES_PASSWORD: use postgres instead
REDIS_PASSWORD: use redis instead
TOKIO_WORKER_THREADS: use query.workerThreads, admin.workerThreads and invalidator.workerThreads instead
{{- end -}}

{{/* Refuses what would give a container a variable twice, which helm 4 cannot apply. */}}
{{- define "vitrina.checks.settings" -}}
{{- $values := .Values -}}
{{- $own := fromYaml (include "vitrina.ownSettings" .) -}}
{{- $taken := fromYaml (include "vitrina.ownVariables" .) -}}
{{- range $key, $value := $own -}}
{{- $_ := set $taken (printf "VITRINA_%s" $key) (printf "use %s instead" $value) -}}
{{- end -}}
{{- $where := dict "settings" $values.settings "query.settings" $values.query.settings
      "admin.settings" $values.admin.settings "invalidator.settings" $values.invalidator.settings -}}
{{- range $section, $settings := $where -}}
{{- range $key, $_ := $settings -}}
{{- if hasKey $own $key -}}
{{- fail (printf "%s has %s, which the chart sets itself: use %s instead" $section $key (get $own $key)) -}}
{{- end -}}
{{- $_ := set $taken (printf "VITRINA_%s" $key) (printf "take it out of %s, or out of here" $section) -}}
{{- end -}}
{{- end -}}
{{- range $values.extraEnv -}}
{{- $name := .name | default "" -}}
{{- with get $taken $name -}}
{{- fail (printf "extraEnv has %s, which is set already: %s" $name .) -}}
{{- end -}}
{{- $_ := set $taken $name "keep one of the two" -}}
{{- end -}}
{{- end -}}
