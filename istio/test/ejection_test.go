package mesh

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"vitrina/istio/harness"
)

// product is a path of its own for each number.
func product(n int) string { return fmt.Sprintf("/v1/products/%d", n) }

// ejections are how many pods the gateway has put aside. Each subset has its own view of the pods; until a canary
// both have all.
func ejections(gateway *harness.Gateway) (stable, canary int) {
	stable = gateway.Admin().Counters("stable.*outlier_detection.ejections_active$")
	canary = gateway.Admin().Counters("canary.*outlier_detection.ejections_active$")
	return stable, canary
}

// ejecting starts pods, breaks the first, and reads until the gateway has put it aside.
func ejecting(t *testing.T, count int, breaks func(*harness.Pod)) (clients []*harness.Client, broken *harness.Pod) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	pods := m.Pods(harness.CatalogQuery, count)
	m.Start()
	clients = m.Clients(gateway, harness.StorefrontHost, 4)
	breaks(pods[0])
	n := 0
	harness.Eventually(t, "the broken pod is ejected", func() bool {
		for range 50 {
			clients[n%len(clients)].Get(product(n))
			n++
		}
		stable, canary := ejections(gateway)
		return stable == 1 && canary == 1
	})
	return clients, pods[0]
}

// A pod that answers nothing but 500 gets no more requests, and were it one of only two.
func TestPodThatFailsIsEjected(t *testing.T) {
	for _, count := range []int{5, 3, 2} {
		t.Run(fmt.Sprintf("of %d", count), func(t *testing.T) {
			clients, broken := ejecting(t, count, func(pod *harness.Pod) { pod.Fail(500) })
			before := broken.Requests()
			harness.Load(t, clients, 500, 4, product)
			if after := broken.Requests(); after != before {
				t.Errorf("an ejected pod has had %d of 500 requests", after-before)
			}
		})
	}
}

// A pod that takes no connection is put aside too, and until then no storefront notices.
func TestPodThatIsGoneIsEjected(t *testing.T) {
	clients, _ := ejecting(t, 5, func(pod *harness.Pod) { pod.Stop() })
	harness.Load(t, clients, 500, 4, product)
}

// Pods that have too much to do refuse many requests in a row, and without them there would be even more to do for the
// others: each of these answers only one request in three.
func TestPodThatShedsLoadStays(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	for _, pod := range m.Pods(harness.CatalogQuery, 4) {
		asked := &atomic.Int64{}
		pod.Answer(func(w http.ResponseWriter, _ *http.Request) {
			if asked.Add(1)%30 < 20 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		})
	}
	m.Start()
	clients := m.Clients(gateway, harness.StorefrontHost, 4)
	harness.Burst(4000, 4, func(n int) {
		if _, err := clients[n%len(clients)].Try("GET", product(n)); err != nil {
			t.Error(err)
		}
	})
	if ejected := gateway.Admin().Counters("catalog-query.*outlier_detection.ejections_enforced_total$"); ejected != 0 {
		t.Errorf("pods that shed load were put aside %d times", ejected)
	}
}

// When all fail it is not the pods: they are asked as before, and serve as soon as they can.
func TestPodsThatAllFailAreStillAsked(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	pods := m.Pods(harness.CatalogQuery, 4)
	for _, pod := range pods {
		pod.Fail(500)
	}
	m.Start()
	clients := m.Clients(gateway, harness.StorefrontHost, 4)
	n := 0
	harness.Eventually(t, "more than half of the pods are ejected", func() bool {
		for range 100 {
			clients[n%len(clients)].Get(product(n))
			n++
		}
		stable, canary := ejections(gateway)
		return stable > 2 && canary > 2
	})
	for _, pod := range pods {
		pod.Answer(func(http.ResponseWriter, *http.Request) {})
	}
	if served := harness.Load(t, clients, 400, 4, product); len(served) != len(pods) {
		t.Errorf("of %d pods that can serve again, %v do", len(pods), served)
	}
}
