package credential_test

import (
	"context"
	"errors"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/credential"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// The golden file of the diagnostics about the provider and credentials. `go test ./internal/credential -run Diagnostics -update`
// writes it.
func TestDiagnostics_GoldenFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	golden := acctest.CheckGolden(t, "testdata/diagnostics.md", dir, messages(t, dir))
	if golden == "" {
		return
	}
	stores, err := os.ReadFile("../objectstore/testdata/diagnostics.md")
	if err != nil {
		t.Fatal(err)
	}
	golden += string(stores)
	for kind := civo.KindRefused; kind <= civo.KindOtherName; kind++ {
		failed := &civo.Error{Kind: kind, About: &civo.Ref{}}
		summary := diagnostics.Wording{Noun: "credential"}.All(diagnostics.Read, "LON1").Error(failed).Summary()
		ofStores := strings.NewReplacer("credential", "object store", "Credential", "Object store").Replace(summary)
		if !strings.Contains(golden, "**"+summary+"**") && !strings.Contains(golden, "**"+ofStores+"**") {
			t.Errorf("no situation leads to the summary %q of errors of the kind %d", summary, kind)
		}
	}
}

func messages(t *testing.T, dir string) []acctest.Message {
	t.Helper()
	var all []acctest.Message
	for _, group := range [][]acctest.Message{
		providerMessages(dir), argumentMessages(), ignoreChangesMessages(), regionMessages(), readMessages(), connectionMessages(t),
		createMessages(), updateMessages(), rotateMessages(), deleteMessages(), lookupMessages(), importMessages(), moveMessages(t),
	} {
		all = append(all, group...)
	}
	return all
}

// providerMessages are about the configuration of the provider.
func providerMessages(dir string) []acctest.Message {
	return []acctest.Message{
		{Name: "Provider: no token", Diagnose: configuring(acctest.Object{"token": nil})},
		{Name: "Provider: token with whitespace", Diagnose: configuring(acctest.Object{"token": "a b"})},
		{Name: "Provider: invalid region", Diagnose: configuring(acctest.Object{"region": "lon don"})},
		{Name: "Provider: endpoint without TLS", Diagnose: configuring(acctest.Object{"api_endpoint": "http://example.com"})},
		{Name: "Provider: object store endpoint with an unknown placeholder", Diagnose: configuring(acctest.Object{
			"objectstore_endpoint": "https://{zone}.example.com",
		})},
		{Name: "Provider: missing credentials file", Diagnose: configuring(acctest.Object{"token": nil, "credentials_file": filepath.Join(dir, "none.json")})},
		{Name: "Provider: credentials file that others can read", Diagnose: configuring(acctest.Object{"token": nil, "credentials_file": readableFile(dir)})},
		{Name: "Provider: data of another type", Diagnose: func(ctx context.Context, _ *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			var resp resource.ConfigureResponse
			configurable := credential.NewResource().(resource.ResourceWithConfigure) //nolint:forcetypeassert // it is one
			configurable.Configure(ctx, resource.ConfigureRequest{ProviderData: 1}, &resp)
			problem := resp.Diagnostics.Errors()[0]
			return acctest.Diagnostics{{Severity: tfprotov6.DiagnosticSeverityError, Summary: problem.Summary(), Detail: problem.Detail()}}
		}},
		{Name: "Provider: token unknown during plan", Diagnose: refreshingWith(acctest.Object{"token": acctest.Unknown})},
		{Name: "Provider: object store endpoint unknown, data source", Diagnose: with(
			acctest.Object{"objectstore_endpoint": acctest.Unknown}, lookingUp(backups))},
		{Name: "Provider: region unknown, data source", Diagnose: with(regionUnknown, lookingUp(backups))},
		{Name: "Provider: region unknown, import", Diagnose: with(regionUnknown, acctest.Importing("backups"))},
		{Name: "Provider: region unknown, plural data source", Diagnose: with(regionUnknown, acctest.Reading("civo_objectstore_credentials", acctest.Object{}))},
	}
}

// configuring configures the provider.
func configuring(config acctest.Object) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
		_, diags := w.Configure(ctx, config)
		return diags
	}
}

