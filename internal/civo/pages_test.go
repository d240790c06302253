package civo_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// pastTheEnd contains the two possible responses of Civo to a request for a page past the end of a list.
var pastTheEnd = map[string]bool{"page 1": false, "empty page": true}

// startMoving starts a simulator with 102 credentials and a client. Two of the credentials on page 1 are removed after the
// first time that page 1 was read.
func startMoving(t *testing.T, emptyPages bool) (*civosim.Server, *civo.Client, []civo.Credential) {
	t.Helper()
	var server *civosim.Server
	var there []civo.Credential
	var once sync.Once
	server, client := start(t, civosim.Options{EmptyPagePastEnd: emptyPages, OnRequest: func(r civosim.Request) {
		if r.Kind == civosim.KindListCredentials {
			once.Do(func() {
				server.RemoveCredential(there[3].ID)
				server.RemoveCredential(there[4].ID)
			})
		}
	}}, civo.Timing{Retries: -1})
	there = add(server, 102)
	return server, client, there
}

// The two credentials on page 2 move to page 1 while the list is read. They exist throughout.
func TestList_PageMoves(t *testing.T) {
	t.Parallel()
	for end, emptyPages := range pastTheEnd {
		for name, test := range map[string]struct {
			fault civosim.Effect // of each GET of one credential
			read  func(ctx context.Context, client *civo.Client, live civo.Credential) (civo.Credential, error)
		}{
			"by ID": {"", func(ctx context.Context, client *civo.Client, live civo.Credential) (civo.Credential, error) {
				return client.Credentials("LON1").Get(ctx, live.ID)
			}},
			"by ID, a 404 of a proxy": {civosim.Effect404Text, func(ctx context.Context, client *civo.Client, live civo.Credential) (civo.Credential, error) {
				return client.Credentials("LON1").Get(ctx, live.ID)
			}},
			"by name": {"", func(ctx context.Context, client *civo.Client, live civo.Credential) (civo.Credential, error) {
				return client.Credentials("LON1").Find(ctx, civo.By(live.Name, civo.FieldName))
			}},
			"by access key ID": {"", func(ctx context.Context, client *civo.Client, live civo.Credential) (civo.Credential, error) {
				return client.Credentials("LON1").Find(ctx, civo.By(live.AccessKeyID, civo.FieldAccessKeyID))
			}},
			"in any region": {"", func(ctx context.Context, client *civo.Client, live civo.Credential) (civo.Credential, error) {
				return client.Credentials("LON1").FindInAnyRegion(ctx, civo.By(live.Name, civo.FieldID, civo.FieldName, civo.FieldAccessKeyID))
			}},
		} {
			t.Run(end+", "+name, func(t *testing.T) {
				t.Parallel()
				server, client, there := startMoving(t, emptyPages)
				if test.fault != "" {
					server.Inject(civosim.Fault{Kind: civosim.KindGetCredential, Effect: test.fault})
				}
				if _, err := client.Credentials("LON1").All(t.Context()); err != nil { // the list does not contain the two
					t.Error(err)
				}
				for _, live := range there[100:] {
					if found, err := test.read(t.Context(), client, live); err != nil || found != live {
						t.Errorf("%s: found %+v: %v", live.Name, found, err)
					}
				}
			})
		}
	}
}

// The response to a POST is lost, and the new credential moves to page 1 during the search for it.
func TestList_PageMovesDuringCreate(t *testing.T) {
	t.Parallel()
	for end, emptyPages := range pastTheEnd {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			server, client, _ := startMoving(t, emptyPages)
			server.RemoveCredential(server.Credentials("")[101].ID)
			server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: civosim.EffectAfterClose})
			created, err := client.CreateCredential(t.Context(), wanted("n"))
			if err != nil || created != as(created.ID, wanted("n")) {
				t.Errorf("created %+v: %v", created, err)
			}
			if n := server.Count(civosim.KindCreateCredential); n != 1 || len(server.Credentials("")) != 100 {
				t.Errorf("%d POSTs, %d credentials", n, len(server.Credentials("")))
			}
		})
	}
}

// A list that grows while it is read contains each credential once.
func TestList_PageGrows(t *testing.T) {
	t.Parallel()
	var server *civosim.Server
	server, client := start(t, civosim.Options{PageCap: 20, OnRequest: func(r civosim.Request) {
		if r.Kind == civosim.KindListCredentials && server.Count(civosim.KindListCredentials) < 10 {
			add(server, 20)
		}
	}})
	there := add(server, 50)
	all, err := client.Credentials("LON1").All(t.Context())
	if err != nil || len(all) < len(there) {
		t.Errorf("%d credentials: %v", len(all), err)
	}
	ids := map[string]bool{}
	for _, one := range all {
		ids[one.ID] = true
	}
	if len(ids) != len(all) {
		t.Errorf("%d credentials with %d IDs", len(all), len(ids))
	}
}

