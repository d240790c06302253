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

// The responses of each kind: the code decides, and the status if the code is unknown.
// A write is uncertain if Civo may have carried it out.
func TestResponseError_Kinds(t *testing.T) {
	t.Parallel()
	for want, responses := range map[verdict][]string{
		{kind: KindRefused}: {
			`400 {"code":"bad_request","reason":"No"}`, `409 {"code":"objectstore_credential_in_use"}`, `409 {"code":7,"reason":["No"]}`,
			`404 {"code":"parameter_name_invalid"}`, `500 {"code":"parameter_name_invalid"}`, `500 {"code":"database_firewall_inuse_by_cluster"}`,
			`500 {"code":"database_firewall_deleted_failed"}`, `200 {"result":"failed","code":"x"}`, `200 {"result":"failed","reason":"No"}`,
		},
		{kind: KindRefused, missing: true}: {
			`404 {"code":"database_objectstore_credential_not_found"}`, `500 {"code":"database_objectstore_not_found"}`, `404 {}`,
			"404 404 page not found\n", `404 `,
		},
		{kind: KindUnauthorized}: {
			`401 {"result":"requires_authentication"}`, `401 <html><body>proxy</body></html>`, `200 {"result":"requires_authentication"}`,
			`404 {"code":"database_account_not_found","reason":"No account"}`,
		},
		{kind: KindForbidden}: {
			`403 {"code":"gpu_count_exceeded","reason":"Access denied"}`, `403 {"reason":"this feature is not enabled","result":"forbidden"}`,
			`500 {"code":"permission_denied"}`, `403 {"code":"permission_denied","result":false}`, `400 {"code":"database_account_access_denied"}`,
			`400 {"result":"forbidden"}`,
		},
		{kind: KindNameTaken}: { // of a POST
			`409 {"code":"database_objectstore_credential_exists"}`, `500 {"code":"sshkey_duplicate"}`,
			`400 {"code":"database_duplicate_volume_name_not_allowed"}`,
		},
		{kind: KindQuota}: {
			`422 {"code":"quota_limit_reached"}`, `429 {"code":"quota_limit_reached"}`, `503 {"code":"database_objectstore_quota_limit_reached"}`,
			`200 {"code":"quota_limit_reached","result":"failed"}`, `403 {"code":"database_objectstore_quota_exceeded"}`,
		},
		{kind: KindBusy}:                         {`409 {"code":"database_quota_lock_failed"}`, `500 {"code":"objectstore_resize_in_progress"}`},
		{kind: KindRateLimited}:                  {`429 {"code":"too_many_requests"}`},
		{kind: KindUnknownRegion}:                {`404 {"code":"database_region_not_found"}`},
		{kind: KindNoObjectStorage}:              {`400 {"code":"database_region_feature_not_supported"}`},
		{kind: KindUnexpected}:                   {`403 <html><body>proxy</body></html>`, `300 `, `302 `, `304 `, `399 `},
		{kind: KindServerError, uncertain: true}: {`500 {"code":"internal_error"}`, `500 {"code":"INTERNAL_ERROR"}`},
		{kind: KindUnavailable, uncertain: true}: {`408 `, `500 {"reason":"Down"}`, `502 <html><body>proxy</body></html>`, `503 `},
	} {
		for _, answer := range responses {
			code, body, _ := strings.Cut(answer, " ")
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
				want := want
				want.uncertain = want.uncertain && method != http.MethodGet
				if method != http.MethodPost && want.kind == KindNameTaken {
					want.kind = KindRefused
				}
				status, _ := strconv.Atoi(code)
				err := responseError(apiCall{method: method, path: "/v2/a"}, response{status: status, body: []byte(body)})
				got := (verdict{err.Kind, isMissing(err), IsUncertain(err)})
				failIf(t, got != want, "%s, %s: %+v, want %+v", method, answer, got, want)
				// The error says what was answered to what, and does not repeat a page.
				text := err.Error()
				failIf(t, !strings.Contains(text, method+" /v2/a with "+code) || strings.Contains(text, "<"), "%s, %s: %s", method, answer, text)
			}
		}
	}
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
		got := responseError(apiCall{}, response{status: 400, body: []byte(body)}).Reason
		failIf(t, got != want, "%s: %q", body, got)
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
		failIf(t, Is(err, KindNotFound), "a 404 and a list cannot have one body")
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
		failIf(tb, !holds, "what was %s makes no sense", what)
		return
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		tb.Fatalf("what was %s: a %T: %v", what, err, err)
	}
	for _, text := range []string{e.Error(), e.Code, e.Reason, fmt.Sprintf("%+v", e.Err)} {
		for _, secret := range secrets {
			failIf(tb, strings.Contains(text, secret), "what was %s: the error repeats a secret: %s", what, text)
		}
		failIf(tb, strings.ContainsAny(text, "\n\r"), "what was %s: the error has lines: %q", what, text)
	}
}
