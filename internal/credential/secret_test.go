package credential_test

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// combination is a choice of arguments about the secret, a letter each: "s" supplied, "w" write-only, "v" its version, "n" not in
// the state, "r" rotates; "-" is the argument that is not set.
type combination string

// allCombinations lists all combinations and, for those that are rejected, the advice in the error.
var allCombinations = []struct {
	arguments combination
	advice    string
}{
	{"-----", ""},
	{"s----", ""},
	{"-w---", "add secret_access_key_wo_version"},
	{"sw---", "remove secret_access_key"},
	{"--v--", "remove secret_access_key_wo_version"},
	{"s-v--", "remove secret_access_key_wo_version"},
	{"-wv--", ""},
	{"swv--", "remove secret_access_key"},
	{"---n-", ""},
	{"s--n-", "remove secret_in_state = false"},
	{"-w-n-", "add secret_access_key_wo_version"},
	{"sw-n-", "remove secret_access_key"},
	{"--vn-", "remove secret_access_key_wo_version"},
	{"s-vn-", "remove secret_in_state = false"},
	{"-wvn-", ""},
	{"swvn-", "remove secret_access_key"},
	{"----r", ""},
	{"s---r", "remove rotate_when_changed"},
	{"-w--r", "remove rotate_when_changed"},
	{"sw--r", "remove secret_access_key"},
	{"--v-r", "remove secret_access_key_wo_version"},
	{"s-v-r", "remove rotate_when_changed"},
	{"-wv-r", "remove rotate_when_changed"},
	{"swv-r", "remove secret_access_key"},
	{"---nr", ""},
	{"s--nr", "remove secret_in_state = false"},
	{"-w-nr", "remove rotate_when_changed"},
	{"sw-nr", "remove secret_access_key"},
	{"--vnr", "remove secret_access_key_wo_version"},
	{"s-vnr", "remove secret_in_state = false"},
	{"-wvnr", "remove rotate_when_changed"},
	{"swvnr", "remove secret_access_key"},
}

// allowedCombinations are the order of rows and columns in secretAfterChange.
var allowedCombinations = []combination{"-----", "---n-", "----r", "---nr", "s----", "-wv--", "-wvn-"}

// secretAfterChange lists, for a change from the combination of the row to that of the column, which secret the credential then has:
// "k" keeps it, "g" generates one, "s" the supplied one, "w" the write-only one.
var secretAfterChange = []string{
	// nothing, n, r, nr, supplied, write-only, write-only and n
	"kkggsww", // nothing
	"kkggsww", // not in the state
	"ggggsww", // rotates
	"ggggsww", // not in the state, rotates
	"kkggsww", // supplied
	"ggggsww", // write-only: what was never in the state must not enter it
	"ggggsww", // write-only, not in the state
}

func (c combination) has(argument string) bool { return strings.Contains(string(c), argument) }

// config returns the configuration of a combination. Its values are those of a generation, so that two configurations of one
// combination can differ.
func (c combination) config(generation int) acctest.Object {
	config := acctest.Object{"name": "some-name"}
	for argument, value := range map[string]struct {
		attribute string
		value     any
	}{
		"s": {"secret_access_key", fmt.Sprintf("supplied-%d", generation)},
		"w": {"secret_access_key_wo", fmt.Sprintf("write-only-%d", generation)},
		"v": {"secret_access_key_wo_version", int64(generation)},
		"n": {"secret_in_state", false},
		"r": {"rotate_when_changed", map[string]string{"generation": strconv.Itoa(generation)}},
	} {
		if c.has(argument) {
			config[value.attribute] = value.value
		}
	}
	return config
}

// outcomeOf returns the letter of secretAfterChange for a change of the secret; 0 for one that no change leads to.
func outcomeOf(before, after string) byte {
	switch {
	case after == before:
		return 'k'
	case after == "supplied-2":
		return 's'
	case after == "write-only-2":
		return 'w'
	case len(after) == 40:
		return 'g'
	}
	return 0
}

// stays reports whether the secret is in the state.
func (c combination) stays() bool { return !c.has("w") && !c.has("n") }

func TestSecret_Combinations(t *testing.T) {
	t.Parallel()
	for _, row := range allCombinations {
		c := row.arguments
		t.Run(string(c), func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			p := w.Driver(t)
			i := p.NewInstance()
			_, diags := p.Run(t.Context(), i, c.config(1))
			if row.advice != "" {
				checkRefused(t, w, diags, row.advice)
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
}

func checkRefused(t *testing.T, w *acctest.Env, diags acctest.Diagnostics, advice string) {
	t.Helper()
	if !diags.Failed() || !strings.Contains(strings.ToLower(diags.String()), advice) {
		t.Errorf("the message does not say %q: %s", advice, diags)
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
	for row, from := range allowedCombinations {
		for column, to := range allowedCombinations {
			outcome := secretAfterChange[row][column]
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
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
				got := outcomeOf(before.SecretAccessKey, after.SecretAccessKey)
				if got != outcome {
					t.Errorf("the secret was %q and is %q: %c, not %c", before.SecretAccessKey, after.SecretAccessKey, got, outcome)
				}
				checkSecret(t, i, to, after.SecretAccessKey)
				if plan, diags := p.Run(t.Context(), i, to.config(2)); diags.Failed() || !plan.IsEmpty() {
					t.Errorf("the plan after it changes %v: %v", plan.Changes(), diags)
				}
			})
		}
	}
}

// checkChange checks that a change is applied in place, with one PUT if the secret changed and with none if not.
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
			if diags := p.Apply(t.Context(), i, p.Resolve(plan, c.then)); diags.Failed() {
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
			if effect == civosim.EffectAfterHang { // only the timeout of the attempt ends it
				w.Timing = acctest.Timing
				w.Timing.Attempt = 2 * time.Second
			}
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
	for _, c := range allowedCombinations {
		if c.has("s") {
			continue
		}
		t.Run(string(c), func(t *testing.T) {
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

// A PUT contains both keys, so a change of the access key ID reads a secret that is not in the state.
func TestUpdate_AccessKeyIDWithoutSecretInState(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	p := w.Driver(t)
	i := p.NewInstance()
	config := acctest.Object{"name": "some-name", "access_key_id": "key-a", "secret_in_state": false}
	if _, diags := p.Run(t.Context(), i, config); diags.Failed() {
		t.Fatal(diags)
	}
	before := only(t, w)
	config["access_key_id"] = "key-b"
	if _, diags := p.Run(t.Context(), i, config); diags.Failed() {
		t.Fatal(diags)
	}
	if after := only(t, w); after.AccessKeyID != "key-b" || after.SecretAccessKey != before.SecretAccessKey || after.SecretAccessKey == "" {
		t.Errorf("the credential was %+v and is %+v", before, after)
	}
	w.ChangeCredential(before.ID, func(c *civosim.Credential) { c.SecretAccessKey = "" })
	w.ResetRecord()
	config["access_key_id"] = "key-c"
	_, diags := p.Run(t.Context(), i, config)
	checkSays(t, diags, []string{"Civo did not return both keys"})
	if n := w.Count(civosim.KindUpdateCredential); n != 0 {
		t.Errorf("%d PUTs without a secret", n)
	}
}
