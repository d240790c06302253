package record

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// start starts a simulator and prepares a session that records it in simulated time.
func start(t *testing.T, options civosim.Options) (*civosim.Server, *Session) {
	t.Helper()
	clock := &simulatedClock{now: time.Now()}
	options.Now = clock.Now
	server := simtest.Start(t, options)
	return server, NewSession(Config{
		Token: server.Token(), Region: "lon1", Endpoint: server.URL(), ObjectStoreEndpoint: server.S3URL(), Out: io.Discard,
		Clock: Clock{clock.Now, clock.Sleep},
	})
}

// theirs adds another credential and store to the account, which a run must not touch. At the end of the test, the account must contain
// only these.
func theirs(t *testing.T, server *civosim.Server) (civosim.Credential, civosim.Store) {
	t.Helper()
	credential := server.AddCredential(civosim.Credential{Name: "payroll"})
	store := server.AddStore(civosim.Store{Name: "payroll-archive", OwnerID: credential.ID})
	t.Cleanup(func() {
		left, stores := server.Credentials(""), server.Stores("")
		if len(left) != 1 || left[0] != credential || len(stores) != 1 || stores[0].ID != store.ID {
			t.Errorf("the account contains %v and %v", left, stores)
		}
	})
	return credential, store
}

// secretive passes requests on to a simulator, and puts secrets into every part of the responses: those of the requests, and others.
type secretive struct {
	target string // URL

	mu      sync.Mutex
	secrets []string
	next    int // the secret that the next text begins with
}

// foreign are values of the account that no request contains. Some look like what a recording may contain.
var foreign = []string{
	"AKIAQ7ZLWPF4N2XVT0MB", "u9Kd82mZpQ0sVvXy1LrT6wHnB4cEjGf7aIoSkUxD", "abcdefghijklmnopqrstuvwxyzabcdefghijklmn", "payroll-2026",
	"1f0c9a7e-55d3-4b7c-9a21-6de0f7b3c811", "someone@example.com", "203.0.113.77", "s3.internal.example.com", "31415926535", "QUJDREVGR0hJSktM",
	"correct-horse-battery", "Zürich-Geheimnis", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl", "tok/en+with=signs9",
	"acm1", "4111 1111 1111 1111", "4111/1111/1111/1111", // codes of private regions and long numbers can identify somebody
}

var noted = regexp.MustCompile(`"(?:id|name|access_key_id|secret_access_key_id)": ?"([^"]+)"`)

// note notes the keys, IDs and names in a JSON text.
func (s *secretive) note(text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, found := range noted.FindAllSubmatch(text, -1) {
		if !slices.Contains(s.secrets, string(found[1])) {
			s.secrets = append(s.secrets, string(found[1]))
		}
	}
}

// formsOf returns how a secret can appear in a text.
func formsOf(secret string) []string {
	return []string{
		secret, strings.ToLower(secret), strings.ToUpper(secret), url.QueryEscape(secret), url.PathEscape(secret),
		hex.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("user:" + secret)), strings.Trim(strconv.Quote(secret), `"`),
	}
}

// text returns an error text with some of the secrets, in turn. The latest are always in it.
func (s *secretive) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.secrets
	s.next = (s.next + 1) % len(all)
	text := "Failed to find the object"
	for i, secret := range slices.Concat(all[s.next:min(s.next+2, len(all))], all[max(0, len(all)-2):]) {
		for j, form := range formsOf(secret) {
			text += []string{" " + form, " token=" + form, `, "` + form + `";`, " https://" + form + ".civo.com/" + form + "?key=" + form + "&"}[(i+j+s.next)%4]
		}
	}
	return text
}

// ServeHTTP implements http.Handler for the API.
func (s *secretive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sent, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(sent))
	s.note(sent)
	target, _ := url.Parse(s.target)
	proxy := httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(target) }, ModifyResponse: s.modify}
	proxy.ServeHTTP(w, r)
}

func (s *secretive) modify(response *http.Response) error {
	received, _ := io.ReadAll(response.Body)
	value := decode(received)
	s.note(received)
	text := s.text()
	for i, name := range []string{"Server", "Via", "Location", "X-Amz-Request-Id", "Www-Authenticate", "X-Powered-By", "Etag", "Retry-After", "Allow", "X-Secret"} {
		if s.isTurn(i) {
			response.Header.Set(name, strconv.QuoteToASCII(text))
		}
	}
	body := []byte(string(received) + "<p>" + text + "</p>")
	if value != nil {
		response.Header.Set("Content-Type", "application/json; token="+foreign[0])
		inflated, err := json.Marshal(s.inflate(value, text))
		if err != nil {
			return err
		}
		body = inflated
	}
	response.Header.Del("Content-Length")
	response.ContentLength, response.Body = -1, io.NopCloser(bytes.NewReader(body))
	return nil
}

