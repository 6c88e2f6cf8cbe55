package harness

import (
	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/gvk"
)

const (
	queryPort = 8080
	adminPort = 8081
)

// service is what a Kubernetes Service would say: which pods, by their labels, and which ports.
func service(identity Identity, labels map[string]string, ports ...*networking.ServicePort) config.Config {
	return config.Config{
		Meta: config.Meta{GroupVersionKind: gvk.ServiceEntry, Namespace: identity.Namespace, Name: identity.Account},
		Spec: &networking.ServiceEntry{
			Hosts:            []string{identity.Account + "." + identity.Namespace + ".svc.cluster.local"},
			Location:         networking.ServiceEntry_MESH_INTERNAL,
			Resolution:       networking.ServiceEntry_STATIC,
			Ports:            ports,
			WorkloadSelector: &networking.WorkloadSelector{Labels: labels},
		},
	}
}

// workload is what the endpoints of a Service would say of a pod.
func workload(name string, identity Identity, entry *networking.WorkloadEntry) config.Config {
	entry.ServiceAccount = identity.Account
	return config.Config{
		Meta: config.Meta{
			GroupVersionKind: gvk.WorkloadEntry, Namespace: identity.Namespace, Name: name, Labels: entry.Labels,
		},
		Spec: entry,
	}
}

// chartServices are those that the chart makes.
func chartServices() []config.Config {
	return []config.Config{
		service(CatalogQuery, named(CatalogQuery), httpPort(queryPort)),
		service(CatalogAdmin, named(CatalogAdmin), httpPort(adminPort)),
	}
}

func httpPort(number uint32) *networking.ServicePort {
	return &networking.ServicePort{Name: "http", Number: number, Protocol: "HTTP"}
}

func named(identity Identity) map[string]string {
	return map[string]string{"app.kubernetes.io/name": identity.Account}
}

// workloadLabels are those that the chart and Istio's injector write on a pod.
func workloadLabels(identity Identity) map[string]string {
	return map[string]string{
		"app.kubernetes.io/name":    identity.Account,
		"app.kubernetes.io/part-of": "vitrina",
		// This workload speaks the mesh's mutual TLS.
		"security.istio.io/tlsMode": "istio",
	}
}
