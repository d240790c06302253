package objectstore_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest/faulttest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The fault table of object stores. To run one row, use, for example, -run 'OneFault/default/create/hang'. In addition to what the
// package faulttest checks:
//   - After a request that created a store, the provider sends no other create request.
//   - A store that was created is in the state.
//   - All other stores are unchanged, including one with the wanted name, and none of them is in the state.
//   - An operation that succeeds without a warning has applied the configuration.
//   - A store that contains objects is deleted only with force_destroy.
//   - After the next run, Terraform can destroy the store and then its owner, and nothing remains.

func TestOneFault(t *testing.T) {
	t.Parallel()
	faultTable().OneFault(t)
}

func TestTwoFaults(t *testing.T) {
	t.Parallel()
	faultTable().TwoFaults(t)
}

func faultTable() faulttest.Table {
	return faulttest.Table{TypeName: "civo_objectstore", Operations: slices.Concat(writes(), refused(), reads()), Watch: watch}
}

var (
	ownerless  = acctest.Object{"name": "some-store", "timeouts": faulttest.Timeouts()}
	plain      = ownerless.With(acctest.Object{"access_key_id": "key-one"})
	larger     = plain.With(acctest.Object{"max_size_gb": 1000})
	forced     = plain.With(acctest.Object{"force_destroy": true})
	renamed    = plain.With(acctest.Object{"name": "other-store"})
	otherOwner = ownerless.With(acctest.Object{"access_key_id": "key-other"})
	changedKey = ownerless.With(acctest.Object{"access_key_id": "key-two"})
)

// owner returns a configuration of the credential that owns the store.
func owner(accessKeyID string) acctest.Object {
	return acctest.Object{
		"name": "some-owner", "access_key_id": accessKeyID, "secret_access_key": "secret-of-" + accessKeyID, "timeouts": faulttest.Timeouts(),
	}
}

// withOwner prepares the credential that owns the store, and others before the store is created.
func withOwner(preparations ...func(*faulttest.Fixture)) func(*faulttest.Fixture) {
	return faulttest.Prepared(append([]func(*faulttest.Fixture){func(s *faulttest.Fixture) {
		s.Dependency = credentials(s).NewInstance()
		faulttest.Must(applyOwner("key-one")(context.Background(), s))
	}}, preparations...)...)
}

func credentials(s *faulttest.Fixture) *acctest.Driver {
	return s.Driver.For("civo_objectstore_credential")
}

func applyOwner(accessKeyID string) faulttest.Run {
	return func(ctx context.Context, s *faulttest.Fixture) acctest.Diagnostics {
		_, diags := credentials(s).Run(ctx, s.Dependency, owner(accessKeyID))
		return diags
	}
}

// applyBoth applies an owner and its store in one run: Terraform plans both before it changes the first.
func applyBoth(accessKeyID string, store acctest.Object) faulttest.Run {
	return func(ctx context.Context, s *faulttest.Fixture) (diags acctest.Diagnostics) {
		credentials := credentials(s)
		if s.Dependency == nil {
			s.Dependency = credentials.NewInstance()
		}
		var ownerPlan, storePlan *acctest.Plan
		for _, step := range []func() acctest.Diagnostics{
			func() acctest.Diagnostics { return credentials.Refresh(ctx, s.Dependency) },
			func() acctest.Diagnostics { return s.Driver.Refresh(ctx, s.Instance) },
			func() (d acctest.Diagnostics) {
				ownerPlan, d = credentials.Plan(ctx, s.Dependency, owner(accessKeyID))
				return d
			},
			func() (d acctest.Diagnostics) { storePlan, d = s.Driver.Plan(ctx, s.Instance, store); return d },
			func() acctest.Diagnostics { return credentials.Apply(ctx, s.Dependency, ownerPlan) },
			func() acctest.Diagnostics { return s.Driver.Apply(ctx, s.Instance, storePlan) },
		} {
			if diags = append(diags, step()...); diags.Failed() {
				break
			}
		}
		return diags
	}
}

// destroyBoth destroys the store and then its owner, in the order of Terraform.
func destroyBoth(ctx context.Context, s *faulttest.Fixture) acctest.Diagnostics {
	_, diags := s.Driver.Run(ctx, s.Instance, nil)
	if diags.Failed() || s.Dependency == nil {
		return diags
	}
	_, more := credentials(s).Run(ctx, s.Dependency, nil)
	return append(diags, more...)
}

