package mesh

import (
	"fmt"
	"slices"
	"testing"

	"vitrina/istio/harness"
)

// The gateway is in zone a of region one. Requests stay in its region and spread over its zones; another region
// serves when this one has no pods.
func TestAnotherRegionServesOnlyWhenThisOneCannot(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	pods := m.Pods(harness.CatalogQuery, 6)
	for i, locality := range []string{
		"region-one/zone-a", "region-one/zone-b", "region-one/zone-b",
		"region-two/zone-a", "region-two/zone-a", "region-two/zone-b",
	} {
		pods[i].Locality = locality
	}
	m.Start()
	clients := m.Clients(gateway, harness.StorefrontHost, 4)
	served := func() (names []string) {
		counts := harness.Load(t, clients, 300, 4, func(n int) string { return fmt.Sprintf("/v1/products/%d", n) })
		for name := range counts {
			names = append(names, name)
		}
		slices.Sort(names)
		return names
	}

	here, there := names(pods[:3]), names(pods[3:])
	if got := served(); !slices.Equal(got, here) {
		t.Errorf("with pods in its region, the gateway asked %v instead of %v", got, here)
	}
	for _, pod := range pods[:3] {
		m.ControlPlane.Delete(pod.Resource())
	}
	harness.Eventually(t, "the pods of the region are forgotten", func() bool {
		return slices.Contains(there, clients[0].Get("/v1/products/1").Pod())
	})
	if got := served(); !slices.Equal(got, there) {
		t.Errorf("without pods in its region, the gateway asked %v instead of %v", got, there)
	}
}

func names(pods []*harness.Pod) (names []string) {
	for _, pod := range pods {
		names = append(names, pod.Name)
	}
	return names
}
