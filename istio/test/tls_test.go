package mesh

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"testing"

	"vitrina/istio/harness"
)

// The certificates are those of the Secrets that the Gateways name, and no other host is served with them.
func TestGatewaysSpeakTLS(t *testing.T) {
	m := harness.New(t, harness.Base)
	storefront, admin := m.Gateway(harness.StorefrontGateway), m.Gateway(harness.AdminGateway)
	m.Pods(harness.CatalogQuery, 1)
	m.Start()

	for host, port := range map[string]uint32{harness.StorefrontHost: storefront.HTTPS, harness.AdminHost: admin.HTTPS} {
		settings := &tls.Config{RootCAs: m.Public.Pool(), ServerName: host}
		connection, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port), settings)
		if err != nil {
			t.Errorf("%s has no certificate that its clients trust: %v", host, err)
			continue
		}
		connection.Close()

		// Not even a client that trusts anybody is served.
		foreign := &tls.Config{ServerName: "elsewhere.example.com", InsecureSkipVerify: true}
		if connection, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port), foreign); err == nil {
			connection.Close()
			t.Errorf("the gateway of %s answers for a host that is not its own", host)
		}
	}
	if answer := m.Client(storefront, harness.StorefrontHost).Get("/v1/products/1"); answer.Status != 200 {
		t.Errorf("a read over TLS is answered %d", answer.Status)
	}
}

// Plain HTTP gets no catalog, only the way to it.
func TestPlainHTTPIsRedirected(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	pod := m.Pods(harness.CatalogQuery, 1)[0]
	m.Start()

	request, err := http.NewRequest("GET", fmt.Sprintf("http://127.0.0.1:%d/v1/products/1", gateway.HTTP), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = harness.StorefrontHost
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if to := response.Header.Get("location"); response.StatusCode != 301 || to != "https://"+harness.StorefrontHost+"/v1/products/1" {
		t.Errorf("plain HTTP is answered %d to %q", response.StatusCode, to)
	}
	if pod.Requests() > 0 {
		t.Error("plain HTTP has reached a pod")
	}
}
