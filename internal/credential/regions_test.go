package credential_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

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
			s := w.Scenario(t, acctest.Object{"region": code})
			s.Apply(acctest.Object{"name": "some-name"})
			s.Has("region", code, "region", only(t, w).Region)

			imported := w.Scenario(t, acctest.Object{"region": "lon1"})
			imported.Import(code + "/some-name")
			imported.Has("id", s.Get("id"), "region", code)
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
	s := acctest.NewScenario(t, civosim.Options{Regions: []string{"lon1", "acme-dc"}})
	private := s.AddCredential(civosim.Credential{Name: "backups", Region: "acme-dc"})
	slashed := s.AddCredential(civosim.Credential{Name: "team/backups", Region: "lon1"})
	for id, want := range map[string]string{"acme-dc/backups": private.ID, "ACME-DC/backups": private.ID, "team/backups": slashed.ID} {
		s.Import(id)
		s.Has("id", want)
	}
}

func TestRegion_UnknownFailsPlan(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	for code, want := range map[string]string{"lon9": `Unknown region.*"lon9"`, "LON2": `Unknown region.*"LON2"`, "PHX1": `Region without object storage.*"PHX1"`} {
		diags := s.RefusePlan(acctest.Object{"name": "some-name", "region": code}, want+`.*lon1, fra1, nyc1, mum1\..*\[AttributeName\("region"\)\]`)
		if strings.Contains(diags.String(), "phx1") {
			t.Errorf("a region without object storage is proposed: %s", diags)
		}
	}
	s.Plan(acctest.Object{"name": "some-name", "region": "LON1"})
	if n, all := s.Count(civosim.KindListRegions), s.Count(); n != 1 || all != 1 {
		t.Errorf("four plans sent %d requests for the regions, and %d in all", n, all)
	}
}

// An unavailable region is reported as unknown, which proves nothing about its credentials.
func TestRegion_DownKeepsState(t *testing.T) {
	t.Parallel()
	config := acctest.Object{"name": "some-name"}
	for what, run := range map[string]func(*acctest.Scenario) acctest.Diagnostics{
		"read":   func(s *acctest.Scenario) acctest.Diagnostics { return s.Refresh(t.Context(), s.Instance) },
		"delete": func(s *acctest.Scenario) acctest.Diagnostics { return s.ApplyUnrefreshed(nil) },
		"update": func(s *acctest.Scenario) acctest.Diagnostics {
			return s.ApplyUnrefreshed(acctest.Object{"name": "some-name", "secret_access_key": "another"})
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, civosim.Options{})
			s.Apply(config)
			s.SetRegionDown("lon1", true)
			diags := run(s)
			if !diags.Failed() {
				t.Error("it succeeds")
			}
			checkSays(t, diags, []string{"Unknown region", "LON1", "Try again later", "remains in the state"})
			s.Has("id", only(t, s.Env).ID)
			s.SetRegionDown("lon1", false)
			s.Unchanged(config)
		})
	}
}

// A search skips a region without object storage, and an unavailable region does not hide the results of the others.
func TestRegion_NoObjectStorage(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	p := w.Driver(t)
	there := w.AddCredential(civosim.Credential{Name: "in-mumbai", Region: "mum1"})
	w.SetRegionDown("fra1", true)
	_, diags := p.Import(t.Context(), "in-mumbai")
	checkSays(t, diags, []string{"Credential is in another region", "mum1/" + there.ID})
	_, diags = p.Import(t.Context(), "missing")
	checkSays(t, diags, []string{"Some regions could not be searched", "fra1"})
	if strings.Contains(strings.ToLower(diags.String()), "phx1") {
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
		"409": {RefusedDeletionStatus: http.StatusConflict, StoreGoneAfter: 300 * time.Millisecond},
		"500": {RefusedDeletionStatus: http.StatusInternalServerError, OmitOwnerCredentialID: true},
		"200": {RefusedDeletionStatus: http.StatusOK},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, options)
			s.Apply(acctest.Object{"name": "some-name"})
			store := s.AddStore(civosim.Store{Name: "nightly", OwnerID: s.Get("id")})
			s.Refuse(nil, `Credential still owns object stores.*object store "nightly".*`+store.ID)
			s.Unchanged(acctest.Object{"name": "some-name"})
			s.DeleteStore(store.ID)
			s.Apply(nil) // waits for the store
			if len(s.Credentials("")) > 0 {
				t.Errorf("%+v remain", s.Credentials(""))
			}
		})
	}
}

