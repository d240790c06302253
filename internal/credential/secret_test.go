package credential_test

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// combination is a choice of the arguments about the secret.
type combination struct{ given, writeOnly, version, notKept, rotates bool }

// combinations are all that there are.
func combinations() []combination {
	all := make([]combination, 0, 1<<5)
	for bits := range 1 << 5 {
		all = append(all, combination{bits&1 != 0, bits&2 != 0, bits&4 != 0, bits&8 != 0, bits&16 != 0})
	}
	return all
}

// refusal is what the message about a combination has to hold: the arguments of which one has to go. Empty: it is allowed.
func (c combination) refusal() []string {
	switch {
	case c.given && c.writeOnly:
		return []string{"secret_access_key and secret_access_key_wo both", "Remove secret_access_key"}
	case c.given && c.notKept:
		return []string{"Remove secret_in_state = false"}
	case c.given && c.rotates:
		return []string{"Remove rotate_when_changed", "remove secret_access_key"}
	case c.writeOnly && c.rotates:
		return []string{"Remove rotate_when_changed", "remove secret_access_key_wo"}
	case c.writeOnly && !c.version:
		return []string{"Add secret_access_key_wo_version"}
	case c.version && !c.writeOnly:
		return []string{"remove secret_access_key_wo_version"}
	}
	return nil
}

func (c combination) String() string {
	var arguments []string
	for _, argument := range []struct {
		set  bool
		name string
	}{{c.given, "given"}, {c.writeOnly, "write-only"}, {c.version, "version"}, {c.notKept, "not kept"}, {c.rotates, "rotates"}} {
		if argument.set {
			arguments = append(arguments, argument.name)
		}
	}
	if len(arguments) == 0 {
		return "nothing"
	}
	return strings.Join(arguments, ", ")
}

// config is the configuration that makes the choice. The write-only secret, its version and the rotation's strings are
// those of a generation, so that two configurations of one choice can differ.
func (c combination) config(generation int) acctest.Object {
	config := acctest.Object{"name": "some-name"}
	if c.given {
		config["secret_access_key"] = fmt.Sprintf("given-%d", generation)
	}
	if c.writeOnly {
		config["secret_access_key_wo"] = fmt.Sprintf("write-only-%d", generation)
	}
	if c.version {
		config["secret_access_key_wo_version"] = int64(generation)
	}
	if c.notKept {
		config["secret_in_state"] = false
	}
	if c.rotates {
		config["rotate_when_changed"] = map[string]string{"generation": strconv.Itoa(generation)}
	}
	return config
}

// stays reports whether the secret is in the state.
func (c combination) stays() bool { return !c.writeOnly && !c.notKept }

// brings says which secret the credential has after a change from another choice, both of their own generation.
func (c combination) brings(from combination, before string) func(after string) bool {
	generated := func(after string) bool { return len(after) == 40 && after != before }
	kept := func(after string) bool { return after == before }
	exactly := func(want string) func(string) bool { return func(after string) bool { return after == want } }
	switch {
	case c.given:
		return exactly("given-2")
	case c.writeOnly:
		return exactly("write-only-2")
	case c.rotates || from.rotates: // its strings change, come or go
		return generated
	case from.writeOnly: // taken away, it must not get into the state
		return generated
	default:
		return kept
	}
}

func TestSecret_Combinations(t *testing.T) {
	t.Parallel()
	allowed := 0
	for _, c := range combinations() {
		if c.refusal() == nil {
			allowed++
		}
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			p := w.Driver(t)
			i := p.NewInstance()
			_, diags := p.Run(t.Context(), i, c.config(1))
			if want := c.refusal(); want != nil {
				checkRefused(t, w, diags, want)
				return
			}
			if diags.Failed() {
				t.Fatal(diags)
			}
			secret := only(t, w).SecretAccessKey
			checkSecret(t, i, c, secret)
			if plan, diags := p.Run(t.Context(), i, c.config(1)); diags.Failed() || !plan.IsEmpty() {
				t.Errorf("the second plan changes %v: %v", plan.Changes(), diags)
			}
			if got := only(t, w).SecretAccessKey; got != secret {
				t.Error("the second apply changed the secret")
			}
		})
	}
	if allowed != 7 {
		t.Errorf("%d combinations are allowed, not 7", allowed)
	}
}

