package credential_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest/faulttest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The fault table of credentials. To run one row, use, for example, -run 'OneFault/default/create/hang'. In addition to what the
// package faulttest checks, no second credential is created, and the state and Civo have the same keys after the next run.

func TestOneFault(t *testing.T) {
	t.Parallel()
	faultTable().OneFault(t)
}

func TestTwoFaults(t *testing.T) {
	t.Parallel()
	faultTable().TwoFaults(t)
}

func faultTable() faulttest.Table {
	return faulttest.Table{TypeName: acctest.TypeName, Operations: operations(), Watch: watch}
}

// configured returns a configuration of the table's credential.
func configured(arguments acctest.Object) acctest.Object {
	config := acctest.Object{"name": "some-name", "timeouts": faulttest.Timeouts()}
	maps.Copy(config, arguments)
	return config
}

var (
	plain       = configured(nil)
	suppliedOne = configured(acctest.Object{"access_key_id": "key-one", "secret_access_key": "secret-one"})
	suppliedTwo = configured(acctest.Object{"access_key_id": "key-two", "secret_access_key": "secret-two"})
	rotating    = configured(acctest.Object{"rotate_when_changed": map[string]string{"a": "1"}})
	rotated     = configured(acctest.Object{"rotate_when_changed": map[string]string{"a": "2"}})
	hidden      = configured(acctest.Object{"secret_in_state": false, "rotate_when_changed": map[string]string{"a": "1"}})
	renamed     = configured(acctest.Object{"name": "other-name"})
)

func operations() []faulttest.Operation {
	applied, applying := faulttest.Applied, faulttest.Applying
	slowly := faulttest.Slowly
	importing := func(id func(civosim.Credential) string) faulttest.Run {
		return faulttest.Importing(func(s *faulttest.Fixture) string { return id(first(s)) })
	}
	all := []faulttest.Operation{
		{Name: "create", Run: applying(plain), Wants: plain},
		{Name: "create slowly", Options: slowly, Run: applying(plain), Wants: plain},
		{Name: "create with supplied keys", Run: applying(suppliedOne), Wants: suppliedOne},
		{Name: "create without secret in state", Run: applying(hidden), Wants: hidden},
		{Name: "create again", Prepare: faulttest.Prepared(applied(plain), deletedElsewhere), Run: applying(plain), Wants: plain},
		{Name: "refresh", Prepare: applied(plain), Run: faulttest.Refreshing, Wants: plain},
		{Name: "update", Prepare: applied(suppliedOne), Run: applying(suppliedTwo), Wants: suppliedTwo},
		{Name: "rotate", Prepare: applied(rotating), Run: applying(rotated), Wants: rotated},
		{Name: actionName, Prepare: applied(plain), Run: invoking("name"), Wants: plain},
		{Name: actionName + " slowly", Prepare: faulttest.Prepared(applied(plain), pendingAgain), Run: invoking("id"), Wants: plain, Next: applyingWhenReady},
		{Name: "delete", Prepare: applied(plain), Run: applying(nil), Deletes: true},
		{Name: "delete slowly", Options: slowly, Prepare: applied(plain), Run: applying(nil), Deletes: true},
		{Name: "delete after its store", Options: slowly, Prepare: owned, Run: applying(nil), Deletes: true},
		{Name: "replace", Options: slowly, Prepare: applied(plain), Run: applying(renamed), Wants: renamed, Deletes: true},
		{Name: "import by ID", Prepare: existing, Imports: true, Run: importing(func(c civosim.Credential) string { return c.ID }), Wants: plain},
		{Name: "import by name", Prepare: existing, Imports: true, Run: importing(func(c civosim.Credential) string { return c.Name }), Wants: plain},
		{Name: "plural data source", Prepare: existing, Run: faulttest.Reading("civo_objectstore_credentials", everything), Found: faulttest.FoundAll(credentialIDs)},
		{Name: "ephemeral", Prepare: existing, Run: faulttest.Opening(acctest.Object{"name": "some-name"}), Found: foundOne},
		{Name: "list resource", Prepare: existing, Run: faulttest.Querying, Found: faulttest.FoundAll(credentialIDs)},
	}
	for _, by := range []struct {
		attribute string
		value     func(civosim.Credential) string
	}{
		{"id", func(c civosim.Credential) string { return c.ID }},
		{"name", func(c civosim.Credential) string { return c.Name }},
		{"access_key_id", func(c civosim.Credential) string { return c.AccessKeyID }},
	} {
		lookingUp := faulttest.Reading(acctest.TypeName, func(s *faulttest.Fixture) acctest.Object {
			return acctest.Object{by.attribute: by.value(first(s))}
		})
		all = append(all, faulttest.Operation{Name: "data source by " + by.attribute, Prepare: existing, Found: foundOne, Run: lookingUp})
	}
	for _, lag := range faulttest.Lags() {
		all = append(all, faulttest.Operation{Name: "create, " + lag.Name, Options: lag.Options, Run: applying(plain), Wants: plain})
	}
	return all
}

const actionName = "rotate by action"

