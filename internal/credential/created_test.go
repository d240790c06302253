package credential_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// What Civo created is compared with the request: a lowered name is the same, also after a lost response; another name is an error.
func TestCreate_Name(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rename func(string) string
		effect civosim.Effect // on the POST
		key    string         // supplied
		errors []string
		saved  bool
	}{
		"lowered":                        {rename: strings.ToLower, saved: true},
		"lowered, lost":                  {rename: strings.ToLower, effect: civosim.EffectAfterClose, saved: true},
		"another":                        {rename: another, errors: []string{`"another" instead of "Some-Name"`}, saved: true},
		"another, supplied":              {rename: another, key: "key", errors: []string{`"another" instead of "Some-Name"`}, saved: true},
		"another, lost":                  {rename: another, effect: civosim.EffectAfterClose, errors: []string{`"another" instead of "Some-Name"`}, saved: true},
		"another, lost, key is not ours": {rename: another, effect: civosim.EffectAfterClose, key: "key", errors: []string{"already taken", `"another"`, `"Some-Name"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, config := acctest.NewScenario(t, civosim.Options{Rename: test.rename}), acctest.Object{"name": "Some-Name"}
			if test.effect != "" {
				s.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: test.effect})
			}
			if test.key != "" {
				config["access_key_id"], config["secret_access_key"] = test.key, "secret-of-key"
			}
			_, diags := s.Run(t.Context(), s.Instance, config)
			if diags.Failed() != (len(test.errors) > 0) || (s.Get("id") == only(t, s.Env).ID) != test.saved || s.Count(civosim.KindCreateCredential) != 1 {
				t.Fatalf("the state has %s: %s", s.State, diags)
			}
			checkSays(t, diags, test.errors)
			if !test.saved {
				return
			}
			if len(test.errors) > 0 { // the advice to change the name and to untaint keeps the credential
				s.Tainted, config["name"] = false, "another"
			}
			s.Unchanged(config)
			s.Has("id", only(t, s.Env).ID)
		})
	}
}

func another(string) string { return "another" }

// An interruption leaves a credential that Civo has not returned yet, although the response to the POST called it ready. Until it was
// missing for long, no later run forgets it.
func TestCreate_InterruptedBeforeRead(t *testing.T) {
	t.Parallel()
	config := acctest.Object{"name": "some-name"}
	for name, next := range map[string]struct {
		config  acctest.Object
		refresh bool
	}{
		"apply": {config, true}, "destroy": {nil, true}, "apply without refresh": {config, false}, "destroy without refresh": {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			visible := make(chan struct{}) // closed when reads find the credential
			now := func() time.Time {
				select {
				case <-visible:
					return begun.Add(time.Hour)
				default:
					return begun
				}
			}
			w := acctest.Simulated(t, civosim.Options{Now: now, ListedAfter: time.Minute, ReadableAfter: time.Minute})
			w.Timing = acctest.Timing
			w.Timing.Absence = 5 * time.Minute // the third look ends the lag
			s := w.Scenario(t)
			ctx, interrupt := context.WithCancel(t.Context())
			w.OnArrival(civosim.KindGetCredential, 1, interrupt)
			if _, diags := s.Run(ctx, s.Instance, config); diags.Failed() || s.Get("id") == "" || s.Get("status") == "ready" {
				t.Fatalf("the state has %s: %s", s.State, diags)
			}
			w.OnArrival(civosim.KindGetCredential, 3, func() { close(visible) })
			if next.refresh {
				if diags := s.Refresh(t.Context(), s.Instance); diags.Failed() || !s.Exists() {
					t.Fatalf("the refresh leaves %s: %s", s.State, diags)
				}
			}
			diags := s.ApplyUnrefreshed(next.config)
			exists := len(w.Credentials("")) == 1
			if diags.Failed() || exists != (next.config != nil) || exists && s.Get("id") != only(t, w).ID {
				t.Errorf("Civo has %+v, the state has %s: %s", w.Credentials(""), s.State, diags)
			}
		})
	}
}
