package civo

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// The error of a create or an update names the other credential that has the name or, if there is none, the access key ID, whatever Civo's
// code is. It is certain, and there is one POST. After a lost response, the client does not adopt a credential that has only a part of what
// it sent.
func TestCreate_Conflict(t *testing.T) {
	t.Parallel()
	with := func(name, key, secret string) Credential {
		return wanted(name).WithKeys("access-"+key, NewSecret("secret-"+secret))
	}
	rows := []struct {
		sent Credential
		only string // "rejected": not after a lost response; "update": of n0
		want Kind
		by   string
	}{
		{with("n3", "new", "new"), "", KindNameTaken, "n3"},
		{with("n3", "n3", "new"), "", KindNameTaken, "n3"},
		{with("new", "n1", "n1"), "", KindAccessKeyTaken, "n1"},
		{with("new", "n1", "new"), "", KindAccessKeyTaken, "n1"},
		{with("n0", "n1", "n1"), "rejected", KindNameTaken, "n0"},
		{with("n1", "n0", "n0"), "rejected", KindNameTaken, "n1"},
		{with("n2", "n2", "n2"), "rejected", KindNameTaken, "n2"}, // the same keys, which without doubt are not the caller's
		{with("n0", "n1", "n1"), "update", KindAccessKeyTaken, "n1"},
	}
	for _, variant := range []struct {
		code string
		lost civosim.Effect // of the POST; empty: none
	}{
		{code: "database_objectstore_credential_exists"},
		{code: "database_objectstore_exists"},
		{code: "something_else"},
		{code: "-"},
		{code: "database_objectstore_credential_duplicate"},
		{code: "database_objectstore_credential_duplicate_name"},
		{lost: civosim.Effect500},
		{lost: civosim.EffectClose},
		{lost: civosim.EffectHTML200},
	} {
		for _, test := range rows {
			server, client := start(t, civosim.Options{TakenNameCode: variant.code, PageCap: 2})
			there := addCredentials(server, 4)
			if variant.lost != "" {
				if test.only != "" {
					continue
				}
				server.Inject(fault(civosim.KindCreateCredential, 1, variant.lost))
			}
			write := client.CreateCredential
			if test.only == "update" {
				write, test.sent.ID = client.UpdateCredential, there[0].ID
			}
			_, err := write(t.Context(), test.sent)
			wantError(t, err, test.want)
			wantNamed(t, err, test.by)
			if conflict := detailsOf(err).Conflict; IsUncertain(err) || conflict == nil || !strings.Contains(conflict.Extra, "access-"+test.by) {
				t.Errorf("%+v, %+v: uncertain is %t: %v", variant, test.sent, IsUncertain(err), err)
			}
			n := server.Count(civosim.KindCreateCredential, civosim.KindUpdateCredential)
			failIf(t, variant.lost == "" && n != 1 || !slices.Equal(credentialsAt(server), there),
				"%+v, %+v: %d writes, and %+v exist", variant, test.sent, n, server.Credentials(""))
		}
	}
}

// A rejection that no record explains says what the code means: the name can be another customer's, or that of a record that was just
// deleted. If the list fails, the code decides about a credential. If the list before the POST of a store fails, there is no POST.
func TestCreate_ConflictUnexplained(t *testing.T) {
	t.Parallel()
	const reserved, duplicate = "database_name_reserved", "database_duplicate_objectstore_credential_name_not_allowed"
	const exists, noOwner = "database_objectstore_exists", "database_objectstore_credential_not_found"
	credential, store := recordKinds[0], recordKinds[1]
	for _, test := range []struct {
		kind    recordKind
		status  int
		code    string
		failing int // which reading of the list fails; 0: none
		want    Kind
		posts   int
	}{
		{credential, 409, reserved, 0, KindRefused, 1},
		{credential, 409, reserved, 1, KindRefused, 1},
		{credential, 409, duplicate, 0, KindNameTaken, 1},
		{credential, 409, duplicate, 1, KindNameTaken, 1},
		{store, 409, exists, 0, KindNameTaken, 1},
		{store, 400, exists, 0, KindNameTaken, 1},
		{store, 409, "", 0, KindRefused, 1},
		{store, 409, "quota_limit_reached", 0, KindQuota, 1},
		{store, 404, noOwner, 0, KindNoOwner, 1},
		{store, 404, strings.ToUpper(noOwner), 0, KindNoOwner, 1},
		{store, 409, exists, 2, KindRefused, 1},
		{store, 409, exists, 1, KindUnexpected, 0},
	} {
		lists, posts := 0, 0
		client := clientOver(t, quick(), func(req *http.Request) (*http.Response, error) {
			if req.Method == http.MethodPost {
				posts++
				return respond(test.status, `{"code":"`+test.code+`","reason":"No"}`), nil
			}
			lists++
			if lists == test.failing {
				return respond(403, ""), nil
			}
			return respond(200, listOf(`{"id":"i","name":"other"}`)), nil
		})
		_, err := test.kind.create(t.Context(), client, test.kind.wanted)
		wantError(t, err, test.want)
		wantNamed(t, err)
		failIf(t, IsUncertain(err) || posts != test.posts,
			"%d %s: uncertain is %t after %d POSTs", test.status, test.code, IsUncertain(err), posts)
	}
}

