package civo

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

var invalidIDs = []string{
	"", ".", "..", "../credentials", "a/b", "a/../b", "/", "a?b=c", "a#b", "%2e%2e", "a b", "a\n", "ä", "..%2f", someID + "/..", strings.Repeat("a", 129),
}

// A record is absent only if Civo says so, and a complete list of the region does not contain it. A region that Civo does not serve proves
// nothing.
func TestRead_NoProofOfAbsence(t *testing.T) {
	t.Parallel()
	eachKind(t, civosim.Options{}, func(t recordTest) {
		for name, test := range map[string]struct {
			fault civosim.Fault
			want  Kind
		}{
			"a region that is down":     {civosim.Fault{}, KindUnknownRegion},
			"a bad token":               {civosim.Fault{Effect: civosim.Effect404Account}, KindUnauthorized},
			"401":                       {civosim.Fault{Effect: civosim.Effect401}, KindUnauthorized},
			"403":                       {civosim.Fault{Effect: civosim.Effect403}, KindForbidden},
			"every path is a text page": {civosim.Fault{Effect: civosim.Effect404Text}, KindUnexpected},
			"500":                       {civosim.Fault{Effect: civosim.Effect500}, KindServerError},
			"400":                       {civosim.Fault{Effect: civosim.Effect400}, KindRefused},
			"HTML":                      {civosim.Fault{Effect: civosim.EffectHTML200}, KindUnexpected},
			"an empty answer":           {civosim.Fault{Effect: civosim.EffectEmpty200}, KindUnexpected},
			"wrong types":               {civosim.Fault{Effect: civosim.EffectTypes200}, KindUnexpected},
			"a list that fails":         {fault(t.list, 0, civosim.Effect502HTML), KindUnavailable},
			"a list that is HTML":       {fault(t.list, 0, civosim.EffectHTML200), KindUnexpected},
			"a list whose token is bad": {fault(t.list, 0, civosim.Effect404Account), KindUnauthorized},
			"a list that is missing":    {civosim.Fault{Kind: t.list, Effect: civosim.EffectResponse, Status: 404, Body: `{"code":"` + t.codeNotFound + `"}`}, KindUnexpected},
			"the second page":           {civosim.Fault{Kind: t.list, Nth: 2, Times: 100, Effect: civosim.Effect500}, KindServerError},
		} {
			t.run(name, civosim.Options{PageCap: 30}, func(t recordTest) {
				t.addMany(40)
				if test.want == KindUnknownRegion {
					t.server.SetRegionDown("lon1", true)
				} else {
					t.server.Inject(test.fault)
				}
				records := t.in(t.client, "LON1")
				_, getErr := records.Get(t.Context(), someID)
				_, currentErr := records.GetCurrent(t.Context(), someID)
				_, findErr := records.Find(t.Context(), By(someID, FieldID))
				_, anyErr := records.Find(t.Context(), By(someID, FieldID, FieldName))
				_, usageErr := t.client.ObjectStoreUsage(t.Context(), "LON1", someID)
				for _, err := range []error{getErr, currentErr, findErr, anyErr} {
					wantError(t, err, test.want)
				}
				if t.list == civosim.KindListStores {
					wantError(t, usageErr, test.want)
				}
			})
		}
	})
}

// The error about a record that does not exist says where it was searched. The token is not in any.
func TestRead_Absence(t *testing.T) {
	t.Parallel()
	eachKind(t, civosim.Options{}, func(t recordTest) {
		here := t.addMany(1)[0].Ref().ID
		for region, id := range map[string]string{"LON1": someID, "FRA1": here} {
			_, err := t.in(t.client, region).Get(t.Context(), id)
			wantError(t, err, KindNotFound, "no "+t.noun+" in "+region, id)
			_, err = t.client.ObjectStoreUsage(t.Context(), region, id)
			wantError(t, err, KindNotFound, "no object store in "+region, id)
		}
		_, err := t.in(connect(t, t.server.URL(), "token-bad"), "LON1").Get(t.Context(), here)
		wantError(t, err, KindUnauthorized, "404", "database_account_not_found")
		failIf(t, strings.Contains(err.Error(), "token-bad"), "the error shows the token: %v", err)
	})
}

