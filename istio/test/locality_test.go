package mesh

import (
	"slices"
	"testing"

	"vitrina/istio/harness"
)

// regions are a gateway in zone a of region one, and pods in both regions.
type regions struct {
	t           *testing.T
	mesh        *harness.Mesh
	gateway     *harness.Gateway
	clients     []*harness.Client
	here, there []*harness.Pod
}

func twoRegions(t *testing.T) regions {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	pods := m.Pods(harness.CatalogQuery, 7)
	for i, locality := range []string{
		"region-one/zone-a", "region-one/zone-a", "region-one/zone-b", "region-one/zone-b",
		"region-two/zone-a", "region-two/zone-a", "region-two/zone-b",
	} {
		pods[i].Locality = locality
	}
	m.Start()
	return regions{t, m, gateway, m.Clients(gateway, harness.StorefrontHost, 4), pods[:4], pods[4:]}
}

// servedBy requires that all of these answer, and no others.
func (r regions) servedBy(pods []*harness.Pod) {
	r.t.Helper()
	var served, wanted []string
	for name := range harness.Load(r.t, r.clients, 300, 4, product) {
		served = append(served, name)
	}
	for _, pod := range pods {
		wanted = append(wanted, pod.Name)
	}
	slices.Sort(served)
	if !slices.Equal(served, wanted) {
		r.t.Errorf("the gateway asked %v instead of %v", served, wanted)
	}
}

// Requests stay in the gateway's region and spread over its zones; another region serves when this one has no pods.
func TestAnotherRegionServesOnlyWhenThisOneHasNoPods(t *testing.T) {
	r := twoRegions(t)
	r.servedBy(r.here)
	for _, pod := range r.here {
		r.mesh.ControlPlane.Delete(pod.Resource())
	}
	harness.Eventually(t, "the pods of the region are forgotten", func() bool {
		return slices.ContainsFunc(r.there, func(pod *harness.Pod) bool {
			return pod.Name == r.clients[0].Get(product(1)).Pod()
		})
	})
	r.servedBy(r.there)
}

// Nor does it help storefronts that a region has pods, all ready, when they answer nothing but errors.
func TestAnotherRegionServesWhenThisOneOnlyFails(t *testing.T) {
	r := twoRegions(t)
	for _, pod := range r.here {
		pod.Fail(500)
	}
	// Envoy's threads learn within a second of what has been ejected.
	harness.Eventually(t, "the pods of the region are asked no more", func() bool {
		failed := 0
		for n := range 300 {
			if r.clients[n%len(r.clients)].Get(product(n)).Status != 200 {
				failed++
			}
		}
		return failed == 0
	})
	r.servedBy(r.there)
}