func readableFile(dir string) string {
	path := filepath.Join(dir, "readable.json")
	if err := os.WriteFile(path, []byte(`{"apikeys":{"a":"0123456789"},"meta":{"current_apikey":"a"}}`), 0o644); err != nil { //nolint:gosec // that is the point
		panic(err)
	}
	return path
}

var (
	backups       = acctest.Object{"name": "backups"}
	regionUnknown = acctest.Object{"region": acctest.Unknown}
	noRegion      = acctest.Object{"region": nil}
)

// with configures the provider with other arguments first.
func with(arguments acctest.Object, diagnose acctest.Diagnose) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
		p, _ := w.Configure(ctx, arguments)
		return diagnose(ctx, w, p)
	}
}

// argumentMessages are about the configuration of the resource alone.
func argumentMessages() []acctest.Message {
	rotation := map[string]string{"month": "2026-11"}
	return []acctest.Message{
		{Name: "Argument: empty name", Diagnose: validating(acctest.Object{"name": ""})},
		{Name: "Argument: name with a control character", Diagnose: validating(acctest.Object{"name": "back\x1b[2Jups"})},
		{Name: "Argument: invalid region", Diagnose: validating(acctest.Object{"region": "lon don"})},
		{Name: "Argument: access key ID with whitespace", Diagnose: validating(acctest.Object{"access_key_id": "my key"})},
		{Name: "Argument: empty secret", Diagnose: validating(acctest.Object{"secret_access_key": ""})},
		{Name: "Argument: two secrets", Diagnose: validating(acctest.Object{"secret_access_key": "a", "secret_access_key_wo": "b", "secret_access_key_wo_version": int64(1)})},
		{Name: "Argument: supplied secret and secret_in_state", Diagnose: validating(acctest.Object{"secret_access_key": "a", "secret_in_state": false})},
		{Name: "Argument: supplied secret and rotation", Diagnose: validating(acctest.Object{"secret_access_key": "a", "rotate_when_changed": rotation})},
		{Name: "Argument: write-only secret and rotation", Diagnose: validating(acctest.Object{"secret_access_key_wo": "a", "secret_access_key_wo_version": int64(1), "rotate_when_changed": rotation})},
		{Name: "Argument: write-only secret without a version", Diagnose: validating(acctest.Object{"secret_access_key_wo": "a"})},
		{Name: "Argument: version without a write-only secret", Diagnose: validating(acctest.Object{"secret_access_key_wo_version": int64(1)})},
		{Name: "Argument: negative timeout", Diagnose: validating(acctest.Object{"timeouts": acctest.Object{"create": "-5m"}})},
		{Name: "Argument: timeout of zero, ephemeral resource", Diagnose: func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			return p.ValidateEphemeral(ctx, acctest.Object{"name": "backups", "timeouts": acctest.Object{"open": "0s"}})
		}},
		{Name: "Argument: no region anywhere", Diagnose: with(noRegion, acctest.Creating(backups))},
	}
}

// validating validates a configuration of the resource.
func validating(arguments acctest.Object) acctest.Diagnose {
	return func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		config := acctest.Object{"name": "backups"}.With(arguments)
		return p.Validate(ctx, config)
	}
}