// Get can be answered by an earlier list, GetCurrent and Find never: another client can have changed or replaced the record.
func TestRead_Current(t *testing.T) {
	t.Parallel()
	eachKind(t, civosim.Options{}, func(t recordTest) {
		there := t.addMany(2)
		changed, replaced := there[0].Ref().ID, there[1].Ref().ID
		records := t.in(connect(t, t.server.URL(), t.server.Token(), caching()), "LON1")
		all, err := records.All(t.Context())
		if err != nil || len(all) != 2 {
			t.Fatalf("%d: %v", len(all), err)
		}
		t.setStatus(t.server, changed, "changed")
		if got, err := records.Get(t.Context(), changed); err != nil || got != there[0] {
			t.Errorf("cached: %+v: %v", got, err)
		}
		if got, err := records.GetCurrent(t.Context(), changed); err != nil || got.Ref().Status != "changed" || t.server.Count() != 2 {
			t.Errorf("current: %+v after %d requests: %v", got, t.server.Count(), err)
		}
		for _, by := range []Lookup{By("n0", FieldName), By(changed, FieldID), By(changed, FieldID, FieldName)} {
			if got, err := records.Find(t.Context(), by); err != nil || got.Ref().Status != "changed" {
				t.Errorf("found %s: %+v: %v", by, got, err)
			}
		}
		t.removeAtCivo(t.server, replaced)
		replacement := t.add(t.server, "LON1", "n1")
		if got, err := records.Find(t.Context(), By("n1", FieldName)); err != nil || got.Ref().ID != replacement {
			t.Errorf("found %+v, want %s: %v", got, replacement, err)
		}
	})
}

// A list contains the records of one region, read with as few pages as possible. A caller of Pages can stop early.
func TestList_AllPages(t *testing.T) {
	t.Parallel()
	eachKind(t, civosim.Options{}, func(t recordTest) {
		for _, test := range []struct{ number, pageCap, pages int }{
			{0, 100, 1}, {1, 100, 1}, {100, 100, 1}, {101, 100, 2}, {250, 100, 3}, {50, 30, 2}, {250, 30, 9},
		} {
			t.run(fmt.Sprint(test), civosim.Options{PageCap: test.pageCap}, func(t recordTest) {
				want := t.addMany(test.number)
				t.add(t.server, "fra1", "other")
				got, err := t.in(t.client, "LON1").All(t.Context())
				wantError(t, err, noError)
				wantEqual(t, "the list", want, got, equateRecords...)
				t.wantSent(t.list, test.pages)
			})
		}
	})
}

// A caller of Pages can stop early. Of a list that fails, it receives the pages before; All returns none.
func TestPages(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	addCredentials(server, 250)
	read := func(mostPages int) (sizes []int, last error) {
		for page, err := range client.Credentials("LON1").Pages(t.Context()) {
			sizes, last = append(sizes, len(page)), err
			if len(sizes) == mostPages {
				break
			}
		}
		return sizes, last
	}
	sizes, err := read(1)
	failIf(t, err != nil || !slices.Equal(sizes, []int{100}) || server.Count() != 1, "%v with %d requests: %v", sizes, server.Count(), err)
	server.Inject(civosim.Fault{Nth: 3, Times: 100, Effect: civosim.EffectTypes200})
	sizes, err = read(9)
	wantError(t, err, KindUnexpected)
	failIf(t, !slices.Equal(sizes, []int{100, 100, 0}), "pages of %v", sizes)
	all, err := client.Credentials("LON1").All(t.Context())
	failIf(t, err == nil || all != nil, "half a list: %d credentials, %v", len(all), err)
}

