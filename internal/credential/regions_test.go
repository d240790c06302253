package credential_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Private regions have free-form codes, and a Civo with case-sensitive codes gets the user's spelling.
func TestRegion_FreeForm(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"acme-dc", "TEST1", "lon1"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{Regions: []string{"lon1", "acme-dc", "TEST1"}, StrictRegionCase: true})
			p := w.Driver(t, acctest.Object{"region": code})
			i := p.NewInstance()
			config := acctest.Object{"name": "some-name"}
			if _, diags := p.Run(t.Context(), i, config); diags.Failed() {
				t.Fatal(diags)
			}
			if got, at := i.Get("region"), only(t, w).Region; got != code || at != code {
				t.Errorf("the state has the region %q, and Civo %q", got, at)
			}
			checkSettled(t, p, i, config)

			other := w.Driver(t, acctest.Object{"region": "lon1"})
			imported, diags := other.Import(t.Context(), code+"/some-name")
			if diags.Failed() || imported.Get("id") != i.Get("id") || imported.Get("region") != code {
				t.Errorf("the import finds %s: %s", imported.State, diags)
			}
			for _, request := range w.Requests() {
				if isRegions := request.Kind == civosim.KindListRegions; isRegions != (request.Region == "") {
					t.Errorf("%s %s has the region %q", request.Method, request.Path, request.Region)
				}
			}
		})
	}
}

// A slash can be part of a name. The part before it is a region if the account has that region.
func TestRegion_ImportIDWithSlash(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{Regions: []string{"lon1", "acme-dc"}})
	private := w.AddCredential(civosim.Credential{Name: "backups", Region: "acme-dc"})
	slashed := w.AddCredential(civosim.Credential{Name: "team/backups", Region: "lon1"})
	p := w.Driver(t)
	for id, want := range map[string]string{"acme-dc/backups": private.ID, "ACME-DC/backups": private.ID, "team/backups": slashed.ID} {
		i, diags := p.Import(t.Context(), id)
		if diags.Failed() || i.Get("id") != want {
			t.Errorf("%s: the import finds %q, not %q: %s", id, i.Get("id"), want, diags)
		}
	}
}

func TestRegion_UnknownFailsPlan(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	p := w.Driver(t)
	for _, code := range []string{"lon9", "LON2", "lon9"} {
		_, diags := p.Plan(t.Context(), p.NewInstance(), acctest.Object{"name": "some-name", "region": code})
		checkSays(t, diags, []string{"Unknown region", `"` + code + `"`, "lon1, fra1, nyc1, mum1.", `[AttributeName("region")]`})
		if strings.Contains(diags.String(), "phx1") {
			t.Errorf("a region without object storage is proposed: %s", diags)
		}
	}
	if _, diags := p.Plan(t.Context(), p.NewInstance(), acctest.Object{"name": "some-name", "region": "LON1"}); diags.Failed() {
		t.Error(diags)
	}
	if n, all := w.Count(civosim.KindListRegions), w.Count(); n != 1 || all != 1 {
		t.Errorf("four plans sent %d requests for the regions, and %d in all", n, all)
	}
}

func TestRegion_PlanWithoutRegionList(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	w.Inject(civosim.Fault{Kind: civosim.KindListRegions, Effect: civosim.Effect503})
	p := w.Driver(t)
	if _, diags := p.Run(t.Context(), p.NewInstance(), acctest.Object{"name": "some-name"}); diags.Failed() {
		t.Error(diags)
	}
}

// An unavailable region is reported as unknown, which proves nothing about its credentials.
func TestRegion_DownKeepsState(t *testing.T) {
	t.Parallel()
	for what, run := range map[string]func(*acctest.Driver, *acctest.Instance) acctest.Diagnostics{
		"read": func(p *acctest.Driver, i *acctest.Instance) acctest.Diagnostics { return p.Refresh(t.Context(), i) },
		"delete": func(p *acctest.Driver, i *acctest.Instance) acctest.Diagnostics {
			plan, _ := p.Plan(t.Context(), i, nil)
			return p.Apply(t.Context(), i, plan)
		},
		"update": func(p *acctest.Driver, i *acctest.Instance) acctest.Diagnostics {
			plan, _ := p.Plan(t.Context(), i, acctest.Object{"name": "some-name", "secret_access_key": "another"})
			return p.Apply(t.Context(), i, plan)
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			p := w.Driver(t)
			i := created(t.Context(), p, acctest.Object{"name": "some-name"})
			w.SetRegionDown("lon1", true)
			diags := run(p, i)
			if !diags.Failed() || !i.Exists() || i.Get("id") != only(t, w).ID {
				t.Errorf("the state is %s after: %s", i.State, diags)
			}
			checkSays(t, diags, []string{"Unknown region", "LON1", "Try again later", "remains in the state"})
			w.SetRegionDown("lon1", false)
			checkSettled(t, p, i, acctest.Object{"name": "some-name", "secret_access_key": i.Get("secret_access_key")})
		})
	}
}

