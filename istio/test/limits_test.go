package mesh

import (
	"reflect"
	"testing"

	"vitrina/istio/harness"
)

// The limits of the DestinationRule are those that Envoy keeps, in both subsets.
func TestConnectionLimitsReachEnvoy(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.StorefrontGateway)
	m.Pods(harness.CatalogQuery, 1)
	m.Start()

	var dump struct {
		Configs []struct {
			Cluster struct {
				Name            string `json:"name"`
				LbPolicy        string `json:"lb_policy"`
				ConnectTimeout  string `json:"connect_timeout"`
				CircuitBreakers struct {
					Thresholds []map[string]any `json:"thresholds"`
				} `json:"circuit_breakers"`
			} `json:"cluster"`
		} `json:"configs"`
	}
	gateway.Admin().Resources("dynamic_active_clusters", &dump)
	found := 0
	for _, config := range dump.Configs {
		cluster := config.Cluster
		if cluster.Name != "outbound|8080|stable|catalog-query.vitrina.svc.cluster.local" &&
			cluster.Name != "outbound|8080|canary|catalog-query.vitrina.svc.cluster.local" {
			continue
		}
		found++
		if cluster.LbPolicy != "LEAST_REQUEST" || cluster.ConnectTimeout != "1s" {
			t.Errorf("%s chooses by %s and connects within %s", cluster.Name, cluster.LbPolicy, cluster.ConnectTimeout)
		}
		for limit, expected := range map[string]any{
			"max_connections": 2000.0, "max_pending_requests": 1024.0, "max_requests": 4096.0,
		} {
			if got := cluster.CircuitBreakers.Thresholds[0][limit]; !reflect.DeepEqual(got, expected) {
				t.Errorf("%s has %s %v instead of %v", cluster.Name, limit, got, expected)
			}
		}
	}
	if found != 2 {
		t.Errorf("%d subsets were found", found)
	}
}