// ignoreChangesMessages are about conflicts caused by ignore_changes.
func ignoreChangesMessages() []acctest.Message {
	rotation := map[string]string{"month": "2026-11"}
	return []acctest.Message{
		{Name: "ignore_changes: secret, and a rotation", Diagnose: ignoring(
			nil, acctest.Object{"secret_access_key": inState, "rotate_when_changed": rotation})},
		{Name: "ignore_changes: secret, and a write-only secret", Diagnose: ignoring(
			nil, acctest.Object{"secret_access_key": inState, "secret_access_key_wo": "a", "secret_access_key_wo_version": int64(1)})},
		{Name: "ignore_changes: secret, and secret_in_state = false", Diagnose: ignoring(
			nil, acctest.Object{"secret_access_key": inState, "secret_in_state": false})},
		{Name: "ignore_changes: secret_in_state, and a supplied secret", Diagnose: ignoring(
			acctest.Object{"secret_in_state": false}, acctest.Object{"secret_access_key": "b", "secret_in_state": false})},
		{Name: "ignore_changes: version, and a supplied secret", Diagnose: ignoring(
			writeOnlyOne, acctest.Object{"secret_access_key": "b", "secret_access_key_wo_version": int64(1)})},
		{Name: "ignore_changes: version, and a rotation", Diagnose: ignoring(
			writeOnlyOne, acctest.Object{"rotate_when_changed": rotation, "secret_access_key_wo_version": int64(1)})},
		{Name: "ignore_changes: write-only secret", Diagnose: ignoring(writeOnlyOne, acctest.Object{"secret_access_key_wo_version": int64(2)})},
		{Name: "ignore_changes: part of a rotation, and a supplied secret", Diagnose: ignoring(
			twoStrings, acctest.Object{"secret_access_key": "b", "rotate_when_changed": map[string]string{"a": "1"}})},
		{Name: "ignore_changes: part of a rotation, and a write-only secret", Diagnose: ignoring(
			twoStrings, acctest.Object{"secret_access_key_wo": "a", "secret_access_key_wo_version": int64(1), "rotate_when_changed": map[string]string{"a": "1"}})},
	}
}

// inState represents the secret in the state.
const inState = "in-state"

var (
	writeOnlyOne = acctest.Object{"secret_access_key_wo": "a", "secret_access_key_wo_version": int64(1)}
	twoStrings   = acctest.Object{"rotate_when_changed": map[string]string{"a": "1", "b": "1"}}
)

// ignoring plans an update of a credential with a configuration into which Terraform has merged ignore_changes.
func ignoring(before, merged acctest.Object) acctest.Diagnose {
	return func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		config := acctest.Object{"name": "backups"}.With(before)
		i := created(ctx, p, config)
		config = acctest.Object{"name": "backups"}
		maps.Copy(config, merged)
		if config["secret_access_key"] == inState {
			config["secret_access_key"] = i.Get("secret_access_key")
		}
		return second(p.Plan(ctx, i, config))
	}
}

// regionMessages are about regions.
func regionMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Region: unknown, plan", Diagnose: planning("lon9")},
		{Name: "Region: unknown, read", Diagnose: reading(func(w *acctest.Env) { w.SetRegionDown("lon1", true) })},
		{Name: "Region: unknown, data source", Diagnose: lookingUpOf(acctest.Object{"name": "backups", "region": "lon9"})},
		{Name: "Region: unknown, import", Diagnose: importingOf("lon9/00000000-0000-4000-8000-000000000001")},
		{Name: "Region: without object storage, plan", Diagnose: planning("PHX1")},
		{Name: "Region: without object storage, import", Diagnose: importingOf("PHX1/backups")},
		{Name: "Region: without object storage, regions cannot be listed", Diagnose: acctest.Creating(
			acctest.Object{"name": "backups", "region": "PHX1"}, acctest.Injecting(civosim.KindListRegions, 0, civosim.Effect503))},
	}
}

// planning plans a credential in a region.
func planning(region string) acctest.Diagnose {
	return func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		return second(p.Plan(ctx, p.NewInstance(), acctest.Object{"name": "backups", "region": region}))
	}
}

