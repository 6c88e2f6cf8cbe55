package harness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

// Admin reads an Envoy's administration port.
type Admin struct {
	t       testing.TB
	address string
}

// waitForAdmin waits until Envoy has written where its administration port is.
func waitForAdmin(t testing.TB, path string, ended <-chan struct{}) *Admin {
	t.Helper()
	admin := &Admin{t: t}
	Eventually(t, "Envoy has an administration port", func() bool {
		select {
		case <-ended:
			t.Fatal("Envoy has ended at once")
		default:
		}
		text, _ := os.ReadFile(path)
		admin.address = strings.TrimSpace(string(text))
		return admin.address != ""
	})
	return admin
}

// Ready is whether Envoy has all that it needs to serve.
func (a *Admin) Ready() bool {
	response, err := http.Get("http://" + a.address + "/ready")
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// Counters sums Envoy's statistics whose name matches the pattern.
func (a *Admin) Counters(pattern string) int {
	a.t.Helper()
	var page struct {
		Stats []struct {
			Value int `json:"value"`
		} `json:"stats"`
	}
	a.read("/stats?format=json&filter="+pattern, &page)
	sum := 0
	for _, stat := range page.Stats {
		sum += stat.Value
	}
	return sum
}

// Rejected is how many configurations Envoy has refused, of any type, or waited for in vain.
func (a *Admin) Rejected() int {
	a.t.Helper()
	return a.Counters("(update_rejected|listener_create_failure|init_fetch_timeout)$")
}

// Accepted is how many it has taken.
func (a *Admin) Accepted() int {
	a.t.Helper()
	return a.Counters("update_success$")
}

// Resources decodes one kind of the configuration, such as `dynamic_active_clusters`.
func (a *Admin) Resources(kind string, into any) {
	a.t.Helper()
	a.read("/config_dump?resource="+kind, into)
}

// Listeners are the running listeners' configurations as JSON, by their name.
func (a *Admin) Listeners() map[string]string {
	a.t.Helper()
	var dump struct {
		Configs []struct {
			Name        string `json:"name"`
			ActiveState struct {
				Listener json.RawMessage `json:"listener"`
			} `json:"active_state"`
		} `json:"configs"`
	}
	a.Resources("dynamic_listeners", &dump)
	listeners := map[string]string{}
	for _, listener := range dump.Configs {
		var text bytes.Buffer
		if err := json.Compact(&text, listener.ActiveState.Listener); err != nil {
			a.t.Fatal(err)
		}
		listeners[listener.Name] = text.String()
	}
	return listeners
}

func (a *Admin) read(path string, into any) {
	a.t.Helper()
	if err := json.Unmarshal(a.get(path), into); err != nil {
		a.t.Fatalf("Envoy's %s: %v", path, err)
	}
}

func (a *Admin) get(path string) []byte {
	a.t.Helper()
	response, err := http.Get("http://" + a.address + path)
	if err != nil {
		a.t.Fatal(fmt.Errorf("Envoy has ended: %w", err))
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return text
}
