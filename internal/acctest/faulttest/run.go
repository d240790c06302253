// Runs of one operation with faults.

package faulttest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// timing returns the timing of an operation with faults. Only requests that hang end after a short time. If another request takes longer
// than that on a busy machine, this is one more fault.
func timing(faults []fault) civo.Timing {
	timing := acctest.Timing
	timing.RetryMin, timing.RetryMax = time.Millisecond, 5*time.Millisecond
	timing.BusyMin, timing.BusyMax = time.Millisecond, 5*time.Millisecond
	timing.PollFirst, timing.PollMin, timing.PollMax = time.Millisecond, 2*time.Millisecond, 10*time.Millisecond
	timing.Fresh, timing.Absence, timing.Owner = 50*time.Millisecond, absence, operationTimeout
	if slices.ContainsFunc(faults, fault.hangs) {
		timing.Attempt, timing.Grace, timing.RegionCheck = 5*time.Second, time.Second, time.Second
	}
	return timing
}

// fault is the effect on one request of an operation.
type fault struct {
	at     int // number of the request, starting at 1
	effect civosim.Effect
}

func (f fault) hangs() bool {
	return f.effect == civosim.EffectHang || f.effect == civosim.EffectAfterHang
}

func (f fault) String() string { return fmt.Sprintf("%s at request %d", f.effect, f.at) }

// ctrlC is an interruption by the user, which is not an effect of the simulator.
const ctrlC civosim.Effect = "Ctrl-C"

// faultEffects returns all effects of the simulator, and Ctrl-C.
func faultEffects() []civosim.Effect { return append(civosim.Effects(), ctrlC) }

// interruption interrupts an operation at one of its requests, as Ctrl-C does.
type interruption struct {
	running  atomic.Bool // true while the operation runs and requests are counted
	requests atomic.Int64
	at       int64 // the number of the request; 0 if there is no interruption
	cancel   context.CancelFunc
}

func (n *interruption) onRequest(civosim.Request) {
	if n.running.Load() && n.requests.Add(1) == n.at {
		n.cancel()
	}
}

// start prepares a fixture without faults.
func (table Table) start(v variant, op Operation) (*Fixture, error) {
	s := &Fixture{}
	options := v.options
	if op.Options != nil {
		op.Options(&options)
	}
	options.OnRequest, options.StoreEndpoint = s.onRequest, strings.TrimPrefix(civo.DefaultObjectStoreEndpoint, "https://")
	server, err := civosim.Start(options)
	if err != nil {
		return nil, err
	}
	s.Server = server
	if s.Driver, err = table.driver(s, v, nil); err != nil {
		return nil, err
	}
	s.Instance = s.Driver.NewInstance()
	if op.Prepare != nil {
		op.Prepare(s)
	}
	s.plan = nil
	s.ResetRecord()
	return s, nil
}

// driver returns a driver of a provider with the timing for faults.
func (table Table) driver(s *Fixture, v variant, faults []fault) (*acctest.Driver, error) {
	env := &acctest.Env{Server: s.Server, Timing: timing(faults)}
	driver, diags := env.Configure(context.Background(), acctest.Object{"region": v.region})
	if diags.Failed() {
		return nil, fmt.Errorf("configuring the provider: %s", diags)
	}
	return driver.For(table.TypeName), nil
}

// perform runs the operation with faults, and returns its diagnostics, its log and its duration.
func (s *Fixture) perform(op Operation, faults []fault) (diags acctest.Diagnostics, logs string, took time.Duration) {
	var output syncBuffer
	ctx, cancel := context.WithCancel(tflogtest.RootLogger(context.Background(), &output))
	defer cancel()
	s.cancel = cancel
	for _, f := range faults {
		if f.effect == ctrlC {
			s.at = int64(f.at)
		} else {
			s.Inject(civosim.Fault{Nth: f.at, Effect: f.effect})
		}
	}
	s.running.Store(true)
	began := time.Now()
	diags = op.Run(ctx, s)
	took = time.Since(began)
	s.running.Store(false)
	s.ClearFaults()
	return diags, output.String(), took
}

// syncBuffer collects the provider's log. A cancelled read may still write after the operation has ended.
type syncBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *syncBuffer) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *syncBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
