package credential_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/credential"
)

// The golden file contains every diagnostic of the provider as a user reads it: what happened, to which credential in which
// region, why, and what to do next. `go test ./internal/credential -run Diagnostics -update` writes it.
const goldenFile = "testdata/diagnostics.md"

var update = flag.Bool("update", false, "write "+goldenFile)

// diagnose causes a diagnostic.
type diagnose func(context.Context, *acctest.Env, *acctest.Driver) acctest.Diagnostics

// message is a situation in which the provider reports something.
type message struct {
	name     string
	options  civosim.Options
	diagnose diagnose
}

func TestDiagnostics_GoldenFile(t *testing.T) { //nolint:tparallel // the group must end before the file is compared
	t.Parallel()
	dir := t.TempDir()
	all := messages(t, dir)
	texts := make([]string, len(all))
	t.Run("situation", func(t *testing.T) {
		for i, m := range all {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				w := acctest.Simulated(t, m.options)
				w.Timing = acctest.Timing
				w.Timing.Attempt = time.Minute // so that the operation times out, not the attempt
				diags := m.diagnose(t.Context(), w, w.Driver(t))
				if len(diags) == 0 {
					t.Error("there is no diagnostic")
				}
				texts[i] = m.markdown(diags, w, dir)
			})
		}
	})
	golden := "# Diagnostics of the provider\n\nWritten by TestDiagnostics_GoldenFile.\n" + strings.Join(texts, "")
	for i, text := range texts {
		if text == "" {
			t.Logf("the golden file is not compared: -run excludes %q", all[i].name)
			return
		}
	}
	if *update {
		if err := os.WriteFile(goldenFile, []byte(golden), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), golden); diff != "" {
		t.Errorf("the diagnostics differ from the golden file (-want +got):\n%s", diff)
	}
	for _, summary := range summaries(t) {
		if !strings.Contains(golden, "**"+summary+"**") {
			t.Errorf("no situation leads to the summary %q", summary)
		}
	}
}

func (m message) markdown(diags acctest.Diagnostics, w *acctest.Env, dir string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\n## %s\n", m.name)
	for _, one := range diags {
		fmt.Fprintf(&text, "\n%s", one.Severity)
		if one.Attribute != nil {
			var names []string
			for _, match := range attributeName.FindAllStringSubmatch(one.Attribute.String(), -1) {
				names = append(names, match[1])
			}
			fmt.Fprintf(&text, " on `%s`", strings.Join(names, "."))
		}
		fmt.Fprintf(&text, ": **%s**\n\n%s\n", one.Summary, stable(one.Detail, w, dir))
	}
	return text.String()
}

var (
	anyID         = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	anyKey        = regexp.MustCompile(`\b[A-Z0-9]{20}\b`)
	anyPort       = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	attributeName = regexp.MustCompile(`AttributeName\("(.*?)"\)`)
)

// exampleID is in a text of the provider, and the same in every run.
const exampleID = "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f"

// stable replaces what differs from run to run.
func stable(text string, w *acctest.Env, dir string) string {
	text = strings.NewReplacer(w.URL(), "ENDPOINT", dir, "DIRECTORY").Replace(text)
	text = anyID.ReplaceAllStringFunc(text, func(id string) string {
		if id == exampleID {
			return id
		}
		return "ID"
	})
	text = anyKey.ReplaceAllString(text, "ACCESSKEYID")
	return anyPort.ReplaceAllString(text, "ADDRESS")
}

// literal finds the summaries in the source: where a diagnostic or a SettingError is created, and where explain names one.
var literal = regexp.MustCompile(`(?:DiagnosticFor|Diagnostic\(|AddError\(|(?:AddAttribute(?:Error|Warning)|NewAttribute\w+Diagnostic)\([^"]*(?:"[a-z_]+"\))?,|SettingError\{\s*Setting\w+,|wellFormed\{|civo\.Is\w+,|return)\s*"([A-Z][^"]+)",`)

// summaries returns all summaries in the source.
func summaries(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"*.go", "../provider/*.go", "../civo/settings.go"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file) //nolint:gosec // the project's own
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range literal.FindAllStringSubmatch(string(source), -1) {
				found = append(found, match[1])
			}
		}
	}
	if len(found) < 30 {
		t.Fatalf("only %d summaries were found in the source: %q", len(found), found)
	}
	return found
}

