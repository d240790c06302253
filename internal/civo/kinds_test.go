package civo

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// anyRecord is a Credential or an ObjectStore.
type anyRecord interface{ Ref() Ref }

// recordKind is a row of the table of what differs between the types of records. Tests of what they share run for each row. A new type
// needs a new row.
type recordKind struct {
	recordType

	// The kinds of the simulator's requests. The last one is the list.
	post, put, remove, read, list string

	wanted       anyRecord                                           // to create: "abc" in LON1
	change       func(before anyRecord) anyRecord                    // what an update sends
	listsFirst   int                                                 // pages that a create reads before its POST
	deletes      int                                                 // DELETEs until a 400, which a store being deleted can explain, is final
	add          func(s *civosim.Server, region, name string) string // adds a record at Civo and returns its ID
	setStatus    func(s *civosim.Server, id, status string)
	removeAtCivo func(s *civosim.Server, id string) bool
	atCivo       func(*civosim.Server) []anyRecord
	create       func(context.Context, *Client, anyRecord) (anyRecord, error)
	update       func(context.Context, *Client, anyRecord) (anyRecord, error)
	delete       func(context.Context, *Client, anyRecord) error
	in           func(client *Client, region string) anyCollection
	withID       func(r anyRecord, id string) anyRecord
}

var recordKinds = []recordKind{
	{
		recordType: Credential{}.recordType(),
		post:       civosim.KindCreateCredential, put: civosim.KindUpdateCredential, remove: civosim.KindDeleteCredential,
		read: civosim.KindGetCredential, list: civosim.KindListCredentials,
		wanted:  wanted("abc"),
		change:  func(r anyRecord) anyRecord { return as[Credential](r).WithKeys("access-new", NewSecret("secret-new")) },
		deletes: 1 + quick().Retries,
		add: func(s *civosim.Server, region, name string) string {
			return s.AddCredential(civosim.Credential{
				Name: name, Region: region, AccessKeyID: "access-" + name, SecretAccessKey: "secret-" + name,
			}).ID
		},
		setStatus: func(s *civosim.Server, id, status string) {
			s.ChangeCredential(id, func(c *civosim.Credential) { c.Status = status })
		},
		removeAtCivo: (*civosim.Server).RemoveCredential,
		atCivo:       func(s *civosim.Server) []anyRecord { return anyRecords(credentialsAt(s)) },
		create: func(ctx context.Context, c *Client, r anyRecord) (anyRecord, error) {
			return c.CreateCredential(ctx, as[Credential](r))
		},
		update: func(ctx context.Context, c *Client, r anyRecord) (anyRecord, error) {
			return c.UpdateCredential(ctx, as[Credential](r))
		},
		delete: func(ctx context.Context, c *Client, r anyRecord) error {
			return c.DeleteCredential(ctx, as[Credential](r))
		},
		in:     func(c *Client, region string) anyCollection { return collectionOf(c.Credentials(region)) },
		withID: func(r anyRecord, id string) anyRecord { return keyed(id, as[Credential](r)) },
	},
	{
		recordType: ObjectStore{}.recordType(),
		post:       civosim.KindCreateStore, put: civosim.KindUpdateStore, remove: civosim.KindDeleteStore,
		read: civosim.KindGetStore, list: civosim.KindListStores,
		wanted:     wantedStore("abc", ""),
		change:     func(r anyRecord) anyRecord { return resized(as[ObjectStore](r), 1500) },
		listsFirst: 1,
		deletes:    1,
		add: func(s *civosim.Server, region, name string) string {
			return s.AddStore(civosim.Store{Name: name, Region: region}).ID
		},
		setStatus: func(s *civosim.Server, id, status string) {
			s.ChangeStore(id, func(st *civosim.Store) { st.Status = status })
		},
		removeAtCivo: (*civosim.Server).RemoveStore,
		atCivo:       func(s *civosim.Server) []anyRecord { return anyRecords(storesAt(s)) },
		create: func(ctx context.Context, c *Client, r anyRecord) (anyRecord, error) {
			return c.CreateObjectStore(ctx, as[ObjectStore](r))
		},
		update: func(ctx context.Context, c *Client, r anyRecord) (anyRecord, error) {
			return c.ResizeObjectStore(ctx, resized(as[ObjectStore](r), 1), as[ObjectStore](r).MaxSizeGB)
		},
		delete: func(ctx context.Context, c *Client, r anyRecord) error {
			return c.DeleteObjectStore(ctx, as[ObjectStore](r))
		},
		in: func(c *Client, region string) anyCollection { return collectionOf(c.ObjectStores(region)) },
		withID: func(r anyRecord, id string) anyRecord {
			store := as[ObjectStore](r)
			store.ID = id
			return store
		},
	},
}

