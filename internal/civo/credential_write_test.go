package civo_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
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

// loses says whether a write that meets the effect leaves its outcome open, or is surely not carried out and sent again.
func loses(effect civosim.Effect) bool {
	switch effect {
	case civosim.Effect400, civosim.Effect401, civosim.Effect403, civosim.Effect404Text, civosim.Effect404Account, civosim.EffectRedirect:
		return false
	default:
		return true
	}
}

// checkAtCivo fails the test unless these credentials, and no others, are at Civo.
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

// as is what is made from what is wanted.
func as(id string, want civo.NewCredential) civo.Credential {
	c := want.Unmade()
	c.ID, c.Status = id, civo.StatusReady
	return c
}

func TestCreateIsOneRequest(t *testing.T) {
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

func TestCreateMakesOneCredentialWhateverBecomesOfTheAnswer(t *testing.T) {
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
				server, client := start(t, o, paceFor(effect))
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
				ready, err := client.WaitReady(t.Context(), made)
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

func TestCreateThatIsRefusedMakesNothing(t *testing.T) {
	t.Parallel()
	for effect, kind := range map[civosim.Effect]string{
		civosim.Effect400: refused, civosim.Effect401: unauthorized, civosim.Effect403: unauthorized, civosim.Effect404Text: refused,
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

func TestCreateGivesUpAfterSoManyRetries(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Effect: civosim.Effect500})
	_, err := client.CreateCredential(t.Context(), wanted("n"))
	wantError(t, err, unavailable, "POST", "Internal server error")
	if n := server.Count(civosim.KindCreateCredential); n != 1+quick().Retries {
		t.Errorf("the POST was sent %d times", n)
	}
	checkAtCivo(t, server)
}

func TestCreateWhoseNameIsTakenNamesTheOther(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]civo.Keys{
		"other keys": {AccessKeyID: "other", SecretAccessKey: civo.NewSecret("secret-other")},
		"the same keys, which without doubt are not ours": wanted("n").Keys,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			add(server, 3)
			other := server.AddCredential(civosim.Credential{
				Name: "n", AccessKeyID: keys.AccessKeyID, SecretAccessKey: keys.SecretAccessKey.Reveal(),
			})
			_, err := client.CreateCredential(t.Context(), wanted("n"))
			wantError(t, err, nameTaken, "409")
			if civo.IsUncertain(err) {
				t.Error("is uncertain")
			}
			if in := listed(t, err); len(in) != 1 || in[0].ID != other.ID || in[0].Region != "LON1" || in[0].AccessKeyID != other.AccessKeyID {
				t.Errorf("names %+v", in)
			}
			if n := server.Count(civosim.KindCreateCredential); n != 1 {
				t.Errorf("the POST was sent %d times", n)
			}
		})
	}
}

func TestCreateWhoseNameIsTakenIsAnErrorAlsoWhenTheOtherCannotBeFound(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	server.AddCredential(civosim.Credential{Name: "n"})
	server.Inject(civosim.Fault{Kind: civosim.KindListCredentials, Effect: civosim.Effect500})
	_, err := client.CreateCredential(t.Context(), wanted("n"))
	wantError(t, err, nameTaken)
}

