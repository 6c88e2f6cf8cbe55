package harness

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pkg/config"
)

// PodHeader names, in each answer, the pod that gave it.
const PodHeader = "x-pod"

// Pod is a workload behind the gateways: it accepts mutual TLS of the mesh, as its sidecar would, and
// answers on a loopback address of its own.
type Pod struct {
	Name     string
	Identity Identity
	Labels   map[string]string
	Locality string
	Address  string
	Port     uint32

	handler  atomic.Pointer[http.HandlerFunc]
	requests atomic.Int64
	server   *http.Server
}

// podAddresses gives every pod of a test run its own address, of the 16 million that loopback has.
var podAddresses atomic.Uint32

// StartPod starts one that answers 200 to everything.
func StartPod(t testing.TB, mesh *Authority, identity Identity, name string) *Pod {
	t.Helper()
	pod := &Pod{
		Name:     name,
		Identity: identity,
		Locality: "region-one/zone-a",
		Address:  nextAddress(),
		Labels:   workloadLabels(identity),
	}
	pod.Answer(func(http.ResponseWriter, *http.Request) {})
	listener, err := tls.Listen("tcp", net.JoinHostPort(pod.Address, "0"), &tls.Config{
		Certificates: []tls.Certificate{mesh.Workload(t, identity).TLS(t)},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    mesh.Pool(),
	})
	if err != nil {
		t.Fatal(err)
	}
	pod.Port = uint32(listener.Addr().(*net.TCPAddr).Port)
	pod.server = &http.Server{Handler: pod}
	go pod.server.Serve(listener)
	t.Cleanup(pod.Stop)
	return pod
}

// StartPods starts several, named by their service and a number.
func StartPods(t testing.TB, mesh *Authority, identity Identity, count int) []*Pod {
	t.Helper()
	pods := make([]*Pod, count)
	for i := range pods {
		pods[i] = StartPod(t, mesh, identity, identity.Account+"-"+strconv.Itoa(i))
	}
	return pods
}

// Answer changes what the pod does from now on; what it writes follows the header that names it.
func (p *Pod) Answer(handler http.HandlerFunc) {
	p.handler.Store(&handler)
}

// Fail makes the pod answer with a status and nothing else.
func (p *Pod) Fail(status int) {
	p.Answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
}

// Requests is how many the pod has had.
func (p *Pod) Requests() int64 {
	return p.requests.Load()
}

// Stop makes the pod refuse connections.
func (p *Pod) Stop() {
	p.server.Close()
}

// Resource is the pod as the control plane knows it.
func (p *Pod) Resource() config.Config {
	return workload(p.Name, p.Identity, &networking.WorkloadEntry{
		Address:  p.Address,
		Ports:    map[string]uint32{"http": p.Port},
		Labels:   p.Labels,
		Locality: p.Locality,
	})
}

func (p *Pod) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.requests.Add(1)
	w.Header().Set(PodHeader, p.Name)
	(*p.handler.Load())(w, r)
}

func nextAddress() string {
	n := podAddresses.Add(1)
	return fmt.Sprintf("127.20.%d.%d", n/250, 1+n%250)
}
