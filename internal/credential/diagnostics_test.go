package credential_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
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
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/credential"
)

// All that the provider can say is in one file, to be read through as a user would: what happened, to which credential in
// which region, why, and what to do. `go test ./internal/credential -run Diagnostics -update` writes it anew.
const goldenFile = "testdata/diagnostics.md"

var update = flag.Bool("update", false, "write "+goldenFile+" anew")

// message is a case in which the provider says something.
type message struct {
	what    string
	options civosim.Options
	say     func(context.Context, *acctest.World, *acctest.Protocol) acctest.Diagnostics
}

// made is a credential that was made from a configuration.
func made(ctx context.Context, p *acctest.Protocol, config acctest.Object) *acctest.Instance {
	i := p.NewInstance()
	if _, diags := p.Run(ctx, i, config); diags.Failed() {
		panic(diags.String())
	}
	return i
}

// validating says what is wrong with a configuration of the resource.
func validating(arguments acctest.Object) func(context.Context, *acctest.World, *acctest.Protocol) acctest.Diagnostics {
	return func(ctx context.Context, _ *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
		config := acctest.Object{"name": "backups"}
		maps.Copy(config, arguments)
		return p.Validate(ctx, config)
	}
}

// configuring says what is wrong with a configuration of the provider.
func configuring(config acctest.Object) func(context.Context, *acctest.World, *acctest.Protocol) acctest.Diagnostics {
	return func(ctx context.Context, w *acctest.World, _ *acctest.Protocol) acctest.Diagnostics {
		_, diags := w.Configure(ctx, config)
		return diags
	}
}

// creating says what goes wrong when the credential is created with something amiss.
func creating(amiss func(*acctest.World)) func(context.Context, *acctest.World, *acctest.Protocol) acctest.Diagnostics {
	return func(ctx context.Context, w *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
		amiss(w)
		_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "backups", "timeouts": acctest.Object{"create": "1s"}})
		return diags
	}
}

// reading says what goes wrong when a credential is read with something amiss.
func reading(amiss func(*acctest.World)) func(context.Context, *acctest.World, *acctest.Protocol) acctest.Diagnostics {
	return func(ctx context.Context, w *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
		i := made(ctx, p, acctest.Object{"name": "backups"})
		amiss(w)
		return p.Refresh(ctx, i)
	}
}

// configurationMessages are further errors about the configuration of the resource, those about ignore_changes included.
func configurationMessages() []message {
	return []message{
		{what: "a version without a write-only secret", say: validating(acctest.Object{"secret_access_key_wo_version": int64(1)})},
		{what: "a timeout that is not positive", say: validating(acctest.Object{"timeouts": acctest.Object{"create": "-5m"}})},
		{what: "ignore_changes with the secret and a rotation", say: ignoring(
			nil, acctest.Object{"secret_access_key": inState, "rotate_when_changed": map[string]string{"month": "2026-11"}})},
		{what: "ignore_changes with the secret and a write-only secret", say: ignoring(
			nil, acctest.Object{"secret_access_key": inState, "secret_access_key_wo": "a", "secret_access_key_wo_version": int64(1)})},
		{what: "ignore_changes with the secret that is not to be in the state", say: ignoring(
			nil, acctest.Object{"secret_access_key": inState, "secret_in_state": false})},
		{what: "ignore_changes with secret_in_state and a supplied secret", say: ignoring(
			acctest.Object{"secret_in_state": false}, acctest.Object{"secret_access_key": "b", "secret_in_state": false})},
		{what: "ignore_changes with a version and a supplied secret", say: ignoring(
			writeOnlyOne, acctest.Object{"secret_access_key": "b", "secret_access_key_wo_version": int64(1)})},
		{what: "ignore_changes with a version and a rotation", say: ignoring(
			writeOnlyOne, acctest.Object{"rotate_when_changed": map[string]string{"month": "2026-11"}, "secret_access_key_wo_version": int64(1)})},
		{what: "ignore_changes with a write-only secret", say: ignoring(writeOnlyOne, acctest.Object{"secret_access_key_wo_version": int64(2)})},
		{what: "ignore_changes with a string of a rotation and a supplied secret", say: ignoring(
			twoStrings, acctest.Object{"secret_access_key": "b", "rotate_when_changed": map[string]string{"a": "1"}})},
		{what: "ignore_changes with a string of a rotation and a write-only secret", say: ignoring(
			twoStrings, acctest.Object{"secret_access_key_wo": "a", "secret_access_key_wo_version": int64(1), "rotate_when_changed": map[string]string{"a": "1"}})},
	}
}

