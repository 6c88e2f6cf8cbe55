package mesh

import (
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	networking "istio.io/api/networking/v1alpha3"
	"vitrina/istio/harness"
)

// Every Envoy of the mesh takes all that the files tell it.
func TestNoConfigurationIsRejected(t *testing.T) {
	for _, kustomization := range kustomizations {
		t.Run(kustomization, func(t *testing.T) {
			m := harness.New(t, kustomization)
			m.Pods(harness.CatalogQuery, 1)
			m.Pods(harness.CatalogAdmin, 1)
			proxies := []*harness.Proxy{
				m.Gateway(harness.StorefrontGateway).Proxy,
				m.Gateway(harness.AdminGateway).Proxy,
				m.Sidecar(harness.CatalogQuery, 8080, 9080).Proxy,
				m.Sidecar(harness.CatalogAdmin, 8081, 9081).Proxy,
				m.Sidecar(harness.CacheInvalidator, 8082, 9082).Proxy,
			}
			m.StartUnchecked()
			for _, proxy := range proxies {
				accepted, rejected := proxy.Admin().Accepted(), proxy.Admin().Rejected()
				t.Logf("%s: %d accepted, %d rejected", proxy.Identity, accepted, rejected)
				if accepted == 0 || rejected > 0 {
					t.Errorf("%s has accepted %d configurations and rejected %d", proxy.Identity, accepted, rejected)
				}
			}
		})
	}
}

// The count above notices what Istio lets through and Envoy does not: a bucket that is filled too often.
func TestRejectedConfigurationIsCounted(t *testing.T) {
	m := harness.New(t, harness.Base)
	gateway := m.Gateway(harness.AdminGateway)
	filter := m.Resource("EnvoyFilter", "vitrina-rate-limit-admin").Spec.(*networking.EnvoyFilter)
	limit := filter.ConfigPatches[0].Patch.Value.Fields["typed_config"].GetStructValue()
	limit.Fields["token_bucket"].GetStructValue().Fields["fill_interval"] = structpb.NewStringValue("0.001s")
	m.StartUnchecked()
	harness.Eventually(t, "Envoy rejects a configuration", func() bool { return gateway.Admin().Rejected() > 0 })
}