// A response is used as a list only if it certainly is one. A list can change while it is read.
func TestList_Pages(t *testing.T) {
	t.Parallel()
	for _, test := range map[string]struct {
		pages []string
		want  Kind
		ids   int
	}{
		"empty":                {[]string{`{"page":1,"per_page":100,"pages":1,"items":[]}`}, noError, 0},
		"null":                 {[]string{`{"page":1,"pages":0,"items":null}`}, noError, 0},
		"no pages":             {[]string{`{"page":1,"pages":0,"items":[]}`}, noError, 0},
		"no pages, but items":  {[]string{`{"page":1,"pages":0,"items":[{"id":"a"}]}`}, noError, 1},
		"one without a number": {[]string{`{"page":0,"pages":1,"items":[{"id":"a"}]}`}, noError, 1},
		"none, and no number":  {[]string{`{"page":0,"pages":0,"items":[{"id":"a"}]}`}, noError, 1},
		"shrinks, empty page":  {[]string{`{"page":1,"pages":3,"items":[{"id":"a"}]}`, `{"page":2,"pages":1,"items":[]}`}, noError, 1},
		"shrinks, page 1":      {[]string{`{"page":1,"pages":2,"items":[{"id":"a"}]}`, `{"page":1,"pages":1,"items":[{"id":"b"}]}`}, noError, 1},
		"page 1 each time":     {[]string{`{"page":1,"pages":3,"items":[{"id":"a"}]}`, `{"page":1,"pages":3,"items":[{"id":"a"}]}`}, noError, 1},
		"grew after page 1":    {[]string{`{"page":1,"pages":1,"items":[{"id":"a"}]}`, `{"page":2,"pages":2,"items":[{"id":"b"}]}`}, noError, 1},
		"grows": {[]string{
			`{"page":1,"pages":2,"items":[{"id":"a"}]}`, `{"page":2,"pages":3,"items":[{"id":"b"}]}`, `{"page":3,"pages":3,"items":[{"id":"c"}]}`,
		}, noError, 3},
		"an item moves to page 2": {[]string{`{"page":1,"pages":2,"items":[{"id":"a"},{"id":"b"}]}`, `{"page":2,"pages":2,"items":[{"id":"b"},{"id":"c"}]}`}, noError, 3},

		"too many pages later":      {[]string{`{"page":1,"pages":2,"items":[]}`, `{"page":2,"pages":2001,"items":[]}`}, KindUnexpected, 0},
		"no number after the first": {[]string{`{"page":1,"pages":3,"items":[{"id":"a"}]}`, `{"page":0,"pages":3,"items":[{"id":"b"}]}`}, KindUnexpected, 0},
		"as many pages as allowed":  {[]string{`{"page":1,"pages":2000,"items":[]}`, `{"page":1,"pages":1,"items":[]}`}, noError, 0},
		"an ID of 128 characters":   {[]string{fmt.Sprintf(`{"page":1,"pages":1,"items":[{"id":"%0128d"}]}`, 1)}, noError, 1},
	} {
		wantList(t, test.want, test.ids, test.pages...)
	}
	for _, body := range []string{
		``, `{}`, `null`, `[]`, `<html><body>Welcome</body></html>`, `{"page":1,"pages":1,"items":[{"id":"i"}`,
		`{"page":1,"pages":1}`, `{"pages":1,"items":[]}`, `{"page":1,"items":[]}`, `{"page":1,"pages":1,"items":{}}`,
		`{"code":"database_account_not_found","reason":"No"}`, `{"page":1,"pages":1,"items":[],"result":5}`,
		`{"page":-1,"pages":1,"items":[]}`, `{"page":1,"pages":-1,"items":[]}`, `{"page":1,"pages":2001,"items":[]}`,
		`{"page":2,"pages":2,"items":[]}`, `{"page":0,"pages":3,"items":[{"id":"a"}]}`,
		`{"page":1,"pages":1,"items":[{"name":"n"}]}`, `{"page":1,"pages":1,"items":[null]}`, `{"page":1,"pages":1,"items":[{"id":".."}]}`,
		`{"page":1,"pages":1,"items":[{"id":"a/b"}]}`, `{"page":1,"pages":1,"items":[{"id":"` + strings.Repeat("1", 129) + `"}]}`,
		`{"page":1,"pages":1,"items":[{"id":"a"}],"items":[]}`, `{"page":1,"pages":1,"items":[{"id":"a"}],"Items":[]}`,
	} {
		wantList(t, KindUnexpected, 0, body)
	}
}

// wantList fails the test unless a list of these pages contains a number of credentials, or is an error that proves no absence.
func wantList(t *testing.T, want Kind, ids int, pages ...string) {
	t.Helper()
	client := clientOver(t, quick(), func(req *http.Request) (*http.Response, error) {
		page, _ := strconv.Atoi(req.URL.Query().Get("page"))
		if page < 1 || page > len(pages) {
			return respond(404, ""), nil
		}
		return respond(200, pages[page-1]), nil
	})
	all, err := client.Credentials("LON1").All(t.Context())
	wantError(t, err, want, "GET "+credentialsPath)
	failIf(t, len(all) != ids, "%q: %d credentials: %v", pages, len(all), err)
	_, err = client.Credentials("LON1").Get(t.Context(), "none")
	failIf(t, Is(err, KindNotFound) != (want == noError), "the absence is proved by %q: %v", pages, err)
}