// Civo rejects the deletion of a credential that owns stores, in any form. The error names those that are not being deleted.
func TestDelete_InUse(t *testing.T) {
	t.Parallel()
	for _, status := range []int{409, 500, 200} {
		for _, omit := range []bool{false, true} { // the owner's ID
			server, client := start(t, civosim.Options{RefusedDeletionStatus: status, OmitOwnerCredentialID: omit, PageCap: 2}, Timing{})
			there := addCredentials(server, 3)
			for i, owner := range []int{0, 0, 1, 2} {
				server.AddStore(civosim.Store{OwnerID: there[owner].ID, Name: fmt.Sprintf("store-%d", i)})
			}
			server.AddStore(civosim.Store{Name: "leaving", OwnerID: there[1].ID, Status: "deleting"})
			err := client.DeleteCredential(t.Context(), there[1])
			wantError(t, err, KindInUse, "DELETE", strconv.Itoa(status))
			wantNamed(t, err, "store-2")
			failIf(t, server.Count(civosim.KindDeleteCredential) != 1 || IsUncertain(err) || detailsOf(err).Owned[0].Extra != "",
				"uncertain is %t after %d DELETEs: %v", IsUncertain(err), server.Count(civosim.KindDeleteCredential), err)
		}
	}
}

// A deletion waits while all stores of the credential are being deleted, and sends a DELETE after each look at them.
func TestDelete_WaitsForStore(t *testing.T) {
	t.Parallel()
	for _, status := range []int{409, 500, 200} {
		server, client := start(t, civosim.Options{RefusedDeletionStatus: status, OmitOwnerCredentialID: status == 500})
		there := addCredentials(server, 2)
		store := server.AddStore(civosim.Store{OwnerID: there[0].ID, Status: "deleting"})
		timedOut := client.DeleteCredential(simtest.ExpiringAt(t.Context(), server, civosim.KindListStores, 3), there[0])
		failIf(t, !IsTimeout(timedOut) || len(server.Credentials("")) != 2, "%d, timeout: %v", status, timedOut)
		server.ResetRecord()
		server.OnArrival(civosim.KindListStores, 7, func() { server.RemoveStore(store.ID) })
		wantError(t, client.DeleteCredential(t.Context(), there[0]), noError)
		n := server.Count(civosim.KindDeleteCredential)
		failIf(t, n != 8 && n != 7 || !slices.Equal(credentialsAt(server), there[1:]), "%d: the DELETE was sent %d times", status, n)
	}
}

// Rejections that no store explains: a store that was deleted between the rejection and the list can be the reason.
func TestDelete_Answers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		body    string
		owned   bool
		want    Kind
		deletes int
	}{
		"empty object":          {200, `{}`, false, KindRefused, 4},
		"empty object, owned":   {200, `{}`, true, KindInUse, 1},
		"failed":                {200, `{"result":"failed"}`, false, KindRefused, 4},
		"failed, owned":         {200, `{"result":"failed","code":"x_failed"}`, true, KindInUse, 1},
		"no object":             {200, `[]`, true, KindUnexpected, 4},
		"no text":               {200, `{"result":5}`, true, KindUnexpected, 4},
		"409 without JSON":      {409, `in use`, true, KindInUse, 1},
		"400, owned":            {400, `{"code":"database_objectstore_credential_in_use"}`, true, KindInUse, 1},
		"400, free":             {400, `{"code":"bad_request","reason":"It cannot be processed"}`, false, KindRefused, 4},
		"500 with a code":       {500, `{"code":"database_firewall_deleted_failed"}`, true, KindInUse, 1},
		"500 with a code, free": {500, `{"code":"database_firewall_deleted_failed"}`, false, KindRefused, 4},
		"500 of a proxy, owned": {500, `<html>`, true, KindUnavailable, 4},
		"403, free":             {403, `{"code":"permission_denied"}`, false, KindForbidden, 1},
		"403, owned":            {403, `{"code":"denied"}`, true, KindInUse, 1},
	} {
		deletes := 0
		client := clientOver(t, quick(), func(req *http.Request) (*http.Response, error) {
			switch {
			case req.Method == http.MethodDelete:
				deletes++
				return respond(test.status, test.body), nil
			case req.URL.Path == objectStoresPath && test.owned:
				return respond(200, listOf(`{"id":"s","name":"data","status":"ready","owner_info":{"access_key_id":"a"}}`)), nil
			case strings.HasSuffix(req.URL.Path, "/i"):
				return respond(200, readyOne), nil
			}
			return respond(200, emptyList), nil
		})
		err := client.DeleteCredential(t.Context(), keyed("i", sentOne))
		wantError(t, err, test.want)
		failIf(t, deletes != test.deletes, "%s: %d DELETEs: %v", name, deletes, err)
		if test.want == KindInUse {
			wantNamed(t, err, "data")
		}
	}
}

func TestKeys_Form(t *testing.T) {
	t.Parallel()
	made := map[string]bool{}
	for range 100 {
		id, secret := NewAccessKeyID(), NewSecretAccessKey().Reveal()
		made[id], made[secret] = true, true
		failIf(t, len(id) != 20 || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "", "access key ID of another form, %d long", len(id))
		failIf(t, len(secret) != 40 || strings.Trim(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz") != "",
			"secret access key of another form, %d long", len(secret))
	}
	failIf(t, len(made) != 200, "%d different keys of 200", len(made))
}