func messages(t *testing.T, dir string) []message {
	t.Helper()
	var all []message
	for _, group := range [][]message{
		providerMessages(dir), argumentMessages(), ignoreChangesMessages(), regionMessages(), readMessages(),
		createMessages(), updateMessages(), deleteMessages(), lookupMessages(), importMessages(), moveMessages(t),
	} {
		all = append(all, group...)
	}
	return all
}

// providerMessages are about the configuration of the provider.
func providerMessages(dir string) []message {
	return []message{
		{name: "Provider: no token", diagnose: configuring(acctest.Object{})},
		{name: "Provider: token with whitespace", diagnose: configuring(acctest.Object{"token": "a b"})},
		{name: "Provider: invalid region", diagnose: configuring(acctest.Object{"token": "token", "region": "lon don"})},
		{name: "Provider: endpoint without TLS", diagnose: configuring(acctest.Object{"token": "token", "api_endpoint": "http://example.com"})},
		{name: "Provider: object store endpoint with an unknown placeholder", diagnose: configuring(acctest.Object{
			"token": "token", "objectstore_endpoint": "https://{zone}.example.com",
		})},
		{name: "Provider: missing credentials file", diagnose: configuring(acctest.Object{"credentials_file": filepath.Join(dir, "none.json")})},
		{name: "Provider: credentials file that others can read", diagnose: configuring(acctest.Object{"credentials_file": readableFile(dir)})},
		{name: "Provider: data of another type", diagnose: func(ctx context.Context, _ *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			var resp resource.ConfigureResponse
			credential.NewResource().(resource.ResourceWithConfigure).Configure(ctx, resource.ConfigureRequest{ProviderData: 1}, &resp) //nolint:forcetypeassert // it is one
			problem := resp.Diagnostics.Errors()[0]
			return acctest.Diagnostics{{Severity: tfprotov6.DiagnosticSeverityError, Summary: problem.Summary(), Detail: problem.Detail()}}
		}},
		{name: "Provider: token unknown during plan", diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i := created(ctx, p, acctest.Object{"name": "backups"})
			p, _ = w.Configure(ctx, acctest.Object{"token": acctest.Unknown, "region": "LON1"})
			return p.Refresh(ctx, i)
		}},
		{name: "Provider: region unknown, data source", diagnose: regionUnknown("civo_objectstore_credential", acctest.Object{"name": "backups"})},
		{name: "Provider: region unknown, plural data source", diagnose: regionUnknown("civo_objectstore_credentials", acctest.Object{})},
	}
}

// configuring configures the provider.
func configuring(config acctest.Object) diagnose {
	return func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
		_, diags := w.Configure(ctx, config)
		return diags
	}
}

func readableFile(dir string) string {
	path := filepath.Join(dir, "readable.json")
	if err := os.WriteFile(path, []byte(`{"apikeys":{"a":"token"},"meta":{"current_apikey":"a"}}`), 0o644); err != nil { //nolint:gosec // that is the point
		panic(err)
	}
	return path
}

func regionUnknown(typeName string, config acctest.Object) diagnose {
	return func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
		p, _ := w.Configure(ctx, acctest.Object{"token": w.Token(), "api_endpoint": w.URL(), "region": acctest.Unknown})
		_, diags := p.Data(ctx, typeName, config)
		return diags
	}
}

// argumentMessages are about the configuration of the resource alone.
func argumentMessages() []message {
	rotation := map[string]string{"month": "2026-11"}
	return []message{
		{name: "Argument: empty name", diagnose: validating(acctest.Object{"name": ""})},
		{name: "Argument: name with a control character", diagnose: validating(acctest.Object{"name": "back\x1b[2Jups"})},
		{name: "Argument: invalid region", diagnose: validating(acctest.Object{"region": "lon don"})},
		{name: "Argument: access key ID with whitespace", diagnose: validating(acctest.Object{"access_key_id": "my key"})},
		{name: "Argument: empty secret", diagnose: validating(acctest.Object{"secret_access_key": ""})},
		{name: "Argument: two secrets", diagnose: validating(acctest.Object{"secret_access_key": "a", "secret_access_key_wo": "b", "secret_access_key_wo_version": int64(1)})},
		{name: "Argument: supplied secret and secret_in_state", diagnose: validating(acctest.Object{"secret_access_key": "a", "secret_in_state": false})},
		{name: "Argument: supplied secret and rotation", diagnose: validating(acctest.Object{"secret_access_key": "a", "rotate_when_changed": rotation})},
		{name: "Argument: write-only secret and rotation", diagnose: validating(acctest.Object{"secret_access_key_wo": "a", "secret_access_key_wo_version": int64(1), "rotate_when_changed": rotation})},
		{name: "Argument: write-only secret without a version", diagnose: validating(acctest.Object{"secret_access_key_wo": "a"})},
		{name: "Argument: version without a write-only secret", diagnose: validating(acctest.Object{"secret_access_key_wo_version": int64(1)})},
		{name: "Argument: negative timeout", diagnose: validating(acctest.Object{"timeouts": acctest.Object{"create": "-5m"}})},
		{name: "Argument: timeout of zero, ephemeral resource", diagnose: func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			return p.ValidateEphemeral(ctx, acctest.Object{"name": "backups", "timeouts": acctest.Object{"open": "0s"}})
		}},
		{name: "Argument: no region anywhere", diagnose: func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			p, _ := w.Configure(ctx, acctest.Object{"token": w.Token(), "api_endpoint": w.URL()})
			_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "backups"})
			return diags
		}},
	}
}

