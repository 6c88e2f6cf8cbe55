package mesh

import (
	"net/http"
	"sync/atomic"
	"testing"

	"vitrina/istio/harness"
)

// silent has pods keep whoever asks waiting until that one goes, for so many requests; later ones are answered. It
// counts all.
func silent(pods []*harness.Pod, requests int64) *atomic.Int64 {
	asked := &atomic.Int64{}
	for _, pod := range pods {
		pod.Answer(func(_ http.ResponseWriter, r *http.Request) {
			if asked.Add(1) <= requests {
				<-r.Context().Done()
			}
		})
	}
	return asked
}

// forever is more requests than any test sends.
const forever = 1 << 32

// A pod that says nothing is left for another while the storefront still waits.
func TestSilentPodIsLeftForAnother(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	asked := silent(m.Pods(harness.CatalogQuery, 2), 1)
	m.Start()

	if answer := m.Client(gateway, harness.StorefrontHost).Get("/v1/products/1"); answer.Status != 200 {
		t.Errorf("a read that one pod keeps is answered %d: %s", answer.Status, answer.Body)
	}
	if tries := asked.Load(); tries != 2 {
		t.Errorf("it was tried %d times instead of twice", tries)
	}
}

// When every pod is silent, the storefront is told before it has waited for all three tries.
func TestStorefrontWaitsWithALimit(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	asked := silent(m.Pods(harness.CatalogQuery, 3), forever)
	m.Start()

	if answer := m.Client(gateway, harness.StorefrontHost).Get("/v1/products/1"); answer.Status != 504 {
		t.Errorf("a read that no pod answers is answered %d: %s", answer.Status, answer.Body)
	}
	if tries := asked.Load(); tries != 2 {
		t.Errorf("it was tried %d times instead of twice", tries)
	}
}

// Editors' requests end in time, and a write that does is not sent again. An import alone takes as long as it takes.
func TestEditorsWaitWithALimitExceptForImports(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.AdminGateway)
	pod := m.Pods(harness.CatalogAdmin, 1)[0]
	imported, others := make(chan struct{}), &atomic.Int64{}
	pod.Answer(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/imports" {
			<-imported
			return
		}
		others.Add(1)
		<-r.Context().Done()
	})
	m.Start()
	client := m.Client(gateway, harness.AdminHost)
	send := func(method, path string) <-chan harness.Answer {
		answers := make(chan harness.Answer, 1)
		go func() {
			answer, err := client.Try(method, path, "authorization", "Bearer "+m.Issuer.Token("editor", nil))
			if err != nil {
				answer.Body = err.Error()
			}
			answers <- answer
		}()
		return answers
	}

	running := send("POST", "/v1/imports")
	harness.Eventually(t, "the import is under way", func() bool { return pod.Requests() == 1 })
	for method, answers := range map[string]<-chan harness.Answer{
		"GET": send("GET", "/v1/products/1"), "PUT": send("PUT", "/v1/products/1"),
	} {
		if answer := <-answers; answer.Status != 504 {
			t.Errorf("%s that is not answered is answered %d: %s", method, answer.Status, answer.Body)
		}
	}
	if sent := others.Load(); sent != 2 {
		t.Errorf("a read and a write were sent %d times in all instead of once each", sent)
	}
	close(imported)
	if answer := <-running; answer.Status != 200 {
		t.Errorf("an import that outlasts them is answered %d: %s", answer.Status, answer.Body)
	}
}
