{{/*
How a store's pods are spread: (dict "over" "topology.kubernetes.io/zone" "when" .Values.spread.zones "labels" (dict …)).
Nodes that turn them away do not count, or pods would wait for those.
*/}}
{{- define "vitrina.stores.spread" -}}
- topologyKey: {{ .over }}
  maxSkew: 1
  whenUnsatisfiable: {{ .when }}
  nodeTaintsPolicy: Honor
  labelSelector:
    matchLabels:
      {{- toYaml .labels | nindent 6 }}
{{- end -}}