// validating validates a configuration of the resource.
func validating(arguments acctest.Object) diagnose {
	return func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		config := acctest.Object{"name": "backups"}
		maps.Copy(config, arguments)
		return p.Validate(ctx, config)
	}
}

// ignoreChangesMessages are about conflicts caused by ignore_changes.
func ignoreChangesMessages() []message {
	rotation := map[string]string{"month": "2026-11"}
	return []message{
		{name: "ignore_changes: secret, and a rotation", diagnose: ignoring(
			nil, acctest.Object{"secret_access_key": inState, "rotate_when_changed": rotation})},
		{name: "ignore_changes: secret, and a write-only secret", diagnose: ignoring(
			nil, acctest.Object{"secret_access_key": inState, "secret_access_key_wo": "a", "secret_access_key_wo_version": int64(1)})},
		{name: "ignore_changes: secret, and secret_in_state = false", diagnose: ignoring(
			nil, acctest.Object{"secret_access_key": inState, "secret_in_state": false})},
		{name: "ignore_changes: secret_in_state, and a supplied secret", diagnose: ignoring(
			acctest.Object{"secret_in_state": false}, acctest.Object{"secret_access_key": "b", "secret_in_state": false})},
		{name: "ignore_changes: version, and a supplied secret", diagnose: ignoring(
			writeOnlyOne, acctest.Object{"secret_access_key": "b", "secret_access_key_wo_version": int64(1)})},
		{name: "ignore_changes: version, and a rotation", diagnose: ignoring(
			writeOnlyOne, acctest.Object{"rotate_when_changed": rotation, "secret_access_key_wo_version": int64(1)})},
		{name: "ignore_changes: write-only secret", diagnose: ignoring(writeOnlyOne, acctest.Object{"secret_access_key_wo_version": int64(2)})},
		{name: "ignore_changes: part of a rotation, and a supplied secret", diagnose: ignoring(
			twoStrings, acctest.Object{"secret_access_key": "b", "rotate_when_changed": map[string]string{"a": "1"}})},
		{name: "ignore_changes: part of a rotation, and a write-only secret", diagnose: ignoring(
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
func ignoring(before, merged acctest.Object) diagnose {
	return func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		config := acctest.Object{"name": "backups"}
		maps.Copy(config, before)
		i := created(ctx, p, config)
		config = acctest.Object{"name": "backups"}
		maps.Copy(config, merged)
		if config["secret_access_key"] == inState {
			config["secret_access_key"] = i.Get("secret_access_key")
		}
		_, diags := p.Plan(ctx, i, config)
		return diags
	}
}

// regionMessages are about regions.
func regionMessages() []message {
	return []message{
		{name: "Region: unknown, plan", diagnose: planning("lon9")},
		{name: "Region: unknown, read", diagnose: reading(func(w *acctest.Env) { w.SetRegionDown("lon1", true) })},
		{name: "Region: unknown, data source", diagnose: lookingUpOf(acctest.Object{"name": "backups", "region": "lon9"})},
		{name: "Region: unknown, import", diagnose: importingOf("lon9/00000000-0000-4000-8000-000000000001")},
		{name: "Region: without object storage, plan", diagnose: planning("PHX1")},
		{name: "Region: without object storage, import", diagnose: importingOf("PHX1/backups")},
		{name: "Region: without object storage, regions cannot be listed", diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.Inject(civosim.Fault{Kind: civosim.KindListRegions, Effect: civosim.Effect503})
			_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "backups", "region": "PHX1"})
			return diags
		}},
	}
}