func checkRefused(t *testing.T, w *acctest.Env, diags acctest.Diagnostics, want []string) {
	t.Helper()
	if !diags.Failed() {
		t.Fatal("it is not refused")
	}
	for _, words := range want {
		if !strings.Contains(diags.String(), words) {
			t.Errorf("the message does not say %q: %s", words, diags)
		}
	}
	if w.Count() > 0 {
		t.Error("requests were made")
	}
}

// checkSecret checks that the state has the secret that Civo has, or none.
func checkSecret(t *testing.T, i *acctest.Instance, c combination, secret string) {
	t.Helper()
	switch inState := i.Get("secret_access_key"); {
	case c.stays() && inState != secret:
		t.Errorf("the state has %q, Civo has %q", inState, secret)
	case !c.stays() && strings.Contains(i.State.String(), secret):
		t.Error("the secret is in the state")
	}
}

func TestSecret_ChangesBetweenCombinations(t *testing.T) {
	t.Parallel()
	changes := 0
	for _, from := range combinations() {
		for _, to := range combinations() {
			if from.refusal() != nil || to.refusal() != nil {
				continue
			}
			changes++
			t.Run(from.String()+" to "+to.String(), func(t *testing.T) {
				t.Parallel()
				w := acctest.Simulated(t, civosim.Options{})
				p := w.Driver(t)
				i := p.NewInstance()
				if _, diags := p.Run(t.Context(), i, from.config(1)); diags.Failed() {
					t.Fatal(diags)
				}
				before := only(t, w)
				w.ResetRecord()
				plan, diags := p.Run(t.Context(), i, to.config(2))
				if diags.Failed() {
					t.Fatal(diags)
				}
				after := only(t, w)
				checkChange(t, w, plan, before, after)
				if brought := to.brings(from, before.SecretAccessKey); !brought(after.SecretAccessKey) {
					t.Errorf("the secret was %q and is %q", before.SecretAccessKey, after.SecretAccessKey)
				}
				checkSecret(t, i, to, after.SecretAccessKey)
				if plan, diags := p.Run(t.Context(), i, to.config(2)); diags.Failed() || !plan.IsEmpty() {
					t.Errorf("the plan after it changes %v: %v", plan.Changes(), diags)
				}
			})
		}
	}
	if changes != 49 {
		t.Errorf("there are %d changes, not 49", changes)
	}
}

// checkChange checks that a change is made in place, with one PUT if the secret changed and with none if not.
func checkChange(t *testing.T, w *acctest.Env, plan *acctest.Plan, before, after civosim.Credential) {
	t.Helper()
	if len(plan.Replaces) > 0 || before.ID != after.ID || before.AccessKeyID != after.AccessKeyID {
		t.Errorf("it is not the same credential: %+v", after)
	}
	if n := w.Count(civosim.KindCreateCredential, civosim.KindDeleteCredential); n > 0 {
		t.Errorf("%d requests made or deleted something", n)
	}
	want := 0
	if before.SecretAccessKey != after.SecretAccessKey {
		want = 1
	}
	if n := w.Count(civosim.KindUpdateCredential); n != want {
		t.Errorf("%d updates were sent, not %d", n, want)
	}
}

func TestSecret_PlannedAsUnknown(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	p := w.Driver(t)
	for what, c := range map[string]struct {
		first, unknown, then acctest.Object
	}{
		"rotation's strings": {
			acctest.Object{"rotate_when_changed": map[string]string{"a": "b"}},
			acctest.Object{"rotate_when_changed": acctest.Unknown},
			acctest.Object{"rotate_when_changed": map[string]string{"a": "b"}},
		},
		"secret_in_state": {acctest.Object{}, acctest.Object{"secret_in_state": acctest.Unknown}, acctest.Object{"secret_in_state": true}},
		"given secret": {
			acctest.Object{"secret_access_key": "same"}, acctest.Object{"secret_access_key": acctest.Unknown}, acctest.Object{"secret_access_key": "same"},
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			for _, config := range []acctest.Object{c.first, c.unknown, c.then} {
				config["name"] = strings.ReplaceAll(what, " ", "-")
			}
			i := p.NewInstance()
			if _, diags := p.Run(t.Context(), i, c.first); diags.Failed() {
				t.Fatal(diags)
			}
			secret := i.Get("secret_access_key")
			plan, diags := p.Plan(t.Context(), i, c.unknown)
			if diags.Failed() || plan.Known("secret_access_key") {
				t.Fatalf("the secret is planned as known: %v", diags)
			}
			plan.Config, plan.Planned = p.Resolve(plan, c.then)
			if diags := p.Apply(t.Context(), i, plan); diags.Failed() {
				t.Fatal(diags)
			}
			if got := i.Get("secret_access_key"); got != secret {
				t.Errorf("the secret was %q and is %q", secret, got)
			}
		})
	}
}