// Lookups compare values in full, and name what exists. An ID, or a value that can be one, is requested first, in a region of any size.
func TestFind(t *testing.T) {
	t.Parallel()
	eachKind(t, civosim.Options{PageCap: 3}, func(t recordTest) {
		ids := map[string]string{}
		for _, name := range []string{"backup", "backup-old", "n", "KEY"} {
			ids[name] = t.add(t.server, "LON1", name)
		}
		anyField := []Field{FieldID, FieldName}
		for _, test := range []struct {
			by   Lookup
			want string // name
			says string
		}{
			{by: By("backup", FieldName), want: "backup"},
			{by: By("backup-old", FieldName), want: "backup-old"},
			{by: By(ids["n"], FieldID), want: "n"},
			{by: By(ids["n"], anyField...), want: "n"},
			{by: By("KEY", anyField...), want: "KEY"},
			{by: By("back", FieldName), says: `has the name "back"`},
			{by: By("Backup", anyField...), says: `has the ID or name "Backup"`},
			{by: By("backup ", FieldName)},
			{by: By("backup", FieldID), says: "no " + t.noun + ` in LON1 has the ID "backup"`},
			{by: By(ids["n"], FieldName)},
			{by: By("", anyField...), says: `the ID or name ""`},
			{by: By(someID, anyField...)},
		} {
			t.server.ResetRecord()
			got, err := t.in(t.client, "LON1").Find(t.Context(), test.by)
			failIf(t, test.by.value == ids["n"] && test.want != "" && t.server.Count() != 1, "%s: %d requests", test.by, t.server.Count())
			if test.want == "" {
				wantError(t, err, KindNotFound, test.says)
				wantNamed(t, err, "backup", "backup-old", "n", "KEY")
			} else if err != nil || got.Ref().ID != ids[test.want] || got.Ref().Name != test.want {
				t.Errorf("%s: %+v: %v", test.by, got, err)
			}
		}
	})
}

// Credentials are found by their access key ID too. Errors tell them apart, and contain no secrets.
func TestFind_AccessKeyID(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{PageCap: 3})
	for name, key := range map[string]string{"backup": "KEY", "backup-old": "KEY2", "TWICE1": "OTHER", "twice": "TWICE1", "more": "TWICE2", someID: "UUID"} {
		server.AddCredential(civosim.Credential{Name: strings.Replace(name, "more", "twice", 1), AccessKeyID: key, SecretAccessKey: "secret-" + key})
	}
	anyField := []Field{FieldID, FieldName, FieldAccessKeyID}
	for _, test := range []struct {
		by   Lookup
		want string // access key ID
		kind Kind
		says string
	}{
		{By("KEY", FieldAccessKeyID), "KEY", noError, ""},
		{By("KEY2", anyField...), "KEY2", noError, ""},
		{By("backup", anyField...), "KEY", noError, ""},
		{By(someID, anyField...), "UUID", noError, ""}, // a name that looks like an ID
		{By("KEY", FieldName), "", KindNotFound, ""},
		{By("KE", FieldAccessKeyID), "", KindNotFound, `the access key ID "KE"`},
		{By("backup", FieldAccessKeyID), "", KindNotFound, ""},
		{By("back", anyField...), "", KindNotFound, `the ID, name, or access key ID "back"`},
		{By("twice", FieldName), "", KindAmbiguous, `2 credentials in LON1 have the name "twice"`},
		{By("TWICE1", anyField...), "", KindAmbiguous, ""}, // one's name, another's access key ID
	} {
		got, err := client.Credentials("LON1").Find(t.Context(), test.by)
		wantError(t, err, test.kind, test.says)
		failIf(t, got.AccessKeyID != test.want, "%s: %+v", test.by, got)
		for _, ref := range namedIn(err) {
			failIf(t, ref.ID == "" || !strings.Contains(ref.Extra, "access key ID") || strings.Contains(fmt.Sprint(ref), "secret-"),
				"%s: the error contains %+v", test.by, ref)
		}
		failIf(t, test.kind == KindAmbiguous && len(namedIn(err)) != 2, "%s: the error names %+v", test.by, namedIn(err))
	}
	_, err := client.Credentials("LON1").FindInAnyRegion(t.Context(), By("twice", FieldName))
	wantError(t, err, KindAmbiguous)
	short := server.AddCredential(civosim.Credential{ID: "b"})
	server.ResetRecord()
	got, err := client.Credentials("LON1").Find(t.Context(), By("b", FieldID))
	failIf(t, err != nil || got != seen(short) || server.Count() != 1, "an ID: %+v with %d requests: %v", got, server.Count(), err)
}