func TestRegion_NoObjectStorage(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	p := w.Driver(t)
	_, diags := p.Plan(t.Context(), p.NewInstance(), acctest.Object{"name": "some-name", "region": "PHX1"})
	checkSays(t, diags, []string{"Region without object storage", `"PHX1"`, "lon1, fra1, nyc1, mum1.", `[AttributeName("region")]`})

	// A search skips the region, and an unavailable region does not hide the results of the others.
	there := w.AddCredential(civosim.Credential{Name: "in-mumbai", Region: "mum1"})
	w.SetRegionDown("fra1", true)
	_, diags = p.Import(t.Context(), "in-mumbai")
	checkSays(t, diags, []string{"Credential is in another region", "mum1/" + there.ID})
	_, diags = p.Import(t.Context(), "missing")
	checkSays(t, diags, []string{"Some regions could not be searched", "fra1"})
	if strings.Contains(diags.String(), "PHX1") || strings.Contains(diags.String(), "phx1") {
		t.Errorf("the message blames a region that has nothing to do with it: %s", diags)
	}
	for _, request := range w.Requests() {
		if strings.EqualFold(request.Region, "phx1") {
			t.Errorf("unexpected request: %s %s in phx1", request.Method, request.Path)
		}
	}
}

// Any response to a deletion other than success is a rejection. The stores explain it.
func TestDelete_RefusalNamesStore(t *testing.T) {
	t.Parallel()
	for what, options := range map[string]civosim.Options{
		"409": {RefusedDeletionStatus: http.StatusConflict},
		"500": {RefusedDeletionStatus: http.StatusInternalServerError, OmitOwnerCredentialID: true},
		"200": {RefusedDeletionStatus: http.StatusOK},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, options)
			p := w.Driver(t)
			i := created(t.Context(), p, acctest.Object{"name": "some-name"})
			store := w.AddStore(civosim.Store{Name: "nightly", OwnerID: i.Get("id")})
			_, diags := p.Run(t.Context(), i, nil)
			if !diags.Failed() || !i.Exists() {
				t.Errorf("the state is %s: %s", i.State, diags)
			}
			checkSays(t, diags, []string{"Credential still owns object stores", `object store "nightly"`, store.ID})
			w.DeleteStore(store.ID)
			if _, diags := p.Run(t.Context(), i, nil); diags.Failed() || len(w.Credentials("")) > 0 {
				t.Errorf("%+v remain after: %s", w.Credentials(""), diags)
			}
		})
	}
}

func TestCreate_NameTakenCodes(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "-", "database_objectstore_credential_duplicate", "credential_duplicate_name"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{TakenNameCode: code})
			other := w.AddCredential(civosim.Credential{Name: "some-name", Region: "lon1"})
			p := w.Driver(t)
			i := p.NewInstance()
			_, diags := p.Run(t.Context(), i, acctest.Object{"name": "some-name"})
			checkSays(t, diags, []string{
				"Credential name already taken", "terraform import 'civo_objectstore_credential.NAME' LON1/" + other.ID + "\n",
				"import {\n    to = civo_objectstore_credential.NAME\n    id = \"LON1/" + other.ID + "\"\n  }", "create_before_destroy",
			})
			if i.Exists() || only(t, w).ID != other.ID {
				t.Errorf("the state is %s, and Civo has %+v", i.State, w.Credentials(""))
			}
			if imported, diags := p.Import(t.Context(), "LON1/"+other.ID); diags.Failed() || imported.Get("id") != other.ID {
				t.Errorf("the import that the message proposes: %s", diags)
			}
		})
	}
}