// readMessages are about refreshing a credential.
func readMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Read: suspended", Diagnose: reading(changing(func(c *civosim.Credential) { c.Suspended = true }))},
		{Name: "Read: failed after it was created", Diagnose: reading(changing(func(c *civosim.Credential) { c.Status = "failed" }))},
		{Name: "Read: invalid token", Diagnose: reading(func(w *acctest.Env) { w.SetToken("another") })},
		{Name: "Plan: invalid token", Diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.SetToken("another")
			return planning("lon1")(ctx, w, p)
		}},
		{Name: "Read: permission missing", Diagnose: reading(acctest.Answering("", http.StatusForbidden, `{"code":"permission_denied","reason":"You may not read credentials"}`))},
		{Name: "Read: feature not enabled", Diagnose: reading(acctest.Answering("", http.StatusForbidden, `{"result":"forbidden","message":"this feature is not enabled"}`))},
		{Name: "Read: 500", Diagnose: reading(acctest.Injecting("", 0, civosim.Effect500))},
		{Name: "Read: connection closed", Diagnose: reading(acctest.Injecting("", 0, civosim.EffectClose))},
		{Name: "Read: HTML page", Diagnose: reading(acctest.Injecting("", 0, civosim.EffectHTML200))},
		{Name: "Read: 404 that is not Civo's", Diagnose: reading(acctest.Injecting("", 0, civosim.Effect404Text))},
		{Name: "Read: redirect", Diagnose: reading(acctest.Injecting("", 0, civosim.EffectRedirect))},
		{Name: "Read: rate limited", Options: oneRequest, Diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			there := w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1"})
			i, _ := p.Move(ctx, officialAddress, officialType, official(there, acctest.Object{"region": "LON1"}))
			_, _ = p.Plan(ctx, p.NewInstance(), acctest.Object{"name": "other"}) // lists the regions
			ctx, expire := simtest.Expiring(ctx)
			return p.Refresh(acctest.OnLog(ctx, is429, expire), i)
		}},
	}
}

// changing changes the only credential.
func changing(change func(*civosim.Credential)) acctest.Event {
	return func(w *acctest.Env) { w.ChangeCredential(w.Credentials("")[0].ID, change) }
}

// oneRequest lets one request pass. The responses to all others request a wait of a minute or more.
var oneRequest = civosim.Options{RateLimit: 0.001, RetryAfter: true}

// is429 is the part of a log line about a response of the rate limit.
const is429 = `"status":429`

// reading reads a credential after something happened.
func reading(happens func(*acctest.Env)) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		i := created(ctx, p, acctest.Object{"name": "backups"})
		happens(w)
		return p.Refresh(ctx, i)
	}
}

// created creates a credential from a configuration.
func created(ctx context.Context, p *acctest.Driver, config acctest.Object) *acctest.Instance {
	i := p.NewInstance()
	if _, diags := p.Run(ctx, i, config); diags.Failed() {
		panic(diags.String())
	}
	return i
}

// connectionMessages are about requests to which there is no response.
func connectionMessages(t *testing.T) []acctest.Message {
	t.Helper()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	all := []acctest.Message{
		{Name: "Connection: nothing listens on this machine", Diagnose: refreshingWith(acctest.Object{"api_endpoint": closedPort})},
		{Name: "Connection: unknown authority", Diagnose: refreshingWith(acctest.Object{"api_endpoint": untrusted.URL})},
		{Name: "Connection: no TLS", Diagnose: refreshingWith(acctest.Object{"api_endpoint": strings.Replace(plain.URL, "http:", "https:", 1)})},
	}
	for _, other := range []struct {
		name       string
		connection civo.Connection
		cause      string
	}{
		{"refused", civo.ConnectionRefused, "dial tcp 192.0.2.1:443: connect: connection refused"},
		{"no address", civo.ConnectionNoAddress, "dial tcp: lookup api.civo.example: no such host"},
		{"wrong host", civo.ConnectionCertificate, "tls: failed to verify certificate: x509: certificate is valid for example.com, not api.civo.com"},
		{"proxy", civo.ConnectionProxy, "the proxy did not connect to the server: 503 Service Unavailable"},
		{"proxy password", civo.ConnectionProxyPassword, "the proxy requires a valid user name and password (407 Proxy Authentication Required)"},
	} {
		all = append(all, acctest.Message{Name: "Connection: " + other.name, Diagnose: func(context.Context, *acctest.Env, *acctest.Driver) acctest.Diagnostics {
			problem := diagnostics.Wording{Noun: "credential"}.All(diagnostics.List, "LON1").Error(&civo.Error{
				Kind: civo.KindUnavailable, Method: http.MethodGet, Path: "/v2/objectstore/credentials", Err: errors.New(other.cause),
				Connection: other.connection, Sources: civo.Sources{Endpoint: "https://api.civo.com, the default"},
			})
			return acctest.Diagnostics{{Severity: tfprotov6.DiagnosticSeverityError, Summary: problem.Summary(), Detail: problem.Detail()}}
		}})
	}
	return all
}