// planning plans a credential in a region.
func planning(region string) diagnose {
	return func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		_, diags := p.Plan(ctx, p.NewInstance(), acctest.Object{"name": "backups", "region": region})
		return diags
	}
}

// readMessages are about refreshing a credential.
func readMessages() []message {
	return []message{
		{name: "Read: suspended", diagnose: reading(func(w *acctest.Env) {
			w.ChangeCredential(w.Credentials("")[0].ID, func(c *civosim.Credential) { c.Suspended = true })
		})},
		{name: "Read: failed after it was created", diagnose: reading(func(w *acctest.Env) {
			w.ChangeCredential(w.Credentials("")[0].ID, func(c *civosim.Credential) { c.Status = "failed" })
		})},
		{name: "Read: invalid token", diagnose: reading(func(w *acctest.Env) { w.SetToken("another") })},
		{name: "Read: 500", diagnose: reading(breaking(civosim.Effect500))},
		{name: "Read: connection closed", diagnose: reading(breaking(civosim.EffectClose))},
		{name: "Read: HTML page", diagnose: reading(breaking(civosim.EffectHTML200))},
		{name: "Read: 404 that is not Civo's", diagnose: reading(breaking(civosim.Effect404Text))},
		{name: "Read: redirect", diagnose: reading(breaking(civosim.EffectRedirect))},
		{name: "Read: rate limited", diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i := created(ctx, p, acctest.Object{"name": "backups"})
			w.Inject(civosim.Fault{Effect: civosim.Effect429})
			ctx, cancel := context.WithTimeout(ctx, 3*time.Second) // instead of the five minutes that nobody can configure
			defer cancel()
			return p.Refresh(ctx, i)
		}},
	}
}

// reading reads a credential after something happened.
func reading(happens func(*acctest.Env)) diagnose {
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

func breaking(effect civosim.Effect) func(*acctest.Env) {
	return func(w *acctest.Env) { w.Inject(civosim.Fault{Effect: effect}) }
}

// createMessages are about creating a credential.
func createMessages() []message {
	return []message{
		{name: "Create: rejected", diagnose: creating(func(w *acctest.Env) {
			w.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Effect: civosim.Effect400})
		})},
		{name: "Create: unknown outcome", diagnose: creating(breaking(civosim.EffectAfterClose))},
		{name: "Create: timed out, unknown outcome", diagnose: creating(breaking(civosim.EffectHang))},
		{name: "Create: timed out before anything was created", diagnose: func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			return createAt(ctx, w, closedPort(ctx))
		}},
		{name: "Create: rate limited", diagnose: func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			w.Inject(civosim.Fault{Effect: civosim.Effect429})
			return createAt(ctx, w, w.URL())
		}},
		{name: "Create: name taken", diagnose: creating(func(w *acctest.Env) { w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1"}) })},
		{name: "Create: access key ID taken", diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.AddCredential(civosim.Credential{Name: "other", Region: "LON1", AccessKeyID: "taken"})
			_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "backups", "access_key_id": "taken"})
			return diags
		}},
		{name: "Create: failed", options: civosim.Options{ReadyAfter: time.Millisecond}, diagnose: creating(func(w *acctest.Env) { w.FailCreates(true) })},
		{name: "Create: timed out before it was ready", options: civosim.Options{ReadyAfter: time.Hour}, diagnose: creating(func(*acctest.Env) {})},
		{name: "Create: interrupted before anything was created", diagnose: func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			ctx, interrupt := context.WithCancel(ctx)
			plan, _ := p.Plan(ctx, p.NewInstance(), acctest.Object{"name": "backups"})
			interrupt()
			return p.Apply(ctx, p.NewInstance(), plan)
		}},
		{name: "Create: interrupted", options: civosim.Options{ReadyAfter: time.Hour}, diagnose: interrupted},
	}
}

// creating creates a credential after something happened.
func creating(happens func(*acctest.Env)) diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		happens(w)
		_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "backups", "timeouts": acctest.Object{"create": "3s"}})
		return diags
	}
}

