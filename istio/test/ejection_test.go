package mesh

import (
	"fmt"
	"testing"

	"vitrina/istio/harness"
)

// ejecting starts five pods, breaks the first, and reads until the gateway has put it aside.
func ejecting(t *testing.T, breaks func(*harness.Pod)) (clients []*harness.Client, broken *harness.Pod) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	pods := m.Pods(harness.CatalogQuery, 5)
	m.Start()
	clients = m.Clients(gateway, harness.StorefrontHost, 4)
	breaks(pods[0])
	n := 0
	harness.Eventually(t, "the broken pod is ejected", func() bool {
		clients[n%len(clients)].Get(fmt.Sprintf("/v1/products/%d", n))
		n++
		// Each subset has its own view of the pods.
		return gateway.Admin().Counters("stable.*outlier_detection.ejections_active$") == 1 &&
			gateway.Admin().Counters("canary.*outlier_detection.ejections_active$") == 1
	})
	return clients, pods[0]
}

// A pod that answers nothing but 500 gets no more requests.
func TestPodThatFailsIsEjected(t *testing.T) {
	clients, broken := ejecting(t, func(pod *harness.Pod) { pod.Fail(500) })
	before := broken.Requests()
	harness.Load(t, clients, 500, 4, func(n int) string { return fmt.Sprintf("/v1/products/%d", n) })
	if after := broken.Requests(); after != before {
		t.Errorf("an ejected pod has had %d of 500 requests", after-before)
	}
}

// A pod that takes no connection is put aside too, and until then no storefront notices.
func TestPodThatIsGoneIsEjected(t *testing.T) {
	clients, _ := ejecting(t, func(pod *harness.Pod) { pod.Stop() })
	harness.Load(t, clients, 500, 4, func(n int) string { return fmt.Sprintf("/v1/products/%d", n) })
}
