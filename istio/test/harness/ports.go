package harness

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Ports of this range are nobody's own, and the kernel gives none of them to a connection that goes out: Linux begins
// with those at 32768 (ip_local_port_range), and one that it gave meanwhile could not be listened on.
const (
	firstPort = 20000
	lastPort  = 32000
)

// FreePort gives a port that nobody listens on now.
func FreePort(t testing.TB) uint32 {
	t.Helper()
	for range 100 {
		port := firstPort + rand.Uint32N(lastPort-firstPort)
		listener, err := net.Listen("tcp", fmt.Sprintf("0.0.0.0:%d", port))
		if err == nil {
			listener.Close()
			return port
		}
	}
	t.Fatalf("of a hundred ports from %d to %d none is free", firstPort, lastPort)
	return 0
}
