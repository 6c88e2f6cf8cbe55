// Package harness runs Vitrina's mesh on loopback: Istio's own control plane with the very files that a person
// applies, real Envoys that it drives, and pods that answer as a test wants. Only where workloads, certificates
// and the issuer's keys are is a test's own.
package harness

import (
	"testing"

	security "istio.io/api/security/v1beta1"
	"istio.io/istio/pkg/config"
)

// Mesh is a whole one, for one test.
type Mesh struct {
	t         *testing.T
	resources []config.Config
	proxies   []*Proxy
	pods      []*Pod

	// Workloads is the authority of certificates inside, Public that of the hosts.
	Workloads *Authority
	Public    *Authority
	Issuer    *Issuer

	ControlPlane *ControlPlane
}

// New reads a kustomization; nothing runs yet.
func New(t *testing.T, kustomization string) *Mesh {
	t.Helper()
	m := &Mesh{
		t:         t,
		resources: append(Resources(t, kustomization), chartServices()...),
		Workloads: NewAuthority(t),
		Public:    NewAuthority(t),
		Issuer:    NewIssuer(t),
	}
	authentication := m.Resource("RequestAuthentication", "vitrina-admin").Spec.(*security.RequestAuthentication)
	for _, rule := range authentication.JwtRules {
		rule.JwksUri = m.Issuer.server.URL
	}
	return m
}

// Resource gives one to be changed: before Start it counts at once, after it by ControlPlane.Update.
func (m *Mesh) Resource(kind, name string) *config.Config {
	m.t.Helper()
	return Find(m.t, m.resources, kind, name)
}

// Pods adds some behind the gateways; their labels and localities may be changed before Start.
func (m *Mesh) Pods(identity Identity, count int) []*Pod {
	m.t.Helper()
	pods := StartPods(m.t, m.Workloads, identity, count)
	m.pods = append(m.pods, pods...)
	return pods
}

// Gateway adds one.
func (m *Mesh) Gateway(identity Identity) *Gateway {
	m.t.Helper()
	gateway := newGateway(m.t, identity)
	m.resources = append(m.resources, gateway.resources()...)
	m.proxies = append(m.proxies, gateway.Proxy)
	return gateway
}

// Sidecar adds a workload with one.
func (m *Mesh) Sidecar(identity Identity, port, operations uint32) *Sidecar {
	m.t.Helper()
	sidecar := newSidecar(m.t, identity, port, operations)
	m.resources = append(m.resources, sidecar.resources(*m.Resource("Sidecar", "default"))...)
	m.proxies = append(m.proxies, sidecar.Proxy)
	return sidecar
}

// Start runs the control plane and the Envoys, and waits until they are ready. When the test ends, none of
// them may have refused a configuration.
func (m *Mesh) Start() {
	m.t.Helper()
	m.StartUnchecked()
	m.t.Cleanup(func() {
		for _, proxy := range m.proxies {
			if rejected := proxy.admin.Rejected(); rejected > 0 {
				m.t.Errorf("the Envoy of %s has refused %d configurations", proxy.Identity, rejected)
			}
		}
	})
}

// StartUnchecked lets the test judge refused configurations itself.
func (m *Mesh) StartUnchecked() {
	m.t.Helper()
	for _, pod := range m.pods {
		m.resources = append(m.resources, pod.Resource())
	}
	var identities []Identity
	for _, proxy := range m.proxies {
		identities = append(identities, proxy.Identity)
	}
	m.ControlPlane = startControlPlane(m.t, m.resources, HostSecrets(m.t, m.Public), meshSettings(m.t), identities)
	for _, proxy := range m.proxies {
		proxy.start(m.t, m.ControlPlane.address, serveSecrets(m.t, m.Workloads, proxy.Identity))
	}
}

// Client is one at an address of its own.
func (m *Mesh) Client(gateway *Gateway, host string) *Client {
	m.t.Helper()
	return newClient(m.t, host, gateway.HTTPS, m.Public.Pool())
}

// Clients are several.
func (m *Mesh) Clients(gateway *Gateway, host string, count int) []*Client {
	m.t.Helper()
	clients := make([]*Client, count)
	for i := range clients {
		clients[i] = m.Client(gateway, host)
	}
	return clients
}
