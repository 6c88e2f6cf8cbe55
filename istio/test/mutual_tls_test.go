package mesh

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"vitrina/istio/harness"
)

// ask sends a request to a sidecar as a workload with the identity would, or in plain text without one.
func ask(t *testing.T, m *harness.Mesh, from *harness.Identity, method, address, path string) (int, error) {
	t.Helper()
	scheme, transport := "http", &http.Transport{}
	if from != nil {
		scheme = "https"
		transport.TLSClientConfig = &tls.Config{
			Certificates: []tls.Certificate{m.Workloads.Workload(t, *from).TLS(t)},
			// The certificate names no host; the gateways' own check of it is TestWholePath.
			InsecureSkipVerify: true,
			NextProtos:         []string{"istio"},
		}
	}
	t.Cleanup(transport.CloseIdleConnections)
	request, err := http.NewRequest(method, scheme+"://"+address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0, err
	}
	response.Body.Close()
	return response.StatusCode, nil
}

// Without mutual TLS nobody gets to a workload, and with it only whom a policy names.
func TestOnlyNamedIdentitiesReachWorkloads(t *testing.T) {
	m := harness.New(t, harness.Base)
	query := m.Sidecar(harness.CatalogQuery, 8080, 9080)
	admin := m.Sidecar(harness.CatalogAdmin, 8081, 9081)
	m.Start()
	atQuery, atAdmin := fmt.Sprintf("%s:%d", query.Address, query.Port), fmt.Sprintf("%s:%d", admin.Address, admin.Port)

	for sidecar, address := range map[*harness.Sidecar]string{query: atQuery, admin: atAdmin} {
		listener := sidecar.Admin().Listeners()[strings.Replace(address, ":", "_", 1)]
		chains, mutual := strings.Count(listener, `"filter_chain_match":`), strings.Count(listener, `"require_client_certificate":true`)
		if chains == 0 || mutual != chains {
			t.Errorf("of %d ways into %s, %d ask for a certificate: %s", chains, address, mutual, listener)
		}
		if status, err := ask(t, m, nil, "GET", address, "/v1/products/1"); err == nil {
			t.Errorf("plain text to %s is answered %d", address, status)
		}
	}
	elsewhere := harness.Identity{Namespace: "elsewhere", Account: "catalog-query"}
	for _, c := range []struct {
		from            harness.Identity
		method, address string
		status          int
	}{
		{harness.StorefrontGateway, "GET", atQuery, 200},
		{harness.StorefrontGateway, "HEAD", atQuery, 200},
		{harness.StorefrontGateway, "PUT", atQuery, 403},
		{harness.AdminGateway, "GET", atQuery, 403},
		{harness.CacheInvalidator, "GET", atQuery, 403},
		{elsewhere, "GET", atQuery, 403},
		{harness.AdminGateway, "PATCH", atAdmin, 200},
		{harness.StorefrontGateway, "GET", atAdmin, 403},
		{harness.CatalogQuery, "GET", atAdmin, 403},
		{elsewhere, "GET", atAdmin, 403},
	} {
		status, err := ask(t, m, &c.from, c.method, c.address, "/v1/products/1")
		if err != nil || status != c.status {
			t.Errorf("%s %s from %s is answered %d (%v) instead of %d", c.method, c.address, c.from, status, err, c.status)
		}
	}
}

// A workload that no policy names gets nothing, from anybody.
func TestWhatNoPolicyAllowsIsDenied(t *testing.T) {
	m := harness.New(t, harness.Base)
	newcomer := m.Sidecar(harness.Identity{Namespace: "vitrina", Account: "newcomer"}, 8083, 9083)
	delete(newcomer.Labels, "app.kubernetes.io/part-of")
	m.Start()
	address := fmt.Sprintf("%s:%d", newcomer.Address, newcomer.Port)
	for _, from := range []harness.Identity{harness.StorefrontGateway, harness.AdminGateway, harness.CatalogQuery} {
		if status, err := ask(t, m, &from, "GET", address, "/"); err != nil || status != 403 {
			t.Errorf("GET from %s is answered %d (%v) instead of 403", from, status, err)
		}
	}
}

// Prometheus reads metrics in plain text; nothing else on that port answers it.
func TestMetricsAreTheOnlyExceptionFromMutualTLS(t *testing.T) {
	m := harness.New(t, harness.Base)
	query := m.Sidecar(harness.CatalogQuery, 8080, 9080)
	m.Start()
	operations := fmt.Sprintf("%s:%d", query.Address, query.Operations)
	for path, expected := range map[string]int{"/metrics": 200, "/readyz": 403, "/debug/memory": 403} {
		status, err := ask(t, m, nil, "GET", operations, path)
		if err != nil || status != expected {
			t.Errorf("plain text GET %s is answered %d (%v) instead of %d", path, status, err, expected)
		}
	}
}

// The auditor asks what a pod's memory has, and nobody else does.
func TestOnlyTheAuditorLooksIntoMemory(t *testing.T) {
	m := harness.New(t, harness.Base)
	query := m.Sidecar(harness.CatalogQuery, 8080, 9080)
	m.Start()
	operations := fmt.Sprintf("%s:%d", query.Address, query.Operations)
	for _, c := range []struct {
		from         harness.Identity
		method, path string
		status       int
	}{
		{harness.CacheInvalidator, "GET", "/debug/memory?keys=product:1", 200},
		{harness.CacheInvalidator, "POST", "/debug/memory", 403},
		{harness.CacheInvalidator, "GET", "/readyz", 403},
		{harness.CatalogAdmin, "GET", "/debug/memory", 403},
		{harness.StorefrontGateway, "GET", "/debug/memory", 403},
	} {
		status, err := ask(t, m, &c.from, c.method, operations, c.path)
		if err != nil || status != c.status {
			t.Errorf("%s %s from %s is answered %d (%v) instead of %d", c.method, c.path, c.from, status, err, c.status)
		}
	}
}

// From a storefront over the gateway and the sidecar to the workload, each checking the next.
func TestWholePath(t *testing.T) {
	m := harness.New(t, harness.Base)
	storefront, admin := m.Gateway(harness.StorefrontGateway), m.Gateway(harness.AdminGateway)
	m.Sidecar(harness.CatalogQuery, 8080, 9080)
	m.Sidecar(harness.CatalogAdmin, 8081, 9081)
	m.Start()
	if answer := m.Client(storefront, harness.StorefrontHost).Get("/v1/products/1"); answer.Status != 200 {
		t.Errorf("a storefront is answered %d: %s", answer.Status, answer.Body)
	}
	token := "Bearer " + m.Issuer.Token("editor", nil)
	answer := m.Client(admin, harness.AdminHost).Send("PATCH", "/v1/products/1", "authorization", token)
	if answer.Status != 200 {
		t.Errorf("an editor is answered %d: %s", answer.Status, answer.Body)
	}
}
