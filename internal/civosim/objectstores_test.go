package civosim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestStores_GoneAfter(t *testing.T) {
	t.Parallel()
	var clock clock
	server, c := start(t, civosim.Options{StoreGoneAfter: time.Minute, Now: clock.now})
	credential := server.AddCredential(civosim.Credential{})
	store := server.AddStore(civosim.Store{Name: "abc", OwnerID: credential.ID})
	one, oneStore := credentialsPath+"/"+credential.ID, storesPath+"/"+store.ID

	c.ok(http.MethodDelete, oneStore, "")
	clock.advance(time.Minute - 1)
	c.ok(http.MethodDelete, oneStore, "") // does not extend the deletion
	if seen := c.ok(http.MethodGet, oneStore, ""); seen.text("status") != "deleting" {
		t.Errorf("store: %v", seen)
	}
	c.refused(http.MethodDelete, one, "", http.StatusConflict, "database_objectstore_credential_inuse_by_objectstore")
	c.refused(http.MethodPut, oneStore, `{"max_size_gb":500}`, http.StatusConflict, "database_objectstore_deleting")
	c.refused(http.MethodPost, storesPath, `{"name":"abc"}`, http.StatusConflict, "database_objectstore_exists")
	clock.advance(1)
	c.ok(http.MethodDelete, one, "")
	c.refused(http.MethodGet, oneStore, "", http.StatusNotFound, "database_objectstore_not_found")
}

func TestStores_OwnOwner(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	server.AddCredential(civosim.Credential{Name: "taken"})
	for _, name := range []string{"free", "taken"} {
		store := c.ok(http.MethodPost, storesPath, `{"name":"`+name+`"}`)
		if store["max_size"] != 500.0 {
			t.Errorf("the default size is %v", store["max_size"])
		}
		owner, _ := store["owner_info"].(map[string]any)
		id := object(owner).text("credential_id")
		c.refused(http.MethodDelete, credentialsPath+"/"+id, "", http.StatusConflict, "database_objectstore_credential_inuse_by_objectstore")
		c.ok(http.MethodDelete, storesPath+"/"+store.text("id"), "")
		if _, there := server.Credential(id); there || id == "" {
			t.Errorf("the credential %q of store %s outlived it", id, name)
		}
	}
}

func TestStores_AddAndRemove(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{StoreGoneAfter: time.Hour})
	owner := server.AddCredential(civosim.Credential{Region: "FRA1"})
	store := server.AddStore(civosim.Store{OwnerID: owner.ID})
	want := civosim.Store{
		ID: store.ID, Name: store.Name, Region: "fra1", MaxSizeGB: 500, OwnerID: owner.ID, Status: "ready",
	}
	if diff := cmp.Diff(want, store); diff != "" || store.ID == "" || store.Name == "" {
		t.Errorf("added (-want +got):\n%s", diff)
	}
	if !server.DeleteStore(store.ID) || server.DeleteStore("no") {
		t.Error("DeleteStore reports the wrong result")
	}
	want.Status = "deleting"
	if diff := cmp.Diff([]civosim.Store{want}, server.Stores("fra1")); diff != "" {
		t.Errorf("being deleted (-want +got):\n%s", diff)
	}
	replaced := server.AddStore(civosim.Store{ID: store.ID, Name: "new"})
	if diff := cmp.Diff([]civosim.Store{replaced}, server.Stores("")); diff != "" {
		t.Errorf("replaced (-want +got):\n%s", diff)
	}
	if !server.RemoveStore(store.ID) || server.RemoveStore(store.ID) || len(server.Stores("")) != 0 {
		t.Error("RemoveStore does not remove the store")
	}
	if diff := cmp.Diff([]civosim.Credential{owner}, server.Credentials("")); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestStores_Answer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options civosim.Options
		want    object // without the ID and the endpoint
	}{
		"default": {civosim.Options{}, object{
			"name": "data", "max_size": 1000.0, "status": "ready",
			"owner_info": map[string]any{"access_key_id": "A", "name": "reader", "credential_id": "owner"},
		}},
		"no credential ID": {civosim.Options{OmitOwnerCredentialID: true}, object{
			"name": "data", "max_size": 1000.0, "status": "ready",
			"owner_info": map[string]any{"access_key_id": "A", "name": "reader"},
		}},
		"upper-case region": {civosim.Options{Regions: []string{"LON1"}}, object{
			"name": "data", "max_size": 1000.0, "status": "ready",
			"owner_info": map[string]any{"access_key_id": "A", "name": "reader", "credential_id": "owner"},
		}},
		"not ready": {civosim.Options{StoreReadyAfter: time.Hour}, object{
			"name": "data", "max_size": 1000.0, "status": "creating",
			"owner_info": map[string]any{"access_key_id": "A", "name": "reader", "credential_id": "owner"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, c := start(t, test.options)
			server.AddCredential(civosim.Credential{ID: "owner", Name: "reader", AccessKeyID: "A"})
			created := c.ok(http.MethodPost, storesPath, `{"name":"data","max_size_gb":1000,"access_key_id":"A","region":"lon1"}`)
			test.want["id"] = created["id"]
			test.want["objectstore_endpoint"] = strings.TrimPrefix(server.S3URL(), "http://")
			one := storesPath + "/" + created.text("id")
			for answer, got := range map[string]object{
				"created": created, "updated": c.ok(http.MethodPut, one, `{"max_size_gb":1000}`), "read": c.ok(http.MethodGet, one, ""),
				"listed": c.ok(http.MethodGet, storesPath, "").items()[0],
			} {
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", answer, diff)
				}
			}
		})
	}
}

