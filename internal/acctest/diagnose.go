// What causes the diagnostics of a golden file: something happens at Civo, and then the provider runs.

package acctest

import (
	"context"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// Event is what happens at Civo before the provider runs.
type Event func(*Env)

// Injecting injects a fault into the nth request of a kind, or into all of them if nth is 0.
func Injecting(kind string, nth int, effect civosim.Effect) Event {
	return func(w *Env) { w.Inject(civosim.Fault{Kind: kind, Nth: nth, Effect: effect}) }
}

// Answering makes Civo answer all requests of a kind with a status and a body.
func Answering(kind string, status int, body string) Event {
	return func(w *Env) {
		w.Inject(civosim.Fault{Kind: kind, Effect: civosim.EffectResponse, Status: status, Body: body})
	}
}

// Losing loses the outcome of the first request of a kind, because of its effect and because the requests of another kind fail from the
// second one on.
func Losing(kind string, effect civosim.Effect, then string) Event {
	return func(w *Env) {
		w.Inject(civosim.Fault{Kind: kind, Nth: 1, Effect: effect},
			civosim.Fault{Kind: then, Nth: 2, Times: 100, Effect: civosim.Effect503})
	}
}

// AddingStore adds a store, as somebody else would.
func AddingStore(store civosim.Store) Event { return func(w *Env) { w.AddStore(store) } }

// ChangingStore changes the oldest store, as somebody else would.
func ChangingStore(change func(*civosim.Store)) Event {
	return func(w *Env) { w.ChangeStore(w.Stores("")[0].ID, change) }
}

// ExpiringAt lets a timeout expire when the nth request of a kind arrives.
func ExpiringAt(kind string, nth int, diagnose Diagnose) Diagnose {
	return func(ctx context.Context, w *Env, d *Driver) Diagnostics {
		return diagnose(simtest.ExpiringAt(ctx, w.Server, kind, nth), w, d)
	}
}

// Validating checks a configuration of the resource.
func Validating(config Object) Diagnose {
	return func(ctx context.Context, _ *Env, d *Driver) Diagnostics { return d.Validate(ctx, config) }
}

// Creating applies the configuration of a new resource.
func Creating(config Object, events ...Event) Diagnose {
	return func(ctx context.Context, w *Env, d *Driver) Diagnostics {
		happen(w, events)
		_, diags := d.Run(ctx, d.NewInstance(), config)
		return diags
	}
}

// Changing creates a resource, and applies another configuration after the events. A nil configuration destroys the resource.
func Changing(from, to Object, events ...Event) Diagnose {
	return func(ctx context.Context, w *Env, d *Driver) Diagnostics {
		i := d.NewInstance()
		if _, diags := d.Run(ctx, i, from); diags.Failed() {
			return diags
		}
		happen(w, events)
		_, diags := d.Run(ctx, i, to)
		return diags
	}
}

// Reading reads a data source.
func Reading(source string, config Object, events ...Event) Diagnose {
	return func(ctx context.Context, w *Env, d *Driver) Diagnostics {
		happen(w, events)
		_, diags := d.For(source).Data(ctx, config)
		return diags
	}
}

// Importing imports the resource by an import ID.
func Importing(id string, events ...Event) Diagnose {
	return func(ctx context.Context, w *Env, d *Driver) Diagnostics {
		happen(w, events)
		_, diags := d.Import(ctx, id)
		return diags
	}
}

func happen(w *Env, events []Event) {
	for _, event := range events {
		event(w)
	}
}