// refreshingWith refreshes a credential after the provider was configured with other arguments.
func refreshingWith(arguments acctest.Object) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		i := created(ctx, p, backups)
		p, _ = w.Configure(ctx, arguments)
		return p.Refresh(ctx, i)
	}
}

// createMessages are about creating a credential.
func createMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Create: rejected", Diagnose: acctest.Creating(backups, acctest.Injecting(civosim.KindCreateCredential, 0, civosim.Effect400))},
		{Name: "Create: rejected with details", Diagnose: acctest.Creating(backups, acctest.Injecting(civosim.KindCreateCredential, 0, civosim.EffectParameter))},
		{Name: "Create: another operation in progress", Diagnose: acctest.ExpiringAt(civosim.KindCreateCredential, 2,
			acctest.Creating(backups, acctest.Injecting(civosim.KindCreateCredential, 0, civosim.EffectBusy)))},
		{Name: "Create: unknown outcome", Diagnose: acctest.Creating(backups, acctest.Injecting("", 0, civosim.EffectAfterClose))},
		{Name: "Create: timed out, unknown outcome", Diagnose: func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			p := impatient(ctx, w)
			plan, _ := p.Plan(ctx, p.NewInstance(), acctest.Object{"name": "backups"})
			w.Inject(civosim.Fault{Effect: civosim.EffectHang})
			return p.Apply(simtest.ExpiringAt(ctx, w.Server, civosim.KindCreateCredential, 1), p.NewInstance(), plan)
		}},
		{Name: "Create: timed out before anything was created", Diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.Timing = acctest.Timing
			w.Timing.RetryMin, w.Timing.RetryMax = time.Hour, time.Hour
			plan, _ := p.Plan(ctx, p.NewInstance(), acctest.Object{"name": "backups"})
			p, _ = w.Configure(ctx, acctest.Object{"api_endpoint": closedPort})
			ctx, expire := simtest.Expiring(ctx)
			return p.Apply(acctest.OnLog(ctx, "refused", expire), p.NewInstance(), plan)
		}},
		{Name: "Create: rate limited", Options: oneRequest, Diagnose: func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			plan, _ := p.Plan(ctx, p.NewInstance(), acctest.Object{"name": "backups"})
			ctx, expire := simtest.Expiring(ctx)
			return p.Apply(acctest.OnLog(ctx, is429, expire), p.NewInstance(), plan)
		}},
		{Name: "Create: name taken", Diagnose: acctest.Creating(backups, exists("backups"))},
		{Name: "Create: access key ID taken", Diagnose: acctest.Creating(acctest.Object{"name": "backups", "access_key_id": "taken"}, takenKey)},
		{Name: "Create: failed", Options: civosim.Options{ReadyAfter: time.Millisecond}, Diagnose: acctest.Creating(backups, func(w *acctest.Env) { w.FailCreates(true) })},
		{Name: "Create: timed out before it was ready", Options: civosim.Options{ReadyAfter: time.Hour}, Diagnose: acctest.ExpiringAt(
			civosim.KindGetCredential, 1, acctest.Creating(backups))},
		{Name: "Create: interrupted before anything was created", Diagnose: func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			ctx, interrupt := context.WithCancel(ctx)
			plan, _ := p.Plan(ctx, p.NewInstance(), acctest.Object{"name": "backups"})
			interrupt()
			return p.Apply(ctx, p.NewInstance(), plan)
		}},
		{Name: "Create: interrupted", Options: civosim.Options{ReadyAfter: time.Hour}, Diagnose: interrupted},
	}
}

// exists adds credentials with the given names.
func exists(names ...string) acctest.Event {
	return func(w *acctest.Env) {
		for _, name := range names {
			w.AddCredential(civosim.Credential{Name: name, Region: "LON1"})
		}
	}
}

func takenKey(w *acctest.Env) {
	w.AddCredential(civosim.Credential{Name: "other", Region: "LON1", AccessKeyID: "taken"})
}

