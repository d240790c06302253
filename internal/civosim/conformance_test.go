package civosim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// cli sends what the commands of Civo's CLI send, and finds things as they do: by a list, never by a GET.
type cli struct {
	client

	region string
}

// pages reads a list page by page, as the CLI does: 100 at a time, until the number of pages that the answer tells.
func (c cli) pages(path string) []object {
	c.t.Helper()
	var all []object
	for page, pages := 1, 1; page <= pages; page++ {
		answer := c.ok(http.MethodGet, fmt.Sprintf("%s?page=%d&per_page=100&region=%s", path, page, c.region), "")
		told, ok := answer["pages"].(float64)
		if !ok || answer["page"] != float64(page) {
			c.t.Fatalf("page %d: %v", page, answer)
		}
		pages = int(told)
		all = append(all, answer.items()...)
	}
	return all
}

// find gives what has the name, id or access key ID, or failing that the only one that has it as a part.
func (c cli) find(path, wanted string) object {
	c.t.Helper()
	var parts []object
	for _, item := range c.pages(path) {
		for _, key := range []string{"name", "id", "access_key_id"} {
			if item.text(key) == wanted {
				return item
			}
		}
		if strings.Contains(item.text("name"), wanted) {
			parts = append(parts, item)
		}
	}
	if len(parts) != 1 {
		c.t.Fatalf("%d have %q as a part of their name", len(parts), wanted)
	}
	return parts[0]
}

// createCredential is `civo objectstore credential create NAME --wait`; keys that are not given are null.
func (c cli) createCredential(name, accessKey, secret string) object {
	c.t.Helper()
	made := c.ok(http.MethodPost, credentialsPath, fmt.Sprintf(
		`{"name":%q,"access_key_id":%s,"secret_access_key_id":%s,"region":%q}`, name, orNull(accessKey), orNull(secret), c.region))
	eventually(c.t, name+" is ready", func() bool { return c.find(credentialsPath, made.text("id")).text("status") == "ready" })
	return c.find(credentialsPath, name)
}

func orNull(text string) string {
	if text == "" {
		return "null"
	}
	return fmt.Sprintf("%q", text)
}

// createStore is `civo objectstore create NAME --wait`, with --owner-access-key if there is an owner.
func (c cli) createStore(name, owner string) object {
	c.t.Helper()
	made := c.ok(http.MethodPost, storesPath, fmt.Sprintf(
		`{"name":%q,"max_size_gb":500,"access_key_id":%q,"region":%q}`, name, owner, c.region))
	eventually(c.t, name+" is ready", func() bool { return c.find(storesPath, made.text("id")).text("status") == "ready" })
	return c.find(storesPath, name)
}

// delete is `civo objectstore [credential] delete NAME`.
func (c cli) delete(path, name string) {
	c.t.Helper()
	if result := c.ok(http.MethodDelete, path+"/"+c.find(path, name).text("id")+"?region="+c.region, ""); result.text("result") != "success" {
		c.t.Errorf("deleting %s: %v", name, result)
	}
}

// A day with the CLI, at a Civo that takes its time: nothing is ready or gone at once.
func TestTheCLIsCommandsWorkFromCreateToDelete(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{
		ReadyAfter: 20 * time.Millisecond, StoreGoneAfter: 20 * time.Millisecond, CredentialGoneAfter: 20 * time.Millisecond, 
	})
	c := cli{client, "LON1"}

	generated := c.createCredential("backup-writer", "", "")
	if len(generated.text("access_key_id")) != 20 || len(generated.text("secret_access_key_id")) != 40 {
		t.Errorf("create: %v", generated)
	}
	given := c.createCredential("backup-reader", "reader-key", "reader-secret")
	if given.text("access_key_id") != "reader-key" || given.text("secret_access_key_id") != "reader-secret" {
		t.Errorf("create with keys: %v", given)
	}
	// civo objectstore credential ls
	if all := c.pages(credentialsPath); len(all) != 2 {
		t.Errorf("ls: %v", all)
	}
	// civo objectstore credential secret --access-key KEY; … export --access-key KEY --format env
	if found := c.find(credentialsPath, "reader-key"); found.text("secret_access_key_id") != "reader-secret" {
		t.Errorf("secret: %v", found)
	}
	// civo objectstore credential update backup-reader --secret-key …
	c.ok(http.MethodPut, credentialsPath+"/"+c.find(credentialsPath, "backup-reader").text("id"),
		`{"access_key_id":"reader-key","secret_access_key_id":"changed","region":"LON1"}`)
	if changed := c.find(credentialsPath, "reader-key"); changed.text("secret_access_key_id") != "changed" {
		t.Errorf("update: %v", changed)
	}

	owned := c.createStore("backups", generated.text("access_key_id"))
	if owner, _ := owned["owner_info"].(map[string]any); object(owner).text("credential_id") != generated.text("id") {
		t.Errorf("the owner of the store: %v", owned)
	}
	c.createStore("scratch", "")
	if all := c.pages(credentialsPath); len(all) != 3 {
		t.Errorf("a store without an owner brings a credential: %v", all)
	}

	c.refused(http.MethodDelete, credentialsPath+"/"+generated.text("id")+"?region=LON1", "", http.StatusConflict, "objectstore_credential_in_use")
	c.delete(storesPath, "backups")
	c.delete(storesPath, "scratch")
	eventually(t, "the stores are gone", func() bool { return len(c.pages(storesPath)) == 0 })
	c.delete(credentialsPath, "writer") // a part of a name will do
	c.delete(credentialsPath, "backup-reader")
	eventually(t, "the credentials are gone", func() bool { return len(c.pages(credentialsPath)) == 0 })
	if left := server.Credentials(""); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestTheCLIListsAnAccountOfManyPages(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{PageCap: 7})
	for range 40 {
		server.AddCredential(civosim.Credential{Region: "FRA1"})
	}
	last := server.AddCredential(civosim.Credential{Name: "last", Region: "FRA1"})
	c := cli{client, "FRA1"}
	if all := c.pages(credentialsPath); len(all) != 41 {
		t.Errorf("%d are listed", len(all))
	}
	if found := c.find(credentialsPath, "last"); found.text("id") != last.ID {
		t.Errorf("found %v", found)
	}
}
