package objectstore_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// To write the golden file, run `go test ./internal/objectstore -run Diagnostics -update`.
func TestDiagnostics_GoldenFile(t *testing.T) {
	t.Parallel()
	var all []acctest.Message
	for _, group := range [][]acctest.Message{argumentMessages(), createMessages(), updateMessages(), deleteMessages(), lookupMessages()} {
		all = append(all, group...)
	}
	acctest.CheckGolden(t, "testdata/diagnostics.md", t.TempDir(), all)
}

var minimal = acctest.Object{"name": "acme-backups"}

func validating(config acctest.Object) acctest.Diagnose {
	return func(ctx context.Context, _ *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		return d.For(typeName).Validate(ctx, config)
	}
}

func argumentMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Argument: empty name", Diagnose: validating(acctest.Object{"name": ""})},
		{Name: "Argument: size of 0", Diagnose: validating(acctest.Object{"name": "a", "max_size_gb": 0})},
		{Name: "Argument: size of 700", Diagnose: validating(acctest.Object{"name": "a", "max_size_gb": 700})},
		{Name: "Argument: empty owner", Diagnose: validating(acctest.Object{"name": "a", "access_key_id": ""})},
		{Name: "Argument: timeout of zero", Diagnose: validating(acctest.Object{"name": "a", "timeouts": acctest.Object{"delete": "0s"}})},
		{Name: "Argument: two lookup arguments", Diagnose: lookingUp(acctest.Object{"name": "a", "id": "b"})},
		{Name: "Argument: lookup with an empty name", Diagnose: lookingUp(acctest.Object{"name": ""})},
		{Name: "Argument: lookup with an invalid ID", Diagnose: lookingUp(acctest.Object{"id": "a/b"})},
	}
}

// creating creates the store after it calls happens.
func creating(config acctest.Object, happens func(*acctest.Env)) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		happens(w)
		d = d.For(typeName)
		_, diags := d.Run(ctx, d.NewInstance(), config)
		return diags
	}
}

func nothing(*acctest.Env) {}

// injecting injects a fault into the nth request of a kind, or into all of them if nth is 0.
func injecting(kind string, nth int, effect civosim.Effect) func(*acctest.Env) {
	return func(w *acctest.Env) { w.Inject(civosim.Fault{Kind: kind, Nth: nth, Effect: effect}) }
}

func createMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Create: unknown region", Diagnose: creating(acctest.Object{"name": "acme-backups", "region": "LON9"}, nothing)},
		{Name: "Create: another store in the account has the name", Diagnose: creating(minimal, func(w *acctest.Env) {
			w.AddStore(civosim.Store{Name: "acme-backups"})
		})},
		{Name: "Create: another customer's store has the name", Options: civosim.Options{TakenStoreNames: []string{"acme-backups"}}, Diagnose: creating(minimal, nothing)},
		{Name: "Create: owner does not exist", Diagnose: creating(acctest.Object{"name": "acme-backups", "access_key_id": "no-such-key"}, nothing)},
		{Name: "Create: quota", Options: civosim.Options{QuotaGB: 500}, Diagnose: creating(acctest.Object{"name": "acme-backups", "max_size_gb": 1000}, nothing)},
		{Name: "Create: quota that cannot be read", Options: civosim.Options{QuotaGB: 500}, Diagnose: creating(
			acctest.Object{"name": "acme-backups", "max_size_gb": 1000}, injecting(civosim.KindGetQuota, 0, civosim.Effect503))},
		{Name: "Create: rejected with details", Diagnose: creating(minimal, func(w *acctest.Env) {
			w.Inject(civosim.Fault{
				Kind: civosim.KindCreateStore, Effect: civosim.EffectResponse, Status: http.StatusInternalServerError,
				Body: `{"code":"parameter_max_size_gb_invalid","reason":"Invalid parameter.","details":"max_size_gb must be a multiple of 500"}`,
			})
		})},
		{Name: "Create: invalid token", Diagnose: creating(minimal, injecting("", 0, civosim.Effect404Account))},
		{Name: "Create: the list request fails", Diagnose: creating(minimal, injecting(civosim.KindListStores, 0, civosim.Effect502HTML))},
		{Name: "Create: outcome unknown", Diagnose: creating(minimal, func(w *acctest.Env) {
			w.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Nth: 1, Effect: civosim.EffectAfterClose},
				civosim.Fault{Kind: civosim.KindListStores, Nth: 2, Times: 100, Effect: civosim.Effect503})
		})},
		{Name: "Create: status failed", Options: civosim.Options{StoreReadyAfter: time.Hour}, Diagnose: creating(minimal, func(w *acctest.Env) {
			w.OnArrival(civosim.KindGetStore, 1, func() { w.ChangeStore(w.Stores("")[0].ID, func(s *civosim.Store) { s.Status = "failed" }) })
		})},
		{Name: "Create: timed out", Options: civosim.Options{StoreReadyAfter: time.Hour}, Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			return creating(minimal, nothing)(simtest.ExpiringAt(ctx, w.Server, civosim.KindGetStore, 1), w, d)
		}},
		{Name: "Create: Civo changes the name", Options: civosim.Options{Rename: func(string) string { return "backups" }}, Diagnose: creating(minimal, nothing)},
		{Name: "Create: Civo does not return the owner", Options: civosim.Options{HideOwners: true}, Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			return creating(minimal, nothing)(simtest.ExpiringAt(ctx, w.Server, civosim.KindGetStore, 3), w, d)
		}},
		{Name: "Create: Civo returns another endpoint", Options: civosim.Options{StoreEndpoint: "s3.{region}.example.com"}, Diagnose: creating(minimal, nothing)},
	}
}