// A search covers the region of the collection first, and then the others. Only a complete one proves absence.
func TestFindInAnyRegion(t *testing.T) {
	t.Parallel()
	eachKind(t, civosim.Options{}, func(t recordTest) {
		unlisted := fault(civosim.KindListRegions, 0, civosim.Effect500)
		third := func(times int, effect civosim.Effect) civosim.Fault {
			return civosim.Fault{Kind: t.list, Nth: 3, Times: times, Effect: effect}
		}
		for name, test := range map[string]struct {
			first string
			by    string // empty: "away"
			down  string
			fault civosim.Fault
			want  Kind
			says  string
		}{
			"first region":                 {first: "NYC1", want: noError},
			"another region":               {first: "LON1", want: noError},
			"no first region":              {want: noError},
			"first region is unknown":      {first: "LON9", want: noError},
			"first region without storage": {first: "PHX1", want: noError},
			"first region is down":         {first: "LON1", down: "lon1", want: noError},
			"another region is down":       {first: "LON1", down: "fra1", want: noError},
			"another region fails":         {first: "LON1", fault: third(4, civosim.Effect500), want: noError},
			"another region is forbidden":  {first: "LON1", fault: third(1, civosim.Effect403), want: noError},
			"another region rejects":       {first: "LON1", fault: third(1, civosim.Effect400), want: noError},
			"nowhere":                      {first: "LON1", by: "none", want: KindNotFound, says: "in LON1 has the ID or name"},
			"nowhere, no first region":     {by: "none", want: KindNotFound},
			"nowhere, a region is down":    {first: "LON1", by: "none", down: "fra1", want: KindOtherRegion, says: "Region fra1 could not be searched"},
			"nowhere, the first is down":   {first: "LON1", by: "none", down: "lon1", want: KindOtherRegion, says: "LON1 could not be searched"},
			"regions cannot be listed":     {first: "LON1", fault: unlisted, want: KindOtherRegion, says: `has the ID or name "away". The other regions could not be listed`},
			"nothing can be searched":      {first: "LON1", down: "lon1", fault: unlisted, want: KindOtherRegion, says: "GET " + t.path},
			"bad token in another region":  {first: "LON1", fault: third(9, civosim.Effect401), want: KindUnauthorized},
		} {
			t.run(name, civosim.Options{}, func(t recordTest) {
				t.add(t.server, "lon1", "n0")
				away := t.add(t.server, "nyc1", "away")
				if test.down != "" {
					t.server.SetRegionDown(test.down, true)
				}
				if test.fault.Effect != "" {
					t.server.Inject(test.fault)
				}
				found, err := t.in(t.client, test.first).FindInAnyRegion(t.Context(), By(cmp.Or(test.by, "away"), FieldID, FieldName))
				wantError(t, err, test.want, test.says)
				failIf(t, test.want == noError && (found.Ref().ID != away || !SameRegion(found.Ref().Region, "NYC1")), "found %+v", found)
				for _, r := range t.server.Requests() {
					failIf(t, r.Region == "phx1", "a region without object storage was searched")
				}
			})
		}
	})
}

