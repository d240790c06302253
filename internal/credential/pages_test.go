package credential_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// shrinking returns a Civo with 100 credentials of others. While it is armed, two of them are deleted after each read of page 1,
// so that later ones move to page 1.
func shrinking(t *testing.T, options civosim.Options) (w *acctest.Env, armed *atomic.Bool) {
	t.Helper()
	armed = new(atomic.Bool)
	options.OnRequest = func(r civosim.Request) {
		if !armed.Load() || r.Kind != civosim.KindListCredentials || strings.Contains(r.Query, "page=2") {
			return
		}
		for _, c := range w.Credentials("lon1")[:2] {
			if strings.HasPrefix(c.Name, "many-") {
				w.RemoveCredential(c.ID)
			}
		}
	}
	w = acctest.Simulated(t, options)
	fill(w, 100)
	return w, armed
}

// A create whose outcome is unknown leaves a state without an ID. The name must be found although the pages move.
func TestPages_InterruptedCreateIsDestroyed(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]civosim.Options{"page 1 past the end": {}, "empty page past the end": {EmptyPagePastEnd: true}} {
		for _, refresh := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, refresh %v", name, refresh), func(t *testing.T) {
				t.Parallel()
				w, armed := shrinking(t, options)
				s := w.Scenario(t)
				interruptCreate(t, s, "ours")
				armed.Store(true)
				if refresh {
					if diags := s.Refresh(t.Context(), s.Instance); diags.Failed() || !s.Exists() {
						t.Fatalf("the state forgot the credential: %s", diags)
					}
				}
				if diags := s.ApplyUnrefreshed(nil); diags.Failed() || s.Exists() {
					t.Errorf("the state is %s: %s", s.State, diags)
				}
				if slices.ContainsFunc(w.Credentials(""), func(c civosim.Credential) bool { return c.Name == "ours" }) {
					t.Error("the credential remains at Civo")
				}
			})
		}
	}
}

// interruptCreate creates a credential, but leaves its outcome unknown.
func interruptCreate(t *testing.T, s *acctest.Scenario, name string) {
	t.Helper()
	s.Inject(
		civosim.Fault{Kind: civosim.KindCreateCredential, Effect: civosim.EffectAfterClose},
		civosim.Fault{Kind: civosim.KindListCredentials, Effect: civosim.EffectClose},
	)
	s.Refuse(acctest.Object{"name": name}, "")
	if !s.Exists() || s.Get("id") != "" {
		t.Fatalf("the outcome is not unknown: %s", s.State)
	}
	s.ClearFaults()
}

// A create with an unknown outcome that failed before Civo showed its keys stays in the state, because the credential cannot be
// identified.
func TestPages_InterruptedCreateFailsWithoutKeys(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{ReadyAfter: time.Hour})
	interruptCreate(t, s, "some-name")
	s.ChangeCredential(only(t, s.Env).ID, func(c *civosim.Credential) { c.Status, c.AccessKeyID, c.SecretAccessKey = "failed", "", "" })
	s.RefusePlan(acctest.Object{"name": "some-name"}, "failed")
	s.Refuse(nil, "failed")
	if !s.Exists() {
		t.Error("the state forgot the credential")
	}
	only(t, s.Env)
}

// Terraform passes the identity of a credential that the refresh found deleted to the create. A create with an unknown outcome must not
// keep it, because it belongs to another credential.
func TestPages_InterruptedCreateHasNoIdentity(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Apply(acctest.Object{"name": "some-name"})
	s.RemoveCredential(s.Get("id"))
	if diags := s.Refresh(t.Context(), s.Instance); diags.Failed() || s.Exists() {
		t.Fatalf("the state is %s: %s", s.State, diags)
	}
	interruptCreate(t, s, "some-name")
	if diags := s.Refresh(t.Context(), s.Instance); diags.Failed() || s.Identity(t.Context(), s.Instance)["id"] != only(t, s.Env).ID {
		t.Errorf("the identity is %v: %s", s.Identity(t.Context(), s.Instance), diags)
	}
}

// Civo can hide the access key ID until a credential is ready. The state keeps it.
func TestRead_HiddenAccessKeyID(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{ReadyAfter: time.Hour})
	ctx := simtest.ExpiringAt(t.Context(), s.Server, civosim.KindGetCredential, 1)
	if _, diags := s.Run(ctx, s.Instance, acctest.Object{"name": "some-name", "access_key_id": "some-key"}); !diags.Failed() {
		t.Fatal("the create does not time out")
	}
	s.Has("access_key_id", "some-key")
	s.Drift(func(c *civosim.Credential) { c.AccessKeyID, c.SecretAccessKey = "", "" })
	if diags := s.Refresh(t.Context(), s.Instance); diags.Failed() {
		t.Error(diags)
	}
	s.Has("access_key_id", "some-key")
}

// An update continues a create that an import found, and completes the access key ID.
func TestImport_HiddenAccessKeyID(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	there := s.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1", AccessKeyID: "some-key"})
	s.ChangeCredential(there.ID, func(c *civosim.Credential) { c.Status, c.AccessKeyID = "creating", "" })
	s.Import("some-name")
	s.Has("access_key_id", "")
	plan := s.Plan(acctest.Object{"name": "some-name"})
	s.Drift(func(c *civosim.Credential) { c.Status, c.AccessKeyID = "ready", "some-key" })
	if diags := s.Driver.Apply(t.Context(), s.Instance, plan); diags.Failed() {
		t.Error(diags)
	}
	s.Has("access_key_id", "some-key")
}
