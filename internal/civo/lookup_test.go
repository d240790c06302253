package civo_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestCredential_OneRequest(t *testing.T) {
	t.Parallel()
	for id, by := range map[string]civo.Lookup{
		"b":                                    civo.By("b", civo.FieldID),
		"5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f": civo.By("5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f", civo.FieldID, civo.FieldName, civo.FieldAccessKeyID),
	} {
		server, client := start(t, civosim.Options{})
		add(server, 250)
		there := seen(server.AddCredential(civosim.Credential{ID: id, Name: "n"}))
		got, err := client.Credentials("LON1").Find(t.Context(), by)
		if err != nil || got != there {
			t.Errorf("%v: %+v, %v", by, got, err)
		}
		if n := server.Count(); n != 1 {
			t.Errorf("%v: %d requests", by, n)
		}
	}
}

func TestCredential_NoProofOfAbsence(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		inject []civosim.Fault
		want   string
	}{
		"a bad token":               {[]civosim.Fault{{Effect: civosim.Effect404Account}}, unauthorized},
		"401":                       {[]civosim.Fault{{Effect: civosim.Effect401}}, unauthorized},
		"403":                       {[]civosim.Fault{{Effect: civosim.Effect403}}, forbidden},
		"every path is a text page": {[]civosim.Fault{{Effect: civosim.Effect404Text}}, unexpected},
		"500":                       {[]civosim.Fault{{Effect: civosim.Effect500}}, serverError},
		"400":                       {[]civosim.Fault{{Effect: civosim.Effect400}}, refused},
		"HTML":                      {[]civosim.Fault{{Effect: civosim.EffectHTML200}}, unexpected},
		"an empty answer":           {[]civosim.Fault{{Effect: civosim.EffectEmpty200}}, unexpected},
		"wrong types":               {[]civosim.Fault{{Effect: civosim.EffectTypes200}}, unexpected},
		"a list that fails":         {[]civosim.Fault{{Kind: civosim.KindListCredentials, Effect: civosim.Effect502HTML}}, unavailable},
		"a list that is HTML":       {[]civosim.Fault{{Kind: civosim.KindListCredentials, Effect: civosim.EffectHTML200}}, unexpected},
		"a list whose token is bad": {[]civosim.Fault{{Kind: civosim.KindListCredentials, Effect: civosim.Effect404Account}}, unauthorized},
		"the second page of the list": {
			[]civosim.Fault{{Kind: civosim.KindListCredentials, Nth: 2, Times: 100, Effect: civosim.Effect500}}, serverError,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{PageCap: 30})
			add(server, 40)
			server.Inject(test.inject...)
			_, err := client.Credentials("LON1").Get(t.Context(), "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f")
			wantError(t, err, test.want)
		})
	}
}

func TestCredential_InvalidToken(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{})
	there := add(server, 1)[0]
	client := connect(t, server.URL(), "token-bad")
	_, err := client.Credentials("LON1").Get(t.Context(), there.ID)
	wantError(t, err, unauthorized, "404", "database_account_not_found")
	if strings.Contains(err.Error(), "token-bad") {
		t.Errorf("the error shows the token: %v", err)
	}
}

func TestCredential_NotFound(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	gone := add(server, 3)[1]
	server.RemoveCredential(gone.ID)
	_, err := client.Credentials("LON1").Get(t.Context(), gone.ID)
	wantError(t, err, notFound, gone.ID, "LON1")
	_, err = client.Credentials("FRA1").Get(t.Context(), add(server, 1)[0].ID)
	wantError(t, err, notFound, "FRA1")
}

