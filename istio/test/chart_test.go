package mesh

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	networking "istio.io/api/networking/v1alpha3"
	security "istio.io/api/security/v1beta1"
	"sigs.k8s.io/yaml"
	"vitrina/istio/harness"
)

// What the chart is told for production, over its own values.
type chart struct {
	Admin struct {
		Auth struct {
			Issuer   string `json:"issuer"`
			JWKS     string `json:"jwks"`
			Audience string `json:"audience"`
		} `json:"auth"`
	} `json:"admin"`
	NetworkPolicy struct {
		Namespaces struct {
			Gateway string `json:"gateway"`
		} `json:"namespaces"`
		Postgres egress `json:"postgres"`
		Redis    egress `json:"redis"`
		Kafka    egress `json:"kafka"`
	} `json:"networkPolicy"`
}

// Where a NetworkPolicy lets the services go.
type egress struct {
	To []struct {
		IPBlock struct {
			CIDR string `json:"cidr"`
		} `json:"ipBlock"`
	} `json:"to"`
}

func production(t *testing.T) (values chart) {
	t.Helper()
	for _, file := range []string{"vitrina/values.yaml", "values/production.yaml"} {
		text, err := os.ReadFile(filepath.Join(harness.Root(), "..", "helm", file))
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(text, &values); err != nil {
			t.Fatalf("helm/%s: %v", file, err)
		}
	}
	return values
}

// The edge and catalog-admin take the same tokens: one that only one of them takes is of no use.
func TestEdgeAndChartTakeTheSameTokens(t *testing.T) {
	resources := harness.Resources(t, harness.Base)
	edge := harness.Find(t, resources, "RequestAuthentication", "vitrina-admin").Spec.(*security.RequestAuthentication).JwtRules[0]
	auth := production(t).Admin.Auth
	if edge.Issuer != auth.Issuer || edge.JwksUri != auth.JWKS || !slices.Contains(edge.Audiences, auth.Audience) {
		t.Errorf("the edge takes tokens of %s for %v with the keys of %s, and the chart's values say %+v", edge.Issuer, edge.Audiences, edge.JwksUri, auth)
	}
	policy := harness.Find(t, resources, "AuthorizationPolicy", "vitrina-admin").Spec.(*security.AuthorizationPolicy)
	for _, rule := range policy.Rules {
		for _, from := range rule.From {
			if principals := from.Source.RequestPrincipals; !slices.Equal(principals, []string{edge.Issuer + "/*"}) {
				t.Errorf("a rule is for %v, and the issuer is %s", principals, edge.Issuer)
			}
		}
	}
	entry := harness.Find(t, resources, "ServiceEntry", "identity-provider").Spec.(*networking.ServiceEntry)
	if !strings.HasPrefix(edge.JwksUri, "https://"+entry.Hosts[0]+"/") {
		t.Errorf("catalog-admin may call %s, and the keys are at %s", entry.Hosts[0], edge.JwksUri)
	}
}

// The chart's NetworkPolicies let in who comes from the namespace of the gateways.
func TestChartLetsTheGatewaysIn(t *testing.T) {
	resources := harness.Resources(t, harness.Base)
	gateway := production(t).NetworkPolicy.Namespaces.Gateway
	for _, name := range []string{"vitrina-storefront", "vitrina-admin"} {
		if namespace := harness.Find(t, resources, "Gateway", name).Namespace; namespace != gateway {
			t.Errorf("the gateway %s is in %s, and the chart lets %s in", name, namespace, gateway)
		}
	}
}

// The mesh knows the stores by the addresses to which the chart's NetworkPolicies let the services go.
func TestMeshAndChartLeadToTheSameStores(t *testing.T) {
	resources := harness.Resources(t, harness.Base)
	policy := production(t).NetworkPolicy
	for name, allowed := range map[string]egress{
		"postgresql": policy.Postgres, "redis": policy.Redis, "kafka": policy.Kafka,
	} {
		entry := harness.Find(t, resources, "ServiceEntry", name).Spec.(*networking.ServiceEntry)
		if len(allowed.To) != 1 || !slices.Equal(entry.Addresses, []string{allowed.To[0].IPBlock.CIDR}) {
			t.Errorf("the mesh knows %s at %v, and the chart lets the services go to %+v", name, entry.Addresses, allowed.To)
		}
	}
}