// invoking invokes the action for the credential that an attribute identifies.
func invoking(by string) faulttest.Run {
	return func(ctx context.Context, s *faulttest.Fixture) acctest.Diagnostics {
		timeouts := acctest.Object{"invoke": faulttest.Timeouts()["update"]}
		_, diags := s.Driver.For(rotateType).Invoke(ctx, acctest.Object{by: s.Instance.Get(by), "timeouts": timeouts})
		return diags
	}
}

// pendingAgain makes the credential one that is not ready at first.
func pendingAgain(s *faulttest.Fixture) {
	setStatus(s, "creating")
	s.OnArrival(civosim.KindGetCredential, 2, func() { setStatus(s, "ready") })
}

func setStatus(s *faulttest.Fixture, status string) {
	s.ChangeCredential(s.Instance.Get("id"), func(c *civosim.Credential) { c.Status = status })
}

func applyingWhenReady(ctx context.Context, s *faulttest.Fixture) acctest.Diagnostics {
	setStatus(s, "ready")
	return faulttest.Applying(plain)(ctx, s)
}

// existing adds the credential as if it was created outside of Terraform, and other credentials.
func existing(s *faulttest.Fixture) {
	s.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1"})
	for i := range 3 {
		s.AddCredential(civosim.Credential{Name: fmt.Sprintf("other-%d", i), Region: "LON1"})
	}
}

func owned(s *faulttest.Fixture) {
	faulttest.Applied(plain)(s)
	s.DeleteStore(s.AddStore(civosim.Store{Name: "going", OwnerID: s.Instance.Get("id")}).ID)
}

func deletedElsewhere(s *faulttest.Fixture) { s.RemoveCredential(s.Instance.Get("id")) }

func first(s *faulttest.Fixture) civosim.Credential { return s.Credentials("LON1")[0] }

func everything(*faulttest.Fixture) acctest.Object { return acctest.Object{} }

func foundOne(s *faulttest.Fixture) error {
	if !strings.Contains(s.Data.String(), first(s).SecretAccessKey) {
		return fmt.Errorf("found %s", s.Data)
	}
	return nil
}

func credentialIDs(s *faulttest.Fixture) (ids []string) {
	for _, c := range s.Credentials("LON1") {
		ids = append(ids, c.ID)
	}
	return ids
}

// promises are the promises about credentials.
type promises struct {
	s      *faulttest.Fixture
	op     faulttest.Operation
	before int // the number of credentials
	secret string
}

func watch(s *faulttest.Fixture, op faulttest.Operation) faulttest.Promises {
	mine, _ := s.Credential(s.Instance.Get("id"))
	return promises{s, op, len(s.Credentials("")), mine.SecretAccessKey}
}

// Exists implements faulttest.Promises.
func (p promises) Exists(id string) bool {
	_, ok := p.s.Credential(id)
	return ok
}

// AfterFaults implements faulttest.Promises.
func (p promises) AfterFaults(diags acctest.Diagnostics) (violations []string) {
	if strings.HasPrefix(p.op.Name, actionName) {
		violations = p.reportsRotation(diags)
	}
	if n := len(p.s.Credentials("")); n > max(p.before, 1) {
		violations = append(violations, fmt.Sprintf("a second credential was created: %d credentials exist", n))
	}
	return violations
}

// reportsRotation returns a violation unless the action reports correctly whether the secret has changed.
func (p promises) reportsRotation(diags acctest.Diagnostics) []string {
	mine, _ := p.s.Credential(p.s.Instance.Get("id"))
	changed := mine.SecretAccessKey != p.secret
	var reported []string
	for _, outcome := range []string{"has", "may have", "has not"} {
		if strings.Contains(diags.String(), "The secret "+outcome+" changed.") {
			reported = append(reported, outcome)
		}
	}
	switch words := strings.Join(reported, " and "); {
	case !diags.Failed() && changed, words == "may have", words == "has" && changed, words == "has not" && !changed:
		return nil
	default:
		return []string{fmt.Sprintf("the secret has changed: %t, but the action reports that it %q changed: %s", changed, words, diags)}
	}
}

// AfterNextRun implements faulttest.Promises.
func (p promises) AfterNextRun() (violations []string) {
	all := p.s.Credentials("")
	switch {
	case p.op.Found != nil:
		return nil
	case p.op.Wants == nil:
		if len(all) > 0 {
			violations = append(violations, fmt.Sprintf("the next run leaves %+v", all))
		}
		return violations
	case len(all) != max(p.before, 1):
		violations = append(violations, fmt.Sprintf("there are %d credentials after the next run: %+v", len(all), all))
	}
	i := p.s.Instance
	mine, ok := p.s.Credential(i.Get("id"))
	if !ok || mine.Name != p.op.Wants["name"] || mine.AccessKeyID != i.Get("access_key_id") || mine.Status != "ready" {
		violations = append(violations, fmt.Sprintf("after the next run the state is %s, and Civo has %+v", i.State, mine))
	}
	if kept, ok := p.op.Wants["secret_in_state"].(bool); (kept || !ok) && i.Get("secret_access_key") != mine.SecretAccessKey {
		violations = append(violations, "after the next run the state and Civo have different secrets")
	}
	return violations
}