func as[T anyRecord](r anyRecord) T { return r.(T) } //nolint:forcetypeassert // a test passes no other type

func anyRecords[T anyRecord](records []T) []anyRecord {
	var all []anyRecord
	for _, r := range records {
		all = append(all, r)
	}
	return all
}

// anyCollection is a Collection of credentials or object stores.
type anyCollection struct {
	Get, GetCurrent        func(ctx context.Context, id string) (anyRecord, error)
	Find, FindInAnyRegion  func(context.Context, Lookup) (anyRecord, error)
	WaitReady, WaitCreated func(context.Context, anyRecord) (anyRecord, error)
	All                    func(context.Context) ([]anyRecord, error)
}

func collectionOf[T Record[T]](c *Collection[T]) anyCollection {
	waiting := func(wait func(context.Context, T) (T, error)) func(context.Context, anyRecord) (anyRecord, error) {
		return func(ctx context.Context, r anyRecord) (anyRecord, error) { return wait(ctx, as[T](r)) }
	}
	return anyCollection{
		Get: erased(c.Get), GetCurrent: erased(c.GetCurrent), Find: erased(c.Find), FindInAnyRegion: erased(c.FindInAnyRegion),
		WaitReady: waiting(c.WaitReady), WaitCreated: waiting(c.WaitCreated),
		All: func(ctx context.Context) ([]anyRecord, error) {
			all, err := c.All(ctx)
			return anyRecords(all), err
		},
	}
}

// erased returns a read of records of one type as one of records of any type.
func erased[A any, T anyRecord](read func(context.Context, A) (T, error)) func(context.Context, A) (anyRecord, error) {
	return func(ctx context.Context, by A) (anyRecord, error) { return read(ctx, by) }
}

// recordTest is the test of one kind of record against a simulator of its own.
type recordTest struct {
	*testing.T
	recordKind

	server *civosim.Server
	client *Client
}

// eachKind runs a test for each kind of record, in parallel.
func eachKind(t *testing.T, o civosim.Options, test func(recordTest)) {
	t.Helper()
	for _, kind := range recordKinds {
		recordTest{T: t, recordKind: kind}.run(kind.noun, o, test)
	}
}

// run runs a part of the test, in parallel, against another simulator.
func (t recordTest) run(name string, o civosim.Options, test func(recordTest)) {
	t.Helper()
	t.Run(name, func(inner *testing.T) {
		inner.Parallel()
		server, client := start(inner, o)
		test(recordTest{inner, t.recordKind, server, client})
	})
}

// addMany adds records n0, n1 and so on at Civo, and returns them.
func (t recordTest) addMany(number int) []anyRecord {
	for i := range number {
		t.add(t.server, "LON1", fmt.Sprintf("n%d", i))
	}
	return t.atCivo(t.server)
}

// wantAtCivo fails the test unless exactly these records exist at Civo.
func (t recordTest) wantAtCivo(want ...anyRecord) {
	t.Helper()
	wantEqual(t, "at Civo", want, t.atCivo(t.server), equateRecords...)
}

// wantSent fails the test unless a number of requests of a kind was sent.
func (t recordTest) wantSent(kind string, want int) {
	t.Helper()
	n := t.server.Count(kind)
	failIf(t, n != want, "%s was sent %d times, want %d", kind, n, want)
}

var equateRecords = []cmp.Option{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b Secret) bool { return a == b })}

