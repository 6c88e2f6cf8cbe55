package harness

import (
	"net"
	"net/http"
	"path/filepath"
	"testing"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pkg/config"
)

// Sidecar is a real Envoy beside a workload that answers 200 to everything.
type Sidecar struct {
	*Proxy
	// Port is the workload's own, Operations that of its metrics.
	Port       uint32
	Operations uint32

	listeners []*networking.IstioIngressListener
}

func newSidecar(t testing.TB, identity Identity, port, operations uint32) *Sidecar {
	t.Helper()
	sidecar := &Sidecar{
		Proxy: &Proxy{
			Kind:     "sidecar",
			Identity: identity,
			Labels:   workloadLabels(identity),
			Address:  nextAddress(),
		},
		Port:       port,
		Operations: operations,
	}
	for name, port := range map[string]uint32{"http": port, "http-operations": operations} {
		sidecar.listeners = append(sidecar.listeners, &networking.IstioIngressListener{
			Port:            &networking.SidecarPort{Name: name, Number: port, Protocol: "HTTP"},
			Bind:            sidecar.Address,
			DefaultEndpoint: "unix://" + startApplication(t),
			CaptureMode:     networking.CaptureMode_NONE,
		})
	}
	return sidecar
}

// resources are the workload, and the namespace's Sidecar with what the packet filter does in a pod:
// without it, the Envoy has to listen on the workload's ports itself.
func (s *Sidecar) resources(namespaced config.Config) []config.Config {
	own := namespaced.DeepCopy()
	own.Name = s.Identity.Account
	spec := own.Spec.(*networking.Sidecar)
	spec.WorkloadSelector = &networking.WorkloadSelector{Labels: named(s.Identity)}
	spec.Ingress = s.listeners
	return []config.Config{
		own,
		workload(s.Identity.Account, s.Identity, &networking.WorkloadEntry{
			Address: s.Address, Ports: map[string]uint32{"http": s.Port}, Labels: s.Labels,
		}),
	}
}

// startApplication gives the socket of a workload that answers 200 to everything.
func startApplication(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return path
}