// A response to a GET has one meaning, or is an error that quotes nothing from it.
func TestGet_Answers(t *testing.T) {
	t.Parallel()
	owner := StoreOwner{CredentialID: "c", AccessKeyID: "a", Name: "o"}
	for body, want := range map[string]ObjectStore{
		`{"id":"i","name":"n","max_size":1000,"status":"ready","objectstore_endpoint":"objectstore.lon1.civo.com",` +
			`"owner_info":{"access_key_id":"a","name":"o","credential_id":"c"}}`: {
			ID: "i", Name: "n", Region: "LON1", MaxSizeGB: 1000, Status: StatusReady, Owner: owner, Endpoint: "objectstore.lon1.civo.com",
		},
		`{"id":"i","name":"n","max_size_gb":1000,"status":"creating"}`:          {ID: "i", Name: "n", Region: "LON1", MaxSizeGB: 1000, Status: "creating"},
		`{"id":"i","name":"n","max_size":null,"status":null,"owner_info":null}`: {ID: "i", Name: "n", Region: "LON1"},
		`{"id":"i","max_size":"12345"}`:                                         {}, // an error
		`{"id":"i","max_size_gb":"12345"}`:                                      {},
		`{"id":"12345"}`:                                                        {},
	} {
		got, err := responding(t, 200, body).ObjectStores("LON1").Get(t.Context(), "i")
		if isError := want.ID == ""; got != want || Is(err, KindUnexpected) != isError || isError && strings.Contains(err.Error(), "12345") {
			t.Errorf("%s: %+v: %v", body, got, err)
		}
	}
	const notJSON, wrongType, another = "not JSON", "unexpected JSON type", "not the credential that was requested"
	for body, says := range map[string]string{
		``: notJSON, `   `: notJSON, `<html>secret-b</html>`: notJSON, `{"id":"secret-b`: notJSON,
		`{"id":"i","secret_access_key_id":1234512345}`: "secret_access_key_id", `{"id":"i","secret_access_key_id":["secret-b"]}`: "secret_access_key_id",
		`{"id":1234512345}`: `"id"`, `{"id":"i","suspended":"secret-b"}`: `"suspended"`,
		`["secret-b"]`: wrongType, `"secret-b"`: wrongType, `1234512345`: wrongType,
		`{"secret-b":1}`: another, `null`: another, `{"id":"secret-b"}`: another, `{"name":"secret-b"}`: another,
		`{"id":"i","name":"a","name":"secret-b"}`: "more than once",
	} {
		_, err := responding(t, 200, body).Credentials("LON1").Get(t.Context(), "i")
		wantError(t, err, KindUnexpected, says, "GET "+credentialsPath+"/i")
		text := err.Error()
		failIf(t, strings.Contains(text, "12345") || strings.Contains(text, "secret-b"), "%s: %s", body, text)
	}
}

// A region that hangs does not use up the time of the others.
func TestFindInAnyRegion_HangingRegion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			region := req.URL.Query().Get("region")
			switch isOne := strings.HasSuffix(req.URL.Path, someID); {
			case req.URL.Path == regionsPath:
				return respond(200, `[{"code":"nyc1"},{"code":"fra1"}]`), nil
			case region == "nyc1":
				<-req.Context().Done()
				return nil, req.Context().Err()
			case region == "fra1" && isOne:
				return respond(200, `{"id":"`+someID+`","name":"n"}`), nil
			case isOne:
				return respond(404, `{"code":"database_objectstore_credential_not_found"}`), nil
			}
			return respond(200, emptyList), nil
		})
		began := time.Now()
		found, err := client.Credentials("lon1").FindInAnyRegion(t.Context(), By(someID, FieldID))
		took := time.Since(began)
		failIf(t, err != nil || found.Region != "fra1" || took > 30*time.Second, "found in %q after %v: %v", found.Region, took, err)
	})
}

// Records move between pages while the list is read. They exist throughout, and are found.
func TestList_PageMoves(t *testing.T) { //nolint:gocognit // three loops over the cases
	t.Parallel()
	for _, kind := range recordKinds {
		for _, emptyPages := range []bool{false, true} { // past the end of the list
			for _, size := range []int{102, 202} {
				civo := newFakeCivo(size)
				civo.emptyPages = emptyPages
				civo.onList = func(page int) { // between page 1 and page 2
					if page == 1 {
						civo.remove("id-0003")
						civo.remove("id-0004")
					}
				}
				read := func(what string, do func(records anyCollection) (anyRecord, error)) {
					client := civo.client(t, once())
					if _, err := kind.in(client, "LON1").All(t.Context()); err != nil { // so that the client has a list without the two
						t.Error(err)
					}
					civo.add("id-0003")
					civo.add("id-0004")
					client.invalidate()
					if found, err := do(kind.in(client, "LON1")); err != nil || found.Ref().ID != "id-0100" && found.Ref().ID != "id-0101" {
						t.Errorf("%s, %s, empty pages %t: found %+v: %v", kind.noun, what, emptyPages, found, err)
					}
				}
				for _, by := range []Lookup{By("n-id-0100", FieldName), By("n-id-0101", FieldName), By("n-id-0100", FieldID, FieldName), By("id-0100", FieldID)} {
					read(by.String(), func(records anyCollection) (anyRecord, error) { return records.Find(t.Context(), by) })
				}
				read("in any region", func(records anyCollection) (anyRecord, error) {
					return records.FindInAnyRegion(t.Context(), By("n-id-0100", FieldName))
				})
				read("by ID", func(records anyCollection) (anyRecord, error) { return records.Get(t.Context(), "id-0100") })
				civo.plain404, civo.hidden = true, "id-0100"
				read("by ID, a 404 of a proxy", func(records anyCollection) (anyRecord, error) { return records.GetCurrent(t.Context(), "id-0100") })
			}
		}
	}
}