// writes are the operations that change something.
func writes() []faulttest.Operation {
	applied, applying, slowly := faulttest.Applied, faulttest.Applying, faulttest.Slowly
	both, otherKey := applyBoth("key-one", plain), applyBoth("key-two", changedKey)
	withoutOwner := func(name string, options func(*civosim.Options)) faulttest.Operation {
		return faulttest.Operation{Name: name, Options: options, Run: applying(ownerless), Next: applyingOwnerless, Wants: ownerless}
	}
	all := []faulttest.Operation{
		{Name: "create", Prepare: withOwner(owning("neighbor")), Run: applying(plain), Wants: plain},
		{Name: "create slowly", Options: slowly, Prepare: withOwner(), Run: applying(plain), Wants: plain},
		withoutOwner("create without owner", nil),
		withoutOwner("create without owner slowly", slowly),
		{Name: "create with its owner", Run: both, Next: both, Wants: plain},
		{Name: "create again", Prepare: withOwner(applied(plain), deletedElsewhere), Run: applying(plain), Wants: plain},
		{Name: "refresh", Prepare: withOwner(applied(plain)), Run: faulttest.Refreshing, Wants: plain},
		{Name: "resize", Prepare: withOwner(applied(plain)), Run: applying(larger), Wants: larger},
		{Name: "change key of owner", Prepare: withOwner(applied(plain)), Run: otherKey, Next: otherKey, Wants: changedKey},
		{Name: "delete", Prepare: withOwner(applied(plain)), Run: applying(nil), Deletes: true},
		{Name: "delete slowly", Options: slowly, Prepare: withOwner(applied(plain)), Run: applying(nil), Deletes: true},
		{Name: "delete without owner", Options: slowly, Prepare: applied(ownerless), Run: applying(nil), Deletes: true},
		{Name: "delete with objects", Prepare: withOwner(applied(forced), filled), Run: applying(nil), Deletes: true},
		{Name: "delete with its owner", Prepare: withOwner(applied(plain)), Run: destroyBoth, Next: destroyBoth, Deletes: true},
		{Name: "replace", Options: slowly, Prepare: withOwner(applied(plain)), Run: applying(renamed), Wants: renamed, Deletes: true},
		{Name: "change owner", Prepare: withOwner(applied(plain), secondOwner), Run: applying(otherOwner), Wants: otherOwner, Deletes: true},
	}
	for _, lag := range faulttest.Lags() {
		all = append(all, faulttest.Operation{Name: "create, " + lag.Name, Options: lag.Options, Run: both, Next: both, Wants: plain})
	}
	lag := faulttest.Lags()[1]
	return append(all, withoutOwner("create without owner, "+lag.Name, lag.Options))
}

// applyingOwnerless applies the configuration without an owner. A store of an earlier run that is not in the state must be imported.
func applyingOwnerless(ctx context.Context, s *faulttest.Fixture) acctest.Diagnostics {
	apply := faulttest.Applying(ownerless)
	diags := apply(ctx, s)
	if !strings.Contains(strings.ToUpper(diags.String()), strings.ToUpper("import 'civo_objectstore.NAME' LON1/"+theStore(s).ID)) {
		return diags
	}
	faulttest.Must(faulttest.Importing(func(s *faulttest.Fixture) string { return theStore(s).ID })(ctx, s))
	return apply(ctx, s)
}

// refused are the operations that fail even without faults.
func refused() []faulttest.Operation {
	applied, applying := faulttest.Applied, faulttest.Applying
	const notEmpty, nameTaken = "Object store contains objects", "Object store name already taken"
	return []faulttest.Operation{
		{Name: "delete without force", Prepare: withOwner(applied(plain), filled), Run: applying(nil), Fails: notEmpty, Wants: plain},
		{Name: "replace without force", Prepare: withOwner(applied(plain), filled), Run: applying(renamed), Fails: notEmpty, Wants: plain},
		{Name: "create with name in use", Prepare: withOwner(owning("some-store")), Run: applying(plain), Fails: nameTaken, Wants: renamed},
		{Name: "create without owner with name in use", Prepare: withOwner(owning("some-store")), Run: applying(ownerless), Fails: nameTaken, Wants: renamed},
		{
			Name: "create with name of a stranger", Options: func(o *civosim.Options) { o.TakenStoreNames = []string{"some-store"} },
			Prepare: withOwner(), Run: applying(plain), Fails: nameTaken, Wants: renamed,
		},
		{ // Civo still returns the old key. If the owner gets this key again, the store is unchanged.
			Name: "change key of owner unnoticed by store", Options: func(o *civosim.Options) { o.StaleOwnerKeys = true }, Prepare: withOwner(applied(plain)),
			Run: applyBoth("key-two", changedKey), Fails: "Object store has another owner", Next: applyBoth("key-one", plain), Wants: plain,
		},
	}
}