func TestCredential_ListedDespite404(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 3)[1]
	server.Inject(civosim.Fault{Kind: civosim.KindGetCredential, Effect: civosim.Effect404Text})
	if got, err := client.Credentials("LON1").Get(t.Context(), there.ID); err != nil || got != there {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestLookup_ComparesInFull(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	put := func(name, key string) civo.Credential {
		return seen(server.AddCredential(civosim.Credential{Name: name, AccessKeyID: key, SecretAccessKey: "secret-" + name}))
	}
	short, long := put("backup", "KEY"), put("backup-old", "KEY2")
	put("twice", "TWICE1")
	put("twice", "TWICE2")
	put("TWICE1", "OTHER")
	uuid := put("5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f", "UUID")
	for _, test := range []struct {
		by    civo.Lookup
		want  civo.Credential
		error string
		says  string
	}{
		{by: civo.By("backup", civo.FieldName), want: short},
		{by: civo.By("backup-old", civo.FieldName), want: long},
		{by: civo.By("back", civo.FieldName), error: notFound, says: `the name "back"`},
		{by: civo.By("Backup", civo.FieldName), error: notFound},
		{by: civo.By("backup ", civo.FieldName), error: notFound},
		{by: civo.By("KEY", civo.FieldName), error: notFound},
		{by: civo.By("KEY", civo.FieldAccessKeyID), want: short},
		{by: civo.By("KEY2", civo.FieldAccessKeyID), want: long},
		{by: civo.By("KE", civo.FieldAccessKeyID), error: notFound, says: `the access key ID "KE"`},
		{by: civo.By("backup", civo.FieldAccessKeyID), error: notFound},
		{by: civo.By("twice", civo.FieldName), error: ambiguous},
		{by: civo.By("backup", civo.FieldID, civo.FieldName, civo.FieldAccessKeyID), want: short},
		{by: civo.By("KEY2", civo.FieldID, civo.FieldName, civo.FieldAccessKeyID), want: long},
		{by: civo.By(long.ID, civo.FieldID, civo.FieldName, civo.FieldAccessKeyID), want: long},
		{by: civo.By(uuid.Name, civo.FieldID, civo.FieldName, civo.FieldAccessKeyID), want: uuid},
		{by: civo.By("TWICE1", civo.FieldID, civo.FieldName, civo.FieldAccessKeyID), error: ambiguous}, // one's name, another's access key ID
		{by: civo.By("back", civo.FieldID, civo.FieldName, civo.FieldAccessKeyID), error: notFound, says: `the ID, name, or access key ID "back"`},
		{by: civo.By("backup", civo.FieldID), error: notFound, says: `the ID "backup"`},
		{by: civo.By("back", civo.FieldID, civo.FieldName), error: notFound, says: `the ID or name "back"`},
		{by: civo.By("", civo.FieldID, civo.FieldName, civo.FieldAccessKeyID), error: notFound, says: `the ID, name, or access key ID ""`},
	} {
		got, err := client.Credentials("LON1").Find(t.Context(), test.by)
		if test.error != "" {
			wantError(t, err, test.error, test.says, "LON1")
		} else if err != nil || got != test.want {
			t.Errorf("%s: %+v, %v", test.by, got, err)
		}
	}
}

func TestLookup_ErrorsWithoutSecrets(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	add(server, 2)
	server.AddCredential(civosim.Credential{Name: "n1", SecretAccessKey: "secret-twin"})
	for _, test := range []struct {
		name  string
		kind  string
		lists []string
	}{
		{"n", notFound, []string{"n0", "n1", "n1"}},
		{"n1", ambiguous, []string{"n1", "n1"}},
	} {
		_, err := client.Credentials("LON1").Find(t.Context(), civo.By(test.name, civo.FieldName))
		wantError(t, err, test.kind)
		names := make([]string, 0, len(test.lists))
		for _, c := range listed(t, err) {
			names = append(names, c.Name)
			if c.ID == "" || c.Extra == "" || c.Region != "LON1" {
				t.Errorf("%s: cannot be told apart: %+v", test.name, c)
			}
		}
		if diff := cmp.Diff(test.lists, names); diff != "" {
			t.Errorf("%s: lists (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestLookup_IDsKeepThePath(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"", ".", "..", "../credentials", "a/b", "a/../b", "/", "a?b=c", "a#b", "%2e%2e", "a b", "a\n", "ä", "..%2f", "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f/..",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			add(server, 1)
			errs := map[string]error{"delete": client.DeleteCredential(t.Context(), civo.Credential{ID: id, Region: "LON1"})}
			_, errs["read"] = client.Credentials("LON1").Get(t.Context(), id)
			_, errs["find"] = client.Credentials("LON1").Find(t.Context(), civo.By(id, civo.FieldID, civo.FieldName, civo.FieldAccessKeyID))
			_, errs["update"] = client.UpdateCredential(t.Context(), keyed(id, "LON1", wanted("x")))
			for operation, err := range errs {
				if err == nil {
					t.Errorf("%s: no error", operation)
				}
			}
			for _, r := range server.Requests() {
				if r.Method != http.MethodGet || r.Path != credentialsPath {
					t.Errorf("a %s of %q", r.Method, r.Path)
				}
			}
			if n := len(server.Credentials("")); n != 1 {
				t.Errorf("%d credentials are left", n)
			}
		})
	}
}

func TestCredential_OtherCredential(t *testing.T) {
	t.Parallel()
	other := `{"id":"other","name":"n","access_key_id":"a","secret_access_key_id":"secret-b","status":"ready"}`
	client := answering(t, map[string]string{credentialsPath + "/wanted": other})
	_, err := client.Credentials("LON1").Get(t.Context(), "wanted")
	wantError(t, err, unexpected)
	_, err = client.UpdateCredential(t.Context(), keyed("wanted", "LON1", wanted("n")))
	wantError(t, err, unexpected)
	if !civo.IsUncertain(err) {
		t.Error("whether the update was carried out is not uncertain")
	}
}

func TestClient_NoRegion(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{})
	client, err := civo.NewClient(civo.Config{Token: civo.NewSecret(server.Token()), Endpoint: server.URL(), Timing: quick()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Credentials("").All(t.Context())
	wantError(t, err, noRegion)
	if n := server.Count(); n > 0 {
		t.Errorf("%d requests were made", n)
	}
}

// A credential that another client deleted and created again is not returned from an earlier list.
func TestFindCurrent_ReplacedElsewhere(t *testing.T) {
	t.Parallel()
	timing := quick()
	timing.Fresh = time.Hour
	server, client := start(t, civosim.Options{}, timing)
	old := server.AddCredential(civosim.Credential{Name: "n"})
	all, err := client.Credentials("LON1").All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all[0] = civo.Credential{} // the caller's copy
	if again, err := client.Credentials("LON1").All(t.Context()); err != nil || again[0].ID != old.ID {
		t.Errorf("the list is %+v: %v", again, err)
	}
	server.RemoveCredential(old.ID)
	want := server.AddCredential(civosim.Credential{Name: "n"})
	if got, err := client.Credentials("LON1").Find(t.Context(), civo.By("n", civo.FieldName)); err != nil || got.ID != want.ID {
		t.Errorf("found %s instead of %s: %v", got.ID, want.ID, err)
	}
}