// A list alone never proves that a record does not exist. Without an ID, two readings that agree do.
func TestRead_AbsenceOnPages(t *testing.T) {
	t.Parallel()
	const unlisted = "id-0000"
	for name, test := range map[string]struct {
		size     int
		plain404 bool
		exists   bool // the credential is not listed, but exists
		moving   bool // the list changes with each page
		want     Kind
	}{
		"one page, exists":          {size: 50, exists: true, want: noError},
		"three pages, exists":       {size: 250, exists: true, want: noError},
		"moving pages, exists":      {size: 250, exists: true, moving: true, want: noError},
		"one page, Civo's 404":      {size: 50, want: KindNotFound},
		"one page, plain 404":       {size: 50, plain404: true, want: KindNotFound},
		"three pages, Civo's 404":   {size: 250, want: KindNotFound},
		"three pages, plain 404":    {size: 250, plain404: true, want: KindNotFound},
		"moving pages, Civo's 404":  {size: 250, moving: true, want: KindNotFound},
		"moving pages, a plain 404": {size: 250, plain404: true, moving: true, want: KindUnavailable},
	} {
		civo := newFakeCivo(test.size)
		civo.plain404 = test.plain404
		body := civo.bodies[unlisted]
		civo.remove(unlisted)
		if test.exists {
			civo.bodies[unlisted] = body
		}
		if test.moving {
			n := 0
			civo.onList = func(int) { n++; civo.add(fmt.Sprintf("id-9999-%d", n)) }
		}
		client := civo.client(t, once())
		if _, err := client.Credentials("LON1").All(t.Context()); err != nil { // so that the client has a list
			t.Fatal(err)
		}
		found, err := client.Credentials("LON1").Get(t.Context(), unlisted)
		wantError(t, err, test.want)
		failIf(t, errors.Is(err, errUnsettled) != (test.want == KindUnavailable) || test.want == noError && found.ID != unlisted,
			"%s: found %q: %v", name, found.ID, err)
		gets, lists := civo.count("get"), civo.count("list")
		failIf(t, gets != 1 || lists > 3+3*9, "%s: %d GETs of the credential, %d pages", name, gets, lists)
		client.invalidate()
		_, err = client.Credentials("LON1").Find(t.Context(), By("none", FieldName))
		pages := civo.count("list") - lists
		switch { // a list that serves others too, and two that agree
		case test.moving:
			wantError(t, err, KindUnavailable, "changed each time")
		case !Is(err, KindNotFound) || test.size == 250 && pages != 9:
			t.Errorf("%s: after %d pages: %v", name, pages, err)
		}
	}
}

// A reference tells records apart by what Civo shows of the owner.
func TestRef(t *testing.T) {
	t.Parallel()
	for owner, want := range map[StoreOwner]string{
		{}:                            "",
		{Name: "n"}:                   `owned by the credential "n"`,
		{AccessKeyID: "a"}:            `owned by the credential with the access key ID "a"`,
		{AccessKeyID: "a", Name: "n"}: `owned by the credential "n" with the access key ID "a"`,
	} {
		got := ObjectStore{Owner: owner}.Ref().Extra
		failIf(t, got != want, "%+v: %q", owner, got)
	}
	for status, want := range map[Status]bool{"deleting": true, "Deleting": true, "delete_pending": true, "ready": false, "creating": false, "": false} {
		got := (Ref{Status: status}).IsBeingDeleted()
		failIf(t, got != want, "%q: %t", status, got)
	}
}
