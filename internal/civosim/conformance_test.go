package civosim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// cli sends the requests of the commands of Civo's CLI. A method is a command, and includes the checks that the CLI does.
type cli struct {
	client

	region string
}

// stores lists the first page of stores, the only one that the CLI reads.
func (c cli) stores() []object {
	c.t.Helper()
	return c.ok(http.MethodGet, storesPath+"?region="+c.region, "").items()
}

func (c cli) credentials() []object {
	c.t.Helper()
	return c.ok(http.MethodGet, credentialsPath+"?page=1&per_page=10000&region="+c.region, "").items()
}

// find returns the object with the name, ID or access key ID, or the only one with a name that contains the text.
func (c cli) find(list []object, text string) object {
	c.t.Helper()
	var partial []object
	for _, item := range list {
		for _, key := range []string{"name", "id", "access_key_id"} {
			if item.text(key) == text {
				return item
			}
		}
		if strings.Contains(item.text("name"), text) {
			partial = append(partial, item)
		}
	}
	if len(partial) != 1 {
		c.t.Fatalf("%d names contain %q", len(partial), text)
	}
	return partial[0]
}

// credentialCreate is `civo objectstore credential create NAME [-a KEY -s SECRET] --wait`. Each key is a JSON value.
func (c cli) credentialCreate(name, accessKey, secret string) object {
	c.t.Helper()
	created := c.ok(http.MethodPost, credentialsPath, fmt.Sprintf(
		`{"name":%q,"access_key_id":%s,"secret_access_key_id":%s,"max_size_gb":0,"region":%q}`, name, accessKey, secret, c.region))
	eventually(c.t, name+" is ready", func() bool { return c.find(c.credentials(), created.text("id")).text("status") == "ready" })
	return c.find(c.credentials(), name)
}

// credentialUpdate is `civo objectstore credential update NAME -a KEY -k SECRET`.
func (c cli) credentialUpdate(name, accessKey, secret string) {
	c.t.Helper()
	id := c.find(c.credentials(), name).text("id")
	c.ok(http.MethodPut, credentialsPath+"/"+id, fmt.Sprintf(
		`{"access_key_id":%q,"secret_access_key_id":%q,"region":%q}`, accessKey, secret, c.region))
}

// credentialSecret is `civo objectstore credential secret -a KEY`. The command `export` sends the same request.
func (c cli) credentialSecret(accessKey string) string {
	c.t.Helper()
	return c.find(c.credentials(), accessKey).text("secret_access_key_id")
}

// credentialDelete is `civo objectstore credential delete NAME -y`.
func (c cli) credentialDelete(name string) (int, object) {
	c.t.Helper()
	return c.ask(http.MethodDelete, credentialsPath+"/"+c.find(c.credentials(), name).text("id")+"?region="+c.region, "")
}

// create is `civo objectstore create NAME -s 500 [-n OWNER | -a KEY] --wait`.
func (c cli) create(name, owner string) object {
	c.t.Helper()
	c.regionCodes("")
	body := fmt.Sprintf(`{"name":%q,"max_size_gb":500,"region":%q}`, name, c.region)
	if owner != "" {
		key := c.find(c.credentials(), owner).text("access_key_id")
		body = fmt.Sprintf(`{"name":%q,"max_size_gb":500,"access_key_id":%q,"region":%q}`, name, key, c.region)
	}
	created := c.ok(http.MethodPost, storesPath, body)
	eventually(c.t, name+" is ready", func() bool { return c.find(c.stores(), created.text("id")).text("status") == "ready" })
	return c.find(c.stores(), name)
}

// show is `civo objectstore show NAME`. It returns the columns of its output that come from the API.
func (c cli) show(name string) object {
	c.t.Helper()
	store := c.find(c.stores(), name)
	info, _ := store["owner_info"].(map[string]any)
	owner := c.find(c.credentials(), object(info).text("name"))
	stats := c.ok(http.MethodGet, storesPath+"/"+store.text("id")+"/stats?region="+c.region, "")
	return object{
		"name": store["name"], "size": store["max_size"], "status": store["status"], "accesskey": owner["access_key_id"],
		"objects": stats["num_objects"], "used": stats["size_kb_utilised"],
	}
}

// resize is `civo objectstore resize NAME -s SIZE`, which is also called `update`.
func (c cli) resize(name string, size int) {
	c.t.Helper()
	id := c.find(c.stores(), name).text("id")
	c.ok(http.MethodPut, storesPath+"/"+id, fmt.Sprintf(`{"max_size_gb":%d,"region":%q}`, size, c.region))
}

// delete is `civo objectstore delete NAME -y`.
func (c cli) delete(name string) object {
	c.t.Helper()
	c.find(c.stores(), name)
	return c.ok(http.MethodDelete, storesPath+"/"+c.find(c.stores(), name).text("id")+"?region="+c.region, "")
}

// No operation completes at once, as at Civo.
func startCLI(t *testing.T) (*civosim.Server, cli) {
	t.Helper()
	const while = 20 * time.Millisecond
	server, client := start(t, civosim.Options{ReadyAfter: while, StoreReadyAfter: while, StoreGoneAfter: while, CredentialGoneAfter: while})
	return server, cli{client, "LON1"}
}

