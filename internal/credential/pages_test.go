package credential_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// shrinking returns a Civo with 100 credentials of others. While it is armed, two of them are deleted after each read of page 1,
// so that later ones move to page 1.
func shrinking(t *testing.T, options civosim.Options) (w *acctest.Env, arm func()) {
	t.Helper()
	var mu sync.Mutex
	armed := false
	options.OnRequest = func(r civosim.Request) {
		mu.Lock()
		defer mu.Unlock()
		if !armed || r.Kind != civosim.KindListCredentials || strings.Contains(r.Query, "page=2") {
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
	return w, func() {
		mu.Lock()
		defer mu.Unlock()
		armed = true
	}
}

// pageVariants are the two responses to a request for a page past the end.
var pageVariants = map[string]civosim.Options{"page 1 past the end": {}, "empty page past the end": {EmptyPagePastEnd: true}}

// A credential that moves to another page while the list is read still exists.
func TestPages_ShrinkingListDropsNothing(t *testing.T) {
	t.Parallel()
	for name, options := range pageVariants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, arm := shrinking(t, options)
			ws := w.Workspace(t, required+`
resource "civo_objectstore_credential" "test" {
  count = 2
  name  = "ours-${count.index}"
}
data "civo_objectstore_credentials" "all" {}
`)
			ws.MustRun("apply", "-auto-approve", "-no-color")
			arm()
			w.ResetRecord()
			if output, code := ws.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
				t.Errorf("the plan ends with %d:\n%s", code, output)
			}
			if w.Count(civosim.KindListCredentials) < 2 {
				t.Fatal("no list of two pages was read")
			}
			ws.MustRun("apply", "-refresh-only", "-auto-approve", "-no-color")
			if left := strings.Count(ws.MustRun("state", "list"), address+"["); left != 2 {
				t.Errorf("the state has %d credentials, not 2", left)
			}
			ws.MustRun("destroy", "-auto-approve", "-no-color")
			for _, c := range w.Credentials("") {
				if strings.HasPrefix(c.Name, "ours-") {
					t.Errorf("%s remains at Civo", c.Name)
				}
			}
		})
	}
}

// A create whose outcome is unknown leaves a state without an ID. The name must be found although the pages move.
func TestPages_InterruptedCreateIsDestroyed(t *testing.T) {
	t.Parallel()
	for name, options := range pageVariants {
		for _, refresh := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, refresh %v", name, refresh), func(t *testing.T) {
				t.Parallel()
				checkInterruptedCreate(t, options, refresh)
			})
		}
	}
}

func checkInterruptedCreate(t *testing.T, options civosim.Options, refresh bool) {
	t.Helper()
	w, arm := shrinking(t, options)
	p := w.Driver(t)
	i := p.NewInstance()
	w.Inject(
		civosim.Fault{Kind: civosim.KindCreateCredential, Effect: civosim.EffectAfterClose},
		civosim.Fault{Kind: civosim.KindListCredentials, Effect: civosim.EffectClose},
	)
	if _, diags := p.Run(t.Context(), i, acctest.Object{"name": "ours"}); !diags.Failed() || i.Get("id") != "" {
		t.Fatalf("the outcome is not unknown: %s", i.State)
	}
	w.ClearFaults()
	arm()
	if refresh {
		if diags := p.Refresh(t.Context(), i); diags.Failed() || !i.Exists() {
			t.Fatalf("the state forgot the credential: %s", diags)
		}
	}
	plan, _ := p.Plan(t.Context(), i, nil)
	if diags := p.Apply(t.Context(), i, plan); diags.Failed() || i.Exists() {
		t.Errorf("the state is %s: %s", i.State, diags)
	}
	for _, c := range w.Credentials("") {
		if c.Name == "ours" {
			t.Error("the credential remains at Civo")
		}
	}
}

