package civo_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func effects(which func(civosim.Effect) bool) []civosim.Effect {
	var chosen []civosim.Effect
	for _, effect := range civosim.Effects() {
		if which(effect) {
			chosen = append(chosen, effect)
		}
	}
	return chosen
}

// loses reports whether a write that meets the effect leaves its outcome open, or is surely not carried out and sent again.
func loses(effect civosim.Effect) bool {
	return !effect.IsRefusal() && effect != civosim.Effect404Text && effect != civosim.EffectRedirect
}

// checkAtCivo fails the test unless exactly these credentials exist at Civo.
func checkAtCivo(tb testing.TB, server *civosim.Server, want ...civo.Credential) {
	tb.Helper()
	there := server.Credentials("")
	got := make([]civo.Credential, 0, len(there))
	for _, c := range there {
		got = append(got, seen(c))
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b civo.Secret) bool { return a == b })); diff != "" {
		tb.Errorf("at Civo (-want +got):\n%s", diff)
	}
}

// as returns the credential that a create with these options produces.
func as(id string, want civo.Credential) civo.Credential {
	c := want
	c.ID, c.Status = id, civo.StatusReady
	return c
}

func TestCreate_OneRequest(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	want := wanted("n")
	want.Region = "lon1"
	made, err := client.CreateCredential(t.Context(), want)
	if err != nil || made != as(made.ID, want) || made.Region != "lon1" {
		t.Fatalf("made %+v: %v", made, err)
	}
	made.Region = "LON1"
	checkAtCivo(t, server, made)
	if n := server.Count(); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestCreate_LostResponse(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]civosim.Options{
		"ready at once":                      {},
		"ready later":                        {ReadyAfter: 150 * time.Millisecond, ShowPendingKeys: true},
		"ready later, its keys not shown":    {ReadyAfter: 150 * time.Millisecond},
		"ready later, without a status":      {ReadyAfter: 150 * time.Millisecond, PendingStatus: "-"},
		"deep in a list of more than a page": {PageCap: 5},
	} {
		for _, effect := range effects(loses) {
			if name != "ready at once" && !effect.CarriesOut() && effect != civosim.EffectClose {
				continue // makes no difference
			}
			t.Run(name+", "+string(effect), func(t *testing.T) {
				t.Parallel()
				server, client := startHanging(t, o)
				var others []civo.Credential
				if o.PageCap != 0 {
					others = add(server, 12)
				}
				server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: effect})
				want := wanted("n")
				made, err := client.CreateCredential(t.Context(), want)
				if err != nil {
					t.Fatal(err)
				}
				ready, err := client.Credentials(made.Region).WaitReady(t.Context(), made)
				if err != nil || ready != as(made.ID, want) {
					t.Errorf("made %+v: %v", ready, err)
				}
				checkAtCivo(t, server, append(others, ready)...)
				if n, carriedOut := server.Count(civosim.KindCreateCredential), effect.CarriesOut(); carriedOut != (n == 1) || n > 2 {
					t.Errorf("the POST was sent %d times", n)
				}
			})
		}
	}
}

func TestCreate_Rejected(t *testing.T) {
	t.Parallel()
	for effect, kind := range map[civosim.Effect]string{
		civosim.Effect400: refused, civosim.Effect401: unauthorized, civosim.Effect403: forbidden, civosim.Effect404Text: refused,
		civosim.Effect404Account: unauthorized, civosim.EffectRedirect: unexpected,
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Effect: effect})
			_, err := client.CreateCredential(t.Context(), wanted("n"))
			wantError(t, err, kind, "POST")
			if civo.IsUncertain(err) {
				t.Error("is uncertain")
			}
			checkAtCivo(t, server)
			if n := server.Count(civosim.KindCreateCredential); n != 1 {
				t.Errorf("the POST was sent %d times", n)
			}
		})
	}
}

func TestCreate_GivesUp(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Effect: civosim.Effect500})
	_, err := client.CreateCredential(t.Context(), wanted("n"))
	wantError(t, err, serverError, "POST", "Internal server error")
	if n := server.Count(civosim.KindCreateCredential); n != 1+quick().Retries {
		t.Errorf("the POST was sent %d times", n)
	}
	checkAtCivo(t, server)
}

