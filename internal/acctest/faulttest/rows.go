// The rows of a table: each fault alone, and random pairs of faults.

package faulttest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// row is one row of the table: the cases that run in sequence.
type row struct {
	variant variant
	op      Operation
	name    string
	cases   func(requests int) [][]fault
}

// OneFault injects every fault into every request of every operation, each alone. Each row is a subtest, such as
// default/create/hang. In an unusual variant, a test run tries only one fault of each class.
func (table Table) OneFault(t *testing.T) {
	t.Helper()
	var rows []row
	for _, effect := range slowestFirst(faultEffects()) { // spreads the rows of a slow effect over the workers
		for _, v := range variants {
			for _, op := range table.Operations {
				if v.effects != nil && os.Getenv("CIVO_SOAK") == "" && !slices.Contains(v.effects, effect) {
					continue
				}
				rows = append(rows, row{v, op, string(effect), func(requests int) (cases [][]fault) {
					for at := 1; at <= requests; at++ {
						cases = append(cases, []fault{{at, effect}})
					}
					return cases
				}})
			}
		}
	}
	table.runRows(t, rows)
}

// slowestFirst sorts the effects so that those that make a request time out come first. No slow row then starts last.
func slowestFirst(effects []civosim.Effect) []civosim.Effect {
	isFast := func(e civosim.Effect) int {
		if e == civosim.EffectHang || e == civosim.EffectAfterHang {
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(effects), func(a, b civosim.Effect) int { return isFast(a) - isFast(b) })
}

// pairs is the number of pairs of faults that a test run tries. CIVO_SOAK sets another number, with a random seed.
const pairs = 200

// TwoFaults injects random pairs of faults into random operations. CIVO_SEED repeats the pairs of another run.
func (table Table) TwoFaults(t *testing.T) {
	t.Helper()
	count, seed := pairs, uint64(1)
	if text := os.Getenv("CIVO_SOAK"); text != "" {
		count, _ = strconv.Atoi(text)
		seed = uint64(time.Now().UnixNano())
	}
	if text := os.Getenv("CIVO_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("%d pairs of faults with CIVO_SEED=%d", count, seed)
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // no secret
	all, effects := table.Operations, faultEffects()
	var rows []row
	for i := range count {
		v, op := variants[random.IntN(len(variants))], all[random.IntN(len(all))]
		draw, gap := random.Uint64(), 1+random.IntN(2)
		one, two := effects[random.IntN(len(effects))], effects[random.IntN(len(effects))]
		rows = append(rows, row{v, op, fmt.Sprintf("%d %s %s", i, one, two), func(requests int) [][]fault {
			first := 1 + int(draw%uint64(requests)) //nolint:gosec // a few requests
			return [][]fault{{{first, one}, {first + gap, two}}}
		}})
	}
	table.runRows(t, rows)
	if t.Failed() {
		t.Logf("to repeat in the directory of the test: CIVO_SEED=%d CIVO_SOAK=%d go test -run TwoFaults", seed, count)
	}
}

// atOnce is the number of rows that run concurrently. It does not depend on -parallel, because the rows mostly wait.
const atOnce = 40

// runRows runs each row as a subtest.
func (table Table) runRows(t *testing.T, rows []row) {
	t.Helper()
	acctest.SkipIfShort(t)
	requests := sync.Map{} // func() (int, error) by variant and operation
	var total atomic.Int64
	queue := make(chan row)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for r := range queue {
				t.Run(r.variant.name+"/"+r.op.Name+"/"+r.name, func(t *testing.T) {
					counter := sync.OnceValues(func() (int, error) { return table.requestsOf(r.variant, r.op) })
					known, _ := requests.LoadOrStore(r.variant.name+"/"+r.op.Name, counter)
					count, err := known.(func() (int, error))() //nolint:forcetypeassert // nothing else is stored
					if err != nil {
						t.Fatal(err)
					}
					for _, faults := range r.cases(count) {
						total.Add(1)
						if violations := table.check(r.variant, r.op, faults); len(violations) > 0 {
							t.Errorf("%v:\n  %s", faults, strings.Join(violations, "\n  "))
						}
					}
				})
			}
		})
	}
	for _, r := range rows {
		queue <- r
	}
	close(queue)
	workers.Wait()
	t.Logf("%d cases", total.Load())
}

// requestsOf counts the requests of an operation without faults.
func (table Table) requestsOf(v variant, op Operation) (int, error) {
	s, err := table.start(v, op)
	if err != nil {
		return 0, err
	}
	defer func() { _ = s.Close() }()
	diags, _, _ := s.perform(op, nil)
	if err := op.outcome(diags); err != nil {
		return 0, fmt.Errorf("without faults: %w", err)
	}
	if s.Count() == 0 {
		return 0, fmt.Errorf("%s sends no request", op.Name)
	}
	return s.Count(), nil
}
