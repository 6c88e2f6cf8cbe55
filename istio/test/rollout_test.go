package mesh

import (
	"strings"
	"testing"

	networking "istio.io/api/networking/v1alpha3"
	"vitrina/istio/harness"
)

const hashLabel = "rollouts-pod-template-hash"

// rollout does to the files what the controller of Argo Rollouts does: it labels the subsets of the
// DestinationRule, and moves the weights of the route `storefront`.
type rollout struct {
	t    *testing.T
	mesh *harness.Mesh
}

// label gives the pods and the subsets their template's hash. Before Start.
func (r rollout) label(stable, canary []*harness.Pod) {
	hashes := map[string]string{"stable": "aaaaaaaa", "canary": "bbbbbbbb"}
	for _, pod := range stable {
		pod.Name = strings.Replace(pod.Name, "catalog-query", "stable", 1)
		pod.Labels[hashLabel] = hashes["stable"]
	}
	for _, pod := range canary {
		pod.Name = strings.Replace(pod.Name, "catalog-query", "canary", 1)
		pod.Labels[hashLabel] = hashes["canary"]
	}
	rule := r.mesh.Resource("DestinationRule", "catalog-query").Spec.(*networking.DestinationRule)
	for _, subset := range rule.Subsets {
		subset.Labels[hashLabel] = hashes[subset.Name]
	}
}

// weigh gives the canary its percentage, and waits until the gateway has heard of it.
func (r rollout) weigh(gateway *harness.Gateway, canary int32) {
	r.t.Helper()
	resource := r.mesh.Resource("VirtualService", "catalog-query").DeepCopy()
	for _, route := range resource.Spec.(*networking.VirtualService).Http {
		if route.Name == "storefront" {
			route.Route[0].Weight, route.Route[1].Weight = 100-canary, canary
		}
	}
	before := gateway.Admin().Counters("rds.*update_success$")
	r.mesh.ControlPlane.Update(resource)
	harness.Eventually(r.t, "the gateway has new routes", func() bool {
		return gateway.Admin().Counters("rds.*update_success$") > before
	})
}

// canaries counts the answers of canary pods.
func canaries(counts map[string]int) int {
	sum := 0
	for pod, count := range counts {
		if strings.HasPrefix(pod, "canary") {
			sum += count
		}
	}
	return sum
}