// A create with an unknown outcome that failed before Civo showed its keys stays in the state, because the credential cannot be
// identified.
func TestPages_InterruptedCreateFailsWithoutKeys(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{ReadyAfter: time.Hour})
	p := w.Driver(t)
	i := p.NewInstance()
	w.Inject(
		civosim.Fault{Kind: civosim.KindCreateCredential, Effect: civosim.EffectAfterClose},
		civosim.Fault{Kind: civosim.KindListCredentials, Effect: civosim.Effect502HTML},
	)
	if _, diags := p.Run(t.Context(), i, acctest.Object{"name": "some-name"}); !diags.Failed() || !i.Exists() || i.Get("id") != "" {
		t.Fatalf("the create is not left with an unknown outcome: %s %s", i.State, diags)
	}
	w.ClearFaults()
	w.ChangeCredential(only(t, w).ID, func(c *civosim.Credential) { c.Status, c.AccessKeyID, c.SecretAccessKey = "failed", "", "" })
	for what, diags := range map[string]acctest.Diagnostics{"refresh": p.Refresh(t.Context(), i), "destroy": second(p.Run(t.Context(), i, nil))} {
		if !diags.Failed() || !strings.Contains(diags.String(), "failed") || !i.Exists() {
			t.Errorf("%s: in the state is %s: %s", what, i.State, diags)
		}
	}
	only(t, w)
}

// Terraform passes the identity of a credential that the refresh found deleted to the create. A create with an unknown outcome must not
// keep it, because it belongs to another credential.
func TestPages_InterruptedCreateHasNoIdentity(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	p := w.Driver(t)
	i := p.NewInstance()
	config := acctest.Object{"name": "some-name"}
	if _, diags := p.Run(t.Context(), i, config); diags.Failed() {
		t.Fatal(diags)
	}
	w.RemoveCredential(only(t, w).ID)
	if diags := p.Refresh(t.Context(), i); diags.Failed() || i.Exists() {
		t.Fatalf("the state is %s: %s", i.State, diags)
	}
	w.Inject(
		civosim.Fault{Kind: civosim.KindCreateCredential, Effect: civosim.EffectAfterClose},
		civosim.Fault{Kind: civosim.KindListCredentials, Effect: civosim.EffectClose},
	)
	if _, diags := p.Run(t.Context(), i, config); !diags.Failed() || !i.Exists() || i.Get("id") != "" {
		t.Fatalf("the create is not left with an unknown outcome: %s %s", i.State, diags)
	}
	w.ClearFaults()
	if diags := p.Refresh(t.Context(), i); diags.Failed() || p.Identity(t.Context(), i)["id"] != only(t, w).ID {
		t.Errorf("the identity is %v: %s", p.Identity(t.Context(), i), diags)
	}
}

// Civo can hide the access key ID until a credential is ready. The state keeps it.
func TestRead_HiddenAccessKeyID(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{ReadyAfter: time.Hour})
	p := w.Driver(t)
	i := p.NewInstance()
	ctx := simtest.ExpiringAt(t.Context(), w.Server, civosim.KindGetCredential, 1)
	_, diags := p.Run(ctx, i, acctest.Object{"name": "some-name", "access_key_id": "some-key"})
	if !diags.Failed() || i.Get("access_key_id") != "some-key" {
		t.Fatalf("the state is %s: %s", i.State, diags)
	}
	w.ChangeCredential(only(t, w).ID, func(c *civosim.Credential) { c.AccessKeyID, c.SecretAccessKey = "", "" })
	if diags := p.Refresh(t.Context(), i); diags.Failed() || i.Get("access_key_id") != "some-key" {
		t.Errorf("the state is %s: %s", i.State, diags)
	}
}

// An update continues a create that an import found, and completes the access key ID.
func TestImport_HiddenAccessKeyID(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	there := w.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1", AccessKeyID: "some-key"})
	hide := func(c *civosim.Credential) { c.Status, c.AccessKeyID = "creating", "" }
	show := func(c *civosim.Credential) { c.Status, c.AccessKeyID = "ready", "some-key" }
	w.ChangeCredential(there.ID, hide)
	p := w.Driver(t)
	i, diags := p.Import(t.Context(), "some-name")
	if diags.Failed() || i.Get("access_key_id") != "" {
		t.Fatalf("the state is %s: %s", i.State, diags)
	}
	plan, diags := p.Plan(t.Context(), i, acctest.Object{"name": "some-name"})
	if diags.Failed() {
		t.Fatal(diags)
	}
	w.ChangeCredential(there.ID, show)
	if diags := p.Apply(t.Context(), i, plan); diags.Failed() || i.Get("access_key_id") != "some-key" {
		t.Errorf("the state is %s: %s", i.State, diags)
	}
}

func second(_ *acctest.Plan, diags acctest.Diagnostics) acctest.Diagnostics { return diags }
