// Whether the controller of Argo Rollouts takes the rendered canary, and what it makes of measurements. RENDERED names
// the file that helm wrote.
package rollouts

import (
	"bytes"
	"os"
	"testing"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/validation"
	"github.com/argoproj/argo-rollouts/utils/evaluate"
	"github.com/sirupsen/logrus"
	"sigs.k8s.io/yaml"
)

type canary struct {
	rollout   v1alpha1.Rollout
	templates map[string]*v1alpha1.AnalysisTemplate
}

func rendered(t *testing.T) canary {
	t.Helper()
	text, err := os.ReadFile(os.Getenv("RENDERED"))
	if err != nil {
		t.Fatalf("RENDERED must name what helm template wrote: %v", err)
	}
	found := canary{templates: map[string]*v1alpha1.AnalysisTemplate{}}
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		var head struct{ Kind string }
		decode(t, document, &head)
		switch head.Kind {
		case "Rollout":
			strictly(t, document, &found.rollout)
		case "AnalysisTemplate":
			template := &v1alpha1.AnalysisTemplate{}
			strictly(t, document, template)
			found.templates[template.Name] = template
		}
	}
	return found
}

func decode(t *testing.T, document []byte, into any) {
	t.Helper()
	if err := yaml.Unmarshal(document, into); err != nil {
		t.Fatal(err)
	}
}

func strictly(t *testing.T, document []byte, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict(document, into); err != nil {
		t.Fatal(err)
	}
}

func TestTheRolloutIsTaken(t *testing.T) {
	found := rendered(t)
	for _, fault := range validation.ValidateRollout(&found.rollout) {
		t.Error(fault)
	}
}

func TestTheAnalysesAreTaken(t *testing.T) {
	found := rendered(t)
	strategy := found.rollout.Spec.Strategy.Canary
	inline := strategy.Steps[2].Analysis
	for _, used := range []struct {
		analysis *v1alpha1.RolloutAnalysis
		kind     validation.AnalysisTemplateType
	}{
		{&strategy.Analysis.RolloutAnalysis, validation.BackgroundAnalysis},
		{inline, validation.InlineAnalysis},
	} {
		template := found.templates[used.analysis.Templates[0].TemplateName]
		if template == nil {
			t.Fatalf("there is no AnalysisTemplate %s", used.analysis.Templates[0].TemplateName)
		}
		faults := validation.ValidateAnalysisTemplatesWithType(&found.rollout, validation.AnalysisTemplatesWithType{
			AnalysisTemplates: []*v1alpha1.AnalysisTemplate{template},
			TemplateType:      used.kind,
			Args:              used.analysis.Args,
		})
		for _, fault := range faults {
			t.Error(fault)
		}
	}
}

func TestMeasurementsAreJudged(t *testing.T) {
	found := rendered(t)
	const good, bad = v1alpha1.AnalysisPhaseSuccessful, v1alpha1.AnalysisPhaseFailed
	for _, sample := range []struct {
		template, metric string
		result           []float64
		phase            v1alpha1.AnalysisPhase
	}{
		{"catalog-query-watch", "error-ratio", []float64{0.0005}, good},
		{"catalog-query-watch", "error-ratio", []float64{0.002}, bad},
		{"catalog-query-watch", "error-ratio", []float64{}, good},
		{"catalog-query-watch", "p99-seconds", []float64{0.02}, good},
		{"catalog-query-watch", "p99-seconds", []float64{0.03}, bad},
		{"catalog-query-watch", "hit-ratio", []float64{0.95}, good},
		{"catalog-query-watch", "hit-ratio", []float64{0.5}, bad},
		{"catalog-query-watch", "share", []float64{0.1}, good},
		{"catalog-query-watch", "share", []float64{0.03}, bad},
		{"catalog-query-watch", "share", []float64{}, good},
		{"catalog-query-watch", "up", []float64{1}, good},
		{"catalog-query-watch", "up", []float64{0.5}, bad},
		{"catalog-query-watch", "up", []float64{}, bad},
		{"catalog-query-verdict", "requests", []float64{100000}, good},
		{"catalog-query-verdict", "requests", []float64{99999}, bad},
		{"catalog-query-verdict", "requests", []float64{}, bad},
		{"catalog-query-verdict", "error-ratio", []float64{}, bad},
		{"catalog-query-verdict", "hit-ratio", []float64{0.95}, good},
	} {
		phase, err := evaluate.EvaluateResult(sample.result, found.metric(t, sample.template, sample.metric), *logrus.NewEntry(logrus.New()))
		if err != nil || phase != sample.phase {
			t.Errorf("%s %s %v is %s (%v), not %s", sample.template, sample.metric, sample.result, phase, err, sample.phase)
		}
	}
}

func (found canary) metric(t *testing.T, template, name string) v1alpha1.Metric {
	t.Helper()
	for _, metric := range found.templates[template].Spec.Metrics {
		if metric.Name == name {
			return metric
		}
	}
	t.Fatalf("%s has no metric %s", template, name)
	return v1alpha1.Metric{}
}