// isTurn selects some of many places for secrets, others in each response, because redaction takes long.
func (s *secretive) isTurn(place int) bool { return (s.next+place)%4 == 0 }

// inflate adds secrets to a JSON value: to texts, as keys, as fields of known names, and as other objects in lists.
func (s *secretive) inflate(value any, text string) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			value[key] = s.inflate(inner, text)
		}
		for i, secret := range foreign {
			if s.isTurn(i) {
				value[secret] = secret
				value[fmt.Sprintf("field%d", i)] = map[string]any{"token": secret, "values": []any{secret, []any{secret}}}
			}
		}
		value[[]string{"reason", "details", "message", "error"}[s.next%4]] = text
		value["account_id"], value["token"], value["region"], value["type"] = foreign[4], foreign[1], foreign[3], foreign[2]
		value["phone"], value["size"] = json.Number("31415926535"), json.Number("31415926535")
		if value["code"] == nil {
			value["code"] = "database_" + foreign[2] + "_failed"
		}
		return value
	case []any:
		for i, inner := range value {
			value[i] = s.inflate(inner, text)
		}
		return append(value, foreign[6], map[string]any{
			"id": "c0ffee00-1234-4321-8888-0123456789ab", "status": "ready", "suspended": false, "max_size": 500, "access_key_id": foreign[0],
			"secret_access_key_id": foreign[1], "note": foreign[2], "name": foreign[3], "other_id": foreign[4], "email": foreign[5],
		})
	default:
		return value
	}
}

func TestRecording_ContainsNoSecrets(t *testing.T) {
	t.Parallel()
	server, session := start(t, civosim.Options{})
	credential, store := theirs(t, server)
	proxy := &secretive{target: server.URL(), secrets: append(slices.Clone(foreign),
		server.Token(), credential.Name, credential.AccessKeyID, credential.SecretAccessKey, credential.ID, store.Name, store.ID)}
	api := httptest.NewServer(proxy)
	t.Cleanup(api.Close)
	s3 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Server", strconv.QuoteToASCII(proxy.text()))
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "<Error><Code>AccessDenied</Code><Message>"+proxy.text()+"</Message></Error>")
	}))
	t.Cleanup(s3.Close)
	session.config.Endpoint, session.config.ObjectStoreEndpoint = api.URL, s3.URL
	session.regions = []map[string]any{{"code": "lon1"}}
	path := t.TempDir() + "/recording.json"
	recording, err := session.Run(t.Context(), t.Context())
	writeErr := recording.Write(path)
	written, readErr := os.ReadFile(path) //nolint:gosec // the test's own file
	if n := len(proxy.secrets); errors.Join(err, writeErr, readErr) != nil || n < 40 || len(recording.Answers) != len(questions) {
		t.Fatalf("%d secrets, %d answers: %v", n, len(recording.Answers), errors.Join(err, writeErr, readErr))
	}
	contents := strings.ToLower(string(written))
	for _, secret := range proxy.secrets {
		for _, form := range formsOf(secret) {
			if strings.Contains(contents, strings.ToLower(form)) {
				t.Errorf("the recording contains %q, a form of %q", form, secret)
			}
		}
	}
	// What answers the questions is there.
	for _, needed := range []string{
		`"database_objectstore_credential_inuse_by_objectstore"`, `"status": 409`, `"{key-owner}"`, `"{object-1}"`, `"code": "lon1"`,
		`"max_size_kb": 500000000`,
	} {
		if !strings.Contains(string(written), needed) {
			t.Errorf("the recording does not contain %s", needed)
		}
	}
}

// disturb runs a recording during which something happens. An interruption may end it.
func disturb(t *testing.T, name string, options civosim.Options, happens func(server *civosim.Server, interrupt func())) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		server, session := start(t, options)
		theirs(t, server)
		if _, err := session.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		happens(server, interrupt)
		recording, err := session.Run(ctx, t.Context())
		isComplete := recording.Stopped == "" && len(recording.Answers) == len(questions)
		if err != nil || !isComplete && (ctx.Err() == nil || recording.Stopped != "interrupted") {
			t.Errorf("stopped %q after %d answers: %v", recording.Stopped, len(recording.Answers), err)
		}
	})
}

