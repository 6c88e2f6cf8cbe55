{{/*
Whether this very installation or upgrade makes the database: "true", or nothing. helm looks into the cluster for it;
`helm template` and Argo CD cannot, and find none.
*/}}
{{- define "vitrina.migrations.makesDatabase" -}}
{{- $name := include "vitrina.releaseName" (list . "postgres") -}}
{{- if .Values.postgres.cloudnativepg.enabled -}}
{{- if not (lookup "postgresql.cnpg.io/v1" "Cluster" .Release.Namespace $name) -}}
true
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
When the migrations run: before the services of a release, which need its schema. Only where the database is made
with them can they not, and follow it. An installation that finds a database of an earlier one takes it over with
the rest of its objects, so it follows, too.
*/}}
{{- define "vitrina.migrations.hook" -}}
{{- if include "vitrina.migrations.makesDatabase" . -}}
post-install,post-upgrade
{{- else if .Values.postgres.cloudnativepg.enabled -}}
post-install,pre-upgrade
{{- else -}}
pre-install,pre-upgrade
{{- end -}}
{{- end -}}
