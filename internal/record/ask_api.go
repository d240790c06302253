// Questions about regions, tokens, errors and pages.

package record

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

func askRegions(ctx context.Context, s *Session) error {
	return s.send(ctx, "list", call{method: http.MethodGet, path: "/v2/regions"}).err
}

// regionOf returns the region of a recording in a list of regions.
func regionOf(a Answer) map[string]any {
	r, _ := a.last("list")
	list, _ := r.Body.([]any)
	for _, item := range list {
		object, _ := item.(map[string]any)
		code, _ := object["code"].(string)
		if strings.EqualFold(code, a.region) {
			return object
		}
	}
	return nil
}

// spelling is how Civo spells the code of the region.
func spelling(a Answer) string {
	code, _ := regionOf(a)["code"].(string)
	switch code {
	case "":
		return ""
	case strings.ToLower(code):
		return "lower case"
	case strings.ToUpper(code):
		return "upper case"
	}
	return "mixed case"
}

func featureOf(a Answer) string {
	if regionOf(a) == nil {
		return ""
	}
	return valueOf(regionOf(a), "features", "object_store")
}

// listIn lists both kinds of records with a query.
func (s *Session) listIn(ctx context.Context, query url.Values) error {
	query.Set("per_page", "1")
	query.Set("page", "1")
	r := s.send(ctx, "list credentials", call{method: http.MethodGet, path: credentialsPath, query: query})
	return firstOf(r.err, s.send(ctx, "list stores", call{method: http.MethodGet, path: storesPath, query: query}).err)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func askRegionCase(ctx context.Context, s *Session) error {
	other := ""
	for _, region := range s.regions { // as Civo spells it, in the other case
		if code, _ := region["code"].(string); strings.EqualFold(code, s.config.Region) {
			other = strings.ToUpper(code)
			if other == code {
				other = strings.ToLower(code)
			}
		}
	}
	return s.listIn(ctx, url.Values{"region": {other}})
}

func askRegionMissing(ctx context.Context, s *Session) error { return s.listIn(ctx, url.Values{}) }

func askRegionUnknown(ctx context.Context, s *Session) error {
	const unknown = "unknown"
	if err := s.listIn(ctx, url.Values{"region": {unknown}}); err != nil {
		return err
	}
	query := url.Values{"region": {unknown}}
	r := s.send(ctx, "list regions", call{method: http.MethodGet, path: "/v2/regions", query: query})
	return r.err
}

func askRegionWithoutStorage(ctx context.Context, s *Session) error {
	for _, region := range s.regions {
		features, _ := region["features"].(map[string]any)
		code, _ := region["code"].(string)
		if has, known := features["object_store"].(bool); code != "" && features != nil && (!known || !has) {
			return s.listIn(ctx, url.Values{"region": {code}})
		}
	}
	return skip("every region of the account has object storage")
}

func askToken(ctx context.Context, s *Session) error {
	wrong, none := rand.Text()+rand.Text(), ""
	id := newUUID()
	s.redact.label(id, "id-missing")
	query := s.query("page", "1", "per_page", "1")
	list := s.send(ctx, "wrong: list", call{method: http.MethodGet, path: credentialsPath, query: query, token: &wrong})
	read := s.send(ctx, "wrong: read", call{method: http.MethodGet, path: credentialsPath + "/" + id, query: s.query(), token: &wrong})
	without := s.send(ctx, "none: list", call{method: http.MethodGet, path: credentialsPath, query: query, token: &none})
	return firstOf(list.err, read.err, without.err)
}

func askNotJSON(ctx context.Context, s *Session) error {
	for _, one := range []struct {
		step string
		body raw
	}{{"text", "this is not JSON"}, {"empty", ""}, {"array", "[]"}} {
		post := call{method: http.MethodPost, path: credentialsPath, query: s.query(), body: one.body}
		if r := s.send(ctx, one.step, post); r.err != nil {
			return r.err
		}
	}
	return nil
}

func askNotFound(ctx context.Context, s *Session) error {
	id := newUUID()
	s.redact.label(id, "id-missing")
	credential, another := credentialsPath+"/"+id, storesPath+"/"+id
	keys := map[string]any{"access_key_id": s.key("unused"), "secret_access_key_id": s.secret("unused"), "region": s.config.Region}
	size := map[string]any{"max_size_gb": 500, "region": s.config.Region}
	for _, one := range []struct {
		step, method, path string
		body               any
	}{
		{"read credential", http.MethodGet, credential, nil},
		{"update credential", http.MethodPut, credential, keys},
		{"delete credential", http.MethodDelete, credential, nil},
		{"credential without UUID", http.MethodGet, credentialsPath + "/missing", nil},
		{"read store", http.MethodGet, another, nil},
		{"read usage", http.MethodGet, another + "/stats", nil},
		{"update store", http.MethodPut, another, size},
		{"delete store", http.MethodDelete, another, nil},
		{"path", http.MethodGet, "/v2/objectstore/missing", nil},
	} {
		if r := s.send(ctx, one.step, call{method: one.method, path: one.path, query: s.query(), body: one.body}); r.err != nil {
			return r.err
		}
	}
	return nil
}

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func askRateLimit(ctx context.Context, s *Session) error {
	return s.get(ctx, "list", credentialsPath, "page", "1", "per_page", "1").err
}

func askPageDefault(ctx context.Context, s *Session) error {
	return s.get(ctx, "list", credentialsPath).err
}

func askPagePastEnd(ctx context.Context, s *Session) error {
	return s.get(ctx, "list", credentialsPath, "page", "9999", "per_page", "100").err
}

// itemsOf is whether the list contains items.
func itemsOf(a Answer) string {
	r, ok := a.last("list")
	object, _ := r.Body.(map[string]any)
	items, isList := object["items"].([]any)
	switch {
	case !ok:
		return ""
	case !isList:
		return "no list"
	case len(items) == 0:
		return "none"
	}
	return "some"
}

func askPageCap(ctx context.Context, s *Session) error {
	return s.get(ctx, "list", credentialsPath, "page", "1", "per_page", "10000").err
}
