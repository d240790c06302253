package credential_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// rotateType is the type of the action.
const rotateType = "civo_objectstore_credential_rotate"

func TestRotateAction_Rotates(t *testing.T) {
	t.Parallel()
	get, put := civosim.KindGetCredential, civosim.KindUpdateCredential
	for name, c := range map[string]struct {
		provider string // its region
		config   acctest.Object
		requests []string
		warning  string
	}{
		"by ID":             {"FRA1", acctest.Object{"id": "some-id"}, []string{get, put}, ""},
		"by name":           {"FRA1", backups, []string{civosim.KindListCredentials, get, put}, ""},
		"in another region": {"LON1", acctest.Object{"id": "some-id", "region": "FRA1"}, []string{get, put}, ""},
		"suspended":         {"FRA1", backups, []string{civosim.KindListCredentials, get, put}, "Credential suspended"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1"}) // another one with the same name
			before := w.AddCredential(civosim.Credential{ID: "some-id", Name: "backups", Region: "FRA1", Suspended: c.warning != ""})
			progress, diags := w.Driver(t, acctest.Object{"region": c.provider}).For(rotateType).Invoke(t.Context(), c.config)
			want := []string{`Found the credential "backups" (ID some-id) in FRA1`, "Regenerated the secret access key", "The credential is ready"}
			if diags.Failed() || (len(diags) == 1) != (c.warning != "") || !strings.Contains(diags.String(), c.warning) || !slices.Equal(progress, want) {
				t.Errorf("the progress is %q, not %q: %s", progress, want, diags)
			}
			checkRotated(t, w, before)
			var kinds []string
			for _, request := range w.Requests() {
				kinds = append(kinds, request.Kind)
			}
			if !slices.Equal(kinds, c.requests) {
				t.Errorf("the requests are %q, not %q", kinds, c.requests)
			}
		})
	}
}

// checkRotated checks that a credential has a new secret of the generated form, and is otherwise the same, as are all others.
func checkRotated(t *testing.T, w *acctest.Env, before civosim.Credential) {
	t.Helper()
	after, _ := w.Credential(before.ID)
	if after.SecretAccessKey == before.SecretAccessKey || len(after.SecretAccessKey) != 40 {
		t.Errorf("the secret has not been regenerated: %d characters", len(after.SecretAccessKey))
	}
	after.SecretAccessKey = before.SecretAccessKey
	if after != before {
		t.Errorf("%+v became %+v", before, after)
	}
}

// The action does not change the state. The next run reads a generated secret and restores a supplied one. It can do neither with a
// write-only secret.
func TestRotateAction_NextRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		config  acctest.Object
		changes []string // of the next plan
		secret  string   // at Civo after the next run; "": the one that the action generated
		inState bool
	}{
		{name: "generated", config: acctest.Object{}, inState: true},
		{name: "generated, with rotate_when_changed", config: acctest.Object{"rotate_when_changed": map[string]string{"a": "1"}}, inState: true},
		{name: "generated, not in the state", config: acctest.Object{"secret_in_state": false}},
		{
			name: "supplied", config: acctest.Object{"secret_access_key": "supplied"},
			changes: []string{"secret_access_key"}, secret: "supplied", inState: true,
		},
		{name: "write-only", config: acctest.Object{"secret_access_key_wo": "supplied", "secret_access_key_wo_version": int64(1)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, config := acctest.NewScenario(t, civosim.Options{}), c.config
			config["name"] = "backups"
			s.Apply(config)
			before := s.Remote()
			if _, diags := s.For(rotateType).Invoke(t.Context(), acctest.Object{"id": before.ID}); len(diags) > 0 {
				t.Fatal(diags)
			}
			checkRotated(t, s.Env, before)
			want := cmp.Or(c.secret, s.Remote().SecretAccessKey)

			plan := s.Apply(config)
			if got := plan.Changes(); !slices.Equal(got, c.changes) || len(plan.Replaces) > 0 {
				t.Errorf("the next plan changes %q, not %q, and replaces because of %q", got, c.changes, plan.Replaces)
			}
			if s.Remote().SecretAccessKey != want {
				t.Error("the next run leaves another secret at Civo")
			}
			if !c.inState {
				want = ""
			}
			s.Has("secret_access_key", want)
		})
	}
}

