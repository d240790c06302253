package civosim_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestCredentials_GeneratedKeys(t *testing.T) {
	t.Parallel()
	_, c := start(t, civosim.Options{})
	for _, keys := range []string{``, `,"access_key_id":null,"secret_access_key_id":null`, `,"access_key_id":"","secret_access_key_id":""`} {
		created := c.ok(http.MethodPost, credentialsPath, fmt.Sprintf(`{"name":"n%d"%s}`, len(keys), keys))
		for field, pattern := range map[string]string{ //nolint:gosec // what keys look like, not keys
			"access_key_id":        `^[A-Z0-9]{20}$`,
			"secret_access_key_id": `^[A-Za-z0-9]{40}$`,
			"id":                   `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		} {
			if !regexp.MustCompile(pattern).MatchString(created.text(field)) {
				t.Errorf("%s is %q", field, created.text(field))
			}
		}
	}
}

func TestCredentials_Fields(t *testing.T) {
	t.Parallel()
	_, c := start(t, civosim.Options{})
	sized := c.ok(http.MethodPost, credentialsPath,
		`{"name":"sized","access_key_id":"a","secret_access_key_id":"s","max_size_gb":500}`)
	want := object{
		"id": sized["id"], "name": "sized", "access_key_id": "a", "secret_access_key_id": "s",
		"max_size_gb": 500.0, "suspended": false, "status": "ready",
	}
	if diff := cmp.Diff(want, sized); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if unsized := c.ok(http.MethodPost, credentialsPath, `{"name":"unsized"}`); unsized["max_size_gb"] != nil {
		t.Errorf("max_size_gb of 0 is in the answer: %v", unsized)
	}
	kept := c.ok(http.MethodPut, credentialsPath+"/"+sized.text("id"), `{"access_key_id":null,"secret_access_key_id":""}`)
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("an update without keys (-before +after):\n%s", diff)
	}
}

func TestCredentials_ReadyAfter(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		option, status string
		show           bool
	}{
		"default":            {option: "", status: "creating"},
		"pending":            {option: "pending", status: "pending"},
		"empty status":       {option: "-", status: ""},
		"show keys":          {option: "", status: "creating", show: true},
		"show keys, pending": {option: "pending", status: "pending", show: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var clock clock
			server, c := start(t, civosim.Options{
				ReadyAfter: time.Minute, PendingStatus: test.option, ShowPendingKeys: test.show, Now: clock.now,
			})
			created := c.ok(http.MethodPost, credentialsPath, `{"name":"n","access_key_id":"A","secret_access_key_id":"S"}`)
			clock.advance(time.Minute - 1)
			one := credentialsPath + "/" + created.text("id")
			want := object{"id": created["id"], "name": "n", "suspended": false, "status": test.status}
			if test.show {
				want["access_key_id"], want["secret_access_key_id"] = "A", "S"
			}
			for answer, got := range map[string]object{
				"created": created, "updated": c.ok(http.MethodPut, one, `{}`), "read": c.ok(http.MethodGet, one, ""),
				"listed": c.ok(http.MethodGet, credentialsPath, "").items()[0],
			} {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", answer, diff)
				}
			}
			if now, _ := server.Credential(created.text("id")); now.Status != test.status || now.SecretAccessKey != "S" {
				t.Errorf("on the server: %+v", now)
			}

			clock.advance(1)
			got := c.ok(http.MethodGet, one, "")
			want["status"], want["access_key_id"], want["secret_access_key_id"] = "ready", "A", "S"
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ready (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCredentials_PendingKeysWhileDeleted(t *testing.T) {
	t.Parallel()
	_, c := start(t, civosim.Options{ReadyAfter: time.Hour, CredentialGoneAfter: time.Hour})
	created := c.ok(http.MethodPost, credentialsPath, `{"name":"n"}`)
	one := credentialsPath + "/" + created.text("id")
	c.ok(http.MethodDelete, one, "")
	want := object{"id": created["id"], "name": "n", "suspended": false, "status": "deleting"}
	if diff := cmp.Diff(want, c.ok(http.MethodGet, one, "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCredentials_TakenName(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ option, code string }{
		"default":        {"", "database_objectstore_credential_exists"},
		"duplicate":      {"database_objectstore_credential_duplicate", "database_objectstore_credential_duplicate"},
		"duplicate name": {"database_objectstore_credential_duplicate_name", "database_objectstore_credential_duplicate_name"},
		"without a code": {"-", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := start(t, civosim.Options{TakenNameCode: test.option})
			c.ok(http.MethodPost, credentialsPath, `{"name":"n"}`)
			status, answer := c.ask(http.MethodPost, credentialsPath, `{"name":"n"}`)
			want := object{"reason": "A credential with the name n already exists", "result": "failed"}
			if test.code != "" {
				want["code"] = test.code
			}
			if diff := cmp.Diff(want, answer); diff != "" || status != http.StatusConflict {
				t.Errorf("status %d (-want +got):\n%s", status, diff)
			}
		})
	}
}

func TestCredentials_RefusedDeletion(t *testing.T) {
	t.Parallel()
	const reason = "The credential owns the object store backups"
	for name, test := range map[string]struct {
		option, status int
		want           object
	}{
		"default": {0, 409, object{"code": "database_objectstore_credential_inuse_by_objectstore", "reason": reason, "result": "failed"}},
		"409":     {409, 409, object{"code": "database_objectstore_credential_inuse_by_objectstore", "reason": reason, "result": "failed"}},
		"500":     {500, 500, object{"code": "database_objectstore_credential_deleted_failed", "reason": reason, "result": "failed"}},
		"200":     {200, 200, object{"result": "failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, c := start(t, civosim.Options{RefusedDeletionStatus: test.option})
			owner := server.AddCredential(civosim.Credential{})
			store := server.AddStore(civosim.Store{Name: "backups", OwnerID: owner.ID})
			status, answer := c.ask(http.MethodDelete, credentialsPath+"/"+owner.ID, "")
			if diff := cmp.Diff(test.want, answer); diff != "" || status != test.status {
				t.Errorf("status %d (-want +got):\n%s", status, diff)
			}
			if _, ok := server.Credential(owner.ID); !ok {
				t.Error("the credential is deleted")
			}
			server.RemoveStore(store.ID)
			if answer := c.ok(http.MethodDelete, credentialsPath+"/"+owner.ID, ""); answer.text("result") != "success" {
				t.Errorf("without a store: %v", answer)
			}
		})
	}
}

func TestCredentials_FailCreates(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	server.FailCreates(true)
	if created := c.ok(http.MethodPost, credentialsPath, `{"name":"a"}`); created.text("status") != "failed" {
		t.Errorf("status %q", created.text("status"))
	}
	server.FailCreates(false)
	if created := c.ok(http.MethodPost, credentialsPath, `{"name":"b"}`); created.text("status") != "ready" {
		t.Errorf("status %q", created.text("status"))
	}
}

func TestCredentials_GoneAfter(t *testing.T) {
	t.Parallel()
	var clock clock
	server, c := start(t, civosim.Options{CredentialGoneAfter: time.Minute, Now: clock.now})
	credential := server.AddCredential(civosim.Credential{Name: "n", AccessKeyID: "A"})
	one := credentialsPath + "/" + credential.ID

	c.ok(http.MethodDelete, one, "")
	clock.advance(time.Minute - 1)
	c.ok(http.MethodDelete, one, "") // does not extend the deletion
	if seen := c.ok(http.MethodGet, one, ""); seen.text("status") != "deleting" {
		t.Errorf("credential: %v", seen)
	}
	if items := c.ok(http.MethodGet, credentialsPath, "").items(); len(items) != 1 {
		t.Errorf("listed: %v", items)
	}
	c.refused(http.MethodPost, credentialsPath, `{"name":"n"}`, http.StatusConflict, "database_objectstore_credential_exists")
	c.refused(http.MethodPut, one, `{}`, http.StatusConflict, "database_objectstore_credential_deleting")
	c.refused(http.MethodPost, storesPath, `{"name":"abc","access_key_id":"A"}`,
		http.StatusNotFound, "database_objectstore_credential_not_found")
	clock.advance(1)
	if _, there := server.Credential(credential.ID); there {
		t.Error("it still exists")
	}
	c.refused(http.MethodGet, one, "", http.StatusNotFound, "database_objectstore_credential_not_found")
	c.ok(http.MethodPost, credentialsPath, `{"name":"n","access_key_id":"A"}`)
}

func TestCredentials_AddAndRemove(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	first := server.AddCredential(civosim.Credential{Name: "same"})
	second := server.AddCredential(civosim.Credential{Name: "same", Region: "fra1", Status: "pending", Suspended: true})
	if diff := cmp.Diff([]civosim.Credential{first, second}, server.Credentials("")); diff != "" {
		t.Errorf("all regions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]civosim.Credential{second}, server.Credentials("FRA1")); diff != "" {
		t.Errorf("one region (-want +got):\n%s", diff)
	}

	second = server.AddCredential(civosim.Credential{ID: second.ID, Name: "replaced"})
	if diff := cmp.Diff([]civosim.Credential{first, second}, server.Credentials("LON1")); diff != "" {
		t.Errorf("after one was replaced (-want +got):\n%s", diff)
	}
	if !server.RemoveCredential(second.ID) || server.RemoveCredential(second.ID) {
		t.Error("RemoveCredential reports the wrong result")
	}
	c.refused(http.MethodGet, credentialsPath+"/"+second.ID, "",
		http.StatusNotFound, "database_objectstore_credential_not_found")
}

func TestCredentials_Change(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{CredentialGoneAfter: time.Hour, ReadyAfter: time.Hour, ShowPendingKeys: true})
	before := c.ok(http.MethodPost, credentialsPath, `{"name":"before"}`)
	id := before.text("id")
	change := func(cr *civosim.Credential) {
		cr.ID, cr.Region = "ignored", "ignored"
		cr.Name, cr.AccessKeyID, cr.SecretAccessKey, cr.Suspended = "after", "A", "S", true
	}
	if !server.ChangeCredential(id, change) || server.ChangeCredential("no", change) {
		t.Error("ChangeCredential reports the wrong result")
	}
	want := object{
		"id": id, "name": "after", "access_key_id": "A", "secret_access_key_id": "S", "suspended": true,
		"status": "creating",
	}
	if diff := cmp.Diff(want, c.ok(http.MethodGet, credentialsPath+"/"+id, "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c.refused(http.MethodPost, credentialsPath, `{"name":"n","access_key_id":"A"}`,
		http.StatusConflict, "database_objectstore_credential_access_key_exists")
	c.ok(http.MethodPost, credentialsPath, `{"name":"before","access_key_id":"`+before.text("access_key_id")+`"}`)

	// A changed status is final, and ends a deletion.
	c.ok(http.MethodDelete, credentialsPath+"/"+id, "")
	server.ChangeCredential(id, func(cr *civosim.Credential) { cr.Status = "odd" })
	if now, _ := server.Credential(id); now.Status != "odd" {
		t.Errorf("status %q", now.Status)
	}
}
