package civo

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// verdict is the expected interpretation of a response.
type verdict struct {
	kind      Kind
	missing   bool
	uncertain bool // for a write; a read never is
}

func TestResponseError_Kinds(t *testing.T) {
	t.Parallel()
	const html = "<html><body>proxy</body></html>"
	for name, test := range map[string]struct {
		status int
		body   string
		want   verdict
	}{
		"400":                        {400, `{"code":"bad_request","reason":"No"}`, verdict{kind: KindRefused}},
		"401":                        {401, `{"result":"requires_authentication"}`, verdict{kind: KindUnauthorized}},
		"401 of a proxy":             {401, html, verdict{kind: KindUnauthorized}},
		"404 for the account":        {404, `{"code":"database_account_not_found","reason":"No account"}`, verdict{kind: KindUnauthorized}},
		"403 with a code":            {403, `{"code":"gpu_count_exceeded","reason":"Access denied"}`, verdict{kind: KindForbidden}},
		"403 with a text":            {403, `{"reason":"this feature is not enabled","result":"forbidden"}`, verdict{kind: KindForbidden}},
		"403 of a proxy":             {403, html, verdict{kind: KindUnexpected}},
		"a permission":               {500, `{"code":"permission_denied"}`, verdict{kind: KindForbidden}},
		"404 for the object":         {404, `{"code":"database_objectstore_credential_not_found"}`, verdict{kind: KindRefused, missing: true}},
		"500 for the object":         {500, `{"code":"database_objectstore_not_found"}`, verdict{kind: KindRefused, missing: true}},
		"upper-case code":            {500, `{"code":"INTERNAL_ERROR"}`, verdict{kind: KindServerError, uncertain: true}},
		"result of a wrong type":     {403, `{"code":"permission_denied","result":false}`, verdict{kind: KindForbidden}},
		"404 without a code":         {404, `{}`, verdict{kind: KindRefused, missing: true}},
		"404 as a page":              {404, "404 page not found\n", verdict{kind: KindRefused, missing: true}},
		"404 without a body":         {404, "", verdict{kind: KindRefused, missing: true}},
		"404 for a parameter":        {404, `{"code":"parameter_name_invalid"}`, verdict{kind: KindRefused}},
		"408":                        {408, "", verdict{kind: KindUnavailable, uncertain: true}},
		"409 for a name":             {409, `{"code":"database_objectstore_credential_exists"}`, verdict{kind: KindNameTaken}},
		"500 for a name":             {500, `{"code":"sshkey_duplicate"}`, verdict{kind: KindNameTaken}},
		"400 for a name":             {400, `{"code":"database_duplicate_volume_name_not_allowed"}`, verdict{kind: KindNameTaken}},
		"409 for something else":     {409, `{"code":"objectstore_credential_in_use"}`, verdict{kind: KindRefused}},
		"500 for use by others":      {500, `{"code":"database_firewall_inuse_by_cluster"}`, verdict{kind: KindRefused}},
		"500 for a deletion":         {500, `{"code":"database_firewall_deleted_failed"}`, verdict{kind: KindRefused}},
		"500 for a parameter":        {500, `{"code":"parameter_name_invalid"}`, verdict{kind: KindRefused}},
		"422 for the quota":          {422, `{"code":"quota_limit_reached"}`, verdict{kind: KindQuota}},
		"429 for the quota":          {429, `{"code":"quota_limit_reached"}`, verdict{kind: KindQuota}},
		"503 for the quota":          {503, `{"code":"database_objectstore_quota_limit_reached"}`, verdict{kind: KindQuota}},
		"200 for the quota":          {200, `{"code":"quota_limit_reached","result":"failed"}`, verdict{kind: KindQuota}},
		"409 for another operation":  {409, `{"code":"database_quota_lock_failed"}`, verdict{kind: KindBusy}},
		"500 for another operation":  {500, `{"code":"objectstore_resize_in_progress"}`, verdict{kind: KindBusy}},
		"429":                        {429, `{"code":"too_many_requests"}`, verdict{kind: KindRateLimited}},
		"404 for the region":         {404, `{"code":"database_region_not_found"}`, verdict{kind: KindUnknownRegion}},
		"400 for the region":         {400, `{"code":"database_region_feature_not_supported"}`, verdict{kind: KindNoObjectStorage}},
		"500":                        {500, `{"code":"internal_error"}`, verdict{kind: KindServerError, uncertain: true}},
		"500 without a code":         {500, `{"reason":"Down"}`, verdict{kind: KindUnavailable, uncertain: true}},
		"502 as a page":              {502, html, verdict{kind: KindUnavailable, uncertain: true}},
		"503":                        {503, ``, verdict{kind: KindUnavailable, uncertain: true}},
		"302":                        {302, ``, verdict{kind: KindUnexpected}},
		"304":                        {304, ``, verdict{kind: KindUnexpected}},
		"200 with the result failed": {200, `{"result":"failed","code":"x"}`, verdict{kind: KindRefused}},
		"200 with a reason":          {200, `{"result":"failed","reason":"No"}`, verdict{kind: KindRefused}},
		"200 without the token":      {200, `{"result":"requires_authentication"}`, verdict{kind: KindUnauthorized}},
		"reason of a wrong type":     {409, `{"code":7,"reason":["No"]}`, verdict{kind: KindRefused}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
				want := test.want
				want.uncertain = want.uncertain && method != http.MethodGet
				if method != http.MethodPost && want.kind == KindNameTaken {
					want.kind = KindRefused
				}
				err := responseError(apiCall{method: method, path: "/v2/a"}, response{status: test.status, body: []byte(test.body)})
				if got := (verdict{err.Kind, isMissing(err), IsUncertain(err)}); got != want {
					t.Errorf("%s: %+v, want %+v", method, got, want)
				}
				if text := err.Error(); !strings.Contains(text, method+" /v2/a") || !strings.Contains(text, strconv.Itoa(test.status)) {
					t.Errorf("%s: the error does not say what was answered to what: %s", method, text)
				}
				if strings.Contains(err.Error(), "<") {
					t.Errorf("%s: the error repeats a page: %s", method, err)
				}
			}
		})
	}
}

