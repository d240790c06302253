// Package simtest starts Civo simulators for tests, and lets their requests cause timeouts.
package simtest

import (
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Start starts a simulator and closes it when the test ends. It fails the test if the simulator does not start.
func Start(tb testing.TB, o civosim.Options) *civosim.Server {
	tb.Helper()
	server, err := civosim.Start(o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := server.Close(); err != nil {
			tb.Errorf("closing the Civo simulator: %s", err)
		}
	})
	return server
}
