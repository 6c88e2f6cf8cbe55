{{/* The release's name as a part of others, which may have no dots and 63 letters at most. */}}
{{- define "vitrina.release" -}}
{{- .Release.Name | replace "." "-" | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* The prefix of workloads' names: none for a release that is called as the chart is. */}}
{{- define "vitrina.prefix" -}}
{{- if kindIs "string" .Values.namePrefix -}}
{{- .Values.namePrefix -}}
{{- else if ne .Release.Name .Chart.Name -}}
{{- printf "%s-" (include "vitrina.release" .) -}}
{{- end -}}
{{- end -}}

{{/* The name of what belongs to a workload: (list $ "catalog-query"). */}}
{{- define "vitrina.name" -}}
{{- printf "%s%s" (include "vitrina.prefix" (index . 0)) (index . 1) -}}
{{- end -}}

{{/* The name of what has no workload, a store above all: (list $ "postgres") gives vitrina-postgres. */}}
{{- define "vitrina.releaseName" -}}
{{- printf "%s-%s" (include "vitrina.release" (index . 0)) (index . 1) -}}
{{- end -}}

{{/*
Labels that tell whose pods these are: (list $ "catalog-query"). They never change. Quoted, because a release may be
called 2024.
*/}}
{{- define "vitrina.selector" -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name | quote }}
{{- end -}}

{{/*
A pod's labels: (list $ "catalog-query"). The chart's version is not among them, or a new chart alone would begin a
canary.
*/}}
{{- define "vitrina.podLabels" -}}
{{- $root := index . 0 -}}
{{ include "vitrina.selector" . }}
app.kubernetes.io/part-of: vitrina
app.kubernetes.io/version: {{ $root.Values.image.tag | default $root.Chart.AppVersion | quote }}
{{- end -}}

{{/* All labels: (list $ "catalog-query"). */}}
{{- define "vitrina.labels" -}}
{{- $root := index . 0 -}}
{{ include "vitrina.podLabels" . }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/*
Labels of what hands them down to pods that must not restart with each version: (list $ "kafka").
*/}}
{{- define "vitrina.lastingLabels" -}}
{{ include "vitrina.selector" . }}
app.kubernetes.io/part-of: vitrina
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
{{- end -}}

{{/* Labels of everything in this release that is Vitrina's own pod, stores left out. */}}
{{- define "vitrina.ownPods" -}}
app.kubernetes.io/part-of: vitrina
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}
