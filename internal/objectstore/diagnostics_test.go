package objectstore_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// To write the golden file, run `go test ./internal/objectstore -run Diagnostics -update`.
func TestDiagnostics_GoldenFile(t *testing.T) {
	t.Parallel()
	all := slices.Concat(argumentMessages(), createMessages(), updateMessages(), deleteMessages(), lookupMessages())
	acctest.CheckGolden(t, "testdata/diagnostics.md", t.TempDir(), all)
}

// event is what happens at Civo before the operation that a message is about.
type event func(*acctest.Env)

func nothing(*acctest.Env) {}

// injecting injects a fault into the nth request of a kind, or into all of them if nth is 0.
func injecting(kind string, nth int, effect civosim.Effect) event {
	return func(w *acctest.Env) { w.Inject(civosim.Fault{Kind: kind, Nth: nth, Effect: effect}) }
}

// answering makes Civo answer a kind of request.
func answering(kind string, status int, body string) event {
	return func(w *acctest.Env) {
		w.Inject(civosim.Fault{Kind: kind, Effect: civosim.EffectResponse, Status: status, Body: body})
	}
}

// losing loses the response to the first request of a kind. Requests of another kind fail from the second one on.
func losing(kind, then string) event {
	return func(w *acctest.Env) {
		w.Inject(civosim.Fault{Kind: kind, Nth: 1, Effect: civosim.EffectAfterClose},
			civosim.Fault{Kind: then, Nth: 2, Times: 100, Effect: civosim.Effect503})
	}
}

func adding(store civosim.Store) event { return func(w *acctest.Env) { w.AddStore(store) } }

func drifting(change func(*civosim.Store)) event {
	return func(w *acctest.Env) { w.ChangeStore(w.Stores("")[0].ID, change) }
}

func failed(s *civosim.Store) { s.Status = "failed" }

// expiringAt lets a timeout expire at the nth request of a kind.
func expiringAt(kind string, nth int, diagnose acctest.Diagnose) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		return diagnose(simtest.ExpiringAt(ctx, w.Server, kind, nth), w, d)
	}
}

func validating(config acctest.Object) acctest.Diagnose {
	return func(ctx context.Context, _ *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		return d.For(typeName).Validate(ctx, config)
	}
}

func creating(config acctest.Object, happens event) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		happens(w)
		d = d.For(typeName)
		_, diags := d.Run(ctx, d.NewInstance(), config)
		return diags
	}
}

// changing creates the store, and then applies another configuration.
func changing(from, to acctest.Object, happens event) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		d = d.For(typeName)
		i := d.NewInstance()
		if _, diags := d.Run(ctx, i, from); diags.Failed() {
			return diags
		}
		happens(w)
		_, diags := d.Run(ctx, i, to)
		return diags
	}
}

func reading(source string, config acctest.Object, happens event) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		happens(w)
		_, diags := d.For(source).Data(ctx, config)
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

func argumentMessages() []acctest.Message {
	sized := func(size any) acctest.Diagnose { return validating(acctest.Object{"name": "a", "max_size_gb": size}) }
	return []acctest.Message{
		{Name: "Argument: empty name", Diagnose: validating(acctest.Object{"name": ""})},
		{Name: "Argument: size of 0", Diagnose: sized(0)},
		{Name: "Argument: size of 700", Diagnose: sized(700)},
		{Name: "Argument: size of 500.5", Diagnose: sized(500.5)},
		{Name: "Argument: size of 1e30", Diagnose: sized(1e30)},
		{Name: "Argument: negative size", Diagnose: sized(-500)},
		{Name: "Argument: empty owner", Diagnose: validating(acctest.Object{"name": "a", "access_key_id": ""})},
		{Name: "Argument: invalid region", Diagnose: validating(acctest.Object{"name": "a", "region": "lon don"})},
		{Name: "Argument: timeout of zero", Diagnose: validating(acctest.Object{"name": "a", "timeouts": acctest.Object{"delete": "0s"}})},
		{Name: "Argument: no lookup argument", Diagnose: reading(typeName, acctest.Object{}, nothing)},
		{Name: "Argument: two lookup arguments", Diagnose: reading(typeName, acctest.Object{"name": "a", "id": "b"}, nothing)},
		{Name: "Argument: lookup with an empty name", Diagnose: reading(typeName, acctest.Object{"name": ""}, nothing)},
		{Name: "Argument: lookup with an invalid ID", Diagnose: reading(typeName, acctest.Object{"id": "a/b"}, nothing)},
	}
}

