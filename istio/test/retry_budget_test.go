package mesh

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"vitrina/istio/harness"
)

// When every pod fails, retries do not multiply the load that the pods suffer from: without a budget each read
// would be tried three times.
func TestRetriesHaveABudget(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	pods := m.Pods(harness.CatalogQuery, 4)
	for _, pod := range pods {
		pod.Answer(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(20 * time.Millisecond)
			w.WriteHeader(http.StatusServiceUnavailable)
		})
	}
	m.Start()
	clients := m.Clients(gateway, harness.StorefrontHost, 16)

	const requests = 6000
	harness.Burst(requests, 100, func(n int) {
		if _, err := clients[n%len(clients)].Try("GET", fmt.Sprintf("/v1/products/%d", n)); err != nil {
			t.Error(err)
		}
	})
	tries := int64(0)
	for _, pod := range pods {
		tries += pod.Requests()
	}
	ratio := float64(tries) / requests
	t.Logf("%d failing reads made %d tries, %.2f for each", requests, tries, ratio)
	if ratio > 1.35 {
		t.Errorf("%d failing reads made %d tries, %.2f for each", requests, tries, ratio)
	}
}
