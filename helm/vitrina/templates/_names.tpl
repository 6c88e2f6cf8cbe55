{{/* The release as a prefix of names: none for a release that is called as the chart is. */}}
{{- define "vitrina.prefix" -}}
{{- $release := .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- if kindIs "string" .Values.namePrefix -}}
{{- .Values.namePrefix -}}
{{- else if ne .Release.Name .Chart.Name -}}
{{- printf "%s-" $release -}}
{{- end -}}
{{- end -}}

{{/* The name of what belongs to a workload: (list $ "catalog-query"). */}}
{{- define "vitrina.name" -}}
{{- printf "%s%s" (include "vitrina.prefix" (index . 0)) (index . 1) -}}
{{- end -}}

{{/* The name of what has no workload, a store above all: (list $ "postgres") gives vitrina-postgres. */}}
{{- define "vitrina.releaseName" -}}
{{- printf "%s-%s" ((index . 0).Release.Name | trunc 40 | trimSuffix "-") (index . 1) -}}
{{- end -}}

{{/* Labels that tell whose pods these are: (list $ "catalog-query"). They never change. */}}
{{- define "vitrina.selector" -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end -}}

{{/* All labels: (list $ "catalog-query"). */}}
{{- define "vitrina.labels" -}}
{{- $root := index . 0 -}}
{{ include "vitrina.selector" . }}
app.kubernetes.io/part-of: vitrina
app.kubernetes.io/version: {{ $root.Values.image.tag | default $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Labels of everything in this release that is Vitrina's own pod, stores left out. */}}
{{- define "vitrina.ownPods" -}}
app.kubernetes.io/part-of: vitrina
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