// unknownOutcome creates a store that has no owner, with an unknown outcome. Then somebody else creates one that has the name.
func unknownOutcome(ctx context.Context, w *acctest.Env, d *acctest.Driver) *acctest.Instance {
	i := d.NewInstance()
	w.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Effect: civosim.Effect503},
		civosim.Fault{Kind: civosim.KindListStores, Nth: 2, Times: 100, Effect: civosim.Effect503})
	_, _ = d.Run(ctx, i, minimal)
	w.ClearFaults()
	w.AddStore(civosim.Store{Name: "acme-backups"})
	return i
}

// changing creates the store, calls happens, and applies another configuration.
func changing(from, to acctest.Object, happens func(*acctest.Env, civosim.Store)) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		d = d.For(typeName)
		i := d.NewInstance()
		if _, diags := d.Run(ctx, i, from); diags.Failed() {
			return diags
		}
		happens(w, w.Stores("")[0])
		_, diags := d.Run(ctx, i, to)
		return diags
	}
}

func updateMessages() []acctest.Message {
	larger := acctest.Object{"name": "acme-backups", "max_size_gb": 1000}
	renamed := acctest.Object{"name": "acme-archive"}
	return []acctest.Message{
		{Name: "Refresh: the status is failed", Diagnose: changing(minimal, minimal, func(w *acctest.Env, s civosim.Store) {
			w.ChangeStore(s.ID, func(s *civosim.Store) { s.Status = "failed" })
		})},
		{Name: "Refresh: another store has the name", Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			d = d.For(typeName)
			return d.Refresh(ctx, unknownOutcome(ctx, w, d))
		}},
		{Name: "Update: another store has the name", Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			d = d.For(typeName)
			i := unknownOutcome(ctx, w, d)
			i.Tainted = false
			plan, diags := d.Plan(ctx, i, minimal)
			return append(diags, d.Apply(ctx, i, plan)...)
		}},
		{Name: "Update: Civo rejects the size", Diagnose: changing(minimal, larger, func(w *acctest.Env, _ civosim.Store) {
			w.Inject(civosim.Fault{Kind: civosim.KindUpdateStore, Effect: civosim.Effect400})
		})},
		{Name: "Update: quota", Options: civosim.Options{QuotaGB: 500}, Diagnose: changing(minimal, larger, func(*acctest.Env, civosim.Store) {})},
		{Name: "Update: another operation in progress", Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			ctx, expire := simtest.Expiring(ctx)
			return changing(minimal, larger, func(w *acctest.Env, _ civosim.Store) {
				w.Inject(civosim.Fault{Kind: civosim.KindUpdateStore, Effect: civosim.EffectBusy})
				w.OnArrival(civosim.KindUpdateStore, 2, expire)
			})(ctx, w, d)
		}},
		{Name: "Update: outcome unknown", Diagnose: changing(minimal, larger, func(w *acctest.Env, _ civosim.Store) {
			w.Inject(civosim.Fault{Kind: civosim.KindUpdateStore, Nth: 1, Effect: civosim.EffectAfterClose},
				civosim.Fault{Kind: civosim.KindGetStore, Nth: 2, Times: 100, Effect: civosim.Effect503})
		})},
		{Name: "Replace: with force_destroy", Diagnose: changing(acctest.Object{"name": "acme-backups", "force_destroy": true}, renamed, func(*acctest.Env, civosim.Store) {})},
		{Name: "Replace: the store contains objects", Diagnose: changing(minimal, renamed, func(w *acctest.Env, s civosim.Store) {
			w.ChangeStore(s.ID, func(s *civosim.Store) { s.ObjectCount, s.UsedKB = 3, 1200 })
		})},
		{Name: "Owner: not known yet, and the store contains objects", Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			d = d.For(typeName)
			i := d.NewInstance()
			if _, diags := d.Run(ctx, i, minimal); diags.Failed() {
				return diags
			}
			w.ChangeStore(w.Stores("")[0].ID, func(s *civosim.Store) { s.ObjectCount = 3 })
			_, diags := d.Plan(ctx, i, acctest.Object{"name": "acme-backups", "access_key_id": acctest.Unknown})
			return diags
		}},
		{Name: "Create: name of a store that is being deleted", Diagnose: creating(minimal, func(w *acctest.Env) {
			w.AddStore(civosim.Store{Name: "acme-backups", Status: "deleting"})
		})},
		{Name: "Owner: no credential has the access key ID", Diagnose: changing(minimal, acctest.Object{"name": "acme-backups", "access_key_id": "no-such-key"}, func(*acctest.Env, civosim.Store) {})},
		{Name: "Owner: Civo reports the old access key ID", Options: civosim.Options{StaleOwnerKeys: true}, Diagnose: changingOwnerKey},
	}
}

