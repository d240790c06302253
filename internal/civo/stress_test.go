package civo

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// Credentials that exist throughout are found by ID and by name, however fast others appear and disappear on every page.
func TestList_StressNothingVanishes(t *testing.T) {
	t.Parallel()
	for _, emptyPages := range []bool{false, true} {
		for _, plain404 := range []bool{false, true} {
			t.Run(fmt.Sprintf("empty pages %t, plain 404 %t", emptyPages, plain404), func(t *testing.T) {
				t.Parallel()
				const readers, churners, reads = 10, 4, 1_250
				civo := newFakeCivo(7, 60)
				civo.emptyPages, civo.plain404 = emptyPages, plain404
				client := civo.client(t, Timing{Fresh: time.Nanosecond, Retries: -1})
				stop, stopped := make(chan struct{}), sync.WaitGroup{}
				for n := range churners {
					stopped.Go(func() { churn(civo, n, stop) })
				}
				inParallel(reads, readers, func(int) {
					id := fmt.Sprintf("id-%04d", rand.IntN(60)) //nolint:gosec // a test
					records := client.Credentials("LON1")
					found, err := records.Get(t.Context(), id)
					if err == nil && rand.IntN(2) == 0 { //nolint:gosec // a test
						found, err = records.Find(t.Context(), By("n-"+id, FieldName))
					}
					if err != nil || found.ID != id {
						t.Errorf("%s: found %q, gone is %t: %v", id, found.ID, Is(err, KindNotFound), err)
					}
				})
				close(stop)
				stopped.Wait()
			})
		}
	}
}

// churn removes and adds credentials with IDs between those of the first 60 until it is stopped.
func churn(civo *fakeCivo, churner int, stop <-chan struct{}) {
	random := rand.New(rand.NewPCG(1, uint64(churner))) //nolint:gosec // a test
	var mine []string
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		case <-time.After(50 * time.Microsecond):
		}
		civo.mu.Lock()
		if len(mine) < 5 || len(mine) < 30 && random.IntN(2) == 0 {
			id := fmt.Sprintf("id-%04d-%d-%d", random.IntN(60), churner, n)
			civo.add(id)
			mine = append(mine, id)
		} else {
			at := random.IntN(len(mine))
			civo.remove(mine[at])
			mine = append(mine[:at], mine[at+1:]...)
		}
		civo.mu.Unlock()
	}
}
