package mesh

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"istio.io/istio/pkg/config/analysis/analyzers"
	"istio.io/istio/pkg/config/analysis/diag"
	"istio.io/istio/pkg/config/analysis/local"
	"istio.io/istio/pkg/config/crd"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
	"vitrina/istio/harness"
)

var kustomizations = []string{harness.Base, harness.BoundedLoad}

// definitions are Istio's CustomResourceDefinitions, of the release of the API that go.mod names.
func definitions(t *testing.T) *crd.Validator {
	t.Helper()
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "istio.io/api").Output()
	if err != nil {
		t.Fatal(err)
	}
	validator, err := crd.NewValidatorFromFiles(
		filepath.Join(strings.TrimSpace(string(folder)), "kubernetes", "customresourcedefinitions.gen.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return validator
}

// Each resource is one that the API server would take: all fields are known, and have the right types and values.
func TestResourcesFitTheirDefinitions(t *testing.T) {
	validator := definitions(t)
	for _, kustomization := range kustomizations {
		if err := validator.ValidateCustomResourceYAML(string(harness.Render(t, kustomization)), nil); err != nil {
			t.Errorf("istio/%s: %v", kustomization, err)
		}
	}
}

// The check above notices what a person might mistype.
func TestMisspeltFieldsAreNoticed(t *testing.T) {
	validator := definitions(t)
	for name, change := range map[string][2]string{
		"a field of a route":  {"perTryTimeout", "perTryTimeOut"},
		"a field of a rule":   {"maxEjectionPercent", "maximumEjectionPercent"},
		"a field of a policy": {"requestPrincipals", "requestPrincipal"},
		"a value of a policy": {"mode: STRICT", "mode: STRICTLY"},
		"a type":              {"number: 8080", "number: many"},
	} {
		text := string(harness.Render(t, harness.Base))
		changed := strings.ReplaceAll(text, change[0], change[1])
		if changed == text {
			t.Errorf("no file says %s", change[0])
		}
		if err := validator.ValidateCustomResourceYAML(changed, nil); err == nil {
			t.Errorf("%s may be %s", name, change[1])
		}
	}
}

// Of what `istioctl analyze` looks for, Istio's own validation included, these files have nothing, together with
// the objects that they refer to.
func TestAnalysisFindsNothing(t *testing.T) {
	objects := referredTo(t)
	for _, kustomization := range kustomizations {
		analyzer := local.NewIstiodAnalyzer(analyzers.AllCombined(), "", "istio-system", nil)
		err := analyzer.AddTestReaderKubeSource([]local.ReaderSource{
			{Name: kustomization, Reader: bytes.NewReader(harness.Render(t, kustomization))},
			{Name: "referred-to.yaml", Reader: bytes.NewReader(objects)},
		})
		if err != nil {
			t.Fatal(err)
		}
		stop := make(chan struct{})
		defer close(stop)
		result, err := analyzer.Analyze(stop)
		if err != nil {
			t.Fatal(err)
		}
		for _, message := range result.Messages {
			if message.Type.Level().IsWorseThanOrEqualTo(diag.Warning) {
				t.Errorf("istio/%s: %s", kustomization, message.String())
			}
		}
	}
}

// referredTo are the objects of a cluster that others make and that the files refer to.
func referredTo(t *testing.T) []byte {
	t.Helper()
	objects, err := os.ReadFile("testdata/referred-to.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range harness.HostSecrets(t, harness.NewAuthority(t)) {
		text, err := yaml.Marshal(secret)
		if err != nil {
			t.Fatal(err)
		}
		objects = append(append(objects, "---\n"...), text...)
	}
	return objects
}

// A file that no kustomization names would be applied by nobody and checked by nothing.
func TestEveryFileIsApplied(t *testing.T) {
	rendered := map[string]bool{}
	for _, kustomization := range kustomizations {
		for _, resource := range harness.Resources(t, kustomization) {
			rendered[resource.GroupVersionKind.Kind+" "+resource.Namespace+"/"+resource.Name] = true
		}
	}
	for _, folder := range []string{"base", "overlays"} {
		err := filepath.WalkDir(filepath.Join(harness.Root(), folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || entry.Name() == "kustomization.yaml" {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			var object unstructured.Unstructured
			if err := yaml.UnmarshalStrict(text, &object.Object); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			if name := object.GetKind() + " " + object.GetNamespace() + "/" + object.GetName(); !rendered[name] {
				t.Errorf("%s, which %s describes, is in no kustomization", name, path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