// changingOwnerKey changes the access key ID of the owner in place, between plan and apply.
func changingOwnerKey(ctx context.Context, _ *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
	credentials, d := d, d.For(typeName)
	owner, store := credentials.NewInstance(), d.NewInstance()
	keys := func(id string) acctest.Object {
		return acctest.Object{"name": "backups", "access_key_id": id, "secret_access_key": "for-" + id}
	}
	config := func(id string) acctest.Object { return acctest.Object{"name": "acme-backups", "access_key_id": id} }
	for _, run := range []func() acctest.Diagnostics{
		func() acctest.Diagnostics { _, diags := credentials.Run(ctx, owner, keys("key-one")); return diags },
		func() acctest.Diagnostics { _, diags := d.Run(ctx, store, config("key-one")); return diags },
	} {
		if diags := run(); diags.Failed() {
			return diags
		}
	}
	plan, diags := d.Plan(ctx, store, config("key-two"))
	if diags.Failed() {
		return diags
	}
	if _, diags := credentials.Run(ctx, owner, keys("key-two")); diags.Failed() {
		return diags
	}
	return d.Apply(ctx, store, plan)
}

func deleteMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Delete: the store contains objects", Diagnose: changing(minimal, nil, func(w *acctest.Env, s civosim.Store) {
			w.ChangeStore(s.ID, func(s *civosim.Store) { s.ObjectCount, s.UsedKB = 3, 1200 })
		})},
		{Name: "Delete: the usage cannot be read", Diagnose: changing(minimal, nil, func(w *acctest.Env, _ civosim.Store) {
			w.Inject(civosim.Fault{Kind: civosim.KindStoreStats, Effect: civosim.Effect503})
		})},
		{Name: "Delete: Civo rejects it", Diagnose: changing(minimal, nil, func(w *acctest.Env, _ civosim.Store) {
			w.Inject(civosim.Fault{Kind: civosim.KindDeleteStore, Effect: civosim.Effect400})
		})},
		{Name: "Delete: timed out", Options: civosim.Options{StoreGoneAfter: time.Hour}, Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			ctx, expire := simtest.Expiring(ctx)
			return changing(minimal, nil, func(w *acctest.Env, _ civosim.Store) {
				w.OnArrival(civosim.KindDeleteStore, 1, func() { w.OnArrival(civosim.KindGetStore, 1, expire) })
			})(ctx, w, d)
		}},
	}
}

func lookingUp(config acctest.Object) acctest.Diagnose {
	return func(ctx context.Context, _ *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		_, diags := d.For(typeName).Data(ctx, config)
		return diags
	}
}

func importing(id string) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		w.AddStore(civosim.Store{ID: "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f", Name: "in-frankfurt", Region: "fra1"})
		w.AddStore(civosim.Store{Name: "in-london"})
		_, diags := d.For(typeName).Import(ctx, id)
		return diags
	}
}

func lookupMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Data source: no store has the name", Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			w.AddStore(civosim.Store{Name: "in-london"})
			return lookingUp(acctest.Object{"name": "london"})(ctx, w, d)
		}},
		{Name: "Data source: the quota is missing", Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			w.Inject(civosim.Fault{Kind: civosim.KindGetQuota, Effect: civosim.EffectResponse, Status: http.StatusOK, Body: `{"objectstore_gb_limit":1000}`})
			_, diags := d.For("civo_objectstore_quota").Data(ctx, acctest.Object{})
			return diags
		}},
		{Name: "Data source: the regions cannot be listed", Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			w.Inject(civosim.Fault{Kind: civosim.KindListRegions, Effect: civosim.Effect403})
			_, diags := d.For("civo_objectstore_regions").Data(ctx, acctest.Object{})
			return diags
		}},
		{Name: "Import: no store has the name", Diagnose: importing("london")},
		{Name: "Import: the store is in another region", Diagnose: importing("in-frankfurt")},
		{Name: "Import: the part before the slash is not a region", Diagnose: importing("LON9/in-london")},
	}
}