func createMessages() []acctest.Message {
	creatingMinimal := func(happens event) acctest.Diagnose { return creating(minimal, happens) }
	const details = `{"code":"parameter_max_size_gb_invalid","reason":"Invalid parameter.","details":"max_size_gb must be a multiple of 500"}`
	slow := civosim.Options{StoreReadyAfter: time.Hour}
	return []acctest.Message{
		{Name: "Create: unknown region", Diagnose: creating(acctest.Object{"name": "acme-backups", "region": "LON9"}, nothing)},
		{Name: "Create: another store in the account has the name", Diagnose: creatingMinimal(adding(civosim.Store{Name: "acme-backups"}))},
		{
			Name:    "Create: another customer's store has the name",
			Options: civosim.Options{TakenStoreNames: []string{"acme-backups"}}, Diagnose: creatingMinimal(nothing),
		},
		{Name: "Create: owner does not exist", Diagnose: creating(acctest.Object{"name": "acme-backups", "access_key_id": "no-such-key"}, nothing)},
		{Name: "Create: quota", Options: civosim.Options{QuotaGB: 500}, Diagnose: creating(large, nothing)},
		{
			Name:    "Create: quota that cannot be read",
			Options: civosim.Options{QuotaGB: 500}, Diagnose: creating(large, injecting(civosim.KindGetQuota, 0, civosim.Effect503)),
		},
		{Name: "Create: rejected with details", Diagnose: creatingMinimal(answering(civosim.KindCreateStore, http.StatusInternalServerError, details))},
		{Name: "Create: invalid token", Diagnose: creatingMinimal(injecting("", 0, civosim.Effect404Account))},
		{Name: "Create: the list request fails", Diagnose: creatingMinimal(injecting(civosim.KindListStores, 0, civosim.Effect502HTML))},
		{Name: "Create: outcome unknown", Diagnose: creatingMinimal(losing(civosim.KindCreateStore, civosim.KindListStores))},
		{Name: "Create: status failed", Options: slow, Diagnose: creatingMinimal(func(w *acctest.Env) {
			w.OnArrival(civosim.KindGetStore, 1, func() { drifting(failed)(w) })
		})},
		{Name: "Create: timed out", Options: slow, Diagnose: expiringAt(civosim.KindGetStore, 1, creatingMinimal(nothing))},
		{
			Name:    "Create: Civo changes the name",
			Options: civosim.Options{Rename: func(string) string { return "backups" }}, Diagnose: creatingMinimal(nothing),
		},
		{
			Name:    "Create: Civo does not return the owner",
			Options: civosim.Options{HideOwners: true}, Diagnose: expiringAt(civosim.KindGetStore, 3, creatingMinimal(nothing)),
		},
		{
			Name:    "Create: Civo returns another endpoint",
			Options: civosim.Options{StoreEndpoint: "s3.{region}.example.com"}, Diagnose: creatingMinimal(nothing),
		},
	}
}

// ofAnother creates a store that has no owner, with an unknown outcome. Then somebody else creates one that has the name.
func ofAnother(run func(context.Context, *acctest.Driver, *acctest.Instance) acctest.Diagnostics) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
		d = d.For(typeName)
		i := d.NewInstance()
		w.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Effect: civosim.Effect503},
			civosim.Fault{Kind: civosim.KindListStores, Nth: 2, Times: 100, Effect: civosim.Effect503})
		_, _ = d.Run(ctx, i, minimal)
		w.ClearFaults()
		w.AddStore(civosim.Store{Name: "acme-backups"})
		return run(ctx, d, i)
	}
}

