package mesh

import (
	"strings"
	"testing"

	"vitrina/istio/harness"
)

// What leaves a workload for a place that the mesh does not know goes nowhere; the stores are known by their
// addresses and ports.
func TestOnlyKnownPlacesAreCalled(t *testing.T) {
	m := harness.New(t, harness.Base)
	sidecar := m.Sidecar(harness.CatalogQuery, 8080, 9080)
	m.Start()

	listeners := sidecar.Admin().Listeners()
	outbound := listeners["virtualOutbound"]
	if !strings.Contains(outbound, "BlackHoleCluster") || strings.Contains(outbound, "PassthroughCluster") {
		t.Errorf("unknown places are not refused: %s", outbound)
	}
	for listener, place := range map[string]struct{ cluster, match string }{
		"0.0.0.0_5432": {"outbound|5432||postgresql.stores.example.com", `"address_prefix":"10.20.0.0","prefix_len":24`},
		"0.0.0.0_6379": {"outbound|6379||redis.stores.example.com", `"address_prefix":"10.20.1.0","prefix_len":24`},
		"0.0.0.0_9092": {"outbound|9092||kafka.stores.example.com", `"address_prefix":"10.20.2.0","prefix_len":24`},
		"0.0.0.0_443":  {"outbound|443||identity.example.com", `"server_names":["identity.example.com"]`},
	} {
		text := listeners[listener]
		if !strings.Contains(text, place.cluster) || !strings.Contains(text, place.match) {
			t.Errorf("%s does not lead to %s for %s only: %s", listener, place.cluster, place.match, text)
		}
		if !strings.Contains(text, "BlackHoleCluster") || strings.Contains(text, "PassthroughCluster") {
			t.Errorf("%s lets other places through: %s", listener, text)
		}
	}
}
