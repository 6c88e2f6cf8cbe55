package mesh

import (
	"testing"

	"vitrina/istio/harness"
)

// The storefront's host is for reading: a write reaches no pod.
func TestStorefrontRefusesWrites(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	pod := m.Pods(harness.CatalogQuery, 1)[0]
	m.Start()
	client := m.Client(gateway, harness.StorefrontHost)

	for _, method := range []string{"PUT", "PATCH", "POST", "DELETE"} {
		answer := client.Send(method, "/v1/products/1")
		if answer.Status != 405 || answer.Header.Get("allow") != "GET, HEAD" {
			t.Errorf("%s is answered %d, allow %q", method, answer.Status, answer.Header.Get("allow"))
		}
		if kind := answer.Header.Get("content-type"); kind != "application/problem+json" {
			t.Errorf("%s is answered as %q", method, kind)
		}
	}
	if pod.Requests() > 0 {
		t.Errorf("%d writes have reached a pod", pod.Requests())
	}
}
