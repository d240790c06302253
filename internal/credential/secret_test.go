package credential_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

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
			s := acctest.NewScenario(t, civosim.Options{})
			if row.advice != "" {
				s.Refuse(c.config(1), "(?i)"+row.advice)
				if s.Count() > 0 {
					t.Error("requests were made")
				}
				return
			}
			s.Apply(c.config(1))
			checkSecret(t, s.Instance, c, s.Remote().SecretAccessKey)
			secret := s.Remote().SecretAccessKey
			s.Apply(c.config(1))
			if s.Remote().SecretAccessKey != secret {
				t.Error("the second apply changed the secret")
			}
		})
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
				s := acctest.NewScenario(t, civosim.Options{})
				s.Apply(from.config(1))
				before := only(t, s.Env)
				s.ResetRecord()
				plan := s.Apply(to.config(2))
				after := only(t, s.Env)
				checkChange(t, s.Env, plan, before, after)
				got := outcomeOf(before.SecretAccessKey, after.SecretAccessKey)
				if got != outcome {
					t.Errorf("the secret was %q and is %q: %c, not %c", before.SecretAccessKey, after.SecretAccessKey, got, outcome)
				}
				checkSecret(t, s.Instance, to, after.SecretAccessKey)
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
	for attribute, value := range map[string]any{
		"rotate_when_changed": map[string]string{"a": "b"}, "secret_in_state": true, "secret_access_key": "same",
	} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			s, config := acctest.NewScenario(t, civosim.Options{}), acctest.Object{"name": "some-name", attribute: value}
			s.Apply(config)
			secret := s.Get("secret_access_key")
			plan := s.Plan(acctest.Object{"name": "some-name", attribute: acctest.Unknown})
			if plan.Known("secret_access_key") {
				t.Fatal("the secret is planned as known")
			}
			if diags := s.Driver.Apply(t.Context(), s.Instance, s.Resolve(plan, config)); diags.Failed() {
				t.Fatal(diags)
			}
			s.Has("secret_access_key", secret)
		})
	}
}

func TestRotation_OneUpdate(t *testing.T) {
	t.Parallel()
	for _, inState := range []bool{true, false} {
		t.Run(fmt.Sprintf("secret_in_state = %v", inState), func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, civosim.Options{})
			config := func(month string) acctest.Object {
				return acctest.Object{"name": "some-name", "secret_in_state": inState, "rotate_when_changed": map[string]string{"month": month}}
			}
			s.Apply(config("2026-10"))
			before := only(t, s.Env)
			s.AddStore(civosim.Store{Name: "owned", OwnerID: before.ID})
			s.ResetRecord()
			plan := s.Apply(config("2026-11"))
			if plan.Known("secret_access_key") == inState {
				t.Errorf("the plan does not show that the secret changes: it changes %v", plan.Changes())
			}
			checkChange(t, s.Env, plan, before, only(t, s.Env))
			if only(t, s.Env).SecretAccessKey == before.SecretAccessKey {
				t.Error("the secret is the same")
			}
			if stores := s.Stores("LON1"); stores[0].OwnerID != before.ID {
				t.Errorf("the store's owner is %s", stores[0].OwnerID)
			}
		})
	}
}

// A lost response does not cause a second rotation. TestOneFault covers the other faults.
func TestRotation_LostResponse(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Apply(rotating)
	s.ResetRecord()
	s.Inject(civosim.Fault{Kind: civosim.KindUpdateCredential, Nth: 1, Effect: civosim.EffectAfterClose})
	s.Apply(rotated)
	if n := s.Count(civosim.KindUpdateCredential); n != 1 {
		t.Errorf("%d updates were sent, not 1", n)
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
			s := acctest.NewScenario(t, civosim.Options{})
			s.Apply(c.config(1))
			want := only(t, s.Env)
			config := c.config(1)
			config["access_key_id"], want.AccessKeyID = "another-key", "another-key"
			s.Apply(config)
			if after := only(t, s.Env); after != want {
				t.Errorf("Civo has %+v, not %+v", after, want)
			}
			checkSecret(t, s.Instance, c, want.SecretAccessKey)
		})
	}
}

// A PUT contains both keys, so a change of the access key ID reads a secret that is not in the state. Without a secret, it sends none.
func TestUpdate_AccessKeyIDWithoutSecretInState(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	config := acctest.Object{"name": "some-name", "access_key_id": "key-a", "secret_in_state": false}
	s.Apply(config)
	s.Drift(func(c *civosim.Credential) { c.SecretAccessKey = "" })
	s.ResetRecord()
	config["access_key_id"] = "key-c"
	s.Refuse(config, "Civo did not return both keys")
	if n := s.Count(civosim.KindUpdateCredential); n != 0 {
		t.Errorf("%d PUTs without a secret", n)
	}
}

func TestWriteOnly_OlderTerraform(t *testing.T) {
	t.Parallel()
	p := acctest.Simulated(t, civosim.Options{}).Driver(t)
	for _, c := range allowedCombinations {
		diags := p.ValidateBefore111(t.Context(), c.config(1))
		if diags.Failed() != c.has("w") || strings.Contains(diags.String(), "write-only-1") {
			t.Errorf("%s is refused: %v, or the secret is in the message: %s", c, diags.Failed(), diags)
		}
		if c.has("w") {
			checkSays(t, diags, []string{"WriteOnly Attribute Not Allowed", "secret_access_key_wo", "Terraform 1.11"})
		}
	}
}
