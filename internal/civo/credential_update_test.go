package civo_test

import (
	"context"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestUpdate_OneRequest(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	before := add(server, 1)[0]
	after := before
	after.AccessKeyID, after.SecretAccessKey = "access-new", civo.NewSecret("secret-new")
	got, err := client.UpdateCredential(t.Context(), keyed(before.ID, "LON1", after))
	if err != nil || got != after {
		t.Errorf("changed to %+v: %v", got, err)
	}
	checkAtCivo(t, server, after)
	if n := server.Count(); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestUpdate_LostResponse(t *testing.T) {
	t.Parallel()
	for _, effect := range effects(loses) {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := startHanging(t, civosim.Options{})
			before := add(server, 1)[0]
			after := before
			after.SecretAccessKey = civo.NewSecret("secret-new")
			server.Inject(civosim.Fault{Kind: civosim.KindUpdateCredential, Nth: 1, Effect: effect})
			got, err := client.UpdateCredential(t.Context(), keyed(before.ID, "LON1", after))
			if err != nil || got != after {
				t.Errorf("changed to %+v: %v", got, err)
			}
			checkAtCivo(t, server, after)
			if n := server.Count(civosim.KindUpdateCredential); effect.CarriesOut() != (n == 1) || n > 2 {
				t.Errorf("the PUT was sent %d times", n)
			}
		})
	}
}

func TestUpdate_UnknownOutcome(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	before := add(server, 1)[0]
	server.Inject(
		civosim.Fault{Kind: civosim.KindUpdateCredential, Effect: civosim.EffectAfterClose},
		civosim.Fault{Kind: civosim.KindGetCredential, Effect: civosim.Effect500},
	)
	_, err := client.UpdateCredential(t.Context(), keyed(before.ID, "LON1", wanted("new")))
	wantError(t, err, unavailable, "PUT")
	if !civo.IsUncertain(err) || server.Count(civosim.KindUpdateCredential) != 1 {
		t.Errorf("uncertain %t after %d PUTs", civo.IsUncertain(err), server.Count(civosim.KindUpdateCredential))
	}
}

func TestUpdate_Rejected(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	before := add(server, 2)
	server.Inject(civosim.Fault{Kind: civosim.KindUpdateCredential, Effect: civosim.Effect400})
	_, err := client.UpdateCredential(t.Context(), keyed(before[0].ID, "LON1", wanted("new")))
	wantError(t, err, refused, "PUT", "400")
	checkAtCivo(t, server, before...)
}

func TestWaitReady_AlreadyReady(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	if got, err := client.Credentials(there.Region).WaitReady(t.Context(), there); err != nil || got != there {
		t.Errorf("%+v, %v", got, err)
	}
	if n := server.Count(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestWaitReady_Waits(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]civosim.Options{
		"creating": {ShowPendingKeys: true}, "pending": {PendingStatus: "pending"}, "no status": {PendingStatus: "-"}, "keys not shown": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.ReadyAfter = 100 * time.Millisecond
			server, client := start(t, o)
			want := wanted("n")
			made, err := client.CreateCredential(t.Context(), want)
			if err != nil || made.Status == civo.StatusReady || !haveSameKeys(made, want) {
				t.Fatalf("made %+v: %v", made, err)
			}
			ready, err := client.Credentials(made.Region).WaitReady(t.Context(), made)
			if err != nil || ready != as(made.ID, want) {
				t.Errorf("%+v, %v", ready, err)
			}
			checkAtCivo(t, server, ready)
		})
	}
}

func TestWaitReady_Failed(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{ReadyAfter: 50 * time.Millisecond})
	server.FailCreates(true)
	made, err := client.CreateCredential(t.Context(), wanted("n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.Credentials(made.Region).WaitReady(t.Context(), made)
	wantError(t, err, failed, "failed")
	if in := listed(t, err); len(in) != 1 || in[0].ID != made.ID {
		t.Errorf("names %+v", in)
	}
	if got.ID != made.ID || got.Status != civo.StatusFailed || !haveSameKeys(got, made) {
		t.Errorf("gives %+v", got)
	}
}

func TestWaitReady_ContextEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end func(context.Context) (context.Context, context.CancelFunc)
		why func(error) bool
	}{
		"timeout": {
			func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeout(ctx, 100*time.Millisecond)
			},
			civo.IsTimeout,
		},
		"interruption": {
			func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(100*time.Millisecond, cancel)
				return ctx, cancel
			},
			civo.IsInterrupted,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, client := start(t, civosim.Options{ReadyAfter: time.Hour})
			made, err := client.CreateCredential(t.Context(), wanted("n"))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := test.end(t.Context())
			defer cancel()
			got, err := client.Credentials(made.Region).WaitReady(ctx, made)
			wantInterruptedWait(t, err, test.why)
			if got != made {
				t.Errorf("gives %+v", got)
			}
		})
	}
}

func TestWaitReady_ReadFails(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{ReadyAfter: time.Hour})
	made, err := client.CreateCredential(t.Context(), wanted("n"))
	if err != nil {
		t.Fatal(err)
	}
	server.Inject(civosim.Fault{Kind: civosim.KindGetCredential, Effect: civosim.Effect403})
	got, err := client.Credentials(made.Region).WaitReady(t.Context(), made)
	wantError(t, err, forbidden)
	if got != made {
		t.Errorf("gives %+v", got)
	}
	server.ClearFaults()
	server.RemoveCredential(made.ID)
	got, err = client.Credentials(made.Region).WaitReady(t.Context(), made)
	wantError(t, err, notFound)
	if got != made {
		t.Errorf("gives %+v", got)
	}
}
