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

{{/* The canary's part of all requests, where there are enough of them that its own part would be enough. */}}
{{- define "vitrina.canary.share" -}}
{{- $rollout := (index . 0).Values.query.rollout -}}
{{- $job := include "vitrina.name" (list (index . 0) "catalog-query") -}}
{{- $all := printf "sum(increase(vitrina_http_request_duration_seconds_count{namespace=%q,job=%q}[%s]))" (index . 0).Release.Namespace $job (index . 1) -}}
({{ include "vitrina.canary.requests" . }} or vector(0)) / {{ $all }}
and {{ $all }} >= {{ divf (mulf $rollout.watch.minimumRequests 100) $rollout.weight | int }}
{{- end -}}

{{/* Which part of the time the canary's pods have answered Prometheus. */}}
{{- define "vitrina.canary.up" -}}
avg(avg_over_time(up{ {{- include "vitrina.canary.series" (index . 0) -}} }[{{ index . 1 }}]))
{{- end -}}

{{/* How often the canary is looked at, and how much is put up with: takes the section `rollout`. */}}
{{- define "vitrina.canary.pace" -}}
# A new pod's memory is empty, and its first requests are not what it will be like.
initialDelay: {{ .watch.initialDelay }}
interval: {{ .watch.interval }}
failureLimit: {{ .watch.failureLimit }}
# Who cannot see must not promote.
consecutiveErrorLimit: {{ .watch.blindLimit }}
{{- end -}}

{{/* One measurement, for which Prometheus is waited for as long as while the canary is watched. */}}
{{- define "vitrina.canary.once" -}}
count: 1
interval: {{ .watch.interval }}
consecutiveErrorLimit: {{ .watch.blindLimit }}
{{- end -}}

{{/* Where the metrics are asked. */}}
{{- define "vitrina.canary.provider" -}}
provider:
  prometheus:
    address: {{ (index . 0).Values.monitoring.prometheusAddress }}
    query: |-
      {{- index . 1 | nindent 6 }}
{{- end -}}
