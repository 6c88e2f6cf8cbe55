package mesh

import (
	"net/http"
	"sync"
	"testing"

	"vitrina/istio/harness"
)

// failFirst makes pods answer 503 to the first try of each request, and counts the tries of each.
type failFirst struct {
	lock  sync.Mutex
	tries map[string]int
}

func (f *failFirst) answer(w http.ResponseWriter, r *http.Request) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.tries[r.Method+r.URL.Path]++
	if f.tries[r.Method+r.URL.Path] == 1 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func failingFirst(pods []*harness.Pod) *failFirst {
	counter := &failFirst{tries: map[string]int{}}
	for _, pod := range pods {
		pod.Answer(counter.answer)
	}
	return counter
}

// A storefront does not see the failure of one pod.
func TestStorefrontReadsAreRetried(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	counter := failingFirst(m.Pods(harness.CatalogQuery, 3))
	m.Start()
	client := m.Client(gateway, harness.StorefrontHost)

	for _, method := range []string{"GET", "HEAD"} {
		if answer := client.Send(method, "/v1/products/1"); answer.Status != 200 {
			t.Errorf("%s is answered %d", method, answer.Status)
		}
		if tries := counter.tries[method+"/v1/products/1"]; tries != 2 {
			t.Errorf("%s was tried %d times instead of twice", method, tries)
		}
	}
}

// Whether a write was committed cannot be told from a failure, so it is sent once.
func TestEditorsReadsAreRetriedAndWritesAreNot(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.AdminGateway)
	counter := failingFirst(m.Pods(harness.CatalogAdmin, 3))
	m.Start()
	client := m.Client(gateway, harness.AdminHost)
	token := "Bearer " + m.Issuer.Token("editor", nil)

	for _, c := range []struct {
		method, path  string
		tries, status int
	}{
		{"GET", "/v1/products/1", 2, 200},
		{"PUT", "/v1/products/1", 1, 503},
		{"GET", "/v1/products/2", 2, 200},
		{"PATCH", "/v1/products/1", 1, 503},
		{"GET", "/v1/products/3", 2, 200},
		{"DELETE", "/v1/products/1", 1, 503},
		{"GET", "/v1/products/4", 2, 200},
		{"POST", "/v1/products", 1, 503},
		{"GET", "/v1/products/5", 2, 200},
		{"POST", "/v1/imports", 1, 503},
	} {
		answer := client.Send(c.method, c.path, "authorization", token)
		if answer.Status != c.status {
			t.Errorf("%s %s is answered %d instead of %d: %s", c.method, c.path, answer.Status, c.status, answer.Body)
		}
		if tries := counter.tries[c.method+c.path]; tries != c.tries {
			t.Errorf("%s %s was tried %d times instead of %d", c.method, c.path, tries, c.tries)
		}
	}
}

// Not even a write that found its pod gone is sent again; a read is.
func TestWritesAreNotRetriedWhereThePodIsGone(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.AdminGateway)
	pods := m.Pods(harness.CatalogAdmin, 2)
	m.Start()
	client := m.Client(gateway, harness.AdminHost)
	token := "Bearer " + m.Issuer.Token("editor", nil)
	retries := func() int { return gateway.Admin().Counters("catalog-admin.*upstream_rq_retry$") }

	pods[0].Stop()
	harness.Eventually(t, "a write finds its pod gone", func() bool {
		return client.Send("PUT", "/v1/products/1", "authorization", token).Status == 503
	})
	if retries() > 0 {
		t.Errorf("writes were retried %d times", retries())
	}
	harness.Eventually(t, "a read that found its pod gone is retried", func() bool {
		if answer := client.Send("GET", "/v1/products/1", "authorization", token); answer.Status != 200 {
			t.Fatalf("a read is answered %d: %s", answer.Status, answer.Body)
		}
		return retries() > 0
	})
}