func updateMessages() []acctest.Message {
	renamed := acctest.Object{"name": "acme-archive"}
	resizing := func(happens event) acctest.Diagnose { return changing(minimal, large, happens) }
	return []acctest.Message{
		{Name: "Refresh: the status is failed", Diagnose: changing(minimal, minimal, drifting(failed))},
		{
			Name: "Refresh: another store has the name",
			Diagnose: ofAnother(func(ctx context.Context, d *acctest.Driver, i *acctest.Instance) acctest.Diagnostics {
				return d.Refresh(ctx, i)
			}),
		},
		{
			Name: "Update: another store has the name",
			Diagnose: ofAnother(func(ctx context.Context, d *acctest.Driver, i *acctest.Instance) acctest.Diagnostics {
				i.Tainted = false
				plan, diags := d.Plan(ctx, i, minimal)
				return append(diags, d.Apply(ctx, i, plan)...)
			}),
		},
		{Name: "Update: Civo rejects the size", Diagnose: resizing(injecting(civosim.KindUpdateStore, 0, civosim.Effect400))},
		{Name: "Update: quota", Options: civosim.Options{QuotaGB: 500}, Diagnose: resizing(nothing)},
		{
			Name:     "Update: another operation in progress",
			Diagnose: expiringAt(civosim.KindUpdateStore, 2, resizing(injecting(civosim.KindUpdateStore, 0, civosim.EffectBusy))),
		},
		{Name: "Update: outcome unknown", Diagnose: resizing(losing(civosim.KindUpdateStore, civosim.KindGetStore))},
		{Name: "Replace: with force_destroy", Diagnose: changing(force, renamed, nothing)},
		{Name: "Replace: the store contains objects", Diagnose: changing(minimal, renamed, drifting(fill))},
		{Name: "Owner: not known yet, and the store contains objects", Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
			d = d.For(typeName)
			i := d.NewInstance()
			_, _ = d.Run(ctx, i, minimal)
			drifting(func(s *civosim.Store) { s.ObjectCount = 3 })(w)
			_, diags := d.Plan(ctx, i, acctest.Object{"name": "acme-backups", "access_key_id": acctest.Unknown})
			return diags
		}},
		{
			Name:     "Create: name of a store that is being deleted",
			Diagnose: creating(minimal, adding(civosim.Store{Name: "acme-backups", Status: "deleting"})),
		},
		{
			Name:     "Owner: no credential has the access key ID",
			Diagnose: changing(minimal, acctest.Object{"name": "acme-backups", "access_key_id": "no-such-key"}, nothing),
		},
		{Name: "Owner: Civo reports the old access key ID", Options: civosim.Options{StaleOwnerKeys: true}, Diagnose: changingOwnerKey},
	}
}

// changingOwnerKey changes the access key ID of the owner in place, between plan and apply.
func changingOwnerKey(ctx context.Context, _ *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
	credentials, d := d, d.For(typeName)
	owner, store := credentials.NewInstance(), d.NewInstance()
	applyOwner := func(key string) acctest.Diagnostics {
		_, diags := credentials.Run(ctx, owner, acctest.Object{"name": "backups", "access_key_id": key, "secret_access_key": "for-" + key})
		return diags
	}
	diags := applyOwner("key-one")
	_, created := d.Run(ctx, store, keyOne)
	plan, planned := d.Plan(ctx, store, keyTwo)
	if diags = slices.Concat(diags, created, planned, applyOwner("key-two")); diags.Failed() {
		return diags
	}
	return d.Apply(ctx, store, plan)
}

func deleteMessages() []acctest.Message {
	deleting := func(happens event) acctest.Diagnose { return changing(minimal, nil, happens) }
	return []acctest.Message{
		{Name: "Delete: the store contains objects", Diagnose: deleting(drifting(fill))},
		{Name: "Delete: the usage cannot be read", Diagnose: deleting(injecting(civosim.KindStoreStats, 0, civosim.Effect503))},
		{Name: "Delete: Civo rejects it", Diagnose: deleting(injecting(civosim.KindDeleteStore, 0, civosim.Effect400))},
		{
			Name: "Delete: timed out", Options: civosim.Options{StoreGoneAfter: time.Hour},
			Diagnose: func(ctx context.Context, w *acctest.Env, d *acctest.Driver) acctest.Diagnostics {
				ctx, expire := simtest.Expiring(ctx)
				return deleting(func(w *acctest.Env) {
					w.OnArrival(civosim.KindDeleteStore, 1, func() { w.OnArrival(civosim.KindGetStore, 1, expire) })
				})(ctx, w, d)
			},
		},
	}
}

func lookupMessages() []acctest.Message {
	return []acctest.Message{
		{
			Name:     "Data source: no store has the name",
			Diagnose: reading(typeName, acctest.Object{"name": "london"}, adding(civosim.Store{Name: "in-london"})),
		},
		{
			Name:     "Data source: the quota is missing",
			Diagnose: reading("civo_objectstore_quota", nil, answering(civosim.KindGetQuota, http.StatusOK, `{"objectstore_gb_limit":1000}`)),
		},
		{
			Name:     "Data source: the regions cannot be listed",
			Diagnose: reading("civo_objectstore_regions", nil, injecting(civosim.KindListRegions, 0, civosim.Effect403)),
		},
		{Name: "Import: no store has the name", Diagnose: importing("london")},
		{Name: "Import: the store is in another region", Diagnose: importing("in-frankfurt")},
		{Name: "Import: the part before the slash is not a region", Diagnose: importing("LON9/in-london")},
	}
}
