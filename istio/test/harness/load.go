package harness

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// Burst calls send with every number below total, some at a time.
func Burst(total, concurrency int, send func(n int)) {
	var (
		next  atomic.Int64
		group sync.WaitGroup
	)
	for range concurrency {
		group.Go(func() {
			for n := int(next.Add(1)) - 1; n < total; n = int(next.Add(1)) - 1 {
				send(n)
			}
		})
	}
	group.Wait()
}

// Load sends GETs from all clients in turn and counts the answers of each pod. Any answer but 200 fails the test.
func Load(t testing.TB, clients []*Client, total, concurrency int, path func(n int) string) map[string]int {
	t.Helper()
	var (
		lock   sync.Mutex
		counts = map[string]int{}
		failed error
	)
	Burst(total, concurrency, func(n int) {
		answer, err := clients[n%len(clients)].Try("GET", path(n))
		if err == nil && answer.Status != 200 {
			err = fmt.Errorf("GET %s is answered %d: %s", path(n), answer.Status, answer.Body)
		}
		lock.Lock()
		defer lock.Unlock()
		counts[answer.Pod()]++
		if err != nil {
			failed = err
		}
	})
	if failed != nil {
		t.Fatal(failed)
	}
	return counts
}
