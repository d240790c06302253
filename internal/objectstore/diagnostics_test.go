package objectstore_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest/faulttest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// To write the golden file, run `go test ./internal/objectstore -run Diagnostics -update`.
func TestDiagnostics_GoldenFile(t *testing.T) {
	t.Parallel()
	all := slices.Concat(argumentMessages(), createMessages(), updateMessages(), deleteMessages(), lookupMessages())
	for i := range all {
		all[i].TypeName = typeName
	}
	acctest.CheckGolden(t, "testdata/diagnostics.md", t.TempDir(), all)
}

func argumentMessages() []acctest.Message {
	sized := func(size any) acctest.Diagnose {
		return acctest.Validating(acctest.Object{"name": "a", "max_size_gb": size})
	}
	zero := acctest.Object{"delete": "0s"}
	return []acctest.Message{
		{Name: "Argument: empty name", Diagnose: acctest.Validating(acctest.Object{"name": ""})},
		{Name: "Argument: size of 0", Diagnose: sized(0)},
		{Name: "Argument: size of 700", Diagnose: sized(700)},
		{Name: "Argument: size of 500.5", Diagnose: sized(500.5)},
		{Name: "Argument: size of 1e30", Diagnose: sized(1e30)},
		{Name: "Argument: negative size", Diagnose: sized(-500)},
		{Name: "Argument: empty owner", Diagnose: acctest.Validating(acctest.Object{"name": "a", "access_key_id": ""})},
		{Name: "Argument: invalid region", Diagnose: acctest.Validating(acctest.Object{"name": "a", "region": "lon don"})},
		{Name: "Argument: timeout of zero", Diagnose: acctest.Validating(acctest.Object{"name": "a", "timeouts": zero})},
		{Name: "Argument: no lookup argument", Diagnose: acctest.Reading(typeName, acctest.Object{})},
		{Name: "Argument: two lookup arguments", Diagnose: acctest.Reading(typeName, acctest.Object{"name": "a", "id": "b"})},
		{Name: "Argument: lookup with an empty name", Diagnose: acctest.Reading(typeName, acctest.Object{"name": ""})},
		{Name: "Argument: lookup with an invalid ID", Diagnose: acctest.Reading(typeName, acctest.Object{"id": "a/b"})},
	}
}

func failed(s *civosim.Store) { s.Status = "failed" }

func createMessages() []acctest.Message {
	const details = `{"code":"parameter_max_size_gb_invalid","reason":"Invalid parameter.","details":"max_size_gb must be a multiple of 500"}`
	slow, small := civosim.Options{StoreReadyAfter: time.Hour}, civosim.Options{QuotaGB: 500}
	renamed := civosim.Options{Rename: func(string) string { return "backups" }}
	creating := func(events ...acctest.Event) acctest.Diagnose { return acctest.Creating(minimal, events...) }
	return []acctest.Message{
		{Name: "Create: unknown region", Diagnose: acctest.Creating(acctest.Object{"name": "acme-backups", "region": "LON9"})},
		{Name: "Create: another store in the account has the name", Diagnose: creating(acctest.AddingStore(civosim.Store{Name: "acme-backups"}))},
		{Name: "Create: another customer's store has the name", Options: civosim.Options{TakenStoreNames: []string{"acme-backups"}}, Diagnose: creating()},
		{Name: "Create: owner does not exist", Diagnose: acctest.Creating(acctest.Object{"name": "acme-backups", "access_key_id": "no-such-key"})},
		{Name: "Create: quota", Options: small, Diagnose: acctest.Creating(large)},
		{Name: "Create: quota that cannot be read", Options: small, Diagnose: acctest.Creating(large, acctest.Injecting(civosim.KindGetQuota, 0, civosim.Effect503))},
		{Name: "Create: rejected with details", Diagnose: creating(acctest.Answering(civosim.KindCreateStore, http.StatusInternalServerError, details))},
		{Name: "Create: invalid token", Diagnose: creating(acctest.Injecting("", 0, civosim.Effect404Account))},
		{Name: "Create: the list request fails", Diagnose: creating(acctest.Injecting(civosim.KindListStores, 0, civosim.Effect502HTML))},
		{Name: "Create: outcome unknown", Diagnose: creating(acctest.Losing(civosim.KindCreateStore, civosim.EffectAfterClose, civosim.KindListStores))},
		{Name: "Create: status failed", Options: slow, Diagnose: creating(failingAtOnce)},
		{Name: "Create: timed out", Options: slow, Diagnose: acctest.ExpiringAt(civosim.KindGetStore, 1, creating())},
		{Name: "Create: Civo changes the name", Options: renamed, Diagnose: creating()},
		{Name: "Create: Civo does not return the owner", Options: civosim.Options{HideOwners: true}, Diagnose: acctest.ExpiringAt(civosim.KindGetStore, 3, creating())},
		{Name: "Create: Civo returns another endpoint", Options: civosim.Options{StoreEndpoint: "s3.{region}.example.com"}, Diagnose: creating()},
	}
}

// failingAtOnce lets a new store fail before the provider sees it.
func failingAtOnce(w *acctest.Env) {
	w.OnArrival(civosim.KindGetStore, 1, func() { acctest.ChangingStore(failed)(w) })
}

