package mesh

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	networking "istio.io/api/networking/v1alpha3"
	"vitrina/istio/harness"
)

// usual is a setting's default in a service's source.
func usual(t *testing.T, file, setting string) time.Duration {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(harness.Root(), "..", file))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`\b` + setting + `: Duration::from_(secs|millis)\((\d+)\)`).FindSubmatch(text)
	if found == nil {
		t.Fatalf("%s has no default of %s: look how it says that now", file, setting)
	}
	number, err := strconv.Atoi(string(found[2]))
	if err != nil {
		t.Fatal(err)
	}
	unit := map[string]time.Duration{"secs": time.Second, "millis": time.Millisecond}[string(found[1])]
	return time.Duration(number) * unit
}

// httpSettings is where all services have the settings of the port that serves callers.
const httpSettings = "service-kit/src/settings/sections/http.rs"

// routes are those of a VirtualService, by name.
func routes(t *testing.T, service string) map[string]*networking.HTTPRoute {
	t.Helper()
	routes := map[string]*networking.HTTPRoute{}
	resource := harness.Find(t, harness.Resources(t, harness.Base), "VirtualService", service)
	for _, route := range resource.Spec.(*networking.VirtualService).Http {
		routes[route.Name] = route
	}
	return routes
}

// Who gives up before the service has answered never gets its answer.
func TestMeshWaitsLongerThanTheServices(t *testing.T) {
	load := usual(t, "catalog-query/src/settings.rs", "wait")
	storefront := routes(t, "catalog-query")["storefront"]
	try, all := storefront.GetRetries().GetPerTryTimeout().AsDuration(), storefront.GetTimeout().AsDuration()
	if try <= load || all <= try {
		t.Errorf("a read waits %s for its load; a try has %s, and all tries %s", load, try, all)
	}
	request := usual(t, httpSettings, "request_timeout")
	admin := routes(t, "catalog-admin")
	for _, name := range []string{"reads", "writes"} {
		if limit := admin[name].GetTimeout().AsDuration(); limit <= request {
			t.Errorf("catalog-admin takes up to %s for a request, and the route %s has %s", request, name, limit)
		}
	}
}

// Who keeps a connection for longer than the service does sends a request into one that is being closed.
func TestMeshKeepsConnectionsForLessThanTheServices(t *testing.T) {
	resources := harness.Resources(t, harness.Base)
	kept := usual(t, httpSettings, "header_read_timeout")
	for _, service := range []string{"catalog-query", "catalog-admin"} {
		rule := harness.Find(t, resources, "DestinationRule", service).Spec.(*networking.DestinationRule)
		idle := rule.TrafficPolicy.GetConnectionPool().GetHttp().GetIdleTimeout().AsDuration()
		if idle <= 0 || idle >= kept {
			t.Errorf("%s closes an idle connection after %s, and the gateway after %s", service, kept, idle)
		}
	}
}