// createAt creates a credential at an endpoint, with a provider that retries until the timeout.
func createAt(ctx context.Context, w *acctest.Env, endpoint string) acctest.Diagnostics {
	w.Timing = civo.Timing{Retries: 1000, RetryMin: 50 * time.Millisecond, RetryMax: 50 * time.Millisecond, RegionCheck: 50 * time.Millisecond}
	p, err := w.Serve(ctx, acctest.Object{"token": w.Token(), "api_endpoint": endpoint, "region": "LON1"})
	if err != nil {
		panic(err)
	}
	_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "backups", "timeouts": acctest.Object{"create": "3s"}})
	return diags
}

// closedPort returns the URL of a port that nobody listens on.
func closedPort(ctx context.Context) string {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer func() { _ = listener.Close() }()
	return "http://" + listener.Addr().String()
}

func interrupted(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	go func() {
		for w.Count(civosim.KindGetCredential) == 0 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		interrupt()
	}()
	_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "backups"})
	return diags
}

// updateMessages are about changing a credential.
func updateMessages() []message {
	return []message{
		{name: "Update: access key ID taken", diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.AddCredential(civosim.Credential{Name: "other", Region: "LON1", AccessKeyID: "taken"})
			i := created(ctx, p, acctest.Object{"name": "backups"})
			_, diags := p.Run(ctx, i, acctest.Object{"name": "backups", "access_key_id": "taken"})
			return diags
		}},
		{name: "Update: no longer exists", diagnose: updating(func(w *acctest.Env) { w.RemoveCredential(w.Credentials("")[0].ID) })},
		{name: "Update: unknown outcome", diagnose: updating(breaking(civosim.EffectAfterClose))},
		{name: "Update: timed out", diagnose: updating(breaking(civosim.EffectHang))},
		{name: "Update: fails while the provider waits", options: civosim.Options{ReadyAfter: time.Hour}, diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			c := w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1", Status: "creating"})
			i, _ := p.Import(ctx, "backups")
			plan, _ := p.Plan(ctx, i, acctest.Object{"name": "backups"})
			w.ChangeCredential(c.ID, func(c *civosim.Credential) { c.Status = "failed" })
			return p.Apply(ctx, i, plan)
		}},
	}
}

// updating changes the secret of a credential after something happened since the plan.
func updating(happens func(*acctest.Env)) diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		i := created(ctx, p, acctest.Object{"name": "backups"})
		plan, diags := p.Plan(ctx, i, acctest.Object{"name": "backups", "secret_access_key": "supplied", "timeouts": acctest.Object{"update": "3s"}})
		if diags.Failed() {
			return diags
		}
		happens(w)
		return p.Apply(ctx, i, plan)
	}
}

// deleteMessages are about deleting a credential.
func deleteMessages() []message {
	return []message{
		{name: "Delete: owns a store", diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i := created(ctx, p, acctest.Object{"name": "backups"})
			w.AddStore(civosim.Store{Name: "nightly", OwnerID: i.Get("id")})
			_, diags := p.Run(ctx, i, nil)
			return diags
		}},
		{name: "Delete: owns a store, refused with 200", options: civosim.Options{RefusedDeletionStatus: 200}, diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i := created(ctx, p, acctest.Object{"name": "backups"})
			w.AddStore(civosim.Store{Name: "nightly", OwnerID: i.Get("id")})
			_, diags := p.Run(ctx, i, nil)
			return diags
		}},
		{name: "Delete: timed out waiting for a store", options: civosim.Options{StoreGoneAfter: time.Hour}, diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i := created(ctx, p, acctest.Object{"name": "backups", "timeouts": acctest.Object{"delete": "3s"}})
			w.DeleteStore(w.AddStore(civosim.Store{Name: "nightly", OwnerID: i.Get("id")}).ID)
			_, diags := p.Run(ctx, i, nil)
			return diags
		}},
		{name: "Delete: timed out", options: civosim.Options{CredentialGoneAfter: time.Hour}, diagnose: func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i := created(ctx, p, acctest.Object{"name": "backups", "timeouts": acctest.Object{"delete": "3s"}})
			_, diags := p.Run(ctx, i, nil)
			return diags
		}},
	}
}

