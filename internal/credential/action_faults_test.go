package credential_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The tests of the action civo_objectstore_credential_rotate with faults. They inject every effect, and Ctrl-C, at every request. They
// also inject every pair of an effect on the change of the secret and an effect on all later requests. Whichever request fails:
//   - Civo never has a secret other than the old one and one new one.
//   - The error reports whether the secret has changed, may have changed or has not changed.
//   - No diagnostic or progress message contains the token or a secret.
//   - The next run of the resource changes nothing, and its state contains the secret at Civo.

// rotateTiming returns the timing and the timeout of the action with faults. Only requests that hang or are answered with 429 for ever
// end after a short time. If another request takes longer than that on a busy machine, this is one more fault, which violates none of the
// promises.
func rotateTiming(faults []civosim.Fault) (timing civo.Timing, timeout string) {
	timing, timeout = acctest.Timing, "10m"
	timing.RetryMin, timing.RetryMax = time.Millisecond, 5*time.Millisecond
	timing.PollFirst, timing.PollMin, timing.PollMax = time.Millisecond, 2*time.Millisecond, 10*time.Millisecond
	for _, f := range faults {
		switch f.Effect {
		case civosim.EffectHang, civosim.EffectAfterHang:
			timing.Attempt, timing.Grace, timing.Retries = 2*time.Second, time.Second, 1
		case civosim.Effect429, civosim.Effect429RetryAfter:
			timing.Grace, timeout = time.Second, "3s"
		default:
		}
	}
	return timing, timeout
}

// interruption is Ctrl-C, which is not an effect of the simulator.
const interruption civosim.Effect = "Ctrl-C"

// rotationEffects returns all effects of the simulator, and Ctrl-C.
func rotationEffects() []civosim.Effect { return append(civosim.Effects(), interruption) }

// rotation is one invocation of the action, with its own simulator.
type rotation struct {
	w      *acctest.Env
	p      *acctest.Driver
	before civosim.Credential
	// unready is the status of the credential at every second request, so that the action must wait; "" if it is always ready.
	unready string

	mu       sync.Mutex
	secrets  []string // all secrets that Civo has had, without duplicates
	requests int
	// interruptAt is the number of the request at which the user presses Ctrl-C; 0 if there is no interruption.
	interruptAt int
	interrupt   context.CancelFunc
}

// plainRotation is the configuration of the resource.
var plainRotation = acctest.Object{"name": "backups"}

// newRotation prepares an invocation for a credential that Terraform manages.
func newRotation(t *testing.T, unready string) (*rotation, *acctest.Instance) {
	t.Helper()
	r := &rotation{unready: unready}
	r.w = acctest.Simulated(t, civosim.Options{OnRequest: r.onRequest})
	r.w.Timing, _ = rotateTiming(nil)
	r.p = r.w.Driver(t)
	i := created(t.Context(), r.p, plainRotation)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.before, _ = r.w.Credential(i.Get("id"))
	r.secrets = []string{r.before.SecretAccessKey}
	r.w.ResetRecord()
	return r, i
}

// onRequest records the secret. If unready is set, it makes the credential ready only at every second request.
func (r *rotation) onRequest(civosim.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, ok := r.w.Credential(r.before.ID)
	if !ok {
		return // the rotation is not prepared yet
	}
	r.requests++
	if !slices.Contains(r.secrets, now.SecretAccessKey) {
		r.secrets = append(r.secrets, now.SecretAccessKey)
	}
	if r.unready != "" {
		status := "ready"
		if now.Status == "ready" {
			status = r.unready
		}
		r.w.ChangeCredential(now.ID, func(c *civosim.Credential) { c.Status = status })
	}
	if r.requests == r.interruptAt {
		r.interrupt()
	}
}

// invokeWith invokes the action with faults.
func (r *rotation) invokeWith(ctx context.Context, faults []civosim.Fault) (output string, failed bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	timing, timeout := rotateTiming(faults)
	r.w.Timing = timing
	p, _ := r.w.Configure(ctx, nil)
	for _, f := range faults {
		if f.Effect == interruption {
			r.mu.Lock()
			r.interruptAt, r.interrupt = f.Nth, cancel
			r.mu.Unlock()
		} else {
			r.w.Inject(f)
		}
	}
	return invoke(ctx, p, timeout)
}

// invoke invokes the action by name and returns its output: progress messages and diagnostics.
func invoke(ctx context.Context, p *acctest.Driver, timeout string) (output string, failed bool) {
	progress, diags := p.For(rotateType).Invoke(ctx, acctest.Object{"name": "backups", "timeouts": acctest.Object{"invoke": timeout}})
	return strings.Join(progress, "\n") + "\n" + diags.String(), diags.Failed()
}

