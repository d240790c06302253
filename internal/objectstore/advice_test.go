package objectstore_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Each test follows pieces of advice in messages literally, and expects that they help.

const kept, replaced, destroyed = "kept", "replaced", "destroyed"

func TestAdvice(t *testing.T) {
	t.Parallel()
	forced := keyOne.With(acctest.Object{"force_destroy": true})
	for name, test := range map[string]struct {
		follow func(*acctest.Scenario)
		wants  string // what happens to the store, which contains objects and has the owner key-one
	}{
		"contains objects: set force_destroy": {func(s *acctest.Scenario) {
			s.Refuse(nil, "set force_destroy = true and apply. Then destroy")
			s.Apply(forced)
			s.Apply(nil)
		}, destroyed},
		"contains objects: revert the change": {func(s *acctest.Scenario) {
			s.Refuse(keyOne.With(other), "If a change in the configuration replaces the object store, first revert that change.")
			s.Apply(forced)
			s.Apply(forced.With(other))
		}, replaced},
		"contains objects: untaint": {func(s *acctest.Scenario) {
			s.Tainted = true
			s.Refuse(keyOne, "If the object store is tainted, first run terraform untaint.")
			s.Tainted = false
			s.Apply(forced)
			s.Tainted = true
			s.Apply(forced)
		}, replaced},
		"owner not known: apply the owner": {func(s *acctest.Scenario) {
			s.Warn(keyOne.With(acctest.Object{"access_key_id": acctest.Unknown}), "If the plan updates the current owner in place, "+
				"first apply the owner with -target, then plan again. The provider then keeps the object store.")
			owner := s.Of(acctest.TypeName)
			owner.Import(ownerID)
			owner.Apply(acctest.Object{"name": "backups", "access_key_id": "key-two", "secret_access_key": "another"})
			s.Apply(keyTwo)
		}, kept},
		"name not known: apply its source": {func(s *acctest.Scenario) {
			s.Warn(keyOne.With(acctest.Object{"name": acctest.Unknown}), "name is not known before apply, so Terraform plans a replacement, even if "+
				"the value stays the same. To make the value known, first use -target to apply the resource that provides the value")
			s.Apply(keyOne)
		}, kept},
		"another owner: set force_destroy, then replace": {func(s *acctest.Scenario) {
			s.RemoveCredential(ownerID)
			s.AddCredential(civosim.Credential{Name: "backups", Region: "lon1", AccessKeyID: "key-two"})
			s.Refuse(keyTwo, "To replace the object store and delete its objects, run terraform apply with -replace.*"+
				"To set force_destroy first, change access_key_id back to the value in the state, set force_destroy = true, and apply.")
			s.Apply(forced)
			s.Tainted = true // as with -replace
			s.Apply(keyTwo)
		}, replaced},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := owned(t, civosim.Options{OmitOwnerCredentialID: true})
			s.DriftStore(fill)
			id := s.Get("id")
			test.follow(s)
			outcome, stores := destroyed, s.Stores("")
			if len(stores) == 1 && stores[0].ID == id && stores[0].ObjectCount == 3 {
				outcome = kept
			} else if len(stores) == 1 && stores[0].ID != id {
				outcome = replaced
			}
			if outcome != test.wants || s.Exists() != (len(stores) > 0) {
				t.Errorf("the store is not %s: Civo has %+v", test.wants, stores)
			}
		})
	}
}

// expect verifies that the store was kept or replaced.
func (s *situation) expect(wants string) {
	s.t.Helper()
	if st := only(s.t, s.env); (st.ID == s.ids[0]) != (wants == kept) || wants == kept && st.ObjectCount != 3 {
		s.t.Fatalf("the store is not %s: Civo has %+v", wants, st)
	}
}

// Advice that keeps the store and its objects.
func TestAdvice_Keep(t *testing.T) {
	t.Parallel()
	s := setUp(t)
	s.MustRun("state", "rm", address)
	s.Edit(typeName+`" "test" {`, typeName+"\" \"test\" {\n  for_each = toset([\"a\"])")
	s.Setenv("CIVO_REGION", "LON9\n")
	s.Refuse("apply", "Regions with object storage in your account: lon1, fra1, nyc1, mum1. This resource does not set region. "+
		"The region comes from CIVO_REGION.")
	s.Setenv("CIVO_REGION", "lon1\n")
	message := s.Refuse("apply", "Replace civo_objectstore.NAME with the address of the resource in the plan, "+
		"including the key if the resource uses for_each, as in civo_objectstore.NAME[\"KEY\"]:")
	s.Shell(strings.ReplaceAll(message, "civo_objectstore.NAME", address+`["a"]`), "terraform import")
	s.MustRun("plan", "-detailed-exitcode")
	s.expect(kept)

	message = s.Refuse("destroy", "To keep the object store and its objects, revert the change if the plan replaces the object store. "+
		"Otherwise, remove the object store from the state, and remove its resource block from the configuration.")
	s.Shell(strings.ReplaceAll(message, "civo_objectstore.NAME", address), "terraform state rm")
	s.Write("main.tf", required+"resource \"civo_objectstore_credential\" \"test\" {\n  name = \"acme\"\n}\n")
	message = s.Refuse("destroy", "civo objectstore delete "+s.ids[0]+" --region LON1")
	if !strings.Contains(acctest.Words(message), "To keep the object stores and their objects,") {
		t.Errorf("the message does not contain the advice: %s", message)
	}
	s.Shell(strings.ReplaceAll(message, "civo_objectstore_credential.NAME", credentialAddress), "terraform state rm")
	s.Write("main.tf", required)
	s.Apply()
	s.expect(kept)
}

// Advice that replaces or destroys the store and its objects.
func TestAdvice_Delete(t *testing.T) {
	t.Parallel()
	s := setUp(t)
	s.MustRun("taint", credentialAddress)
	message := s.Refuse("apply", "If the plan replaces the object store because of its credential, set access_key_id = \"")
	literal := regexp.MustCompile(`access_key_id = "[A-Z0-9]+"`).FindString(acctest.Words(message))
	s.Edit(byReference, literal+"\n  "+forceDestroy)
	s.Apply("-target=" + address)
	s.Edit(literal, byReference)
	s.Apply()
	s.expect(replaced)

	s.fill()
	s.Edit(`  name = "acme"`, "  name = \"acme\""+suppliedKeys)
	s.Apply()
	s.Edit(`  name = "acme"`, `  name = "renamed"`)
	s.Refuse("apply", "If the plan replaces the credential but not the stores, also replace the stores with -replace.")
	s.Apply("-replace=" + address)
	s.MustRun("plan", "-detailed-exitcode")
	s.expect(replaced)

	s.Edit(byReference, `access_key_id = "key-one"`)
	s.Apply()
	s.Refuse("destroy -target="+credentialAddress, "set their access_key_id to the access_key_id of this resource. "+
		"Terraform then deletes the stores before the credential.")
	s.Edit(`  access_key_id = "key-one"`+"\n  "+forceDestroy, "  "+byReference+"\n  "+forceDestroy)
	s.Apply()
	s.MustRun("destroy", "-auto-approve", "-target="+credentialAddress)
	if stores := s.env.Stores(""); len(stores) > 0 {
		t.Errorf("Civo has %+v", stores)
	}
}