// lookupMessages are about the data source and the ephemeral resource.
func lookupMessages() []message {
	return []message{
		{name: "Lookup: no argument", diagnose: lookingUpOf(acctest.Object{})},
		{name: "Lookup: two arguments", diagnose: lookingUpOf(acctest.Object{"name": "backups", "access_key_id": "a"})},
		{name: "Lookup: empty name", diagnose: lookingUpOf(acctest.Object{"name": ""})},
		{name: "Lookup: access key ID with whitespace", diagnose: lookingUpOf(acctest.Object{"access_key_id": "my key"})},
		{name: "Lookup: invalid ID", diagnose: lookingUpOf(acctest.Object{"id": "a/b"})},
		{name: "Lookup: part of a name", diagnose: lookingUpOf(acctest.Object{"name": "back"})},
		{name: "Lookup: name that two credentials have", diagnose: lookingUpOf(acctest.Object{"name": "twice"})},
		{name: "Lookup: never ready, data source", diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.AddCredential(civosim.Credential{Name: "backups", Status: "creating"})
			ctx, cancel := context.WithTimeout(ctx, 3*time.Second) // instead of the five minutes that nobody can configure
			defer cancel()
			_, diags := p.Data(ctx, acctest.TypeName, acctest.Object{"name": "backups"})
			return diags
		}},
		{name: "Lookup: never ready, ephemeral resource", diagnose: openingOf(civosim.Credential{Status: "creating"})},
		{name: "Lookup: failed, ephemeral resource", diagnose: openingOf(civosim.Credential{Status: "failed"})},
		{name: "Lookup: suspended, ephemeral resource", diagnose: openingOf(civosim.Credential{Suspended: true})},
	}
}

// lookingUpOf looks up one of three credentials, two of which have the same name.
func lookingUpOf(config acctest.Object) diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		for _, name := range []string{"backups", "twice", "twice"} {
			w.AddCredential(civosim.Credential{Name: name, Region: "LON1"})
		}
		_, diags := p.Data(ctx, acctest.TypeName, config)
		return diags
	}
}

// openingOf opens a credential.
func openingOf(there civosim.Credential) diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		there.Name = "backups"
		w.AddCredential(there)
		_, diags := p.Open(ctx, acctest.Object{"name": "backups", "timeouts": acctest.Object{"open": "3s"}})
		return diags
	}
}

// importMessages are about imports.
func importMessages() []message {
	return []message{
		{name: "Import: does not exist", diagnose: importingOf("none")},
		{name: "Import: in another region", diagnose: importingOf("in-frankfurt")},
		{name: "Import: another region is down", diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.SetRegionDown("fra1", true)
			return importingOf("none")(ctx, w, p)
		}},
		{name: "Import: name that two credentials have", diagnose: importingOf("twice")},
		{name: "Import: no region", diagnose: func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			p, _ := w.Configure(ctx, acctest.Object{"token": w.Token(), "api_endpoint": w.URL()})
			_, diags := p.Import(ctx, "backups")
			return diags
		}},
	}
}

func importingOf(id string) diagnose {
	return func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		for _, name := range []string{"backups", "twice", "twice"} {
			w.AddCredential(civosim.Credential{Name: name, Region: "LON1"})
		}
		w.AddCredential(civosim.Credential{Name: "in-frankfurt", Region: "FRA1"})
		_, diags := p.Import(ctx, id)
		return diags
	}
}

// moveMessages are about moves from the official provider.
func moveMessages(t *testing.T) []message {
	t.Helper()
	return []message{
		{name: "Move: another form of state", diagnose: func(_ context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			_, diags := w.Move(t, officialAddress, officialType, `{"id":5}`) //nolint:contextcheck // a move has the context of its test
			return diags
		}},
		{name: "Move: a region is down", diagnose: func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			i, _ := w.Move(t, officialAddress, officialType, `{"id":"00000000-0000-4000-8000-000000000001","name":"backups"}`) //nolint:contextcheck // as above
			w.SetRegionDown("fra1", true)
			p, _ := w.Configure(ctx, acctest.Object{"token": w.Token(), "api_endpoint": w.URL()})
			return p.Refresh(ctx, i)
		}},
		{name: "Move: configured in another region, without a refresh", diagnose: func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			there := w.AddCredential(civosim.Credential{Name: "backups", Region: "FRA1"})
			i, _ := w.Move(t, officialAddress, officialType, `{"id":"`+there.ID+`","name":"backups"}`) //nolint:contextcheck // as above
			plan, _ := p.Plan(ctx, i, acctest.Object{"name": "backups", "region": "NYC1", "access_key_id": "another"})
			return p.Apply(ctx, i, plan)
		}},
	}
}