func TestStores_Size(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body             string
		created, resized float64 // max_size of a new store, and of one of 1000 GB; 0: refused
	}{
		"max_size_gb":       {`{"name":"abc","max_size_gb":1500}`, 1500, 1500},
		"size":              {`{"name":"abc","size":1500}`, 1500, 1500},
		"both":              {`{"name":"abc","max_size_gb":2000,"size":1500}`, 2000, 2000},
		"missing":           {`{"name":"abc"}`, 500, 1000},
		"zero":              {`{"name":"abc","max_size_gb":0}`, 500, 1000},
		"smaller":           {`{"name":"abc","max_size_gb":500}`, 500, 500},
		"not a multiple":    {`{"name":"abc","max_size_gb":750}`, 0, 0},
		"size no multiple":  {`{"name":"abc","size":750}`, 0, 0},
		"negative multiple": {`{"name":"abc","max_size_gb":-500}`, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, c := start(t, civosim.Options{})
			one := storesPath + "/" + server.AddStore(civosim.Store{Name: "there", MaxSizeGB: 1000}).ID
			if test.created == 0 {
				c.refused(http.MethodPost, storesPath, test.body, http.StatusBadRequest, "database_objectstore_invalid_size")
				c.refused(http.MethodPut, one, test.body, http.StatusBadRequest, "database_objectstore_invalid_size")
				return
			}
			if got := c.ok(http.MethodPost, storesPath, test.body)["max_size"]; got != test.created {
				t.Errorf("created with %v GB", got)
			}
			if got := c.ok(http.MethodPut, one, test.body)["max_size"]; got != test.resized {
				t.Errorf("resized to %v GB", got)
			}
		})
	}
}

func TestStores_Stats(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	store := server.AddStore(civosim.Store{ObjectCount: 2, UsedKB: 30})
	stats := storesPath + "/" + store.ID + "/stats"
	want := object{"size_kb_utilised": 30.0, "max_size_kb": 500000000.0, "num_objects": 2.0}
	if diff := cmp.Diff(want, c.ok(http.MethodGet, stats+"?region=lon1", "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	server.ChangeStore(store.ID, func(s *civosim.Store) { s.ObjectCount, s.UsedKB, s.MaxSizeGB = 2408, 27449274, 1000 })
	want = object{"size_kb_utilised": 27449274.0, "max_size_kb": 1000000000.0, "num_objects": 2408.0}
	if diff := cmp.Diff(want, c.ok(http.MethodGet, stats+"?region=lon1", "")); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	if n := server.Count(civosim.KindStoreStats); n != 2 {
		t.Errorf("%d requests on record", n)
	}
	c.refused(http.MethodGet, storesPath+"/no/stats", "", http.StatusNotFound, "database_objectstore_not_found")
}

func TestStores_ReadyAfter(t *testing.T) {
	t.Parallel()
	var clock clock
	server, c := start(t, civosim.Options{StoreReadyAfter: time.Minute, Now: clock.now})
	created := c.ok(http.MethodPost, storesPath, `{"name":"abc"}`)
	clock.advance(time.Minute - 1)
	if now := server.Stores(""); created.text("status") != "creating" || now[0].Status != "creating" {
		t.Errorf("created: %v, on the server: %v", created, now)
	}
	clock.advance(1)
	if seen := c.ok(http.MethodGet, storesPath+"/"+created.text("id"), ""); seen.text("status") != "ready" {
		t.Errorf("it is not ready: %v", seen)
	}
	if added := server.AddStore(civosim.Store{}); added.Status != "ready" {
		t.Errorf("added: %v", added)
	}
}

func TestStores_TakenByOtherCustomer(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{TakenStoreNames: []string{"images", "backups"}})
	for _, name := range []string{"images", "backups"} {
		c.refused(http.MethodPost, storesPath, `{"name":"`+name+`"}`, http.StatusConflict, "database_objectstore_exists")
	}
	if items := c.ok(http.MethodGet, storesPath, "").items(); len(items) != 0 || len(server.Credentials("")) != 0 {
		t.Errorf("listed: %v", items)
	}
	c.ok(http.MethodPost, storesPath, `{"name":"free"}`)
}

func TestStores_OwnerKey(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{ReadyAfter: time.Hour})
	owner := server.AddCredential(civosim.Credential{Name: "reader", AccessKeyID: "old"})
	server.AddCredential(civosim.Credential{AccessKeyID: "elsewhere", Region: "fra1"})
	for _, key := range []string{"unknown", "elsewhere"} {
		c.refused(http.MethodPost, storesPath, `{"name":"abc","access_key_id":"`+key+`"}`,
			http.StatusNotFound, "database_objectstore_credential_not_found")
	}
	ownerInfo := func(body string) any {
		return c.ok(http.MethodGet, storesPath+"/"+c.ok(http.MethodPost, storesPath, body).text("id"), "")["owner_info"]
	}

	c.ok(http.MethodPost, storesPath, `{"name":"data","access_key_id":"old"}`)
	c.ok(http.MethodPut, credentialsPath+"/"+owner.ID, `{"access_key_id":"new","secret_access_key_id":"S"}`)
	want := map[string]any{"access_key_id": "new", "name": "reader", "credential_id": owner.ID}
	if diff := cmp.Diff(want, c.ok(http.MethodGet, storesPath, "").items()[0]["owner_info"]); diff != "" {
		t.Errorf("after a change of keys (-want +got):\n%s", diff)
	}
	// The key of an owner that is not ready is in no answer.
	got := ownerInfo(`{"name":"other"}`)
	want = map[string]any{"name": "other", "credential_id": server.Stores("")[1].OwnerID}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("new owner (-want +got):\n%s", diff)
	}
}

