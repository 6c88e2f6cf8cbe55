package mesh

import (
	"testing"
	"time"

	"vitrina/istio/harness"
)

// The gateway of editors judges tokens and roles as catalog-admin does.
func TestRolesAtTheEdge(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.AdminGateway)
	m.Pods(harness.CatalogAdmin, 2)
	m.Start()
	client := m.Client(gateway, harness.AdminHost)
	stranger := harness.NewIssuer(t)
	token := m.Issuer.Token
	product := "/v1/products/1"

	for _, c := range []struct {
		who, token, method, path string
		status                   int
	}{
		{"nobody", "", "GET", product, 403},
		{"nobody", "", "PATCH", product, 403},
		{"no token at all", "nonsense", "GET", product, 401},
		{"a forged token", stranger.Token("admin", nil), "GET", product, 401},
		{"an expired token", token("admin", harness.Claims{"exp": time.Now().Add(-time.Hour).Unix()}), "GET", product, 401},
		{"another issuer's name", token("admin", harness.Claims{"iss": "https://elsewhere.example.com"}), "GET", product, 401},
		{"another audience", token("admin", harness.Claims{"aud": "elsewhere"}), "GET", product, 403},
		{"a role that is none", token("owner", nil), "GET", product, 403},
		{"a viewer", token("viewer", nil), "GET", product, 200},
		{"a viewer", token("viewer", nil), "HEAD", product, 200},
		{"a viewer", token("viewer", nil), "POST", "/v1/products", 403},
		{"a viewer", token("viewer", nil), "PUT", product, 403},
		{"a viewer", token("viewer", nil), "PATCH", product, 403},
		{"a viewer", token("viewer", nil), "DELETE", product, 403},
		{"a viewer", token("viewer", nil), "POST", "/v1/imports", 403},
		{"an editor", token("editor", nil), "GET", product, 200},
		{"an editor", token("editor", nil), "PATCH", product, 200},
		{"an editor", token("editor", nil), "DELETE", product, 200},
		{"an editor", token("editor", nil), "POST", "/v1/imports", 200},
		{"an admin", token("admin", nil), "PUT", product, 200},
		{"nobody", "", "GET", "/openapi.json", 200},
		{"an admin", token("admin", nil), "GET", "/metrics", 403},
		{"an admin", token("admin", nil), "TRACE", product, 403},
	} {
		var headers []string
		if c.token != "" {
			headers = []string{"authorization", "Bearer " + c.token}
		}
		if answer := client.Send(c.method, c.path, headers...); answer.Status != c.status {
			t.Errorf("%s: %s %s is answered %d instead of %d: %s", c.who, c.method, c.path, answer.Status, c.status, answer.Body)
		}
	}
}

// Some callers name the port, which Host may have.
func TestEditorMayNameThePort(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.AdminGateway)
	m.Pods(harness.CatalogAdmin, 1)
	m.Start()
	client := m.Client(gateway, harness.AdminHost+":443")
	for method, role := range map[string]string{"GET": "viewer", "PATCH": "editor"} {
		answer := client.Send(method, "/v1/products/1", "authorization", "Bearer "+m.Issuer.Token(role, nil))
		if answer.Status != 200 {
			t.Errorf("%s is answered %d: %s", method, answer.Status, answer.Body)
		}
	}
}
