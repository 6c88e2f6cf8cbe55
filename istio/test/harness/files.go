package harness

import (
	"path/filepath"
	"runtime"
	"testing"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// The kustomizations that a person applies, by their folder under istio/.
const (
	Base        = "base"
	BoundedLoad = "overlays/bounded-load"
)

// Root is the folder istio/ of the repository.
func Root() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..")
}

// Render gives a kustomization as `kubectl apply -k` would send it.
func Render(t testing.TB, kustomization string) []byte {
	t.Helper()
	folder := filepath.Join(Root(), kustomization)
	rendered, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		t.Fatalf("istio/%s cannot be rendered: %v", kustomization, err)
	}
	text, err := rendered.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Resources gives a kustomization as Istio's control plane reads it.
func Resources(t testing.TB, kustomization string) []config.Config {
	t.Helper()
	resources, unknown, err := crd.ParseInputs(string(Render(t, kustomization)))
	if err != nil {
		t.Fatalf("istio/%s: %v", kustomization, err)
	}
	for _, resource := range unknown {
		t.Errorf("istio/%s: %s %s is no kind of Istio's", kustomization, resource.Kind, resource.Name)
	}
	return resources
}

// Find gives the one resource of a kind and a name, to be read or changed.
func Find(t testing.TB, resources []config.Config, kind, name string) *config.Config {
	t.Helper()
	for i := range resources {
		if resources[i].GroupVersionKind.Kind == kind && resources[i].Name == name {
			return &resources[i]
		}
	}
	t.Fatalf("there is no %s %s", kind, name)
	return nil
}
