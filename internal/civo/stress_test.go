package civo

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// stressOperations is the number of reads in TestList_StressNothingVanishes; 30,000 if CIVO_SOAK is set, with a random seed.
const stressOperations = 5_000

// Credentials that exist throughout are found by ID and by name, however fast others appear and disappear on every page.
func TestList_StressNothingVanishes(t *testing.T) {
	t.Parallel()
	for name, setUp := range map[string]func(*fakeCivo){
		"page 1 past the end":                  func(*fakeCivo) {},
		"empty page past the end":              func(f *fakeCivo) { f.emptyPages = true },
		"plain 404":                            func(f *fakeCivo) { f.plain404 = true },
		"empty page past the end, a plain 404": func(f *fakeCivo) { f.emptyPages, f.plain404 = true, true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			civo := newFakeCivo(7, 60)
			setUp(civo)
			stress(t, civo)
		})
	}
}

func stress(t *testing.T, civo *fakeCivo) {
	t.Helper()
	operations, seed := stressOperations/4, uint64(1)
	if os.Getenv("CIVO_SOAK") != "" {
		operations, seed = 30_000, rand.Uint64() //nolint:gosec // a test
		t.Logf("seed %d", seed)
	}
	const readers, churners = 10, 4
	stop, stopped := make(chan struct{}), sync.WaitGroup{}
	var changes atomic.Int64
	for n := range churners {
		random := rand.New(rand.NewPCG(seed, uint64(n))) //nolint:gosec // a test
		stopped.Go(func() { changes.Add(churn(civo, random, n, stop)) })
	}
	client := civo.client(t, Timing{Fresh: time.Nanosecond, Retries: -1})
	var left atomic.Int64
	left.Store(int64(operations))
	var reading sync.WaitGroup
	for n := range readers {
		random := rand.New(rand.NewPCG(seed, uint64(churners+n))) //nolint:gosec // a test
		reading.Go(func() {
			for left.Add(-1) >= 0 {
				readStable(t, client, random)
			}
		})
	}
	reading.Wait()
	close(stop)
	stopped.Wait()
	t.Logf("%d reads, %d changes, %d requests", operations, changes.Load(), civo.count())
}

// churn removes and adds credentials with IDs between those of the first 60 until it is stopped, and returns their number.
func churn(civo *fakeCivo, random *rand.Rand, churner int, stop <-chan struct{}) int64 {
	var mine []string
	for n := int64(0); ; n++ {
		select {
		case <-stop:
			return n
		default:
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
		time.Sleep(50 * time.Microsecond)
	}
}

// readStable reads one of the first 60 credentials, by ID or by name.
func readStable(tb testing.TB, client *Client, random *rand.Rand) {
	tb.Helper()
	id := fmt.Sprintf("id-%04d", random.IntN(60))
	var found Credential
	var err error
	if random.IntN(2) == 0 {
		found, err = client.Credentials("LON1").Get(tb.Context(), id)
	} else {
		found, err = client.Credentials("LON1").Find(tb.Context(), By("n-"+id, FieldName))
	}
	if err != nil || found.ID != id {
		tb.Errorf("%s: found %q, gone is %t: %v", id, found.ID, Is(err, KindNotFound), err)
	}
}
