{{/*
The pod template that all three services share. Takes a dict:
  root        the chart's context
  name        the workload, such as catalog-query
  values      its section of the values
  httpPort    its public port; absent for the invalidator
  opsPort     its operations port
  env         the rendered variables that only this service has
  hashLabel   the label by which the controller tells revisions apart
  volumes, mounts   rendered lists; absent for none
*/}}
{{- define "vitrina.podTemplate" -}}
{{- $root := .root -}}
{{- $values := .values -}}
{{- $shutdown := $root.Values.shutdown -}}
metadata:
  labels:
    {{- include "vitrina.podLabels" (list $root .name) | nindent 4 }}
    {{- if $root.Values.mesh.enabled }}
    sidecar.istio.io/inject: "true"
    {{- end }}
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    kubectl.kubernetes.io/default-container: {{ .name }}
    {{- if $root.Values.mesh.enabled }}
    # The proxy starts before the service and ends after it, as a container of its own kind: connections are
    # made from the first moment, and the last requests are still being answered when the pod goes.
    sidecar.istio.io/nativeSidecar: "true"
    sidecar.istio.io/proxyCPU: {{ $root.Values.mesh.proxy.cpu | quote }}
    sidecar.istio.io/proxyMemory: {{ $root.Values.mesh.proxy.memory | quote }}
    sidecar.istio.io/proxyMemoryLimit: {{ $root.Values.mesh.proxy.memory | quote }}
    proxy.istio.io/config: '{"concurrency": {{ $root.Values.mesh.proxy.threads }}}'
    {{- end }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "vitrina.name" (list $root .name) }}
  # No service asks the Kubernetes API for anything.
  automountServiceAccountToken: false
  # Variables made of Services' names would stand among the settings.
  enableServiceLinks: false
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with include "vitrina.priorityClassName" (list $root $values.priority) }}
  priorityClassName: {{ . }}
  {{- end }}
  # The sleep before SIGTERM, then all that the service may take, then a little for the log to leave.
  terminationGracePeriodSeconds: {{ add $shutdown.preStopSeconds $shutdown.deadlineSeconds 2 }}
  securityContext:
    {{- include "vitrina.podSecurity" . | nindent 4 }}
  containers:
    - name: {{ .name }}
      image: {{ include "vitrina.image" (list $root $values.image) }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      securityContext:
        {{- include "vitrina.containerSecurity" . | nindent 8 }}
      env:
        {{- .env | nindent 8 }}
        # How a trace tells this pod from the others.
        - name: POD_NAME
          valueFrom: { fieldRef: { fieldPath: metadata.name } }
        - name: OTEL_RESOURCE_ATTRIBUTES
          value: service.instance.id=$(POD_NAME),k8s.pod.name=$(POD_NAME),k8s.namespace.name={{ $root.Release.Namespace }}
        - name: VITRINA_SHUTDOWN__WAIT
          value: {{ $shutdown.waitSeconds }}s
        - name: VITRINA_SHUTDOWN__DEADLINE
          value: {{ $shutdown.deadlineSeconds }}s
        # Without a CPU limit the runtime would start a thread for each of the node's cores.
        - name: TOKIO_WORKER_THREADS
          value: {{ $values.workerThreads | quote }}
        {{- range $key, $value := merge (dict) $values.settings $root.Values.settings }}
        - name: VITRINA_{{ $key }}
          value: {{ $value | quote }}
        {{- end }}
        {{- with $root.Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        {{- with .httpPort }}
        - name: http
          containerPort: {{ . }}
        {{- end }}
        - name: ops
          containerPort: {{ .opsPort }}
      # Liveness touches no dependency; readiness is a latch that only the shutdown opens again.
      startupProbe:
        httpGet: { path: /livez, port: ops }
        periodSeconds: 2
        failureThreshold: 30
      livenessProbe:
        httpGet: { path: /livez, port: ops }
        periodSeconds: 10
        timeoutSeconds: 3
        failureThreshold: 3
      readinessProbe:
        httpGet: { path: /readyz, port: ops }
        periodSeconds: 2
        timeoutSeconds: 2
        # A busy pod may answer late. One that ends is no endpoint any more anyway.
        failureThreshold: 3
      {{- if $shutdown.preStopSeconds }}
      # Endpoints and proxies learn that the pod goes while it serves as before; then it says so itself.
      lifecycle:
        preStop:
          sleep:
            seconds: {{ $shutdown.preStopSeconds }}
      {{- end }}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      {{- with .mounts }}
      volumeMounts:
        {{- . | nindent 8 }}
      {{- end }}
  {{- with .volumes }}
  volumes:
    {{- . | nindent 4 }}
  {{- end }}
  # Nodes that take no pods, such as those of a zone that is down, do not count as empty ones.
  topologySpreadConstraints:
    - topologyKey: topology.kubernetes.io/zone
      maxSkew: 1
      whenUnsatisfiable: {{ $root.Values.spread.zones }}
      labelSelector:
        matchLabels:
          {{- include "vitrina.selector" (list $root .name) | nindent 10 }}
      matchLabelKeys: [{{ .hashLabel }}]
      nodeTaintsPolicy: Honor
    - topologyKey: kubernetes.io/hostname
      maxSkew: 1
      whenUnsatisfiable: {{ $root.Values.spread.nodes }}
      labelSelector:
        matchLabels:
          {{- include "vitrina.selector" (list $root .name) | nindent 10 }}
      matchLabelKeys: [{{ .hashLabel }}]
      nodeTaintsPolicy: Honor
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/*
How many pods: (list $ section apiVersion kind name). An autoscaler's number stays as it is: a release in which it is
turned on has a number that helm would take away, and without one Kubernetes keeps a single pod.
*/}}
{{- define "vitrina.replicas" -}}
{{- $root := index . 0 -}}
{{- $section := index . 1 -}}
{{- if not $section.autoscaling.enabled -}}
replicas: {{ $section.replicas }}
{{- else -}}
{{- with lookup (index . 2) (index . 3) $root.Release.Namespace (include "vitrina.name" (list $root (index . 4))) -}}
replicas: {{ .spec.replicas }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* An image by digest where one is given, else by tag: (list $ .Values.query.image). */}}
{{- define "vitrina.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- $name := printf "%s/%s" (trimSuffix "/" $root.Values.image.registry) $image.repository -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name ($root.Values.image.tag | default $root.Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* The restricted Pod Security Standard, and a user that no node has. */}}
{{- define "vitrina.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "vitrina.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
capabilities:
  drop: [ALL]
{{- end -}}

{{/* A class of this chart ("serving", "background") or one of one's own: (list $ .Values.query.priority). */}}
{{- define "vitrina.priorityClassName" -}}
{{- $priority := index . 1 -}}
{{- if $priority.className -}}
{{- $priority.className -}}
{{- else if (index . 0).Values.priorityClasses.create -}}
{{- include "vitrina.releaseName" (list (index . 0) $priority.level) -}}
{{- end -}}
{{- end -}}

{{/* What seals the tokens of sessions: catalog-admin gives them, catalog-query reads them. */}}
{{- define "vitrina.sessionEnv" -}}
{{ include "vitrina.secretEnv" (dict "variable" "VITRINA_SESSION__KEY" "secret" .Values.session.secret.name "key" .Values.session.secret.key) }}
{{- with .Values.session.cookieDomain }}
- name: VITRINA_SESSION__COOKIE_DOMAIN
  value: {{ . | quote }}
{{- end -}}
{{- end -}}
