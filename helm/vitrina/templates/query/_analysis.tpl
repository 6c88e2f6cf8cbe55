{{/* What is asked of Prometheus about the canary, over a window: (list $ "10m"). One metric a definition. */}}

{{/* Which series are the canary's, in PromQL; the analysis fills in the hash of its pods. */}}
{{- define "vitrina.canary.series" -}}
{{- $job := include "vitrina.name" (list . "catalog-query") -}}
namespace="{{ .Release.Namespace }}",job="{{ $job }}",rollouts_pod_template_hash="{{ "{{args.canary}}" }}"
{{- end -}}

{{- define "vitrina.canary.requests" -}}
sum(increase(vitrina_http_request_duration_seconds_count{ {{- include "vitrina.canary.series" (index . 0) -}} }[{{ index . 1 }}]))
{{- end -}}

{{/* Where there was no error at all there is no series either: that is 0. */}}
{{- define "vitrina.canary.errorRatio" -}}
(sum(increase(vitrina_http_request_duration_seconds_count{ {{- include "vitrina.canary.series" (index . 0) -}} ,status=~"5.."}[{{ index . 1 }}])) or vector(0))
/ {{ include "vitrina.canary.requests" . }}
{{- end -}}

{{- define "vitrina.canary.p99" -}}
histogram_quantile(0.99, sum by (le) (rate(vitrina_http_request_duration_seconds_bucket{ {{- include "vitrina.canary.series" (index . 0) -}} }[{{ index . 1 }}])))
{{- end -}}

{{- define "vitrina.canary.hitRatio" -}}
(sum(increase(vitrina_answers_total{ {{- include "vitrina.canary.series" (index . 0) -}} ,layer="moka"}[{{ index . 1 }}])) or vector(0))
/ sum(increase(vitrina_answers_total{ {{- include "vitrina.canary.series" (index . 0) -}} }[{{ index . 1 }}]))
{{- end -}}

{{/* Where the metrics are asked. */}}
{{- define "vitrina.canary.provider" -}}
provider:
  prometheus:
    address: {{ (index . 0).Values.monitoring.prometheusAddress }}
    query: |-
      {{- index . 1 | nindent 6 }}
{{- end -}}