// inState stands for the secret in the state.
const inState = "in-state"

var (
	writeOnlyOne = acctest.Object{"secret_access_key_wo": "a", "secret_access_key_wo_version": int64(1)}
	twoStrings   = acctest.Object{"rotate_when_changed": map[string]string{"a": "1", "b": "1"}}
)

// ignoring plans an update of a credential with a configuration into which Terraform has merged ignore_changes.
func ignoring(before, merged acctest.Object) func(context.Context, *acctest.World, *acctest.Protocol) acctest.Diagnostics {
	return func(ctx context.Context, _ *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
		config := acctest.Object{"name": "backups"}
		maps.Copy(config, before)
		i := made(ctx, p, config)
		config = acctest.Object{"name": "backups"}
		maps.Copy(config, merged)
		if config["secret_access_key"] == inState {
			config["secret_access_key"] = i.Get("secret_access_key")
		}
		_, diags := p.Plan(ctx, i, config)
		return diags
	}
}

// looking says what is wrong with a lookup among three credentials, two of which have one name.
func looking(config acctest.Object) func(context.Context, *acctest.World, *acctest.Protocol) acctest.Diagnostics {
	return func(ctx context.Context, w *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
		for _, name := range []string{"backups", "twice", "twice"} {
			w.AddCredential(civosim.Credential{Name: name, Region: "LON1"})
		}
		_, diags := p.Data(ctx, "civo_objectstore_credential", config)
		return diags
	}
}

func breaking(effect civosim.Effect) func(*acctest.World) {
	return func(w *acctest.World) { w.Inject(civosim.Fault{Effect: effect}) }
}

