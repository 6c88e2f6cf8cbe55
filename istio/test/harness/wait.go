package harness

import (
	"testing"
	"time"
)

// Deadline is how long a condition may take on a busy machine; most take milliseconds.
const Deadline = 60 * time.Second

const pause = 20 * time.Millisecond

// Eventually waits until the condition holds, and fails the test when it has not by the deadline.
func Eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(Deadline); !condition(); time.Sleep(pause) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, Deadline)
		}
	}
}