func TestCreateNeverAdoptsAnotherCredential(t *testing.T) {
	t.Parallel()
	mine := wanted("n")
	for name, test := range map[string]struct {
		other civosim.Credential
		want  string
	}{
		"with the name and other keys":             {civosim.Credential{Name: "n", AccessKeyID: "other", SecretAccessKey: "secret-other"}, nameTaken},
		"with the name, the access key, no secret": {civosim.Credential{Name: "n", AccessKeyID: mine.Keys.AccessKeyID, SecretAccessKey: "secret-other"}, nameTaken},
		"with both keys and another name":          {civosim.Credential{Name: "m", AccessKeyID: mine.Keys.AccessKeyID, SecretAccessKey: mine.Keys.SecretAccessKey.Reveal()}, accessKeyTaken},
		"with the access key and another name":     {civosim.Credential{Name: "m", AccessKeyID: mine.Keys.AccessKeyID, SecretAccessKey: "secret-other"}, accessKeyTaken},
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

func TestCreateDoesNotAdoptAnothersPendingCredentialThatHidesItsKeys(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{ReadyAfter: 100 * time.Millisecond})
	other := wanted("n")
	other.Keys = civo.Keys{AccessKeyID: "other", SecretAccessKey: civo.NewSecret("secret-other")}
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

func TestCreateIsUncertainWhereWhatBecameOfItCannotBeSeen(t *testing.T) {
	t.Parallel()
	for _, effect := range effects(func(e civosim.Effect) bool { return loses(e) && !strings.HasPrefix(string(e), "429") }) {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{}, paceFor(effect))
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

func TestCreateIsUncertainWhenTheNameIsTakenPerhapsByItself(t *testing.T) {
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

func TestCreateThatIsCancelledWhileItHangs(t *testing.T) {
	t.Parallel()
	pace := quick()
	pace.Grace = 200 * time.Millisecond
	for name, test := range map[string]struct {
		effect    civosim.Effect
		uncertain bool
	}{
		"not carried out":                  {civosim.EffectHang, true},
		"carried out, and found in a list": {civosim.EffectAfterHang, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			server, client := start(t, civosim.Options{}, pace)
			server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Effect: test.effect})
			time.AfterFunc(50*time.Millisecond, cancel)
			began := time.Now()
			made, err := client.CreateCredential(ctx, wanted("n"))
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("ended after %v", took)
			}
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

func TestCreateThatIsCancelledBeforehandSendsNothing(t *testing.T) {
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

func TestUpdateIsOneRequest(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	before := add(server, 1)[0]
	after := before
	after.AccessKeyID, after.SecretAccessKey = "access-new", civo.NewSecret("secret-new")
	got, err := client.UpdateCredential(t.Context(), "LON1", before.ID, after.Keys())
	if err != nil || got != after {
		t.Errorf("changed to %+v: %v", got, err)
	}
	checkAtCivo(t, server, after)
	if n := server.Count(); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestUpdateWhoseAnswerIsLostIsReadBack(t *testing.T) {
	t.Parallel()
	for _, effect := range effects(loses) {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{}, paceFor(effect))
			before := add(server, 1)[0]
			after := before
			after.SecretAccessKey = civo.NewSecret("secret-new")
			server.Inject(civosim.Fault{Kind: civosim.KindUpdateCredential, Nth: 1, Effect: effect})
			got, err := client.UpdateCredential(t.Context(), "LON1", before.ID, after.Keys())
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

func TestUpdateIsUncertainWhereItCannotBeReadBack(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	before := add(server, 1)[0]
	server.Inject(
		civosim.Fault{Kind: civosim.KindUpdateCredential, Effect: civosim.EffectAfterClose},
		civosim.Fault{Kind: civosim.KindGetCredential, Effect: civosim.Effect500},
	)
	_, err := client.UpdateCredential(t.Context(), "LON1", before.ID, wanted("new").Keys)
	wantError(t, err, unavailable, "PUT")
	if !civo.IsUncertain(err) || server.Count(civosim.KindUpdateCredential) != 1 {
		t.Errorf("uncertain %t after %d PUTs", civo.IsUncertain(err), server.Count(civosim.KindUpdateCredential))
	}
}

func TestUpdateThatIsRefused(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	before := add(server, 2)
	server.Inject(civosim.Fault{Kind: civosim.KindUpdateCredential, Effect: civosim.Effect400})
	_, err := client.UpdateCredential(t.Context(), "LON1", before[0].ID, wanted("new").Keys)
	wantError(t, err, refused, "PUT", "400")
	checkAtCivo(t, server, before...)
}

func TestDeleteMakesSureThatItIsGone(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 2)
	if err := client.DeleteCredential(t.Context(), there[0]); err != nil {
		t.Error(err)
	}
	checkAtCivo(t, server, there[1])
	requests := server.Requests()
	if len(requests) < 2 || len(requests) > 3 || requests[0].Kind != civosim.KindDeleteCredential {
		t.Errorf("the requests were %v", requests)
	}
	for _, r := range requests[1:] {
		if r.Kind != civosim.KindGetCredential && r.Kind != civosim.KindListCredentials {
			t.Errorf("one of the requests was %v", r)
		}
	}
}

func TestDeleteOfWhatIsGoneAlreadyIsNoError(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 2)
	server.RemoveCredential(there[0].ID)
	if err := client.DeleteCredential(t.Context(), there[0]); err != nil {
		t.Error(err)
	}
	checkAtCivo(t, server, there[1])
}

func TestDeleteWhateverBecomesOfTheAnswer(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]civosim.Options{"at once": {}, "gone later": {CredentialGoneAfter: 100 * time.Millisecond}} {
		for _, effect := range effects(func(e civosim.Effect) bool { return loses(e) || e == civosim.Effect404Text }) {
			if o.CredentialGoneAfter != 0 && !effect.CarriesOut() {
				continue // makes no difference
			}
			t.Run(name+", "+string(effect), func(t *testing.T) {
				t.Parallel()
				server, client := start(t, o, paceFor(effect))
				there := add(server, 2)
				server.Inject(civosim.Fault{Kind: civosim.KindDeleteCredential, Nth: 1, Effect: effect})
				if err := client.DeleteCredential(t.Context(), there[0]); err != nil {
					t.Error(err)
				}
				checkAtCivo(t, server, there[1])
			})
		}
	}
}

func TestDeleteIsSentAgainAfterAnAnswerThatIsNotOneToADeletion(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"result":""}`, `{"result":5}`, `[]`, `<html></html>`, ``} {
		sent := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				sent++
			}
			switch {
			case r.Method == http.MethodDelete && sent == 1:
				_, _ = fmt.Fprint(w, body)
			case r.Method == http.MethodDelete:
				_, _ = fmt.Fprint(w, `{"result":"success"}`)
			case r.URL.Path == credentialsPath:
				_, _ = fmt.Fprint(w, `{"page":1,"per_page":100,"pages":1,"items":[]}`)
			case sent == 1:
				_, _ = fmt.Fprint(w, `{"id":"i","name":"n","status":"ready"}`)
			default:
				w.WriteHeader(http.StatusNotFound)
			}
		}))
		t.Cleanup(server.Close)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		err := connect(t, server.URL, "token-a").DeleteCredential(ctx, civo.Credential{ID: "i", Region: "LON1"})
		cancel()
		if err != nil || sent != 2 {
			t.Errorf("%s: sent %d times: %v", body, sent, err)
		}
	}
}

func TestDeleteThatIsRefusedIsAnError(t *testing.T) {
	t.Parallel()
	for effect, kind := range map[civosim.Effect]string{
		civosim.Effect401: unauthorized, civosim.Effect403: unauthorized, civosim.Effect404Account: unauthorized,
		civosim.Effect400: refused, civosim.EffectRedirect: unexpected,
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			there := add(server, 1)[0]
			server.Inject(civosim.Fault{Kind: civosim.KindDeleteCredential, Effect: effect})
			wantError(t, client.DeleteCredential(t.Context(), there), kind, "DELETE")
			checkAtCivo(t, server, there)
		})
	}
}

func TestDeleteWithABadTokenIsAnError(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	server.SetToken("token-other")
	wantError(t, client.DeleteCredential(t.Context(), there), unauthorized)
	checkAtCivo(t, server, there)
}

func TestDeleteNamesTheStoresThatOwnIt(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{PageCap: 2})
	there := add(server, 2)
	for range 5 {
		server.AddStore(civosim.Store{OwnerID: there[1].ID})
	}
	mine := server.AddStore(civosim.Store{Name: "data", OwnerID: there[0].ID})
	server.AddStore(civosim.Store{Name: "leaving", OwnerID: there[0].ID, Status: "deleting"})
	err := client.DeleteCredential(t.Context(), there[0])
	wantError(t, err, inUse, "DELETE", "409", "data")
	e, ok := errors.AsType[*civo.Error](err)
	if !ok || len(e.Stores) != 1 || e.Stores[0].ID != mine.ID || e.Stores[0].Name != "data" {
		t.Errorf("stores %+v", e.Stores)
	}
	if n := server.Count(civosim.KindDeleteCredential); n != 1 {
		t.Errorf("the DELETE was sent %d times", n)
	}
	checkAtCivo(t, server, there...)
}

func TestDeleteWaitsForAStoreThatIsOnItsWayOut(t *testing.T) {
	t.Parallel()
	const refusals = 3
	var server *civosim.Server
	var store civosim.Store
	refused := 0
	server, client := start(t, civosim.Options{OnRequest: func(r civosim.Request) {
		if r.Kind == civosim.KindDeleteCredential {
			refused++
			if refused == refusals {
				server.RemoveStore(store.ID)
			}
		}
	}})
	there := add(server, 2)
	store = server.AddStore(civosim.Store{OwnerID: there[0].ID, Status: "deleting"})
	if err := client.DeleteCredential(t.Context(), there[0]); err != nil {
		t.Error(err)
	}
	checkAtCivo(t, server, there[1])
	if n := server.Count(civosim.KindDeleteCredential); n != refusals+1 {
		t.Errorf("the DELETE was sent %d times", n)
	}
}

func TestDeleteWaitsForAStoreOnlyUntilTheTimeIsUp(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	leaving := server.AddStore(civosim.Store{OwnerID: there.ID, Status: "deleting"})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err := client.DeleteCredential(ctx, there)
	wantInterruptedWait(t, err, civo.IsTimeout)
	if e, ok := errors.AsType[*civo.Error](err); civo.IsInUse(err) && (!ok || len(e.Stores) != 1 || e.Stores[0].ID != leaving.ID) {
		t.Errorf("names the stores %+v", e.Stores)
	}
	checkAtCivo(t, server, there)
}

// wantInterruptedWait fails the test unless a wait has ended with its context, maybe in the middle of a request.
func wantInterruptedWait(tb testing.TB, err error, why func(error) bool) {
	tb.Helper()
	if err == nil || !why(err) {
		tb.Errorf("another error than that of a wait that ended with its context: %v", err)
	}
}

func TestDeleteThatIsRefusedWithoutAStoreToBlameEnds(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	server.Inject(civosim.Fault{Kind: civosim.KindDeleteCredential, Effect: civosim.Effect400})
	wantError(t, client.DeleteCredential(t.Context(), there), refused, "400", "The request cannot be processed")
	if n := server.Count(civosim.KindDeleteCredential); n > 3 {
		t.Errorf("the DELETE was sent %d times", n)
	}
}

func TestDeleteIsTriedAgainWhenTheStoreWentMeanwhile(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	server.Inject(civosim.Fault{Kind: civosim.KindDeleteCredential, Nth: 1, Effect: civosim.Effect400})
	if err := client.DeleteCredential(t.Context(), there); err != nil {
		t.Error(err)
	}
	checkAtCivo(t, server)
}

func TestDeleteThatTakesAWhileIsWaitedFor(t *testing.T) {
	t.Parallel()
	const while = 200 * time.Millisecond
	server, client := start(t, civosim.Options{CredentialGoneAfter: while})
	there := add(server, 1)[0]
	began := time.Now()
	if err := client.DeleteCredential(t.Context(), there); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took < while {
		t.Errorf("returned after %v", took)
	}
	checkAtCivo(t, server)
	if n := server.Count(civosim.KindDeleteCredential); n != 1 {
		t.Errorf("the DELETE was sent %d times", n)
	}
}

func TestDeleteThatTakesTooLong(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{CredentialGoneAfter: time.Hour})
	there := add(server, 1)[0]
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	wantInterruptedWait(t, client.DeleteCredential(ctx, there), civo.IsTimeout)
}

func TestDeleteIsNotDoneWhileNothingProvesThatItIsGone(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	server.Inject(
		civosim.Fault{Kind: civosim.KindGetCredential, Effect: civosim.Effect404Text},
		civosim.Fault{Kind: civosim.KindListCredentials, Effect: civosim.Effect500},
	)
	wantError(t, client.DeleteCredential(t.Context(), there), unavailable, "GET")
}

func TestWaitReadyOfWhatIsReadyAsksNothing(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	if got, err := client.WaitReady(t.Context(), there); err != nil || got != there {
		t.Errorf("%+v, %v", got, err)
	}
	if n := server.Count(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestWaitReadyWaits(t *testing.T) {
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
			if err != nil || made.Status == civo.StatusReady || made.Keys() != want.Keys {
				t.Fatalf("made %+v: %v", made, err)
			}
			ready, err := client.WaitReady(t.Context(), made)
			if err != nil || ready != as(made.ID, want) {
				t.Errorf("%+v, %v", ready, err)
			}
			checkAtCivo(t, server, ready)
		})
	}
}

func TestWaitReadyOfWhatCivoGaveUp(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{ReadyAfter: 50 * time.Millisecond})
	server.FailCreates(true)
	made, err := client.CreateCredential(t.Context(), wanted("n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.WaitReady(t.Context(), made)
	wantError(t, err, failed, "failed")
	if in := listed(t, err); len(in) != 1 || in[0].ID != made.ID {
		t.Errorf("names %+v", in)
	}
	if got.ID != made.ID || got.Status != civo.StatusFailed || got.Keys() != made.Keys() {
		t.Errorf("gives %+v", got)
	}
}

func TestWaitReadyThatEndsWithItsContext(t *testing.T) {
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
			got, err := client.WaitReady(ctx, made)
			wantInterruptedWait(t, err, test.why)
			if got != made {
				t.Errorf("gives %+v", got)
			}
		})
	}
}

func TestWaitReadyOfWhatIsGoneOrCannotBeRead(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{ReadyAfter: time.Hour})
	made, err := client.CreateCredential(t.Context(), wanted("n"))
	if err != nil {
		t.Fatal(err)
	}
	server.Inject(civosim.Fault{Kind: civosim.KindGetCredential, Effect: civosim.Effect403})
	got, err := client.WaitReady(t.Context(), made)
	wantError(t, err, unauthorized)
	if got != made {
		t.Errorf("gives %+v", got)
	}
	server.ClearFaults()
	server.RemoveCredential(made.ID)
	got, err = client.WaitReady(t.Context(), made)
	wantError(t, err, notFound)
	if got != made {
		t.Errorf("gives %+v", got)
	}
}