func TestCreate_NameTakenCodes(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "-", "database_objectstore_credential_duplicate", "credential_duplicate_name"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, civosim.Options{TakenNameCode: code})
			other := s.AddCredential(civosim.Credential{Name: "some-name", Region: "lon1"})
			diags := s.Refuse(acctest.Object{"name": "some-name"}, "Credential name already taken")
			checkSays(t, diags, []string{
				"terraform import 'civo_objectstore_credential.NAME' LON1/" + other.ID + "\n",
				"import {\n    to = civo_objectstore_credential.NAME\n    id = \"LON1/" + other.ID + "\"\n  }", "create_before_destroy",
			})
			if s.Exists() || only(t, s.Env) != other {
				t.Errorf("the state is %s, and Civo has %+v", s.State, s.Credentials(""))
			}
			s.Import("LON1/" + other.ID)
			s.Has("id", other.ID)
		})
	}
}

// A new credential shows its keys once it is ready. Reading one waits for that.
func TestKeys_AppearLate(t *testing.T) {
	t.Parallel()
	config := acctest.Object{"name": "some-name"}
	for _, shown := range []bool{false, true} { // whether Civo shows the keys before
		for name, read := range map[string]func(*acctest.Scenario) func(string) string{
			"data source": func(s *acctest.Scenario) func(string) string { return reader(s.Data(t.Context(), config)) },
			"ephemeral":   func(s *acctest.Scenario) func(string) string { return reader(s.Open(t.Context(), config)) },
			"import and apply": func(s *acctest.Scenario) func(string) string {
				s.Import("some-name")
				s.Restart()
				s.Apply(config)
				return s.Get
			},
		} {
			t.Run(fmt.Sprintf("%s, shown %v", name, shown), func(t *testing.T) {
				t.Parallel()
				s := acctest.NewScenario(t, civosim.Options{ShowPendingKeys: shown})
				there := s.AddCredential(civosim.Credential{Name: "some-name", Region: "lon1", Status: "creating"})
				s.OnArrival(civosim.KindGetCredential, 2, func() {
					s.ChangeCredential(there.ID, func(c *civosim.Credential) { c.Status = "ready" })
				})
				get := read(s)
				for attribute, want := range map[string]string{"access_key_id": there.AccessKeyID, "secret_access_key": there.SecretAccessKey} {
					if got := get(attribute); got != want {
						t.Errorf("%s is %q, not %q", attribute, got, want)
					}
				}
			})
		}
	}
	w := acctest.Simulated(t, civosim.Options{})
	there := w.AddCredential(civosim.Credential{Name: "some-name", Region: "lon1", Status: "creating"})
	listed, diags := w.Driver(t).List(t.Context(), acctest.Object{}, 0, true)
	if diags.Failed() || len(listed) != 1 || listed[0].Identity["id"] != there.ID {
		t.Errorf("the list is %+v: %s", listed, diags)
	}
}

// reader returns a function that gets an attribute of a result.
func reader(result tftypes.Value, diags acctest.Diagnostics) func(string) string {
	if diags.Failed() {
		panic(diags.String())
	}
	return func(attribute string) string { return acctest.Get(result, attribute) }
}

// Any name that Civo accepts can be created, looked up and imported.
func TestName_AnythingThatCivoAccepts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"my backups", strings.Repeat("n", 200), "Büro / “Archiv”", "a", "-", "*"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, config := acctest.NewScenario(t, civosim.Options{}), acctest.Object{"name": name}
			s.Apply(config)
			if only(t, s.Env).Name != name {
				t.Errorf("Civo has %+v", only(t, s.Env))
			}
			if data, diags := s.Data(t.Context(), config); diags.Failed() || acctest.Get(data, "id") != s.Get("id") {
				t.Errorf("the data source: %s", diags)
			}
			if _, diags := s.Open(t.Context(), config); diags.Failed() {
				t.Errorf("the ephemeral resource: %s", diags)
			}
			s.Import(name)
			s.Unchanged(config)
		})
	}
}

// A token that was set as a region, in an import ID or as an ID appears in no message and in no URL.
func TestRegion_TokenIsNotShown(t *testing.T) {
	t.Parallel()
	const token = "TokenAbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh"
	named := acctest.Object{"name": "backups", "region": token}
	for name, diagnose := range map[string]acctest.Diagnose{
		"provider":                  configuring(acctest.Object{"region": token}),
		"plan":                      planning(token),
		"plan, regions unavailable": acctest.Creating(named, acctest.Injecting(civosim.KindListRegions, 0, civosim.Effect503)),
		"data source":               lookingUp(named),
		"data source, ID":           lookingUp(acctest.Object{"id": token}),
		"plural":                    acctest.Reading("civo_objectstore_credentials", acctest.Object{"region": token}),
		"action":                    rotatingBy(named),
		"ephemeral": func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			return second(p.Open(ctx, named))
		},
		"list": func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			return second(p.List(ctx, acctest.Object{"region": token}, 0, false))
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