// Whatever happens to whichever request, a run deletes everything that it created, and keeps the answers.
func TestRun_DeletesEverything(t *testing.T) {
	t.Parallel()
	slow := civosim.Options{ReadyAfter: 2 * time.Second, StoreGoneAfter: 20 * time.Second, ListedAfter: 5 * time.Second}
	// The first three POSTs to the credentials are no JSON, and the first requests of the other kinds are about records that do not exist.
	firstCreates := []civosim.Fault{{Kind: civosim.KindCreateCredential, Nth: 4}, {Kind: civosim.KindCreateStore, Nth: 1}}
	laterCreates := []civosim.Fault{{Kind: civosim.KindCreateCredential, Nth: 5}, {Kind: civosim.KindCreateStore, Nth: 7}}
	changes := []civosim.Fault{
		{Kind: civosim.KindUpdateCredential, Nth: 4},
		{Kind: civosim.KindUpdateStore, Nth: 3},
		{Kind: civosim.KindDeleteCredential, Nth: 3},
		{Kind: civosim.KindDeleteStore, Nth: 3},
	}
	reads := []civosim.Fault{
		{Kind: civosim.KindGetCredential, Nth: 3},
		{Kind: civosim.KindGetStore, Nth: 3},
		{Kind: civosim.KindListCredentials, Nth: 9},
		{Kind: civosim.KindListStores, Nth: 3},
	}
	for _, effect := range []civosim.Effect{
		civosim.EffectClose, civosim.Effect500, civosim.EffectEmpty200, civosim.EffectFailed200, civosim.EffectAfterClose, civosim.EffectAfter502,
	} {
		for name, faults := range map[string][]civosim.Fault{
			"first creates": firstCreates, "later writes": slices.Concat(laterCreates, changes), "reads": reads,
		} {
			disturb(t, fmt.Sprintf("%s, %s", effect, name), slow, func(server *civosim.Server, _ func()) {
				for _, fault := range faults {
					fault.Effect = effect
					server.Inject(fault)
				}
			})
		}
	}
	for _, at := range slices.Concat(firstCreates, laterCreates, changes, reads) {
		disturb(t, fmt.Sprintf("interrupted, %s %d", at.Kind, at.Nth), slow, func(server *civosim.Server, interrupt func()) {
			server.OnArrival(at.Kind, at.Nth, interrupt)
		})
	}
	// The response to a create is lost, and the run is interrupted before any list contains the record.
	hidden := civosim.Options{ListedAfter: 20 * time.Second, ReadableAfter: 20 * time.Second}
	for _, at := range slices.Concat(firstCreates, laterCreates) {
		disturb(t, fmt.Sprintf("lost and interrupted, %s %d", at.Kind, at.Nth), hidden, func(server *civosim.Server, interrupt func()) {
			at.Effect = civosim.EffectAfterClose
			server.Inject(at)
			server.OnArrival(at.Kind, at.Nth, interrupt)
		})
	}
}

// If the API stops to respond, the error contains commands that delete what is left, and the next run finds it too.
func TestRun_ReportsWhatIsLeft(t *testing.T) {
	t.Parallel()
	server, session := start(t, civosim.Options{})
	server.Inject(civosim.Fault{Kind: civosim.KindDeleteStore, Effect: civosim.Effect503})
	recording, err := session.Run(t.Context(), t.Context())
	if err == nil || len(recording.Answers) != len(questions) {
		t.Fatalf("%d answers: %v", len(recording.Answers), err)
	}
	server.ClearFaults()
	next := NewSession(session.config)
	notes, prepareErr := next.Prepare(t.Context())
	left := server.Stores("")
	if prepareErr != nil || len(notes) != 1 || len(left) == 0 {
		t.Fatalf("notes %q, stores %v: %v", notes, left, prepareErr)
	}
	for _, text := range []string{err.Error(), notes[0]} {
		if !strings.Contains(text, "in this order:\n  curl ") || strings.Contains(text, "#") || strings.Contains(text, server.Token()) {
			t.Error(text)
		}
		for _, s := range left {
			command := `curl -sS -X DELETE -H "Authorization: bearer $CIVO_TOKEN" '` + server.URL() + "/v2/objectstores/" + s.ID + "?region=lon1'"
			if !strings.Contains(text, command) {
				t.Errorf("no command for %s: %s", s.Name, text)
			}
		}
	}
}
