package mesh

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"vitrina/istio/harness"
)

// hashing starts the overlay with all requests on the stable subset.
func hashing(t *testing.T, count int) (*harness.Mesh, *harness.Gateway, []*harness.Pod) {
	m := harness.New(t, harness.BoundedLoad)
	gateway := m.Gateway(harness.StorefrontGateway)
	pods := m.Pods(harness.CatalogQuery, count)
	m.Start()
	rollout{t, m}.weigh(gateway, 0)
	return m, gateway, pods
}

// Whoever asks, and for whichever view, a product comes from one pod; and products spread over the pods.
func TestProductStaysWithItsPod(t *testing.T) {
	m, gateway, _ := hashing(t, 12)
	clients := m.Clients(gateway, harness.StorefrontHost, 8)

	used := map[string]bool{}
	for product := range 60 {
		for kind, prefix := range map[string]string{"id": "", "slug": "by-slug/", "SKU": "by-sku/"} {
			path := fmt.Sprintf("/v1/products/%s%d", prefix, product)
			home := clients[0].Get(path).Pod()
			used[home] = true
			for i, view := range []string{"", "?locale=de", "?locale=en&currency=EUR", "?channel=web"} {
				if pod := clients[1+i].Get(path + view).Pod(); pod != home {
					t.Errorf("the product of %s %d came from %s and, as %q, from %s", kind, product, home, view, pod)
				}
			}
		}
	}
	if len(used) < 10 {
		t.Errorf("180 keys have come to %d of 12 pods only", len(used))
	}
}

// During a canary a product has one pod in each subset.
func TestProductHasOnePodInEachSubset(t *testing.T) {
	m := harness.New(t, harness.BoundedLoad)
	gateway := m.Gateway(harness.StorefrontGateway)
	pods := m.Pods(harness.CatalogQuery, 8)
	rollout{t, m}.label(pods[:5], pods[5:])
	m.Start()
	rollout{t, m}.weigh(gateway, 50)
	client := m.Client(gateway, harness.StorefrontHost)

	for product := range 10 {
		homes := map[string]bool{}
		for range 30 {
			homes[client.Get(fmt.Sprintf("/v1/products/%d", product)).Pod()] = true
		}
		if len(homes) != 2 {
			t.Errorf("product %d has come from %v instead of one stable and one canary pod", product, homes)
		}
	}
}

// One product takes 5 % of all requests; hashing alone would give its pod 1.45 times the mean.
func TestProductThatEverybodyWantsIsShared(t *testing.T) {
	const (
		count       = 10
		requests    = 20_000
		concurrency = 400
	)
	m, gateway, pods := hashing(t, count)
	// The bound is on requests at work, so there must be some at any moment.
	for _, pod := range pods {
		pod.Answer(func(http.ResponseWriter, *http.Request) { time.Sleep(200 * time.Millisecond) })
	}
	clients := m.Clients(gateway, harness.StorefrontHost, 64)
	path := func(n int) string {
		if n%20 == 0 {
			return "/v1/products/everybodys"
		}
		return fmt.Sprintf("/v1/products/%d", n)
	}
	// Connections are made first and a few at a time, or a busy machine takes too long for one of them.
	for some := 20; some <= concurrency; some += 20 {
		harness.Burst(some, some, func(n int) { clients[n%len(clients)].Try("GET", path(n)) })
	}
	harness.Eventually(t, "no pod is put aside", func() bool {
		return gateway.Admin().Counters("outlier_detection.ejections_active$") == 0
	})

	counts := harness.Load(t, clients, requests, concurrency, path)
	most := 0
	for _, number := range counts {
		most = max(most, number)
	}
	ratio := float64(most) * count / requests
	t.Logf("the busiest of %d pods had %.3f times the mean: %v", len(counts), ratio, counts)
	if len(counts) != count || ratio > 1.25 {
		t.Errorf("of %d pods %d were used, the busiest %.3f times the mean", count, len(counts), ratio)
	}
}
