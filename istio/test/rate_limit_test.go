package mesh

import (
	"testing"

	"vitrina/istio/harness"
)

// limited reads as fast as it can until an answer is 429.
func limited(t *testing.T, client *harness.Client, path string, headers ...string) harness.Answer {
	t.Helper()
	refused := make(chan harness.Answer, 1)
	harness.Eventually(t, "the limit is reached", func() bool {
		harness.Burst(2000, 32, func(int) {
			if answer, err := client.Try("GET", path, headers...); err == nil && answer.Status == 429 {
				select {
				case refused <- answer:
				default:
				}
			}
		})
		return len(refused) > 0
	})
	return <-refused
}

// A storefront client that takes too much is refused, and another is not.
func TestStorefrontClientIsLimited(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	m.Pods(harness.CatalogQuery, 2)
	m.Start()
	answer := limited(t, m.Client(gateway, harness.StorefrontHost), "/v1/products/1")
	if answer.Header.Get("retry-after") != "1" {
		t.Errorf("429 says retry-after %q", answer.Header.Get("retry-after"))
	}
	if other := m.Client(gateway, harness.StorefrontHost).Get("/v1/products/1"); other.Status != 200 {
		t.Errorf("another client is answered %d", other.Status)
	}
}

// An editor's script that has gone wrong is refused before anybody looks at its token, and other editors are not.
func TestEditorIsLimited(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.AdminGateway)
	m.Pods(harness.CatalogAdmin, 2)
	m.Start()
	answer := limited(t, m.Client(gateway, harness.AdminHost), "/v1/products/1", "authorization", "Bearer guess")
	if answer.Header.Get("retry-after") != "1" {
		t.Errorf("429 says retry-after %q", answer.Header.Get("retry-after"))
	}
	other := m.Client(gateway, harness.AdminHost).Send("GET", "/v1/products/1", "authorization", "Bearer "+m.Issuer.Token("viewer", nil))
	if other.Status != 200 {
		t.Errorf("another editor is answered %d", other.Status)
	}
}