// reads are the operations that only read, and the imports.
func reads() []faulttest.Operation {
	byID := func(s *faulttest.Fixture) string { return theStore(s).ID }
	byName := func(s *faulttest.Fixture) string { return theStore(s).Name }
	reading := func(attribute string, value func(*faulttest.Fixture) string) faulttest.Run {
		return faulttest.Reading("civo_objectstore", func(s *faulttest.Fixture) acctest.Object { return acctest.Object{attribute: value(s)} })
	}
	everything := func(*faulttest.Fixture) acctest.Object { return acctest.Object{} }
	prepare := withOwner(existing)
	return []faulttest.Operation{
		{Name: "import by ID", Prepare: prepare, Imports: true, Run: faulttest.Importing(byID), Wants: plain},
		{Name: "import by name", Prepare: prepare, Imports: true, Run: faulttest.Importing(byName), Wants: plain},
		{Name: "data source by id", Prepare: prepare, Run: reading("id", byID), Found: foundUsage},
		{Name: "data source by name", Prepare: prepare, Run: reading("name", byName), Found: foundUsage},
		{Name: "plural data source", Prepare: prepare, Run: faulttest.Reading("civo_objectstores", everything), Found: faulttest.FoundAll(storeIDs)},
		{Name: "list resource", Prepare: prepare, Run: faulttest.Querying, Found: faulttest.FoundAll(storeIDs)},
	}
}

// existing adds the store as if it was created outside of Terraform, and other stores.
func existing(s *faulttest.Fixture) {
	s.AddStore(civosim.Store{Name: "some-store", OwnerID: s.Dependency.Get("id"), UsedKB: 1234, ObjectCount: 56})
	for i := range 3 {
		s.AddStore(civosim.Store{Name: fmt.Sprintf("other-%d", i), Region: "LON1"})
	}
}

// owning adds a store of the same owner that is not managed by Terraform.
func owning(name string) func(*faulttest.Fixture) {
	return func(s *faulttest.Fixture) { s.AddStore(civosim.Store{Name: name, OwnerID: s.Dependency.Get("id")}) }
}

func secondOwner(s *faulttest.Fixture) {
	s.AddCredential(civosim.Credential{Name: "other-owner", AccessKeyID: "key-other"})
}

func filled(s *faulttest.Fixture) {
	s.ChangeStore(s.Instance.Get("id"), func(st *civosim.Store) { st.ObjectCount, st.UsedKB = 3, 12 })
}

func deletedElsewhere(s *faulttest.Fixture) { s.RemoveStore(s.Instance.Get("id")) }

func theStore(s *faulttest.Fixture) civosim.Store { return s.Stores("LON1")[0] }

func foundUsage(s *faulttest.Fixture) error {
	id, used, count := acctest.Get(s.Data, "id"), acctest.Get(s.Data, "used_size_kb"), acctest.Get(s.Data, "object_count")
	if id != theStore(s).ID || used != "1234" || count != "56" {
		return fmt.Errorf("found %s", s.Data)
	}
	return nil
}

func storeIDs(s *faulttest.Fixture) (ids []string) {
	for _, st := range s.Stores("LON1") {
		ids = append(ids, st.ID)
	}
	return ids
}

// promises are the promises about stores.
type promises struct {
	s           *faulttest.Fixture
	op          faulttest.Operation
	others      []civosim.Store      // the stores that are not in the state before the operation
	credentials []civosim.Credential // the credentials that Terraform does not manage and that Civo did not create with a store
}

