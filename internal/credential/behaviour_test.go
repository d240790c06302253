package credential_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestRotation_Strings(t *testing.T) {
	t.Parallel()
	// Element values are strings or nil.
	for name, c := range map[string]struct {
		from, to any
		rotates  bool
	}{
		"null to {}":               {nil, map[string]any{}, false},
		"{} to null":               {map[string]any{}, nil, false},
		"null to a null element":   {nil, map[string]any{"a": nil}, false},
		"a null element to {}":     {map[string]any{"a": nil}, map[string]any{}, false},
		"null element added":       {map[string]any{"a": "1"}, map[string]any{"a": "1", "b": nil}, false},
		"null element gets string": {map[string]any{"a": nil}, map[string]any{"a": "1"}, true},
		"string becomes null":      {map[string]any{"a": "1", "b": "1"}, map[string]any{"a": "1", "b": nil}, true},
		"added":                    {nil, map[string]any{"a": "1"}, true},
		"removed":                  {map[string]any{"a": "1"}, nil, true},
		"emptied":                  {map[string]any{"a": "1"}, map[string]any{}, true},
		"empty string added":       {map[string]any{}, map[string]any{"a": ""}, true},
		"key renamed":              {map[string]any{"a": "1"}, map[string]any{"b": "1"}, true},
		"string changed":           {map[string]any{"a": "1"}, map[string]any{"a": "2"}, true},
		"unchanged":                {map[string]any{"a": "1"}, map[string]any{"a": "1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, civosim.Options{})
			s.Apply(acctest.Object{"name": "some-name", "rotate_when_changed": c.from})
			before := s.Remote().SecretAccessKey
			s.Apply(acctest.Object{"name": "some-name", "rotate_when_changed": c.to})
			after := s.Remote().SecretAccessKey
			if rotated := after != before; rotated != c.rotates {
				t.Errorf("rotated: %v, not %v", rotated, c.rotates)
			}
			s.Has("secret_access_key", after)
		})
	}
}

// Pinning the generated secret is no rotation, although rotate_when_changed is removed. Nor is it one to empty rotate_when_changed.
func TestRotation_ReplacedByTheSameSecret(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Apply(acctest.Object{"name": "some-name", "rotate_when_changed": map[string]string{"a": "1"}})
	before := s.Remote()
	for _, empty := range []any{nil, map[string]string{}} {
		s.Apply(acctest.Object{"name": "some-name", "secret_access_key": before.SecretAccessKey, "rotate_when_changed": empty})
		if after := s.Remote(); after != before {
			t.Errorf("%+v became %+v", before, after)
		}
	}
}

// Terraform plans a replacement as a create, for which it does not merge ignore_changes into the configuration. What conflicts only with
// an ignored secret is therefore no error if the credential is replaced.
func TestIgnoreChanges_Replacement(t *testing.T) {
	t.Parallel()
	for what, merged := range map[string]acctest.Object{
		"rotated": {"rotate_when_changed": map[string]string{"a": "2"}},
		"written": {"secret_access_key_wo": "write-only-2", "secret_access_key_wo_version": int64(2)},
		"hidden":  {"secret_in_state": false},
	} {
		s := acctest.NewScenario(t, civosim.Options{})
		s.Apply(acctest.Object{"name": "some-name", "rotate_when_changed": map[string]string{"a": "1"}})
		merged["secret_access_key"], merged["name"] = s.Get("secret_access_key"), "some-name"
		if _, diags := s.Driver.Plan(t.Context(), s.Instance, merged); !strings.Contains(diags.String(), "ignore_changes") {
			t.Errorf("%s: the conflict is no error: %s", what, diags)
		}
		merged["name"] = "other-name"
		if plan, diags := s.Driver.Plan(t.Context(), s.Instance, merged); diags.Failed() || len(plan.Replaces) == 0 {
			t.Errorf("%s: the replacement fails: %s", what, diags)
		}
	}
}

func TestWriteOnlyVersion_AnyNumber(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	apply := func(secret, version string) {
		s.Apply(acctest.Object{"name": "some-name", "secret_access_key_wo": secret, "secret_access_key_wo_version": json.Number(version)})
	}
	apply("write-only-0", "1")
	secret := "write-only-0"
	for i, c := range []struct {
		version string
		sends   bool
	}{{"1.0", false}, {"1.5", true}, {"1e20", true}, {"100000000000000000000", false}, {"0.1", true}, {"-3", true}, {"9007199254740993", true}, {"9007199254740992", true}} {
		another := fmt.Sprintf("write-only-%d", i+1)
		apply(another, c.version)
		if c.sends {
			secret = another
		}
		if got := s.Remote().SecretAccessKey; got != secret {
			t.Errorf("version %s: Civo has %q, not %q", c.version, got, secret)
		}
	}
}

func TestTimeouts_MustBePositive(t *testing.T) {
	t.Parallel()
	p := acctest.Simulated(t, civosim.Options{}).Driver(t)
	for _, operation := range []string{"create", "update", "delete", "open"} {
		for value, fails := range map[string]bool{"-5m": true, "0s": true, "0": true, "-1ns": true, "1ns": false, "10m": false} {
			config := acctest.Object{"name": "some-name", "timeouts": acctest.Object{operation: value}}
			validate := p.Validate
			if operation == "open" {
				validate = p.ValidateEphemeral
			}
			diags := validate(t.Context(), config)
			if diags.Failed() != fails {
				t.Errorf("%s %s fails: %v, not %v: %s", operation, value, diags.Failed(), fails, diags)
			}
			if fails {
				checkSays(t, diags, []string{value, `such as "10m"`, `AttributeName("timeouts").AttributeName("` + operation + `")`})
			}
		}
	}
}

// Terraform opens the ephemeral resource to plan a destroy too, so keys that do not work are no error.
func TestSuspended(t *testing.T) {
	t.Parallel()
	s, config := acctest.NewScenario(t, civosim.Options{}), acctest.Object{"name": "some-name"}
	s.Apply(config)
	s.Drift(func(c *civosim.Credential) { c.Suspended = true })
	want := []string{"WARNING: Credential suspended", `"some-name"`, s.Get("id"), "LON1", "cannot access object stores", "dashboard", "Civo support"}

	plan, diags := s.Run(t.Context(), s.Instance, config)
	checkSays(t, diags, want)
	if diags.Failed() || !plan.IsEmpty() {
		t.Errorf("the plan changes %v: %s", plan.Changes(), diags)
	}
	_, diags = s.Data(t.Context(), config)
	checkSays(t, diags, want)
	if diags.Failed() {
		t.Errorf("the data source fails: %s", diags)
	}
	result, diags := s.Open(t.Context(), config)
	checkSays(t, diags, want)
	if diags.Failed() || acctest.Get(result, "secret_access_key") != s.Remote().SecretAccessKey {
		t.Errorf("the result is %s: %s", result, diags)
	}
}

// A name that is not known yet replaces the credential, even if it will be the same. The plan says so.
func TestPlan_UnknownName(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Apply(acctest.Object{"name": "some-name"})
	for attribute, config := range map[string]acctest.Object{
		"name": {"name": acctest.Unknown}, "region": {"name": "some-name", "region": acctest.Unknown},
	} {
		plan, diags := s.Driver.Plan(t.Context(), s.Instance, config)
		checkSays(t, diags, []string{"WARNING: Replacing a credential deletes its keys", attribute + " is not known before apply", "-target"})
		if diags.Failed() || len(plan.Replaces) != 1 {
			t.Errorf("the plan replaces because of %v: %s", plan.Replaces, diags)
		}
	}
}