func TestList_ObjectStoresMove(t *testing.T) {
	t.Parallel()
	for end, emptyPages := range pastTheEnd {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			var server *civosim.Server
			var first civosim.Store
			var once sync.Once
			server, client := start(t, civosim.Options{PageCap: 2, EmptyPagePastEnd: emptyPages, OnRequest: func(civosim.Request) {
				once.Do(func() { server.RemoveStore(first.ID) })
			}})
			owner := server.AddCredential(civosim.Credential{})
			first = server.AddStore(civosim.Store{OwnerID: owner.ID})
			server.AddStore(civosim.Store{OwnerID: owner.ID})
			server.AddStore(civosim.Store{OwnerID: owner.ID})
			if _, err := client.ObjectStores("LON1").All(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Deleting many credentials concurrently, more than fit on a page, removes pages while others read them.
func TestDelete_ManyAtATime(t *testing.T) {
	t.Parallel()
	for end, emptyPages := range pastTheEnd {
		for name, plain404s := range map[string]int{"Civo's 404": 0, "some plain 404s": 10} {
			t.Run(end+", "+name, func(t *testing.T) {
				t.Parallel()
				server, client := start(t, civosim.Options{PageCap: 20, EmptyPagePastEnd: emptyPages, Latency: time.Millisecond}, civo.Timing{})
				there := add(server, 250)
				if plain404s > 0 { // which prove nothing, so that the list is read until it settles
					server.Inject(civosim.Fault{Kind: civosim.KindGetCredential, Nth: 1, Times: plain404s, Effect: civosim.Effect404Text})
				}
				var next atomic.Int64
				var group sync.WaitGroup
				for range 50 {
					group.Go(func() {
						for n := next.Add(1) - 1; n < 250; n = next.Add(1) - 1 {
							if err := client.DeleteCredential(t.Context(), there[n]); err != nil {
								t.Error(err)
							}
						}
					})
				}
				group.Wait()
				checkAtCivo(t, server)
				t.Logf("%d requests", server.Count())
			})
		}
	}
}

func TestList_Pages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pages map[int]string
		want  string // kind of the error; "": none
		ids   int
	}{
		"shrinks, empty page":  {map[int]string{1: `{"page":1,"pages":3,"items":[{"id":"a"}]}`, 2: `{"page":2,"pages":1,"items":[]}`}, "", 1},
		"shrinks, page 1":      {map[int]string{1: `{"page":1,"pages":2,"items":[{"id":"a"}]}`, 2: `{"page":1,"pages":1,"items":[{"id":"a"}]}`}, "", 1},
		"page 1 each time":     {map[int]string{1: `{"page":1,"pages":3,"items":[{"id":"a"}]}`, 2: `{"page":1,"pages":3,"items":[{"id":"a"}]}`}, "", 1},
		"grows":                {map[int]string{1: `{"page":1,"pages":2,"items":[{"id":"a"}]}`, 2: `{"page":2,"pages":3,"items":[{"id":"b"}]}`, 3: `{"page":3,"pages":3,"items":[{"id":"c"}]}`}, "", 3},
		"no pages":             {map[int]string{1: `{"page":1,"pages":0,"items":[]}`}, "", 0},
		"no pages, but items":  {map[int]string{1: `{"page":1,"pages":0,"items":[{"id":"a"}]}`}, "", 1},
		"negative pages":       {map[int]string{1: `{"page":1,"pages":-5,"items":[]}`}, unexpected, 0},
		"too many pages":       {map[int]string{1: `{"page":1,"pages":1000000000,"items":[]}`}, unexpected, 0},
		"too many pages later": {map[int]string{1: `{"page":1,"pages":2,"items":[]}`, 2: `{"page":2,"pages":1000000000,"items":[]}`}, unexpected, 0},
		"starts elsewhere":     {map[int]string{1: `{"page":2,"pages":2,"items":[]}`}, unexpected, 0},
		"ID is a path":         {map[int]string{1: `{"page":1,"pages":1,"items":[{"id":".."}]}`}, unexpected, 0},
		"ID is empty":          {map[int]string{1: `{"page":1,"pages":1,"items":[{"id":""}]}`}, unexpected, 0},
		"ID has a slash":       {map[int]string{1: `{"page":1,"pages":1,"items":[{"id":"a/b"}]}`}, unexpected, 0},
		"ID is too long":       {map[int]string{1: fmt.Sprintf(`{"page":1,"pages":1,"items":[{"id":"%0129d"}]}`, 1)}, unexpected, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := map[string]string{}
			for number, body := range test.pages {
				answers[fmt.Sprintf("%s?%d", credentialsPath, number)] = body
			}
			all, err := answering(t, answers).Credentials("LON1").All(t.Context())
			if test.want != "" {
				wantError(t, err, test.want)
			} else if err != nil || len(all) != test.ids {
				t.Errorf("%d credentials: %v", len(all), err)
			}
		})
	}
}
