package harness

import (
	"fmt"
	"net"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/features"
	xdsfake "istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/security"
	istiotest "istio.io/istio/pkg/test"
)

// ControlPlane is Istio's own, which turns resources into what each Envoy is told.
type ControlPlane struct {
	t       testing.TB
	server  *xdsfake.FakeDiscoveryServer
	address string
}

// startControlPlane serves the resources to Envoys that are believed to have any of the identities.
func startControlPlane(t *testing.T, resources []config.Config, secrets []runtime.Object, settings *meshconfig.MeshConfig, identities []Identity) *ControlPlane {
	t.Helper()
	// Both exist in Istio's build of Envoy only; they carry labels into metrics and choose a protocol name.
	istiotest.SetForTest(t, &features.MetadataExchange, false)
	istiotest.SetForTest(t, &features.ALPNFilter, false)
	// On loopback the Envoys come without TLS; `known` says who they are.
	istiotest.SetForTest(t, &security.AuthPlaintext, true)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := xdsfake.NewFakeDiscoveryServer(t, xdsfake.FakeOptions{
		Configs:                    resources,
		KubernetesObjects:          secrets,
		DisableSecretAuthorization: true,
		MeshConfig:                 settings,
		ListenerBuilder:            func() (net.Listener, error) { return listener, nil },
	})
	server.Discovery.Authenticators = []security.Authenticator{known(identities)}
	return &ControlPlane{t: t, server: server, address: listener.Addr().String()}
}

// Update replaces a resource, as another `kubectl apply` or the Rollouts controller would.
func (c *ControlPlane) Update(resource config.Config) {
	c.t.Helper()
	if _, err := c.server.Store().Update(resource); err != nil {
		c.t.Fatalf("%s %s cannot be updated: %v", resource.GroupVersionKind.Kind, resource.Name, err)
	}
}

// Delete removes a resource.
func (c *ControlPlane) Delete(resource config.Config) {
	c.t.Helper()
	if err := c.server.Store().Delete(resource.GroupVersionKind, resource.Name, resource.Namespace, nil); err != nil {
		c.t.Fatalf("%s %s cannot be deleted: %v", resource.GroupVersionKind.Kind, resource.Name, err)
	}
}

// meshSettings are the defaults of an installation, with listeners of sidecars on free ports.
func meshSettings(t testing.TB) *meshconfig.MeshConfig {
	settings := mesh.DefaultMeshConfig()
	settings.ProxyListenPort = int32(FreePort(t))
	settings.ProxyInboundListenPort = int32(FreePort(t))
	return settings
}

// HostSecrets are the certificates of the Gateways' hosts, where and as cert-manager would leave them.
func HostSecrets(t testing.TB, public *Authority) []runtime.Object {
	t.Helper()
	return []runtime.Object{
		tlsSecret("vitrina-storefront-tls", public.Host(t, StorefrontHost)),
		tlsSecret("vitrina-admin-tls", public.Host(t, AdminHost)),
	}
}

func tlsSecret(name string, certificate Certificate) runtime.Object {
	return &corev1.Secret{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: StorefrontGateway.Namespace},
		Type:       corev1.SecretTypeTLS,
		Data: map[string][]byte{
			corev1.TLSCertKey:       certificate.Chain,
			corev1.TLSPrivateKeyKey: certificate.Key,
		},
	}
}

// known stands in for the certificates with which Envoys introduce themselves to the control plane.
type known []Identity

func (k known) AuthenticatorType() string { return "test" }

func (k known) Authenticate(security.AuthContext) (*security.Caller, error) {
	caller := &security.Caller{}
	for _, identity := range k {
		caller.Identities = append(caller.Identities, identity.String())
	}
	if len(caller.Identities) == 0 {
		return nil, fmt.Errorf("no identity is known")
	}
	return caller, nil
}