func TestCreate_AdoptsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	mine := wanted("n")
	for name, test := range map[string]struct {
		other civosim.Credential
		want  string
	}{
		"with the name and other keys":             {civosim.Credential{Name: "n", AccessKeyID: "other", SecretAccessKey: "secret-other"}, nameTaken},
		"with the name, the access key, no secret": {civosim.Credential{Name: "n", AccessKeyID: mine.AccessKeyID, SecretAccessKey: "secret-other"}, nameTaken},
		"with both keys and another name":          {civosim.Credential{Name: "m", AccessKeyID: mine.AccessKeyID, SecretAccessKey: mine.SecretAccessKey.Reveal()}, accessKeyTaken},
		"with the access key and another name":     {civosim.Credential{Name: "m", AccessKeyID: mine.AccessKeyID, SecretAccessKey: "secret-other"}, accessKeyTaken},
	} {
		for _, effect := range []civosim.Effect{civosim.Effect500, civosim.EffectClose, civosim.EffectHTML200} {
			t.Run(name+", "+string(effect), func(t *testing.T) {
				t.Parallel()
				server, client := start(t, civosim.Options{})
				other := seen(server.AddCredential(test.other))
				server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: effect})
				_, err := client.CreateCredential(t.Context(), mine)
				wantError(t, err, test.want)
				checkAtCivo(t, server, other)
			})
		}
	}
}

func TestCreate_PendingCredentialOfOthers(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{ReadyAfter: 100 * time.Millisecond})
	other := named("n", wanted("other"))
	if _, err := client.CreateCredential(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: civosim.EffectClose})
	_, err := client.CreateCredential(t.Context(), wanted("n"))
	wantError(t, err, nameTaken)
	if n := len(server.Credentials("")); n != 1 {
		t.Errorf("%d credentials", n)
	}
}

func TestCreate_UnknownOutcome(t *testing.T) {
	t.Parallel()
	for _, effect := range effects(func(e civosim.Effect) bool {
		return loses(e) && e != civosim.EffectBusy && !strings.HasPrefix(string(e), "429")
	}) {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := startHanging(t, civosim.Options{})
			server.Inject(
				civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: effect},
				civosim.Fault{Kind: civosim.KindListCredentials, Effect: civosim.Effect500},
			)
			_, err := client.CreateCredential(t.Context(), wanted("n"))
			if !civo.IsUncertain(err) || !strings.Contains(err.Error(), "POST") {
				t.Errorf("uncertain is %t for %v", civo.IsUncertain(err), err)
			}
			if n := server.Count(civosim.KindCreateCredential); n != 1 {
				t.Errorf("the POST was sent %d times", n)
			}
		})
	}
}

func TestCreate_NameTakenPerhapsByItself(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	server.AddCredential(civosim.Credential{Name: "n"})
	server.Inject(
		civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: civosim.EffectClose},
		civosim.Fault{Kind: civosim.KindListCredentials, Nth: 2, Times: 100, Effect: civosim.Effect500},
	)
	_, err := client.CreateCredential(t.Context(), wanted("n"))
	if !civo.IsUncertain(err) {
		t.Errorf("certain: %v", err)
	}
}

func TestCreate_CancelledWhileHanging(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		effect    civosim.Effect
		grace     time.Duration // half of it is for the list
		uncertain bool
	}{
		"not carried out":                  {civosim.EffectHang, time.Second, true},
		"carried out, and found in a list": {civosim.EffectAfterHang, 10 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			timing := quick()
			timing.Grace = test.grace
			server, client := start(t, civosim.Options{}, timing)
			server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Effect: test.effect})
			server.OnArrival(civosim.KindCreateCredential, 1, cancel)
			made, err := client.CreateCredential(ctx, wanted("n"))
			if civo.IsUncertain(err) != test.uncertain || civo.IsInterrupted(err) != test.uncertain {
				t.Errorf("uncertain %t, interrupted %t: %v", civo.IsUncertain(err), civo.IsInterrupted(err), err)
			}
			if !test.uncertain {
				checkAtCivo(t, server, made)
			}
			if n := server.Count(civosim.KindCreateCredential); n != 1 {
				t.Errorf("the POST was sent %d times", n)
			}
		})
	}
}

func TestCreate_CancelledBeforehand(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	server, client := start(t, civosim.Options{})
	_, err := client.CreateCredential(ctx, wanted("n"))
	if !civo.IsInterrupted(err) || civo.IsUncertain(err) {
		t.Errorf("interrupted %t, uncertain %t: %v", civo.IsInterrupted(err), civo.IsUncertain(err), err)
	}
	if n := server.Count(); n != 0 {
		t.Errorf("%d requests", n)
	}
}