func TestStores_StaleOwnerKeys(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{StaleOwnerKeys: true})
	owner := server.AddCredential(civosim.Credential{Name: "reader", AccessKeyID: "old"})
	c.ok(http.MethodPost, storesPath, `{"name":"data","access_key_id":"old"}`)
	for _, keys := range []string{
		`{"access_key_id":"new","secret_access_key_id":"S"}`, `{"access_key_id":"newer","secret_access_key_id":"S"}`,
	} {
		c.ok(http.MethodPut, credentialsPath+"/"+owner.ID, keys)
		want := map[string]any{"access_key_id": "old", "name": "reader"}
		if diff := cmp.Diff(want, c.ok(http.MethodGet, storesPath, "").items()[0]["owner_info"]); diff != "" {
			t.Errorf("after a change of keys (-want +got):\n%s", diff)
		}
	}
	c.refused(http.MethodDelete, credentialsPath+"/"+owner.ID, "", http.StatusConflict, "database_objectstore_credential_inuse_by_objectstore")
}

func TestStores_Change(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{StoreReadyAfter: time.Hour, StoreGoneAfter: time.Hour})
	c.ok(http.MethodPost, storesPath, `{"name":"before"}`)
	before := server.Stores("")[0]
	change := func(s *civosim.Store) {
		s.ID, s.Region, s.OwnerID = "ignored", "ignored", "ignored"
		s.Name, s.MaxSizeGB, s.ObjectCount, s.UsedKB = "after", 1000, 1, 2
	}
	if !server.ChangeStore(before.ID, change) || server.ChangeStore("no", change) {
		t.Error("ChangeStore reports the wrong result")
	}
	want := civosim.Store{
		ID: before.ID, Name: "after", Region: "lon1", MaxSizeGB: 1000, OwnerID: before.OwnerID, Status: "creating",
		ObjectCount: 1, UsedKB: 2,
	}
	if diff := cmp.Diff([]civosim.Store{want}, server.Stores("")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c.refused(http.MethodPost, storesPath, `{"name":"after"}`, http.StatusConflict, "database_objectstore_exists")
	c.ok(http.MethodPost, storesPath, `{"name":"before"}`)

	one := storesPath + "/" + before.ID
	for _, status := range []string{"failed", "ready"} {
		server.ChangeStore(before.ID, func(s *civosim.Store) { s.Status = status })
		if got := c.ok(http.MethodGet, one, "").text("status"); got != status {
			t.Errorf("status %q, want %q", got, status)
		}
	}
	// A changed status ends a deletion.
	c.ok(http.MethodDelete, one, "")
	server.ChangeStore(before.ID, func(s *civosim.Store) { s.Status = "failed" })
	if got := c.ok(http.MethodPut, one, `{"max_size_gb":500}`).text("status"); got != "failed" {
		t.Errorf("status %q", got)
	}
}