func watch(s *faulttest.Fixture, op faulttest.Operation) faulttest.Promises {
	p := promises{s: s, op: op}
	for _, st := range s.Stores("") {
		if st.ID != s.Instance.Get("id") {
			p.others = append(p.others, st)
		}
	}
	for _, c := range s.Credentials("") {
		owns := slices.ContainsFunc(s.Stores(""), func(st civosim.Store) bool { return st.OwnerID == c.ID })
		if !owns && (s.Dependency == nil || c.ID != s.Dependency.Get("id")) {
			p.credentials = append(p.credentials, c)
		}
	}
	return p
}

// Exists implements faulttest.Promises.
func (p promises) Exists(id string) bool {
	_, ok := acctest.FindStore(p.s.Server, id)
	return ok
}

// AfterFaults implements faulttest.Promises.
func (p promises) AfterFaults(diags acctest.Diagnostics) (violations []string) {
	created := false
	for _, r := range p.s.Requests() {
		if r.Kind != civosim.KindCreateStore {
			continue
		}
		if created {
			violations = append(violations, fmt.Sprintf("another store was requested after one had been created: %s", diags))
		}
		created = created || r.Fault == "" && r.Status == 200 || civosim.Effect(r.Fault).CarriesOut() && p.op.Fails == ""
	}
	if created && !p.s.Instance.Exists() {
		violations = append(violations, fmt.Sprintf("a store was created, but is not in the state: %s", diags))
	}
	if len(diags) == 0 && p.op.Wants != nil {
		violations = append(violations, p.checkAgreement()...)
	}
	return append(violations, p.checkOthers()...)
}

// checkOthers returns what happened to the stores that are not Terraform's.
func (p promises) checkOthers() (violations []string) {
	for _, before := range p.others {
		if after, ok := acctest.FindStore(p.s.Server, before.ID); !ok || after != before {
			violations = append(violations, fmt.Sprintf("a store that is not Terraform's was %+v, and is %+v", before, after))
		}
		if before.ID == p.s.Instance.Get("id") && !p.op.Imports {
			violations = append(violations, "a store that is not Terraform's was adopted")
		}
	}
	return violations
}

// AfterNextRun implements faulttest.Promises.
func (p promises) AfterNextRun() (violations []string) {
	violations = p.checkOthers()
	if p.op.Wants != nil {
		violations = append(violations, p.checkAgreement()...)
	}
	if p.op.Found == nil {
		violations = append(violations, p.destroy()...)
	}
	return violations
}

// checkAgreement returns the differences between state, Civo and configuration after a successful apply.
func (p promises) checkAgreement() []string {
	i, size := p.s.Instance, 500
	if gb, ok := p.op.Wants["max_size_gb"].(int); ok {
		size = gb
	}
	mine, ok := acctest.FindStore(p.s.Server, i.Get("id"))
	agreesWithConfig := ok && mine.Name == p.op.Wants["name"] && mine.MaxSizeGB == size && mine.Status == "ready"
	if owner, ok := p.op.Wants["access_key_id"]; !agreesWithConfig || ok && i.Get("access_key_id") != owner {
		return []string{fmt.Sprintf("after a successful apply, Civo has %+v", mine)}
	}
	owner, _ := p.s.Credential(mine.OwnerID)
	if i.Get("status") != "ready" || i.Get("max_size_gb") != strconv.Itoa(size) || i.Get("access_key_id") != owner.AccessKeyID {
		return []string{fmt.Sprintf("after a successful apply, the state is %s, and Civo has %+v", i.State, mine)}
	}
	return nil
}

// destroy destroys the store and its owner, and returns what is left of them. Stores that Terraform does not know do not keep their
// owner from being destroyed: they are removed first.
func (p promises) destroy() []string {
	id := p.s.Instance.Get("id")
	for _, st := range p.others {
		if st.ID != id {
			p.s.RemoveStore(st.ID)
		}
	}
	p.s.ChangeStore(id, func(st *civosim.Store) { st.ObjectCount, st.UsedKB = 0, 0 })
	if diags := destroyBoth(context.Background(), p.s); diags.Failed() {
		return []string{"destroying the store and its owner fails: " + diags.String()}
	}
	if stores, credentials := p.s.Stores(""), p.s.Credentials(""); len(stores) > 0 || !slices.Equal(credentials, p.credentials) {
		return []string{fmt.Sprintf("the destroy leaves %+v, and %d credentials, not %d", stores, len(credentials), len(p.credentials))}
	}
	return nil
}
