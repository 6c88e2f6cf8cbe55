package mesh

import (
	"fmt"
	"strings"
	"testing"

	"vitrina/istio/harness"
)

// The weights in the file, and those that a rollout sets later, are what the pods get, within two percent of
// all requests.
func TestCanaryGetsItsWeight(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	pods := m.Pods(harness.CatalogQuery, 6)
	argo := rollout{t, m}
	argo.label(pods[:4], pods[4:])
	m.Start()
	clients := m.Clients(gateway, harness.StorefrontHost, 16)

	const requests = 4000
	expect := func(percent int) {
		t.Helper()
		counts := harness.Load(t, clients, requests, 16, func(n int) string { return fmt.Sprintf("/v1/products/%d", n) })
		share := 100 * float64(canaries(counts)) / requests
		t.Logf("canary is to get %d %% and got %.2f %%", percent, share)
		if share < float64(percent)-2 || share > float64(percent)+2 {
			t.Errorf("the canary got %.2f %% of the requests instead of %d %%", share, percent)
		}
	}
	for range 50 {
		answer := clients[0].Get("/v1/products/1")
		if subset := answer.Header.Get("x-vitrina-subset"); subset == "" || !strings.HasPrefix(answer.Pod(), subset) {
			t.Fatalf("%s answers as %q", answer.Pod(), subset)
		}
	}
	expect(10)
	argo.weigh(gateway, 90)
	expect(90)
	argo.weigh(gateway, 10)
	expect(10)
	argo.weigh(gateway, 0)
	if counts := harness.Load(t, clients, 1000, 16, func(int) string { return "/v1/products/1" }); canaries(counts) > 0 {
		t.Errorf("an aborted canary still gets requests: %v", counts)
	}
}