// impatient returns a driver of a provider with a short grace period, for requests that hang.
func impatient(ctx context.Context, w *acctest.Env) *acctest.Driver {
	w.Timing = acctest.Timing
	w.Timing.Grace = 100 * time.Millisecond
	p, _ := w.Configure(ctx, nil)
	return p
}

// closedPort is the URL of a port that nobody listens on. Other tests listen on ports that the system chooses, which are higher.
const closedPort = "http://127.0.0.1:1"

func interrupted(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	w.OnArrival(civosim.KindGetCredential, 1, interrupt)
	return second(p.Run(ctx, p.NewInstance(), acctest.Object{"name": "backups"}))
}

// updateMessages are about changing a credential.
func updateMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Update: access key ID taken", Diagnose: acctest.Changing(backups, acctest.Object{"name": "backups", "access_key_id": "taken"}, takenKey)},
		{Name: "Update: no longer exists", Diagnose: updating(func(w *acctest.Env) { w.RemoveCredential(w.Credentials("")[0].ID) })},
		{Name: "Update: unknown outcome", Diagnose: updating(acctest.Injecting("", 0, civosim.EffectAfterClose))},
		{Name: "Update: timed out", Diagnose: func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			ctx = simtest.ExpiringAt(ctx, w.Server, civosim.KindUpdateCredential, 1)
			return updating(acctest.Injecting("", 0, civosim.EffectHang))(ctx, w, impatient(ctx, w))
		}},
		{Name: "Update: fails while the provider waits", Options: civosim.Options{ReadyAfter: time.Hour}, Diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			c := w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1", Status: "creating"})
			i, _ := p.Import(ctx, "backups")
			plan, _ := p.Plan(ctx, i, acctest.Object{"name": "backups"})
			w.ChangeCredential(c.ID, func(c *civosim.Credential) { c.Status = "failed" })
			return p.Apply(ctx, i, plan)
		}},
	}
}

// updating changes the secret of a credential after something happened since the plan.
func updating(happens func(*acctest.Env)) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		i := created(ctx, p, acctest.Object{"name": "backups"})
		plan, diags := p.Plan(ctx, i, acctest.Object{"name": "backups", "secret_access_key": "supplied"})
		if diags.Failed() {
			return diags
		}
		happens(w)
		return p.Apply(ctx, i, plan)
	}
}

// deleteMessages are about deleting a credential.
func deleteMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Delete: owns a store", Diagnose: acctest.Changing(backups, nil, ownsStore)},
		{Name: "Delete: owns a store, refused with 200", Options: civosim.Options{RefusedDeletionStatus: 200}, Diagnose: acctest.Changing(backups, nil, ownsStore)},
		{Name: "Delete: timed out waiting for a store", Options: civosim.Options{StoreGoneAfter: time.Hour}, Diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i := created(ctx, p, acctest.Object{"name": "backups"})
			w.DeleteStore(w.AddStore(civosim.Store{Name: "nightly", OwnerID: i.Get("id")}).ID)
			ctx, expire := simtest.Expiring(ctx)
			return second(p.Run(acctest.OnLog(ctx, `"path":"/v2/objectstores"`, expire), i, nil)) // the request explains the rejection
		}},
		{Name: "Delete: timed out", Options: civosim.Options{CredentialGoneAfter: time.Hour}, Diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i := created(ctx, p, acctest.Object{"name": "backups"})
			plan, _ := p.Plan(ctx, i, nil)
			return p.Apply(simtest.ExpiringAt(ctx, w.Server, civosim.KindGetCredential, 1), i, plan)
		}},
	}
}

func ownsStore(w *acctest.Env) {
	w.AddStore(civosim.Store{Name: "nightly", OwnerID: w.Credentials("")[0].ID})
}