// ofAnother refreshes or updates the resource after a create without an owner had an unknown outcome, and somebody else then created a
// store of that name.
func ofAnother(updates bool) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		i := d.NewInstance()
		acctest.Losing(civosim.KindCreateStore, civosim.Effect503, civosim.KindListStores)(w)
		_, _ = d.Run(ctx, i, minimal)
		w.ClearFaults()
		w.AddStore(civosim.Store{Name: "acme-backups"})
		if !updates {
			return d.Refresh(ctx, i)
		}
		i.Tainted = false
		plan, diags := d.Plan(ctx, i, minimal)
		return append(diags, d.Apply(ctx, i, plan)...)
	}
}

func updateMessages() []acctest.Message {
	noSuchOwner := acctest.Object{"name": "acme-backups", "access_key_id": "no-such-key"}
	resizing := func(events ...acctest.Event) acctest.Diagnose { return acctest.Changing(minimal, large, events...) }
	return []acctest.Message{
		{Name: "Refresh: the region is down", Diagnose: acctest.Changing(minimal, minimal, func(w *acctest.Env) { w.SetRegionDown("lon1", true) })},
		{Name: "Refresh: the status is failed", Diagnose: acctest.Changing(minimal, minimal, acctest.ChangingStore(failed))},
		{Name: "Refresh: another store has the name", Diagnose: ofAnother(false)},
		{Name: "Update: another store has the name", Diagnose: ofAnother(true)},
		{Name: "Update: Civo rejects the size", Diagnose: resizing(acctest.Injecting(civosim.KindUpdateStore, 0, civosim.Effect400))},
		{Name: "Update: quota", Options: civosim.Options{QuotaGB: 500}, Diagnose: resizing()},
		{Name: "Update: another operation in progress", Diagnose: acctest.ExpiringAt(civosim.KindUpdateStore, 2, resizing(acctest.Injecting(civosim.KindUpdateStore, 0, civosim.EffectBusy)))},
		{Name: "Update: outcome unknown", Diagnose: resizing(acctest.Losing(civosim.KindUpdateStore, civosim.EffectAfterClose, civosim.KindGetStore))},
		{Name: "Replace: with force_destroy", Diagnose: acctest.Changing(force, other)},
		{Name: "Replace: the store contains objects", Diagnose: acctest.Changing(minimal, other, acctest.ChangingStore(fill))},
		{Name: "Owner: not known yet, and the store contains objects", Diagnose: planningUnknownOwner},
		{Name: "Create: name of a store that is being deleted", Diagnose: acctest.Creating(minimal, acctest.AddingStore(civosim.Store{Name: "acme-backups", Status: "deleting"}))},
		{Name: "Owner: no credential has the access key ID", Diagnose: acctest.Changing(minimal, noSuchOwner)},
		{Name: "Owner: Civo reports the old access key ID", Options: civosim.Options{StaleOwnerKeys: true}, Diagnose: changingOwnerKey},
	}
}

func planningUnknownOwner(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
	i := d.NewInstance()
	_, _ = d.Run(ctx, i, minimal)
	acctest.ChangingStore(func(s *civosim.Store) { s.ObjectCount = 3 })(w)
	_, diags := d.Plan(ctx, i, acctest.Object{"name": "acme-backups", "access_key_id": acctest.Unknown})
	return diags
}

// changingOwnerKey changes the access key ID of the owner in place, between plan and apply.
func changingOwnerKey(ctx context.Context, _ *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
	s := &faulttest.Fixture{Driver: d, Instance: d.NewInstance()}
	diags := applyBoth("key-one", keyOne)(ctx, s)
	return append(diags, applyBoth("key-two", keyTwo)(ctx, s)...)
}

func deleteMessages() []acctest.Message {
	deleting := func(events ...acctest.Event) acctest.Diagnose { return acctest.Changing(minimal, nil, events...) }
	return []acctest.Message{
		{Name: "Delete: the store contains objects", Diagnose: deleting(acctest.ChangingStore(fill))},
		{Name: "Delete: the usage cannot be read", Diagnose: deleting(acctest.Injecting(civosim.KindStoreStats, 0, civosim.Effect503))},
		{Name: "Delete: Civo rejects it", Diagnose: deleting(acctest.Injecting(civosim.KindDeleteStore, 0, civosim.Effect400))},
		{Name: "Delete: timed out", Options: civosim.Options{StoreGoneAfter: time.Hour}, Diagnose: acctest.ExpiringAt(civosim.KindGetStore, 4, deleting())},
	}
}

func lookupMessages() []acctest.Message {
	const onlyLimit = `{"objectstore_gb_limit":1000}`
	importing := func(id string) acctest.Diagnose {
		return acctest.Importing(id, acctest.AddingStore(civosim.Store{Name: "in-london"}),
			acctest.AddingStore(civosim.Store{ID: "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f", Name: "in-frankfurt", Region: "fra1"}))
	}
	return []acctest.Message{
		{Name: "Data source: no store has the name", Diagnose: acctest.Reading(typeName, acctest.Object{"name": "london"}, acctest.AddingStore(civosim.Store{Name: "in-london"}))},
		{Name: "Data source: the quota is missing", Diagnose: acctest.Reading("civo_objectstore_quota", acctest.Object{}, acctest.Answering(civosim.KindGetQuota, http.StatusOK, onlyLimit))},
		{Name: "Data source: the regions cannot be listed", Diagnose: acctest.Reading("civo_objectstore_regions", acctest.Object{}, acctest.Injecting(civosim.KindListRegions, 0, civosim.Effect403))},
		{Name: "Import: no store has the name", Diagnose: importing("london")},
		{Name: "Import: the store is in another region", Diagnose: importing("in-frankfurt")},
		{Name: "Import: the part before the slash is not a region", Diagnose: importing("LON9/in-london")},
	}
}
