{{/* What the HorizontalPodAutoscaler and KEDA's ScaledObject have in common. */}}

{{- define "vitrina.query.scaleTarget" -}}
apiVersion: {{ ternary "argoproj.io/v1alpha1" "apps/v1" .Values.query.rollout.enabled }}
kind: {{ ternary "Rollout" "Deployment" .Values.query.rollout.enabled }}
name: {{ include "vitrina.name" (list . "catalog-query") }}
{{- end -}}

{{/* Quickly up; down slowly, because every pod that goes takes a full memory with it. */}}
{{- define "vitrina.query.scalingBehavior" -}}
scaleUp:
  stabilizationWindowSeconds: {{ .upWindowSeconds }}
  selectPolicy: Max
  policies:
    - { type: Percent, value: 50, periodSeconds: 60 }
    - { type: Pods, value: 2, periodSeconds: 60 }
scaleDown:
  stabilizationWindowSeconds: {{ .downWindowSeconds }}
  selectPolicy: Max
  policies:
    - { type: Percent, value: 10, periodSeconds: 120 }
    - { type: Pods, value: 1, periodSeconds: 120 }
{{- end -}}