// rotateMessages returns the diagnostics of the action.
func rotateMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Rotate: no argument", Diagnose: rotatingBy(acctest.Object{})},
		{Name: "Rotate: two arguments", Diagnose: rotatingBy(acctest.Object{"name": "backups", "id": "a"})},
		{Name: "Rotate: empty name", Diagnose: rotatingBy(acctest.Object{"name": ""})},
		{Name: "Rotate: invalid ID", Diagnose: rotatingBy(acctest.Object{"id": "a/b"})},
		{Name: "Rotate: invalid region", Diagnose: rotatingBy(acctest.Object{"name": "backups", "region": "lon don"})},
		{Name: "Rotate: timeout of zero", Diagnose: rotatingBy(acctest.Object{"name": "backups", "timeouts": acctest.Object{"invoke": "0s"}})},
		{Name: "Rotate: no region anywhere", Diagnose: with(noRegion, rotatingBy(backups))},
		{Name: "Rotate: part of a name", Diagnose: rotatingBy(acctest.Object{"name": "back"})},
		{Name: "Rotate: name that two credentials have", Diagnose: rotatingBy(acctest.Object{"name": "twice"})},
		{Name: "Rotate: unknown region", Diagnose: rotatingBy(acctest.Object{"name": "backups", "region": "LON9"})},
		{Name: "Rotate: failed", Diagnose: rotatingOne(civosim.Credential{Status: "failed"})},
		{Name: "Rotate: suspended", Diagnose: rotatingOne(civosim.Credential{Suspended: true})},
		{Name: "Rotate: never ready", Diagnose: acctest.ExpiringAt(civosim.KindGetCredential, 3, rotatingOne(civosim.Credential{Status: "creating"}))},
		{Name: "Rotate: no access key ID", Diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			there := w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1"})
			w.ChangeCredential(there.ID, func(c *civosim.Credential) { c.AccessKeyID = "" })
			return rotatingBy(acctest.Object{"id": there.ID})(ctx, w, p)
		}},
		{Name: "Rotate: rejected", Diagnose: rotatingOne(civosim.Credential{}, civosim.Fault{Kind: civosim.KindUpdateCredential, Effect: civosim.Effect403})},
		{Name: "Rotate: unknown outcome", Diagnose: rotatingOne(
			civosim.Credential{},
			civosim.Fault{Kind: civosim.KindUpdateCredential, Effect: civosim.EffectAfterClose},
			civosim.Fault{Kind: civosim.KindGetCredential, Nth: 2, Times: 100, Effect: civosim.Effect500},
		)},
		interruptedRotation("Rotate: interrupted before the change", "creating", 0),
		interruptedRotation("Rotate: interrupted after the change", "ready", 1),
	}
}

// rotatingBy rotates one of three credentials, two of which have the same name.
func rotatingBy(config acctest.Object) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		for _, name := range []string{"backups", "twice", "twice"} {
			w.AddCredential(civosim.Credential{Name: name, Region: "LON1"})
		}
		return second(p.For(rotateType).Invoke(ctx, config))
	}
}

// rotatingOne rotates a credential by name while faults occur.
func rotatingOne(there civosim.Credential, faults ...civosim.Fault) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		there.Name, there.Region = "backups", "LON1"
		w.AddCredential(there)
		w.Inject(faults...)
		return second(p.For(rotateType).Invoke(ctx, acctest.Object{"name": "backups"}))
	}
}

// interruptedRotation interrupts a rotation while it waits for a credential, before or after it has sent a number of updates. The
// credential has the status until it is read.
func interruptedRotation(name, status string, updates int) acctest.Message {
	var onRequest func(civosim.Request)
	return acctest.Message{
		Name: name, Options: civosim.Options{OnRequest: func(r civosim.Request) { onRequest(r) }},
		Diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			there := w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1", Status: status})
			ctx, interrupt := context.WithCancel(ctx)
			defer interrupt()
			var polls atomic.Int32
			onRequest = func(r civosim.Request) {
				if r.Kind != civosim.KindGetCredential {
					return
				}
				w.ChangeCredential(there.ID, func(c *civosim.Credential) { c.Status = "creating" })
				if w.Count(civosim.KindUpdateCredential) == updates && polls.Add(1) == 2 {
					interrupt()
				}
			}
			return second(p.For(rotateType).Invoke(ctx, acctest.Object{"id": there.ID}))
		},
	}
}
