package civo

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const someID = "00000000-0000-4000-8000-000000000001"

func item(secret string) string {
	return `{"id":"` + someID + `","name":"n","access_key_id":"a","secret_access_key_id":"` + secret + `","status":"ready"}`
}

// A secret that another client rotated is returned in its current state, even if a list with the old one is still fresh.
func TestFindCurrent_RotatedElsewhere(t *testing.T) {
	t.Parallel()
	secret := "old-secret"
	client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, someID) {
			return respond(200, item(secret)), nil
		}
		return respond(200, `{"page":1,"pages":1,"items":[`+item(secret)+`]}`), nil
	})
	if _, err := client.Credentials("lon1").All(t.Context()); err != nil {
		t.Fatal(err)
	}
	secret = "new-secret"
	for name, lookup := range map[string]Lookup{
		"name": By("n", FieldName), "ID": By(someID, FieldID), "access key ID": By("a", FieldAccessKeyID),
	} {
		if found, err := client.Credentials("lon1").Find(t.Context(), lookup); err != nil || found.SecretAccessKey != NewSecret("new-secret") {
			t.Errorf("by %s: %v", name, err)
		}
	}
}

// A region that hangs does not use up the time of the others.
func TestFindInAnyRegion_HangingRegion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			switch {
			case req.URL.Path == regionsPath:
				return respond(200, `[{"code":"nyc1"},{"code":"fra1"}]`), nil
			case req.URL.Query().Get("region") == "nyc1":
				<-req.Context().Done()
				return nil, req.Context().Err()
			case req.URL.Query().Get("region") == "fra1" && strings.HasSuffix(req.URL.Path, someID):
				return respond(200, item("s")), nil
			case strings.HasSuffix(req.URL.Path, someID):
				return respond(404, `{"code":"database_objectstore_credential_not_found"}`), nil
			}
			return respond(200, `{"page":1,"pages":1,"items":[]}`), nil
		})
		start := time.Now()
		found, err := client.Credentials("lon1").FindInAnyRegion(t.Context(), By(someID, FieldID))
		if took := time.Since(start); err != nil || found.Region != "fra1" || took > 30*time.Second {
			t.Errorf("found in %q after %v: %v", found.Region, took, err)
		}
	})
}

// A single page needs no number. Pages without numbers could be in any order, or be the same one.
func TestList_PagesWithoutNumbers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first string
		pages int
		items int
		fails bool
	}{
		"one page":          {first: "0", pages: 1, items: 1},
		"no page":           {first: "0", pages: 0, items: 1},
		"three pages":       {first: "0", pages: 3, fails: true},
		"numbered at first": {first: "1", pages: 3, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
				asked := req.URL.Query().Get("page")
				number := "0"
				if asked == "1" {
					number = test.first
				}
				return respond(200, fmt.Sprintf(`{"page":%s,"pages":%d,"items":[{"id":"id-%s","name":"n"}]}`, number, test.pages, asked)), nil
			})
			all, err := client.Credentials("lon1").All(t.Context())
			if len(all) != test.items || (err != nil) != test.fails {
				t.Errorf("%d credentials: %v", len(all), err)
			}
		})
	}
}

// A PUT that was rejected after one whose response was lost may have been carried out.
func TestUpdate_RejectedAfterLostResponse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		puts := 0
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			if req.Method != http.MethodPut {
				return respond(200, item("old-secret")), nil
			}
			puts++
			if puts == 1 {
				return nil, errors.New("connection reset")
			}
			return respond(403, `{"code":"access_denied"}`), nil
		})
		_, err := client.UpdateCredential(t.Context(), Credential{ID: someID, Region: "lon1", AccessKeyID: "a", SecretAccessKey: NewSecret("new-secret")})
		if puts != 2 || !IsUncertain(err) {
			t.Errorf("after %d PUTs, uncertain is %t: %v", puts, IsUncertain(err), err)
		}
	})
}

// A token that was set as the region of a resource appears in no URL and no error.
func TestRegion_TokenIsNotSent(t *testing.T) {
	t.Parallel()
	client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
		if strings.Contains(req.URL.String(), "token-a") {
			t.Errorf("a request to %s", req.URL)
		}
		return respond(200, `[{"code":"lon1"}]`), nil
	})
	_, readErr := client.Credentials("token-a").All(t.Context())
	for _, err := range []error{readErr, client.Credentials("token-a").CheckRegion(t.Context())} {
		e := detailsOf(err)
		if e.Kind != KindUnknownRegion || !strings.Contains(err.Error(), redacted) || strings.Contains(err.Error()+e.Redact("in token-a"), "token-a") {
			t.Error(err)
		}
	}
}