// check invokes the action with faults and checks the promises.
func (r *rotation) check(t *testing.T, i *acctest.Instance, faults ...civosim.Fault) {
	t.Helper()
	output, failed := r.invokeWith(t.Context(), faults)
	r.w.ClearFaults()

	r.mu.Lock()
	r.interruptAt, r.unready = 0, ""
	secrets := slices.Clone(r.secrets)
	r.mu.Unlock()
	r.w.ChangeCredential(r.before.ID, func(c *civosim.Credential) { c.Status = "ready" })
	after, _ := r.w.Credential(r.before.ID)
	changed := after.SecretAccessKey != r.before.SecretAccessKey

	if len(secrets) > 2 || !slices.Contains(secrets, after.SecretAccessKey) {
		t.Errorf("Civo has had %d secrets", len(secrets))
	}
	switch reported := reportedOutcome(output, failed); {
	case reported == "may have", reported == "has" && changed, reported == "has not" && !changed:
	default:
		t.Errorf("the secret has changed: %t, and the action reports that it %q changed:\n%s", changed, reported, output)
	}
	for _, secret := range append(secrets, r.w.Token()) {
		if strings.Contains(output, secret) {
			t.Errorf("the token or a secret is in the output:\n%s", output)
		}
	}
	plan, diags := r.p.Run(t.Context(), i, plainRotation)
	if diags.Failed() || !plan.IsEmpty() || i.Get("id") != after.ID || i.Get("secret_access_key") != after.SecretAccessKey {
		t.Errorf("after the next run, the state does not match Civo: %s", diags)
	}
}

// reportedOutcome returns what the output says about the secret: that it "has", "may have" or "has not" changed.
func reportedOutcome(output string, failed bool) string {
	if !failed {
		return "has"
	}
	var reported []string
	for _, outcome := range []string{"has", "may have", "has not"} {
		if strings.Contains(output, "The secret "+outcome+" changed.") {
			reported = append(reported, outcome)
		}
	}
	return strings.Join(reported, " and ")
}

// rotationCase is one run of the action with faults.
type rotationCase struct {
	name, unready string
	faults        []civosim.Fault
}

// checkRotations checks the cases. Many run concurrently, because they mostly wait.
func checkRotations(t *testing.T, cases []rotationCase) {
	t.Helper()
	queue := make(chan rotationCase)
	var workers sync.WaitGroup
	for range 24 {
		workers.Go(func() {
			for c := range queue {
				t.Run(c.name, func(t *testing.T) {
					r, i := newRotation(t, c.unready)
					r.check(t, i, c.faults...)
				})
			}
		})
	}
	for _, c := range cases {
		queue <- c
	}
	close(queue)
	workers.Wait()
}

// requestsOfRotation returns the number of the request that changes the secret, and the number of all requests, without faults.
func requestsOfRotation(t *testing.T, unready string) (change, all int) {
	t.Helper()
	r, _ := newRotation(t, unready)
	if output, failed := invoke(t.Context(), r.p, "10m"); failed {
		t.Fatal(output)
	}
	requests := r.w.Requests()
	change = 1 + slices.IndexFunc(requests, func(r civosim.Request) bool { return r.Kind == civosim.KindUpdateCredential })
	if change < 3 || unready != "" && len(requests) == change {
		t.Fatalf("request %d of %d changes the secret", change, len(requests))
	}
	return change, len(requests)
}

func TestRotateAction_OneFault(t *testing.T) {
	t.Parallel()
	var cases []rotationCase
	for variant, unready := range map[string]string{"ready": "", "slow": "creating"} {
		_, requests := requestsOfRotation(t, unready)
		for _, effect := range rotationEffects() {
			for at := 1; at <= requests; at++ {
				name := fmt.Sprintf("%s/%s at request %d", variant, effect, at)
				cases = append(cases, rotationCase{name, unready, []civosim.Fault{{Nth: at, Effect: effect}}})
			}
		}
	}
	checkRotations(t, cases)
}

// One fault affects the change of the secret, and the other all later requests, so the client may not be able to determine the outcome.
func TestRotateAction_TwoFaults(t *testing.T) {
	t.Parallel()
	change, _ := requestsOfRotation(t, "")
	var cases []rotationCase
	lasting := []civosim.Effect{ // one of each class
		civosim.Effect400, civosim.Effect404Text, civosim.Effect429, civosim.Effect500, civosim.EffectTypes200, civosim.EffectAfterClose,
	}
	for _, one := range rotationEffects() {
		for _, two := range lasting {
			faults := []civosim.Fault{{Nth: change, Effect: one}, {Nth: change + 1, Times: 1000, Effect: two}}
			cases = append(cases, rotationCase{fmt.Sprintf("%s then %s", one, two), "", faults})
		}
	}
	checkRotations(t, cases)
}