func TestCLI_Credentials(t *testing.T) {
	t.Parallel()
	server, c := startCLI(t)
	generated := c.credentialCreate("backup-writer", "null", "null")
	if len(generated.text("access_key_id")) != 20 || len(generated.text("secret_access_key_id")) != 40 {
		t.Errorf("create: %v", generated)
	}
	given := c.credentialCreate("backup-reader", `"reader-key"`, `"reader-secret"`)
	want := object{
		"id": given["id"], "name": "backup-reader", "access_key_id": "reader-key", "secret_access_key_id": "reader-secret",
		"suspended": false, "status": "ready",
	}
	if diff := cmp.Diff(want, given); diff != "" {
		t.Errorf("create with keys (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]object{generated, given}, c.credentials()); diff != "" {
		t.Errorf("ls (-want +got):\n%s", diff)
	}
	if secret := c.credentialSecret("reader-key"); secret != "reader-secret" {
		t.Errorf("secret: %q", secret)
	}
	c.credentialUpdate("backup-reader", "new-key", "new-secret")
	if secret := c.credentialSecret("new-key"); secret != "new-secret" {
		t.Errorf("secret after update: %q", secret)
	}
	for _, name := range []string{"writer", "backup-reader"} { // the first is a part of a name
		if status, answer := c.credentialDelete(name); status != http.StatusOK || answer.text("result") != "success" {
			t.Errorf("delete %s: %d %v", name, status, answer)
		}
	}
	eventually(t, "the credentials no longer exist", func() bool { return len(server.Credentials("")) == 0 })
}

func TestCLI_Stores(t *testing.T) {
	t.Parallel()
	server, c := startCLI(t)
	owner := c.credentialCreate("backup-writer", `"writer-key"`, "null")
	store := c.create("backups", "backup-writer")
	c.create("scratch", "writer-key")
	c.create("images", "")
	if n := len(c.stores()); n != 3 {
		t.Errorf("ls: %d stores", n)
	}
	if n := len(c.credentials()); n != 2 {
		t.Errorf("%d credentials, the store images must have its own", n)
	}

	server.ChangeStore(store.text("id"), func(s *civosim.Store) { s.ObjectCount, s.UsedKB = 2408, 27449274 })
	c.resize("backups", 1000)
	want := object{
		"name": "backups", "size": 1000.0, "status": "ready", "accesskey": "writer-key", "objects": 2408.0, "used": 27449274.0,
	}
	if diff := cmp.Diff(want, c.show("backups")); diff != "" {
		t.Errorf("show (-want +got):\n%s", diff)
	}
	c.credentialUpdate("backup-writer", "new-key", "new-secret")
	if key := c.show("backups").text("accesskey"); key != "new-key" {
		t.Errorf("show after an update of the owner: %q", key)
	}

	status, answer := c.credentialDelete("backup-writer")
	if status != http.StatusConflict || answer.text("code") != "database_objectstore_credential_inuse_by_objectstore" {
		t.Errorf("delete of an owner: %d %v", status, answer)
	}
	for _, name := range []string{"backups", "scratch", "images"} {
		if answer := c.delete(name); answer.text("result") != "success" {
			t.Errorf("delete %s: %v", name, answer)
		}
	}
	eventually(t, "the stores no longer exist", func() bool { return len(c.stores()) == 0 })
	if left := server.Credentials(""); len(left) != 1 || left[0].ID != owner.text("id") {
		t.Errorf("credentials: %v", left)
	}
}

// The kinds of request of each command, in order.
func TestCLI_Requests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		command func(cli)
		want    []string
	}{
		"ls":     {func(c cli) { c.stores() }, []string{"list stores"}},
		"show":   {func(c cli) { c.show("data") }, []string{"list stores", "list credentials", "store stats"}},
		"resize": {func(c cli) { c.resize("data", 1000) }, []string{"list stores", "update store"}},
		"delete": {func(c cli) { c.delete("data") }, []string{"list stores", "list stores", "delete store"}},
		"create": {
			func(c cli) { c.create("new", "") },
			[]string{"list regions", "create store", "list stores", "list stores"},
		},
		"create with an owner": {
			func(c cli) { c.create("new", "reader") },
			[]string{"list regions", "list credentials", "create store", "list stores", "list stores"},
		},
		"credential ls":     {func(c cli) { c.credentials() }, []string{"list credentials"}},
		"credential secret": {func(c cli) { c.credentialSecret("reader-key") }, []string{"list credentials"}},
		"credential create": {
			func(c cli) { c.credentialCreate("new", "null", "null") },
			[]string{"create credential", "list credentials", "list credentials"},
		},
		"credential update": {
			func(c cli) { c.credentialUpdate("reader", "K", "S") },
			[]string{"list credentials", "update credential"},
		},
		"credential delete": {func(c cli) { c.credentialDelete("unused") }, []string{"list credentials", "delete credential"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			owner := server.AddCredential(civosim.Credential{Name: "reader", AccessKeyID: "reader-key"})
			server.AddCredential(civosim.Credential{Name: "unused"})
			server.AddStore(civosim.Store{Name: "data", OwnerID: owner.ID})
			test.command(cli{client, "lon1"})
			var got []string
			for _, r := range server.Requests() {
				got = append(got, r.Kind)
				if r.Region != "lon1" && r.Kind != civosim.KindListRegions || r.Status != http.StatusOK {
					t.Errorf("%+v", r)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCLI_ManyCredentials(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	for range 250 {
		server.AddCredential(civosim.Credential{Region: "fra1"})
	}
	last := server.AddCredential(civosim.Credential{Name: "last", Region: "fra1"})
	c := cli{client, "FRA1"}
	if n := len(c.credentials()); n != 251 {
		t.Errorf("%d are listed", n)
	}
	if found := c.find(c.credentials(), "last"); found.text("id") != last.ID {
		t.Errorf("found %v", found)
	}
}