// fault returns a fault of the nth request of a kind; 0: of each.
func fault(kind string, nth int, effect civosim.Effect) civosim.Fault {
	return civosim.Fault{Kind: kind, Nth: nth, Effect: effect}
}

// write is an operation that changes something.
type write struct {
	method, kind string
	run          func(ctx context.Context, before anyRecord) (anyRecord, error)
}

// writes are the writes of the client, as applied to a record that exists. A create creates another one.
func (t recordTest) writes() map[string]write {
	return map[string]write{
		"create": {http.MethodPost, t.post, func(ctx context.Context, _ anyRecord) (anyRecord, error) {
			return t.create(ctx, t.client, t.wanted)
		}},
		"update": {http.MethodPut, t.put, func(ctx context.Context, before anyRecord) (anyRecord, error) {
			return t.update(ctx, t.client, t.change(before))
		}},
		"delete": {http.MethodDelete, t.remove, func(ctx context.Context, before anyRecord) (anyRecord, error) {
			return nil, t.delete(ctx, t.client, before)
		}},
	}
}

// writesOf returns the writes of a client, as applied to a credential.
func writesOf(t *testing.T, client *Client) map[string]write {
	t.Helper()
	return recordTest{T: t, recordKind: recordKinds[0], client: client}.writes()
}

// wanted returns the credential that the tests create.
func wanted(name string) Credential {
	return Credential{Name: name, Region: "LON1", AccessKeyID: "access-" + name, SecretAccessKey: NewSecret("secret-" + name)}
}

// keyed returns a credential with an ID.
func keyed(id string, c Credential) Credential {
	c.ID = id
	return c
}

// wantedStore returns the store that the tests create.
func wantedStore(name, owner string) ObjectStore {
	return ObjectStore{Name: name, Region: "LON1", MaxSizeGB: 1000, Owner: StoreOwner{AccessKeyID: owner}}
}

func resized(store ObjectStore, gb int) ObjectStore {
	store.MaxSizeGB = gb
	return store
}

// seen returns a credential of the simulator as the client should return it. The tests call the simulator's lon1 LON1.
func seen(c civosim.Credential) Credential {
	return Credential{
		ID: c.ID, Name: c.Name, Region: strings.ToUpper(c.Region), AccessKeyID: c.AccessKeyID,
		SecretAccessKey: NewSecret(c.SecretAccessKey), Suspended: c.Suspended, Status: Status(c.Status),
	}
}

// seenStore returns a store of the simulator as the client should return it.
func seenStore(server *civosim.Server, s civosim.Store) ObjectStore {
	owner, _ := server.Credential(s.OwnerID)
	return ObjectStore{
		ID: s.ID, Name: s.Name, Region: strings.ToUpper(s.Region), MaxSizeGB: s.MaxSizeGB, Status: Status(s.Status),
		Owner: StoreOwner{CredentialID: s.OwnerID, AccessKeyID: owner.AccessKeyID, Name: owner.Name},
	}
}

func credentialsAt(server *civosim.Server) (all []Credential) {
	for _, c := range server.Credentials("") {
		all = append(all, seen(c))
	}
	return all
}

func storesAt(server *civosim.Server) (all []ObjectStore) {
	for _, s := range server.Stores("") {
		all = append(all, seenStore(server, s))
	}
	return all
}

// addCredentials adds credentials n0, n1 and so on at Civo.
func addCredentials(server *civosim.Server, number int) []Credential {
	for i := range number {
		recordKinds[0].add(server, "LON1", fmt.Sprintf("n%d", i))
	}
	return credentialsAt(server)
}

// addStores adds stores named s0, s1 and so on, all owned by a new credential with the access key ID "owner-key".
func addStores(server *civosim.Server, number int) []ObjectStore {
	owner := server.AddCredential(civosim.Credential{Name: "owner", AccessKeyID: "owner-key"})
	for i := range number {
		server.AddStore(civosim.Store{Name: fmt.Sprintf("s%d", i), OwnerID: owner.ID})
	}
	return storesAt(server)
}