// A new credential shows its keys once it is ready.
func TestKeys_AppearLate(t *testing.T) {
	t.Parallel()
	late := civosim.Options{ReadyAfter: 300 * time.Millisecond}
	pending := func(w *acctest.Env) {
		c := w.AddCredential(civosim.Credential{Name: "some-name", Region: "lon1", Status: "creating"})
		time.AfterFunc(300*time.Millisecond, func() {
			w.ChangeCredential(c.ID, func(c *civosim.Credential) { c.Status = "ready" })
		})
	}
	check := func(t *testing.T, w *acctest.Env, accessKeyID, secret string, diags acctest.Diagnostics) {
		t.Helper()
		if at := only(t, w); diags.Failed() || accessKeyID != at.AccessKeyID || secret != at.SecretAccessKey {
			t.Errorf("the keys are %q and %q, not %+v: %s", accessKeyID, secret, at, diags)
		}
	}
	config := acctest.Object{"name": "some-name"}
	t.Run("create", func(t *testing.T) {
		t.Parallel()
		w := acctest.Simulated(t, late)
		p := w.Driver(t)
		i := p.NewInstance()
		config := acctest.Object{"name": "some-name", "region": "fra1"} // not the provider's region
		_, diags := p.Run(t.Context(), i, config)
		check(t, w, i.Get("access_key_id"), i.Get("secret_access_key"), diags)
		checkSettled(t, p, i, config)
	})
	t.Run("create, response lost", func(t *testing.T) {
		t.Parallel()
		w := acctest.Simulated(t, late)
		p := w.Driver(t)
		i := p.NewInstance()
		w.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: civosim.EffectAfterClose})
		_, diags := p.Run(t.Context(), i, config)
		check(t, w, i.Get("access_key_id"), i.Get("secret_access_key"), diags)
		checkSettled(t, p, i, config)
	})
	t.Run("data source", func(t *testing.T) {
		t.Parallel()
		w := acctest.Simulated(t, civosim.Options{})
		pending(w)
		data, diags := w.Driver(t).Data(t.Context(), config)
		check(t, w, acctest.Get(data, "access_key_id"), acctest.Get(data, "secret_access_key"), diags)
	})
	t.Run("ephemeral resource", func(t *testing.T) {
		t.Parallel()
		w := acctest.Simulated(t, civosim.Options{})
		pending(w)
		data, diags := w.Driver(t).Open(t.Context(), config)
		check(t, w, acctest.Get(data, "access_key_id"), acctest.Get(data, "secret_access_key"), diags)
	})
	t.Run("import and apply", func(t *testing.T) {
		t.Parallel()
		w := acctest.Simulated(t, civosim.Options{})
		pending(w)
		p := w.Driver(t)
		i, diags := p.Import(t.Context(), "some-name")
		if diags.Failed() {
			t.Fatal(diags)
		}
		_, diags = p.Run(t.Context(), i, config)
		check(t, w, i.Get("access_key_id"), i.Get("secret_access_key"), diags)
		checkSettled(t, p, i, config)
	})
	t.Run("list resource", func(t *testing.T) {
		t.Parallel()
		w := acctest.Simulated(t, civosim.Options{})
		pending(w)
		listed, diags := w.Driver(t).List(t.Context(), acctest.Object{}, 0, true)
		if diags.Failed() || len(listed) != 1 || listed[0].Identity["id"] != only(t, w).ID {
			t.Errorf("the list is %+v: %s", listed, diags)
		}
	})
}

// Any name that Civo accepts can be created, looked up and imported.
func TestName_AnythingThatCivoAccepts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"my backups", strings.Repeat("n", 200), "Büro / “Archiv”", "a", "-", "*"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			p := w.Driver(t)
			config := acctest.Object{"name": name}
			i := created(t.Context(), p, config)
			if only(t, w).Name != name {
				t.Errorf("Civo has %+v", only(t, w))
			}
			checkSettled(t, p, i, config)
			if data, diags := p.Data(t.Context(), config); diags.Failed() || acctest.Get(data, "id") != i.Get("id") {
				t.Errorf("the data source: %s", diags)
			}
			if _, diags := p.Open(t.Context(), config); diags.Failed() {
				t.Errorf("the ephemeral resource: %s", diags)
			}
			imported, diags := p.Import(t.Context(), name)
			if diags.Failed() || imported.Get("id") != i.Get("id") {
				t.Fatalf("the import: %s", diags)
			}
			checkSettled(t, p, imported, config)
		})
	}
}

// A token that was set as a region, in an import ID or as an ID appears in no message and in no URL.
func TestRegion_TokenIsNotShown(t *testing.T) {
	t.Parallel()
	const token = "TokenAbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh"
	for name, diagnose := range map[string]acctest.Diagnose{
		"provider": func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			_, diags := w.Configure(ctx, acctest.Object{"region": token})
			return diags
		},
		"plan": planning(token),
		"plan, regions unavailable": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.Inject(civosim.Fault{Kind: civosim.KindListRegions, Effect: civosim.Effect503})
			_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "backups", "region": token})
			return diags
		},
		"data source":     lookingUpOf(acctest.Object{"name": "backups", "region": token}),
		"data source, ID": lookingUpOf(acctest.Object{"id": token}),
		"plural": func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			_, diags := p.For("civo_objectstore_credentials").Data(ctx, acctest.Object{"region": token})
			return diags
		},
		"ephemeral": func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			_, diags := p.Open(ctx, acctest.Object{"name": "backups", "region": token})
			return diags
		},
		"action": func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			_, diags := p.For(rotateType).Invoke(ctx, acctest.Object{"name": "backups", "region": token})
			return diags
		},
		"list": func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			_, diags := p.List(ctx, acctest.Object{"region": token}, 0, false)
			return diags
		},
		"import":           importingOf(token + "/5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f"),
		"import by name":   importingOf(token + "/backups"),
		"import of itself": importingOf(token),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{Token: token})
			diags := diagnose(t.Context(), w, w.Driver(t))
			if text := diags.String(); !diags.Failed() || strings.Contains(strings.ToLower(text), strings.ToLower(token)) {
				t.Error(text)
			}
			for _, request := range w.Requests() {
				if strings.Contains(request.Path+request.Query, token) {
					t.Errorf("a request to %s?%s", request.Path, request.Query)
				}
			}
		})
	}
}
