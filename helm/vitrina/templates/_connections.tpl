{{/*
How many connections the services may have to the primary: all their pods, and all pools full. A process has a pool of
PRIMARY__POOL__SIZE (8 unless it is set, service-kit/src/settings/sections/postgres.rs), and catalog-query one more that
polls; catalog-admin one for the beat, one to watch writers and three of the publisher. At the end of a canary the old
version's pods are all there with the new one's; a Deployment has one more on the way. cache-invalidator has one for its
auditor. Pools for replicas count there.
*/}}
{{- define "vitrina.primaryConnections" -}}
{{- $query := .Values.query -}}
{{- $admin := .Values.admin -}}
{{- $pods := int (ternary $query.autoscaling.maxReplicas $query.replicas $query.autoscaling.enabled) -}}
{{- $queryPods := ternary (mul 2 $pods) (add 1 $pods) $query.rollout.enabled -}}
{{- $queryPool := int (dig "PRIMARY__POOL__SIZE" "8" (merge (dict) $query.settings .Values.settings)) -}}
{{- $adminPool := int (dig "PRIMARY__POOL__SIZE" "8" (merge (dict) $admin.settings .Values.settings)) -}}
{{- $invalidator := .Values.invalidator -}}
{{- $invalidatorPods := add 1 (int (ternary $invalidator.autoscaling.maxReplicas $invalidator.replicas $invalidator.autoscaling.enabled)) -}}
{{- add $invalidatorPods (mul $queryPods (add 1 $queryPool)) (mul (add 1 (int $admin.replicas)) (add 5 $adminPool)) -}}
{{- end -}}
