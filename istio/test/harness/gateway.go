package harness

import (
	"strings"
	"testing"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pkg/config"
)

// Hosts that the files serve.
const (
	StorefrontHost = "catalog.example.com"
	AdminHost      = "admin.catalog.example.com"
)

// Gateway is a real Envoy at the edge of the mesh.
type Gateway struct {
	*Proxy
	// HTTPS and HTTP are where its ports 443 and 80 are reached on this machine.
	HTTPS uint32
	HTTP  uint32
}

func newGateway(t testing.TB, identity Identity) *Gateway {
	return &Gateway{
		Proxy: &Proxy{
			Kind:     "router",
			Identity: identity,
			// What Istio's chart for gateways writes: the release's name without its prefix.
			Labels:  map[string]string{"istio": strings.TrimPrefix(identity.Account, "istio-")},
			Address: nextAddress(),
		},
		HTTPS: FreePort(t),
		HTTP:  FreePort(t),
	}
}

// resources are the gateway's Service and pod.
func (g *Gateway) resources() []config.Config {
	return []config.Config{
		service(g.Identity, g.Labels,
			&networking.ServicePort{Name: "https", Number: 443, TargetPort: g.HTTPS, Protocol: "HTTPS"},
			&networking.ServicePort{Name: "http2", Number: 80, TargetPort: g.HTTP, Protocol: "HTTP2"}),
		workload(g.Identity.Account, g.Identity, &networking.WorkloadEntry{Address: g.Address, Labels: g.Labels}),
	}
}
