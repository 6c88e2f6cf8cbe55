// Package mesh proves what the files of istio/ make a real Envoy do; one behaviour a file.
package mesh

import (
	"os"
	"testing"

	"istio.io/istio/pkg/log"
)

// TestMain keeps the control plane's account of each push out of the tests' output, and its complaints that a cluster
// without the Gateway API's definitions is what it is.
func TestMain(m *testing.M) {
	for _, scope := range log.Scopes() {
		scope.SetOutputLevel(log.FatalLevel)
	}
	os.Exit(m.Run())
}