// A list always exists: a 404 with the code of a missing record does not mean that it is empty.
func TestResponseError_MissingList(t *testing.T) {
	t.Parallel()
	client := clientOver(t, quick(), func(*http.Request) (*http.Response, error) {
		return respond(404, `{"code":"database_objectstore_not_found"}`), nil
	})
	_, err := client.ObjectStores("LON1").All(t.Context())
	wantError(t, err, KindUnexpected)
}

func TestResponseError_Reason(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"code":"c","reason":"The reason.","details":"The details","error":"e","result":"r"}`: "The reason. The details",
		`{"reason":"The reason","details":"The reason"}`:                                       "The reason",
		`{"reason":"The reason","details":"","message":"m"}`:                                   "The reason",
		`{"details":"The details","error":"e","result":"r"}`:                                   "The details",
		`{"error":"The error","result":"failed"}`:                                              "The error",
		`{"message":"The message","details":null}`:                                             "The message",
		`{"reason":"No","details":{"field":"name"},"result":"r"}`:                              `No. {"field":"name"}`,
		`{"result":"the result"}`:                                                              "the result",
		`{}`:                                                                                   "",
	} {
		if got := responseError(apiCall{}, response{status: 400, body: []byte(body)}).Reason; got != want {
			t.Errorf("%s: %q", body, got)
		}
	}
}

// FuzzAnswer sends one body as the response to every request of an operation.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		``, `null`, `{}`, `[]`, `{"id":"i"}`, `{"id":"i","name":"n","access_key_id":"a","secret_access_key_id":"secret-b","status":"ready"}`,
		`{"page":1,"pages":1,"items":[]}`, `{"page":1,"pages":1,"items":null}`, `{"page":1,"pages":2,"items":[{"id":"i"}]}`,
		`{"page":1,"pages":-1,"items":[{}]}`, `{"page":1,"pages":1,"items":[{"id":"i","name":"n"}]}`,
		`{"code":"database_account_not_found","reason":"token-a"}`, `{"code":"x_exists","reason":"secret-b"}`, `{"result":"secret-b token-a"}`,
		`{"details":{"a":"secret-b"}}`, `<html>secret-b</html>`, `{"secret_access_key_id":17}`, `{"reason":"secret-b`,
		`{"page":1,"pages":1,"items":[{"id":"i","name":"n","access_key_id":"a","secret_access_key_id":"secret-b"}]}`,
	} {
		for _, status := range []uint16{200, 201, 302, 400, 401, 403, 404, 409, 500, 502} {
			f.Add(status-200, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, status uint16, body []byte) {
		status = 200 + status%400
		if status == http.StatusTooManyRequests {
			t.Skip("is waited for")
		}
		timing := once()
		timing.Request = 50 * time.Millisecond // ends a wait for what no response contains; no check depends on it
		client := clientOver(t, timing, func(*http.Request) (*http.Response, error) { return respond(int(status), string(body)), nil })
		sent := Credential{Name: "n", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret("secret-b")}

		one, err := client.Credentials("LON1").Get(t.Context(), "i")
		sane(t, err, one.ID == "i" && one.Region == "LON1", "read", "token-a")
		if Is(err, KindNotFound) {
			t.Error("a 404 and a list cannot have one body")
		}
		all, err := client.Credentials("LON1").All(t.Context())
		sane(t, err, !slices.ContainsFunc(all, func(c Credential) bool { return c.ID == "" }), "listed", "token-a")
		made, err := client.CreateCredential(t.Context(), sent)
		sane(t, err, made.ID != "" && made.Name == "n" && made.AccessKeyID != "" && !made.SecretAccessKey.IsZero(), "made", "token-a", "secret-b")
		sent.ID = "i"
		changed, err := client.UpdateCredential(t.Context(), sent)
		sane(t, err, changed.ID == "i" && changed.AccessKeyID != "" && !changed.SecretAccessKey.IsZero(), "changed", "token-a", "secret-b")

		store, err := client.ObjectStores("LON1").Get(t.Context(), "i")
		sane(t, err, store.ID == "i" && store.Region == "LON1", "read a store", "token-a")
		store, err = client.CreateObjectStore(t.Context(), ObjectStore{Name: "n", Region: "LON1", MaxSizeGB: 500})
		sane(t, err, store.ID != "" && store.Name == "n" && store.MaxSizeGB != 0, "created a store", "token-a")
		store, err = client.ResizeObjectStore(t.Context(), ObjectStore{ID: "i", Region: "LON1"}, 500)
		sane(t, err, store.ID == "i" && store.MaxSizeGB != 0, "resized a store", "token-a")
	})
}

// sane fails the test unless there is an error without the secrets of the request or, if there is no error, a valid value.
func sane(tb testing.TB, err error, holds bool, what string, secrets ...string) {
	tb.Helper()
	if err == nil {
		if !holds {
			tb.Errorf("what was %s makes no sense", what)
		}
		return
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		tb.Fatalf("what was %s: a %T: %v", what, err, err)
	}
	for _, text := range []string{e.Error(), e.Code, e.Reason, fmt.Sprintf("%+v", e.Err)} {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				tb.Errorf("what was %s: the error repeats a secret: %s", what, text)
			}
		}
		if strings.ContainsAny(text, "\n\r") {
			tb.Errorf("what was %s: the error has lines: %q", what, text)
		}
	}
}
