package harness

import (
	"net"
	"testing"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	tls "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	secret "github.com/envoyproxy/go-control-plane/envoy/service/secret/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/anypb"
)

const secretType = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"

// secretServer does what Istio's agent does beside each Envoy: it hands it the workload's certificate,
// `default`, and the mesh's root, `ROOTCA`.
type secretServer struct {
	secret.UnimplementedSecretDiscoveryServiceServer
	secrets map[string]*tls.Secret
}

// serveSecrets gives the address where one Envoy gets its identity.
func serveSecrets(t testing.TB, mesh *Authority, identity Identity) string {
	t.Helper()
	certificate := mesh.Workload(t, identity)
	server := grpc.NewServer()
	secret.RegisterSecretDiscoveryServiceServer(server, &secretServer{secrets: map[string]*tls.Secret{
		"default": {Name: "default", Type: &tls.Secret_TlsCertificate{TlsCertificate: &tls.TlsCertificate{
			CertificateChain: inline(certificate.Chain),
			PrivateKey:       inline(certificate.Key),
		}}},
		"ROOTCA": {Name: "ROOTCA", Type: &tls.Secret_ValidationContext{ValidationContext: &tls.CertificateValidationContext{
			TrustedCa: inline(mesh.PEM()),
		}}},
	}})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

// StreamSecrets answers each request but acknowledgements: secrets do not change during a test.
func (s *secretServer) StreamSecrets(stream secret.SecretDiscoveryService_StreamSecretsServer) error {
	for {
		request, err := stream.Recv()
		if err != nil {
			return err
		}
		if request.GetVersionInfo() != "" {
			continue
		}
		response := &discovery.DiscoveryResponse{VersionInfo: "1", Nonce: "1", TypeUrl: secretType}
		for _, name := range request.GetResourceNames() {
			resource, err := anypb.New(s.secrets[name])
			if err != nil {
				return err
			}
			response.Resources = append(response.Resources, resource)
		}
		if err := stream.Send(response); err != nil {
			return err
		}
	}
}

func inline(text []byte) *core.DataSource {
	return &core.DataSource{Specifier: &core.DataSource_InlineBytes{InlineBytes: text}}
}
