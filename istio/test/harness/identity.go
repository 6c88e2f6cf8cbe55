package harness

import (
	"fmt"
	"net/url"
)

// Identity is a service account in its namespace.
type Identity struct {
	Namespace string
	Account   string
}

// The identities that the policies name.
var (
	StorefrontGateway = Identity{Namespace: "istio-ingress", Account: "istio-ingress"}
	AdminGateway      = Identity{Namespace: "istio-ingress", Account: "istio-ingress-admin"}
	CatalogQuery      = Identity{Namespace: "vitrina", Account: "catalog-query"}
	CatalogAdmin      = Identity{Namespace: "vitrina", Account: "catalog-admin"}
	CacheInvalidator  = Identity{Namespace: "vitrina", Account: "cache-invalidator"}
)

// String is how SPIFFE writes it.
func (i Identity) String() string {
	return fmt.Sprintf("spiffe://cluster.local/ns/%s/sa/%s", i.Namespace, i.Account)
}

// URL is the same for a certificate.
func (i Identity) URL() *url.URL {
	return &url.URL{
		Scheme: "spiffe",
		Host:   "cluster.local",
		Path:   fmt.Sprintf("/ns/%s/sa/%s", i.Namespace, i.Account),
	}
}