// lookupMessages are about the data source and the ephemeral resource.
func lookupMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Lookup: no argument", Diagnose: lookingUpOf(acctest.Object{})},
		{Name: "Lookup: two arguments", Diagnose: lookingUpOf(acctest.Object{"name": "backups", "access_key_id": "a"})},
		{Name: "Lookup: empty name", Diagnose: lookingUpOf(acctest.Object{"name": ""})},
		{Name: "Lookup: access key ID with whitespace", Diagnose: lookingUpOf(acctest.Object{"access_key_id": "my key"})},
		{Name: "Lookup: invalid ID", Diagnose: lookingUpOf(acctest.Object{"id": "a/b"})},
		{Name: "Lookup: part of a name", Diagnose: lookingUpOf(acctest.Object{"name": "back"})},
		{Name: "Lookup: name that two credentials have", Diagnose: lookingUpOf(acctest.Object{"name": "twice"})},
		{Name: "Lookup: never ready, data source", Diagnose: acctest.ExpiringAt(civosim.KindGetCredential, 3, acctest.Reading(
			acctest.TypeName, backups, func(w *acctest.Env) { w.AddCredential(civosim.Credential{Name: "backups", Status: "creating"}) }))},
		{Name: "Lookup: never ready, ephemeral resource", Diagnose: openingOf(civosim.Credential{Status: "creating"})},
		{Name: "Lookup: failed, ephemeral resource", Diagnose: openingOf(civosim.Credential{Status: "failed"})},
		{Name: "Lookup: suspended, ephemeral resource", Diagnose: openingOf(civosim.Credential{Suspended: true})},
	}
}

// lookingUpOf looks up one of three credentials, two of which have the same name.
func lookingUpOf(config acctest.Object) acctest.Diagnose {
	return acctest.Reading(acctest.TypeName, config, exists("backups", "twice", "twice"))
}

// openingOf opens a credential. The operation times out if it looks at the credential three times.
func openingOf(there civosim.Credential) acctest.Diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		there.Name = "backups"
		w.AddCredential(there)
		return second(p.Open(simtest.ExpiringAt(ctx, w.Server, civosim.KindGetCredential, 3), acctest.Object{"name": "backups"}))
	}
}

// importMessages are about imports.
func importMessages() []acctest.Message {
	return []acctest.Message{
		{Name: "Import: does not exist", Diagnose: importingOf("none")},
		{Name: "Import: in another region", Diagnose: importingOf("in-frankfurt")},
		{Name: "Import: another region is down", Diagnose: acctest.Importing("none", exists("backups", "twice", "twice"), inFrankfurt, frankfurtDown)},
		{Name: "Import: name that two credentials have", Diagnose: importingOf("twice")},
		{Name: "Import: no region", Diagnose: with(noRegion, acctest.Importing("backups"))},
	}
}

func importingOf(id string) acctest.Diagnose {
	return acctest.Importing(id, exists("backups", "twice", "twice"), inFrankfurt)
}

func inFrankfurt(w *acctest.Env) {
	w.AddCredential(civosim.Credential{Name: "in-frankfurt", Region: "FRA1"})
}

func frankfurtDown(w *acctest.Env) { w.SetRegionDown("fra1", true) }

// moveMessages are about moves from the official provider.
func moveMessages(t *testing.T) []acctest.Message {
	t.Helper()
	return []acctest.Message{
		{Name: "Move: another form of state", Diagnose: func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			return second(p.Move(ctx, officialAddress, officialType, `{"id":["5"]}`))
		}},
		{Name: "Move: a region is down", Diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i, _ := p.Move(ctx, officialAddress, officialType, `{"id":"00000000-0000-4000-8000-000000000001","name":"backups"}`)
			w.SetRegionDown("fra1", true)
			p, _ = w.Configure(ctx, acctest.Object{"region": nil})
			return p.Refresh(ctx, i)
		}},
		{Name: "Move: configured in another region, without a refresh", Diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			there := w.AddCredential(civosim.Credential{Name: "backups", Region: "FRA1"})
			i, _ := p.Move(ctx, officialAddress, officialType, `{"id":"`+there.ID+`","name":"backups"}`)
			plan, _ := p.Plan(ctx, i, acctest.Object{"name": "backups", "region": "NYC1", "access_key_id": "another"})
			return p.Apply(ctx, i, plan)
		}},
	}
}
