package civo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// laggingCivo answers the requests for one record, which reads do not find at first. Like Civo, it rejects a second record.
type laggingCivo struct {
	listed, readable, keys time.Duration // after the POST
	owned                  time.Duration // until the owner is shown
	status                 string        // in the response to the POST
	loses                  bool          // the response to the POST
	name                   string        // of the record; empty: the one that was sent
	owner                  string        // access key ID of a store's owner

	posts   int
	created time.Time
}

func (l *laggingCivo) answer(req *http.Request) (*http.Response, error) {
	isStore := strings.Contains(req.URL.Path, objectStoresPath)
	code := map[bool]string{true: "database_objectstore_not_found", false: codeNoCredential}[isStore]
	exists := func(after time.Duration) bool { return l.posts > 0 && time.Since(l.created) >= after }
	switch base := path.Base(req.URL.Path); {
	case req.Method == http.MethodPost:
		l.posts++
		if l.posts > 1 {
			return respond(409, `{"code":"database_objectstore_exists","result":"failed"}`), nil
		}
		l.created = time.Now()
		if l.loses {
			return respond(504, "<html></html>"), nil
		}
		return respond(200, `{"id":"i","status":"`+l.status+`"}`), nil
	case base == "i" && exists(l.readable):
		return respond(200, l.record(isStore, exists(l.keys))), nil
	case base == "i":
		return respond(404, `{"code":"`+code+`","result":"failed"}`), nil
	case exists(l.listed):
		return respond(200, `{"page":1,"pages":1,"items":[`+l.record(isStore, exists(l.keys))+`]}`), nil
	}
	return respond(200, emptyList), nil
}

func (l *laggingCivo) record(isStore, showsKeys bool) string {
	name, owner := `"`+l.name+`"`, l.owner
	if time.Since(l.created) < l.owned {
		owner = ""
	}
	switch {
	case isStore:
		return fmt.Sprintf(`{"id":"i","name":%s,"status":"ready","max_size":500,"owner_info":{"access_key_id":%q}}`, name, owner)
	case showsKeys:
		return `{"id":"i","name":` + name + `,"status":"ready","access_key_id":"a","secret_access_key_id":"secret-b"}`
	}
	return `{"id":"i","name":` + name + `,"status":"creating"}`
}

var (
	lagStore      = ObjectStore{Name: "Name-a", Region: "LON1", MaxSizeGB: 500, Owner: StoreOwner{AccessKeyID: "owner"}}
	lagCredential = Credential{Name: "Name-a", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret("secret-b")}
)

// create creates a record as the resource of its type does.
func (l *laggingCivo) create(t *testing.T, isStore bool) (Ref, error) {
	t.Helper()
	client := clientOver(t, Timing{}, l.answer)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
	defer cancel()
	if isStore {
		created, err := client.CreateObjectStore(ctx, lagStore)
		if err == nil {
			created, err = client.ObjectStores("LON1").WaitCreated(ctx, created)
		}
		return created.Ref(), err
	}
	created, err := client.CreateCredential(ctx, lagCredential)
	if err == nil {
		created, err = client.Credentials("LON1").WaitCreated(ctx, created)
	}
	if err == nil && !created.HasKeys() {
		err = errors.New("without keys")
	}
	return created.Ref(), err
}

// A new record that reads do not find yet is neither gone nor created again, whatever Civo answered to the POST. Civo lowers its name.
func TestCreate_Lag(t *testing.T) {
	t.Parallel()
	for _, isStore := range []bool{true, false} {
		for _, loses := range []bool{true, false} {
			for _, status := range []string{"ready", "creating", "failed", ""} {
				for _, lag := range []time.Duration{0, 300 * time.Millisecond, time.Second, 4 * time.Second} {
					for _, civo := range []laggingCivo{
						{listed: lag}, {readable: lag}, {listed: lag, readable: lag}, {listed: lag, readable: lag, keys: 2 * lag},
					} {
						civo.status, civo.loses, civo.name, civo.owner = status, loses, "name-a", "owner"
						synctest.Test(t, func(t *testing.T) {
							created, err := civo.create(t, isStore)
							if err != nil || civo.posts != 1 || created.ID != "i" || created.Name != "Name-a" || created.Status != StatusReady {
								t.Errorf("store %t, %+v: created %+v: %v", isStore, civo, created, err)
							}
						})
					}
				}
			}
		}
	}
}

// A record that stays missing ends the create at its timeout, and is not ready in the result, so that a later run does not forget it.
func TestCreate_NeverRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		civo := laggingCivo{status: "ready", listed: time.Hour, readable: time.Hour}
		created, err := civo.create(t, true)
		if !Is(err, KindUnavailable) || !IsTimeout(err) || created.ID != "i" || created.Status.IsFinal() {
			t.Errorf("created %+v: %v", created, err)
		}
	})
}

func TestCreate_OtherName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		isStore, loses bool
		kind           Kind
	}{{true, false, KindOtherName}, {false, false, KindOtherName}, {false, true, KindAccessKeyTaken}} {
		synctest.Test(t, func(t *testing.T) {
			civo := laggingCivo{status: "ready", loses: test.loses, name: "name-b", owner: "owner"}
			created, err := civo.create(t, test.isStore)
			if !Is(err, test.kind) || !strings.Contains(err.Error(), "name-b") || created.ID != "i" || civo.posts != 1 {
				t.Errorf("%+v: created %+v after %d POSTs: %v", test, created, civo.posts, err)
			}
		})
	}
}

// In a later run, a record counts as missing only after 10 seconds, with and without its ID.
func TestLaterRun_Lag(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		lag   time.Duration
		found bool
	}{{0, true}, {4 * time.Second, true}, {time.Hour, false}} {
		synctest.Test(t, func(t *testing.T) {
			civo := laggingCivo{posts: 1, created: time.Now(), listed: test.lag, readable: test.lag, name: "name-a", owner: "owner"}
			client := clientOver(t, Timing{}, civo.answer)
			known := lagCredential
			known.SecretAccessKey = Secret{} // a later run may not know it
			credential, credentialErr := client.Credentials("LON1").FindCreated(t.Context(), known)
			civo.created = time.Now()
			store, storeErr := client.ObjectStores("LON1").FindCreated(t.Context(), lagStore)
			civo.created = time.Now()
			read, readErr := client.Credentials("LON1").GetNew(t.Context(), "i")
			taken := time.Since(civo.created)
			for i, err := range []error{credentialErr, storeErr, readErr} {
				if (err == nil) != test.found || !test.found && !Is(err, KindNotFound) {
					t.Errorf("%v, %d: %v", test, i, err)
				}
			}
			if test.found && (credential.ID != "i" || store.ID != "i" || read.ID != "i") || !test.found && taken < 10*time.Second || taken > 20*time.Second {
				t.Errorf("%v: found %q, %q and %q after %v", test, credential.ID, store.ID, read.ID, taken)
			}
		})
	}
}

// The owner that Civo creates with a store appears later, or never.
func TestWaitOwner(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{time.Minute, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			civo := laggingCivo{posts: 1, created: time.Now(), owner: "owner", owned: after}
			began := time.Now()
			store := clientOver(t, Timing{}, civo.answer).WaitOwner(t.Context(), ObjectStore{ID: "i", Region: "LON1"})
			if (store.Owner.AccessKeyID == "owner") != (after == time.Minute) || time.Since(began) > 3*time.Minute {
				t.Errorf("after %v: %+v in %v", after, store, time.Since(began))
			}
		})
	}
}