func TestRotation_OneUpdate(t *testing.T) {
	t.Parallel()
	for _, inState := range []bool{true, false} {
		t.Run(fmt.Sprintf("secret_in_state = %v", inState), func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			p := w.Driver(t)
			i := p.NewInstance()
			config := acctest.Object{"name": "some-name", "secret_in_state": inState, "rotate_when_changed": map[string]string{"month": "2026-10"}}
			if _, diags := p.Run(t.Context(), i, config); diags.Failed() {
				t.Fatal(diags)
			}
			before := only(t, w)
			w.AddStore(civosim.Store{Name: "owned", OwnerID: before.ID})
			next := maps.Clone(config)
			next["rotate_when_changed"] = map[string]string{"month": "2026-11"}
			w.ResetRecord()
			plan, diags := p.Run(t.Context(), i, next)
			if diags.Failed() {
				t.Fatal(diags)
			}
			if plan.Known("secret_access_key") == inState {
				t.Errorf("the plan does not show that the secret changes: it changes %v", plan.Changes())
			}
			checkChange(t, w, plan, before, only(t, w))
			if only(t, w).SecretAccessKey == before.SecretAccessKey {
				t.Error("the secret is the same")
			}
			if stores := w.Stores("LON1"); stores[0].OwnerID != before.ID {
				t.Errorf("the store's owner is %s", stores[0].OwnerID)
			}
		})
	}
}

func TestRotation_LostResponse(t *testing.T) {
	t.Parallel()
	for _, effect := range civosim.Effects() {
		if !effect.CarriesOut() {
			continue
		}
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			p := w.Driver(t)
			i := p.NewInstance()
			config := acctest.Object{"name": "some-name", "rotate_when_changed": map[string]string{"a": "1"}}
			if _, diags := p.Run(t.Context(), i, config); diags.Failed() {
				t.Fatal(diags)
			}
			config["rotate_when_changed"] = map[string]string{"a": "2"}
			w.ResetRecord()
			w.Inject(civosim.Fault{Kind: civosim.KindUpdateCredential, Nth: 1, Effect: effect})
			if _, diags := p.Run(t.Context(), i, config); diags.Failed() {
				t.Fatal(diags)
			}
			if n := w.Count(civosim.KindUpdateCredential); n != 1 {
				t.Errorf("%d updates were sent, not 1", n)
			}
			if got, want := i.Get("secret_access_key"), only(t, w).SecretAccessKey; got != want {
				t.Errorf("the state has %q, Civo has %q", got, want)
			}
		})
	}
}

func TestSecret_KeptByAccessKeyChange(t *testing.T) {
	t.Parallel()
	for _, c := range combinations() {
		if c.refusal() != nil || c.given {
			continue
		}
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			p := w.Driver(t)
			i := p.NewInstance()
			if _, diags := p.Run(t.Context(), i, c.config(1)); diags.Failed() {
				t.Fatal(diags)
			}
			before := only(t, w)
			config := c.config(1)
			config["access_key_id"] = "another-key"
			if _, diags := p.Run(t.Context(), i, config); diags.Failed() {
				t.Fatal(diags)
			}
			after := only(t, w)
			if after.ID != before.ID || after.AccessKeyID != "another-key" || after.SecretAccessKey != before.SecretAccessKey {
				t.Errorf("%+v became %+v", before, after)
			}
			checkSecret(t, i, c, after.SecretAccessKey)
		})
	}
}

func TestCreate_UnknownOutcomeAdoptsNoOther(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	other := w.AddCredential(civosim.Credential{Name: "other", Region: "LON1", AccessKeyID: "taken"})
	p := w.Driver(t)
	i := p.NewInstance()
	config := acctest.Object{"name": "some-name", "access_key_id": "taken"}
	w.Inject(civosim.Fault{Effect: civosim.EffectClose}) // the POST and the search for what it made
	if _, diags := p.Run(t.Context(), i, config); !diags.Failed() || !i.Tainted || i.Get("id") != "" {
		t.Fatalf("the outcome is not unknown: %s, %v", i.State, diags)
	}
	w.ClearFaults()
	if diags := p.Refresh(t.Context(), i); diags.Failed() || i.Exists() {
		t.Errorf("the state has %s, %v", i.State, diags)
	}
	if got := only(t, w); got.ID != other.ID {
		t.Errorf("at Civo is %+v", got)
	}
}
