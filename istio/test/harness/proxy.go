package harness

import (
	"bytes"
	_ "embed"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"text/template"
)

//go:embed bootstrap.yaml.tmpl
var bootstrap string

// Proxy is a real Envoy, as a gateway or beside a workload.
type Proxy struct {
	// Kind is `router` for a gateway and `sidecar` beside a workload.
	Kind     string
	Identity Identity
	Labels   map[string]string
	// Address is its pod's; by it the control plane knows which services it is a part of.
	Address string

	admin *Admin
	log   string
}

// NodeID is how an Envoy of Istio's introduces itself.
func (p *Proxy) NodeID() string {
	namespace := p.Identity.Namespace
	return fmt.Sprintf("%s~%s~%s-0.%s~%s.svc.cluster.local", p.Kind, p.Address, p.Identity.Account, namespace, namespace)
}

// Admin is what the running Envoy says of itself.
func (p *Proxy) Admin() *Admin {
	return p.admin
}

// start runs Envoy until the test ends and waits until it has its whole configuration.
func (p *Proxy) start(t testing.TB, controlPlane, secrets string) {
	t.Helper()
	folder := t.TempDir()
	configuration := filepath.Join(folder, "bootstrap.yaml")
	adminAddress := filepath.Join(folder, "admin")
	p.log = filepath.Join(folder, "envoy.log")
	p.writeBootstrap(t, configuration, controlPlane, secrets)

	command := exec.Command(envoyProgram(t), "-c", configuration, "--admin-address-path", adminAddress,
		"--log-path", p.log, "-l", "info", "--concurrency", "2", "--disable-hot-restart")
	// It must not outlive a test run that is killed.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); command.Wait() }()
	t.Cleanup(func() { command.Process.Kill(); <-ended })
	t.Cleanup(func() { p.showLog(t) })

	p.admin = waitForAdmin(t, adminAddress, ended)
	Eventually(t, "Envoy of "+p.Identity.Account+" is ready", p.admin.Ready)
}

func (p *Proxy) writeBootstrap(t testing.TB, path, controlPlane, secrets string) {
	t.Helper()
	address := func(text string) *net.TCPAddr {
		parsed, err := net.ResolveTCPAddr("tcp", text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	var text bytes.Buffer
	err := template.Must(template.New("bootstrap").Parse(bootstrap)).Execute(&text, struct {
		*Proxy
		Servers map[string]*net.TCPAddr
	}{p, map[string]*net.TCPAddr{"xds-grpc": address(controlPlane), "sds-grpc": address(secrets)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

var (
	complaint = regexp.MustCompile(`\[(warning|error|critical)\]`)
	// What this Envoy says of fields that Istio still writes is not the files' concern.
	deprecation = regexp.MustCompile(`Deprecated field`)
)

// showLog gives a failed test what Envoy complained about.
func (p *Proxy) showLog(t testing.TB) {
	if !t.Failed() {
		return
	}
	text, err := os.ReadFile(p.log)
	if err != nil {
		t.Log(err)
	}
	for line := range bytes.Lines(text) {
		if complaint.Match(line) && !deprecation.Match(line) {
			t.Logf("Envoy of %s: %s", p.Identity.Account, bytes.TrimSpace(line))
		}
	}
}

func envoyProgram(t testing.TB) string {
	t.Helper()
	path := os.Getenv("ENVOY")
	if path == "" {
		t.Fatal("ENVOY is not set to the path of an Envoy; run istio/verify.sh, which installs one")
	}
	return path
}