func messages(t *testing.T, dir string) []message {
	t.Helper()
	return []message{
		{what: "no token", say: configuring(acctest.Object{})},
		{what: "a token with white space", say: configuring(acctest.Object{"token": "a b"})},
		{what: "a provider's region that is none", say: configuring(acctest.Object{"token": "token", "region": "lon don"})},
		{what: "an endpoint in clear", say: configuring(acctest.Object{"token": "token", "api_endpoint": "http://example.com"})},
		{what: "a credentials file that is not there", say: configuring(acctest.Object{"credentials_file": filepath.Join(dir, "none.json")})},
		{what: "a credentials file that others can read", say: configuring(acctest.Object{"credentials_file": openFile(dir)})},
		{what: "a name with white space", say: validating(acctest.Object{"name": "my backups"})},
		{what: "a region that is none", say: validating(acctest.Object{"region": "lon don"})},
		{what: "an access key ID with white space", say: validating(acctest.Object{"access_key_id": "my key"})},
		{what: "an empty secret", say: validating(acctest.Object{"secret_access_key": ""})},
		{what: "two secrets", say: validating(acctest.Object{"secret_access_key": "a", "secret_access_key_wo": "b", "secret_access_key_wo_version": int64(1)})},
		{what: "a given secret that is not to be kept", say: validating(acctest.Object{"secret_access_key": "a", "secret_in_state": false})},
		{what: "a given secret that is to be rotated", say: validating(acctest.Object{"secret_access_key": "a", "rotate_when_changed": map[string]string{"month": "2026-11"}})},
		{what: "a write-only secret that is to be rotated", say: validating(acctest.Object{"secret_access_key_wo": "a", "secret_access_key_wo_version": int64(1), "rotate_when_changed": map[string]string{"month": "2026-11"}})},
		{what: "a write-only secret without a version", say: validating(acctest.Object{"secret_access_key_wo": "a"})},
		{what: "provider data of another type", say: func(ctx context.Context, _ *acctest.World, _ *acctest.Protocol) acctest.Diagnostics {
			var resp resource.ConfigureResponse
			credential.NewResource().(resource.ResourceWithConfigure).Configure(ctx, resource.ConfigureRequest{ProviderData: 1}, &resp) //nolint:forcetypeassert // it is one
			problem := resp.Diagnostics.Errors()[0]
			return acctest.Diagnostics{{Severity: tfprotov6.DiagnosticSeverityError, Summary: problem.Summary(), Detail: problem.Detail()}}
		}},
		{what: "a credential that Civo suspended", say: reading(func(w *acctest.World) {
			w.ChangeCredential(w.Credentials("")[0].ID, func(c *civosim.Credential) { c.Suspended = true })
		})},
		{what: "no region anywhere", say: func(ctx context.Context, w *acctest.World, _ *acctest.Protocol) acctest.Diagnostics {
			p, _ := w.Configure(ctx, acctest.Object{"token": w.Token(), "api_endpoint": w.URL()})
			_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "backups"})
			return diags
		}},
		{what: "a token that is not known yet", say: func(ctx context.Context, w *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
			i := made(ctx, p, acctest.Object{"name": "backups"})
			p, _ = w.Configure(ctx, acctest.Object{"token": acctest.Unknown, "region": "LON1"})
			return p.Refresh(ctx, i)
		}},
		{what: "a refused token", say: reading(func(w *acctest.World) { w.SetToken("another") })},
		{what: "a server that fails", say: reading(breaking(civosim.Effect500))},
		{what: "a connection that is closed", say: reading(breaking(civosim.EffectClose))},
		{what: "a page in place of an answer", say: reading(breaking(civosim.EffectHTML200))},
		{what: "a page that is not found", say: reading(breaking(civosim.Effect404Text))},
		{what: "a redirect", say: reading(breaking(civosim.EffectRedirect))},
		{what: "a credential that failed after it was made", say: reading(func(w *acctest.World) {
			w.ChangeCredential(w.Credentials("")[0].ID, func(c *civosim.Credential) { c.Status = "failed" })
		})},
		{what: "a create that Civo refuses", say: creating(breaking(civosim.Effect400))},
		{what: "a create whose outcome nobody can tell", say: creating(breaking(civosim.EffectAfterClose))},
		{what: "a name that is taken", say: creating(func(w *acctest.World) { w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1"}) })},
		{what: "a credential that fails", options: civosim.Options{ReadyAfter: time.Millisecond}, say: creating(func(w *acctest.World) { w.FailCreates(true) })},
		{what: "a credential that takes too long", options: civosim.Options{ReadyAfter: time.Hour}, say: creating(func(*acctest.World) {})},
		{what: "an interrupted create", options: civosim.Options{ReadyAfter: time.Hour}, say: interrupted},
		{what: "a credential that a store owns", say: func(ctx context.Context, w *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
			i := made(ctx, p, acctest.Object{"name": "backups"})
			w.AddStore(civosim.Store{Name: "nightly", OwnerID: i.Get("id")})
			_, diags := p.Run(ctx, i, nil)
			return diags
		}},
		{what: "a store that takes too long to go", options: civosim.Options{StoreGoneAfter: time.Hour}, say: func(ctx context.Context, w *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
			i := made(ctx, p, acctest.Object{"name": "backups", "timeouts": acctest.Object{"delete": "1s"}})
			w.DeleteStore(w.AddStore(civosim.Store{Name: "nightly", OwnerID: i.Get("id")}).ID)
			_, diags := p.Run(ctx, i, nil)
			return diags
		}},
		{what: "a lookup by nothing", say: looking(acctest.Object{})},
		{what: "a lookup by two", say: looking(acctest.Object{"name": "backups", "access_key_id": "a"})},
		{what: "a lookup by an id that is none", say: looking(acctest.Object{"id": "a/b"})},
		{what: "a lookup by a part of a name", say: looking(acctest.Object{"name": "back"})},
		{what: "a lookup by a name that two have", say: looking(acctest.Object{"name": "twice"})},
		{what: "an import of what is not there", say: importingOf("none")},
		{what: "an import of what is in another region", say: importingOf("in-frankfurt")},
		{what: "an import without a region", say: func(ctx context.Context, w *acctest.World, _ *acctest.Protocol) acctest.Diagnostics {
			p, _ := w.Configure(ctx, acctest.Object{"token": w.Token(), "api_endpoint": w.URL()})
			_, diags := p.Import(ctx, "backups")
			return diags
		}},
		{what: "a provider's region that is not known yet", say: func(ctx context.Context, w *acctest.World, _ *acctest.Protocol) acctest.Diagnostics {
			p, _ := w.Configure(ctx, acctest.Object{"token": w.Token(), "api_endpoint": w.URL(), "region": acctest.Unknown})
			_, diags := p.Data(ctx, "civo_objectstore_credential", acctest.Object{"name": "backups"})
			return diags
		}},
		{what: "a moved credential without any region", say: func(ctx context.Context, w *acctest.World, _ *acctest.Protocol) acctest.Diagnostics {
			i, _ := w.Move(t, "registry.terraform.io/civo/civo", "civo_object_store_credential", `{"id":"some-id","name":"backups"}`) //nolint:contextcheck // as below
			p, _ := w.Configure(ctx, acctest.Object{"token": w.Token(), "api_endpoint": w.URL()})
			return p.Refresh(ctx, i)
		}},
		{what: "a credential that fails while a change waits for it", options: civosim.Options{ReadyAfter: time.Hour}, say: func(ctx context.Context, w *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
			c := w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1", Status: "creating"})
			i, _ := p.Import(ctx, "backups")
			plan, _ := p.Plan(ctx, i, acctest.Object{"name": "backups"})
			w.ChangeCredential(c.ID, func(c *civosim.Credential) { c.Status = "failed" })
			return p.Apply(ctx, i, plan)
		}},
		{what: "an access key ID that is taken", say: func(ctx context.Context, w *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
			w.AddCredential(civosim.Credential{Name: "other", Region: "LON1", AccessKeyID: "taken"})
			i := made(ctx, p, acctest.Object{"name": "backups"})
			_, diags := p.Run(ctx, i, acctest.Object{"name": "backups", "access_key_id": "taken"})
			return diags
		}},
		{what: "a move of a state that is not the official provider's", say: func(_ context.Context, w *acctest.World, _ *acctest.Protocol) acctest.Diagnostics {
			_, diags := w.Move(t, "registry.terraform.io/civo/civo", "civo_object_store_credential", `{"id":5}`) //nolint:contextcheck // a move has the context of its test
			return diags
		}},
	}
}

func openFile(dir string) string {
	path := filepath.Join(dir, "open.json")
	if err := os.WriteFile(path, []byte(`{"apikeys":{"a":"token"},"meta":{"current_apikey":"a"}}`), 0o644); err != nil { //nolint:gosec // that is the point
		panic(err)
	}
	return path
}

func interrupted(ctx context.Context, w *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
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

func importingOf(id string) func(context.Context, *acctest.World, *acctest.Protocol) acctest.Diagnostics {
	return func(ctx context.Context, w *acctest.World, p *acctest.Protocol) acctest.Diagnostics {
		w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1"})
		w.AddCredential(civosim.Credential{Name: "in-frankfurt", Region: "FRA1"})
		_, diags := p.Import(ctx, id)
		return diags
	}
}

func TestDiagnostics_GoldenFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var all strings.Builder
	all.WriteString("# What the provider says when something is wrong\n\nMade by TestDiagnostics_GoldenFile.\n")
	for _, m := range append(messages(t, dir), configurationMessages()...) {
		w := acctest.Simulated(t, m.options)
		diags := m.say(t.Context(), w, w.Protocol(t))
		if len(diags) == 0 {
			t.Errorf("%s: nothing is said", m.what)
		}
		fmt.Fprintf(&all, "\n## %s%s\n", strings.ToUpper(m.what[:1]), m.what[1:])
		for _, one := range diags {
			fmt.Fprintf(&all, "\n%s", one.Severity)
			if one.Attribute != nil {
				fmt.Fprintf(&all, " on `%s`", attributeName.FindStringSubmatch(one.Attribute.String())[1])
			}
			fmt.Fprintf(&all, ": **%s**\n\n%s\n", one.Summary, settled(one.Detail, w, dir))
		}
	}
	if *update {
		if err := os.WriteFile(goldenFile, []byte(all.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), all.String()); diff != "" {
		t.Errorf("the golden file is not what is said (-golden +said):\n%s", diff)
	}
	for _, summary := range summaries(t) {
		if !strings.Contains(string(golden), summary) {
			t.Errorf("no case has the provider say %q", summary)
		}
	}
}

var (
	anyID         = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	anyKey        = regexp.MustCompile(`\b[A-Z0-9]{20}\b`)
	attributeName = regexp.MustCompile(`AttributeName\("(.*?)"\)`)

	anyPort = regexp.MustCompile(`127\.0\.0\.1:\d+`)
)

// settled replaces what differs from run to run.
func settled(text string, w *acctest.World, dir string) string {
	text = strings.NewReplacer(w.URL(), "ENDPOINT", dir, "DIRECTORY").Replace(text)
	text = anyID.ReplaceAllString(text, "ID")
	text = anyKey.ReplaceAllString(text, "ACCESSKEYID")
	return anyPort.ReplaceAllString(text, "ADDRESS")
}

// literal finds the summaries in the source: where a diagnostic or a SettingError is made, and where explain names one.
var literal = regexp.MustCompile(`(?:DiagnosticFor|Diagnostic\(|AddError\(|AddAttribute(?:Error|Warning)\([^"]*(?:"[a-z_]+"\))?,|SettingError\{\s*Setting\w+,|wellFormed\{|return)\s*"([A-Z][^"]+)",`)

// summaries are all that stand in the source.
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
	if len(found) < 20 {
		t.Fatalf("only %d summaries were found in the source: %q", len(found), found)
	}
	return found
}
