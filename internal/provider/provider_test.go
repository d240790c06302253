package provider_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// host is a provider in this process, as Terraform would talk to it, and where it looks for settings.
type host struct {
	tfprotov6.ProviderServer

	schema *tfprotov6.GetProviderSchemaResponse
}

// newHost returns a provider with environment variables and files in its home directory.
func newHost(tb testing.TB, variables, files map[string]string) host {
	tb.Helper()
	home := tb.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	environment := civo.Environment{Home: home, Getenv: func(name string) string { return variables[name] }}
	timing := civo.Timing{
		Attempt: 5 * time.Minute, Request: 5 * time.Minute, RegionCheck: 5 * time.Minute,
		Retries: 1, RetryMin: time.Millisecond, RetryMax: time.Millisecond,
	}
	server := provider.NewServer("1.2.3", environment, timing)()
	schema, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	return host{server, schema}
}

// unknown represents a value that is not known yet.
const unknown = "(unknown)"

// value returns a value of a schema's type. Missing attributes are null.
func value(tb testing.TB, schema *tfprotov6.Schema, given map[string]string) *tfprotov6.DynamicValue {
	tb.Helper()
	form, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		tb.Fatalf("a schema of type %T", schema.ValueType())
	}
	values := map[string]tftypes.Value{}
	for name, kind := range form.AttributeTypes {
		switch text, ok := given[name]; {
		case !ok:
			values[name] = tftypes.NewValue(kind, nil)
		case text == unknown:
			values[name] = tftypes.NewValue(kind, tftypes.UnknownValue)
		default:
			values[name] = tftypes.NewValue(kind, text)
		}
	}
	encoded, err := tfprotov6.NewDynamicValue(form, tftypes.NewValue(form, values))
	if err != nil {
		tb.Fatal(err)
	}
	return &encoded
}

func (h host) configure(ctx context.Context, tb testing.TB, config map[string]string) []*tfprotov6.Diagnostic {
	tb.Helper()
	resp, err := h.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.4", Config: value(tb, h.schema.Provider, config),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return resp.Diagnostics
}

// read reads a data source and returns the diagnostics.
func (h host) read(ctx context.Context, tb testing.TB, config map[string]string) []*tfprotov6.Diagnostic {
	tb.Helper()
	const name = "civo_objectstore_credential"
	resp, err := h.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: value(tb, h.schema.DataSourceSchemas[name], config),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return resp.Diagnostics
}

// wrong returns a diagnostic in a comparable form: an error or a warning, and where.
func wrong(d *tfprotov6.Diagnostic) string {
	where := "nowhere"
	if d.Attribute != nil {
		where = strings.TrimSuffix(strings.TrimPrefix(d.Attribute.String(), `AttributeName("`), `")`)
	}
	return d.Severity.String() + " on " + where
}

func allWrong(diagnostics []*tfprotov6.Diagnostic) []string {
	list := make([]string, 0, len(diagnostics))
	for _, d := range diagnostics {
		list = append(list, wrong(d))
	}
	slices.Sort(list)
	return list
}

func text(diagnostics []*tfprotov6.Diagnostic) string {
	var all strings.Builder
	for _, d := range diagnostics {
		all.WriteString(d.Summary + "\n" + d.Detail + "\n")
	}
	return all.String()
}

const fileOfA = `{"apikeys":{"a":"token-a"},"meta":{"current_apikey":"a","default_region":"NYC1","url":"http://example.com"}}`

func TestConfigure_ErrorsOnArgument(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config    map[string]string
		variables map[string]string
		files     map[string]string
		want      []string
		says      []string
	}{
		"no token": {
			want: []string{"ERROR on token"},
			says: []string{"CIVO_TOKEN", "credentials_file", "CIVO_CREDENTIAL_FILE", "CIVO_CONFIG", "~/.civo.json"},
		},
		"region": {
			config: map[string]string{"token": "token-a", "region": "lon don"},
			want:   []string{"ERROR on region"}, says: []string{`"lon don"`, "LON1"},
		},
		"region in a variable": {
			config: map[string]string{"token": "token-a"}, variables: map[string]string{"CIVO_REGION": "lon don"},
			want: []string{"ERROR on region"}, says: []string{"CIVO_REGION"},
		},
		"endpoint": {
			config: map[string]string{"token": "token-a", "api_endpoint": "http://example.com"},
			want:   []string{"ERROR on api_endpoint"}, says: []string{"https://example.com"},
		},
		"object store endpoint": {
			config: map[string]string{"token": "token-a", "objectstore_endpoint": "https://{foo}.example.com"},
			want:   []string{"ERROR on objectstore_endpoint"}, says: []string{"https://objectstore.{region}.civo.com"},
		},
		"object store endpoint in a variable": {
			config: map[string]string{"token": "token-a"}, variables: map[string]string{"CIVO_OBJECTSTORE_ENDPOINT": "https://{region}"},
			want: []string{"ERROR on objectstore_endpoint"}, says: []string{"CIVO_OBJECTSTORE_ENDPOINT"},
		},
		"object store endpoint, while the token is not known": {
			config: map[string]string{"token": unknown, "objectstore_endpoint": "http://example.com"},
			want:   []string{"ERROR on objectstore_endpoint"}, says: []string{"https://example.com"},
		},
		"credentials file": {
			config: map[string]string{"credentials_file": "~/missing.json"},
			want:   []string{"ERROR on credentials_file"}, says: []string{"~/missing.json", "does not exist"},
		},
		"endpoint of the file": {
			files: map[string]string{".civo.json": fileOfA},
			want:  []string{"ERROR on api_endpoint"}, says: []string{".civo.json"},
		},
		"token": {
			config: map[string]string{"token": "token a"},
			want:   []string{"ERROR on token"}, says: []string{"whitespace"},
		},
		"all at once": {
			config: map[string]string{"credentials_file": "~/missing.json", "region": "lon don", "api_endpoint": "ftp://example.com"},
			want:   []string{"ERROR on api_endpoint", "ERROR on credentials_file", "ERROR on region"},
		},
		"region, while the token is not known": {
			config: map[string]string{"token": unknown, "region": "lon don"},
			want:   []string{"ERROR on region"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := newHost(t, test.variables, test.files).configure(t.Context(), t, test.config)
			if diff := cmp.Diff(test.want, allWrong(got)); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, text(got))
			}
			for _, word := range test.says {
				if !strings.Contains(text(got), word) {
					t.Errorf("%q is not in %q", word, text(got))
				}
			}
			if strings.Contains(text(got), "token-a") || strings.Contains(text(got), "token a") {
				t.Errorf("shows the token: %s", text(got))
			}
		})
	}
}

func TestConfigure_ReadableFileWarning(t *testing.T) {
	t.Parallel()
	h := newHost(t, nil, nil)
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(fileOfA, "http:", "https:")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil { //nolint:gosec // that is what the warning is about
		t.Fatal(err)
	}
	got := h.configure(t.Context(), t, map[string]string{"credentials_file": path})
	if diff := cmp.Diff([]string{"WARNING on credentials_file"}, allWrong(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConfigure_NoRequest(t *testing.T) {
	t.Parallel()
	server := simtest.Start(t, civosim.Options{})
	h := newHost(t, map[string]string{"CIVO_TOKEN": server.Token(), "CIVO_API_URL": server.URL()}, nil)
	if got := h.configure(t.Context(), t, nil); len(got) != 0 {
		t.Error(text(got))
	}
	if n := server.Count() + server.Connections(); n != 0 {
		t.Errorf("%d requests and connections", n)
	}
}

func TestRequests_UserAgent(t *testing.T) {
	t.Parallel()
	server := simtest.Start(t, civosim.Options{})
	server.AddCredential(civosim.Credential{Region: "FRA1", Name: "n"})
	h := newHost(t, nil, nil)
	config := map[string]string{"token": server.Token(), "api_endpoint": server.URL(), "region": "fra1"}
	if got := h.configure(t.Context(), t, config); len(got) != 0 {
		t.Fatal(text(got))
	}
	if got := h.read(t.Context(), t, map[string]string{"name": "n"}); len(got) != 0 {
		t.Fatal(text(got))
	}
	requests := server.Requests()
	if len(requests) == 0 {
		t.Fatal("no request")
	}
	for _, r := range requests {
		if r.UserAgent != "terraform-provider-civo/1.2.3 (Terraform 1.11.4)" || r.Region != "fra1" {
			t.Errorf("user agent %q, region %q", r.UserAgent, r.Region)
		}
	}
}

func TestConfigure_UnknownArgument(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config map[string]string
		blames string // empty: nothing is missing
	}{
		"token":                      {map[string]string{"token": unknown}, "token"},
		"endpoint":                   {map[string]string{"token": "token-a", "api_endpoint": unknown}, "api_endpoint"},
		"credentials file":           {map[string]string{"credentials_file": unknown}, "credentials_file"},
		"credentials file, not used": {map[string]string{"token": "token-a", "credentials_file": unknown}, ""},
		"region":                     {map[string]string{"token": "token-a", "region": unknown}, ""},
		"object store endpoint":      {map[string]string{"token": "token-a", "objectstore_endpoint": unknown}, "objectstore_endpoint"},
		"everything":                 {map[string]string{"token": unknown, "api_endpoint": unknown, "credentials_file": unknown, "region": unknown}, "token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := simtest.Start(t, civosim.Options{Token: "token-a"})
			server.AddCredential(civosim.Credential{Name: "n"})
			h := newHost(t, map[string]string{"CIVO_API_URL": server.URL()}, nil)
			if got := h.configure(t.Context(), t, test.config); len(got) != 0 {
				t.Fatalf("not an argument to fail for: %s", text(got))
			}
			got := h.read(t.Context(), t, map[string]string{"name": "n", "region": "LON1"})
			if test.blames == "" {
				if len(got) != 0 {
					t.Errorf("not needed: %s", text(got))
				}
				return
			}
			if !strings.Contains(text(got), "provider's argument "+test.blames+" is not known") {
				t.Errorf("does not say what is not known: %s", text(got))
			}
			if n := server.Count(); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// The region of a file belongs to the file's token: while it is not known whether that is the token, it is not the region.
func TestConfigure_FileRegionUnknownToken(t *testing.T) {
	t.Parallel()
	h := newHost(t, nil, map[string]string{".civo.json": strings.ReplaceAll(fileOfA, "http:", "https:")})
	if got := h.configure(t.Context(), t, map[string]string{"token": unknown}); len(got) != 0 {
		t.Fatal(text(got))
	}
	got := text(h.read(t.Context(), t, map[string]string{"name": "n"}))
	if strings.Contains(got, "NYC1") || !strings.Contains(got, "region") {
		t.Errorf("want an error about the region, got %s", got)
	}
}

// The region may be in the file that is not known yet, so a missing region is no error, but the unknown argument is.
func TestConfigure_RegionUnknownFile(t *testing.T) {
	t.Parallel()
	h := newHost(t, nil, map[string]string{".civo.json": strings.ReplaceAll(fileOfA, "http:", "https:")})
	if got := h.configure(t.Context(), t, map[string]string{"credentials_file": unknown}); len(got) != 0 {
		t.Fatal(text(got))
	}
	got := text(h.read(t.Context(), t, map[string]string{"name": "n"}))
	if strings.Contains(got, "NYC1") || !strings.Contains(got, "credentials_file is not known") {
		t.Errorf("want an error about the file, got %s", got)
	}
}

// The variable does not replace an argument that is not known yet.
func TestConfigure_RegionUnknownVariable(t *testing.T) {
	t.Parallel()
	h := newHost(t, map[string]string{"CIVO_TOKEN": "token-a", "CIVO_REGION": "NYC1", "CIVO_API_URL": "http://127.0.0.1:1"}, nil)
	if got := h.configure(t.Context(), t, map[string]string{"region": unknown}); len(got) != 0 {
		t.Fatal(text(got))
	}
	if got := text(h.read(t.Context(), t, map[string]string{"name": "n"})); !strings.Contains(got, "argument region is not known") {
		t.Errorf("want an error about the argument, got %s", got)
	}
}

func TestConfigure_TokenVariableUnknownFile(t *testing.T) {
	t.Parallel()
	server := simtest.Start(t, civosim.Options{})
	server.AddCredential(civosim.Credential{Name: "n"})
	h := newHost(t, map[string]string{"CIVO_API_URL": server.URL(), "CIVO_TOKEN": server.Token(), "CIVO_REGION": "LON1"}, nil)
	config := map[string]string{"credentials_file": unknown}
	if got := append(h.configure(t.Context(), t, config), h.read(t.Context(), t, map[string]string{"name": "n"})...); len(got) != 0 {
		t.Error(text(got))
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	schema := newHost(t, nil, nil).schema
	if len(schema.Diagnostics) != 0 {
		t.Error(text(schema.Diagnostics))
	}
	const one, many, store = "civo_objectstore_credential", "civo_objectstore_credentials", "civo_objectstore"
	for name, has := range map[string]bool{
		"resource":                      schema.ResourceSchemas[one] != nil,
		"data source":                   schema.DataSourceSchemas[one] != nil,
		"data source of all":            schema.DataSourceSchemas[many] != nil,
		"ephemeral resource":            schema.EphemeralResourceSchemas[one] != nil,
		"list resource":                 schema.ListResourceSchemas[one] != nil,
		"resource's secret":             isSensitive(schema.ResourceSchemas[one], "secret_access_key"),
		"data source's secret":          isSensitive(schema.DataSourceSchemas[one], "secret_access_key"),
		"provider's token":              isSensitive(schema.Provider, "token"),
		"object stores":                 schema.ResourceSchemas[store] != nil && schema.DataSourceSchemas[store] != nil && schema.ListResourceSchemas[store] != nil,
		"data source of all stores":     schema.DataSourceSchemas[store+"s"] != nil,
		"no more than these resources":  len(schema.ResourceSchemas) == 2 && len(schema.DataSourceSchemas) == 6,
		"no more than these ephemerals": len(schema.EphemeralResourceSchemas) == 1 && len(schema.ListResourceSchemas) == 2,
	} {
		if !has {
			t.Errorf("%s: missing, or not sensitive", name)
		}
	}
	for _, a := range schema.Provider.Block.Attributes {
		if !a.Optional || a.Required || a.Description == "" {
			t.Errorf("the argument %s is not optional, or has no description", a.Name)
		}
		if a.Sensitive != (a.Name == "token") {
			t.Errorf("the argument %s: sensitive %t", a.Name, a.Sensitive)
		}
	}
}

func isSensitive(schema *tfprotov6.Schema, attribute string) bool {
	return schema != nil && slices.ContainsFunc(schema.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool {
		return a.Name == attribute && a.Sensitive
	})
}

func TestValidate_UnknownToken(t *testing.T) {
	t.Parallel()
	h := newHost(t, nil, nil)
	resp, err := h.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{
		Config: value(t, h.schema.Provider, map[string]string{"token": unknown, "region": "LON1"}),
	})
	if err != nil || len(resp.Diagnostics) != 0 {
		t.Errorf("%v %s", err, text(resp.Diagnostics))
	}
}

func TestLog_RequestsWithoutSecrets(t *testing.T) {
	t.Parallel()
	server := simtest.Start(t, civosim.Options{Token: "token-a"})
	server.AddCredential(civosim.Credential{Name: "n", AccessKeyID: "access-n", SecretAccessKey: "secret-b"})
	server.Inject(civosim.Fault{Nth: 1, Effect: civosim.EffectClose})

	var logged bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &logged)
	h := newHost(t, nil, nil)
	config := map[string]string{"token": "token-a", "api_endpoint": server.URL(), "region": "LON1"}
	if got := append(h.configure(ctx, t, config), h.read(ctx, t, map[string]string{"name": "n"})...); len(got) != 0 {
		t.Fatal(text(got))
	}
	h.read(ctx, t, map[string]string{"name": "another"})

	lines, err := tflogtest.MultilineJSONDecode(bytes.NewReader(logged.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	messages := map[string]int{}
	for _, line := range lines {
		if message, ok := line["@message"].(string); ok {
			messages[message]++
		}
		if line["@message"] == "Civo answered" && (!strings.HasPrefix(fmt.Sprint(line["path"]), "/v2/objectstore/credentials") || line["status"] != 200.0 || line["method"] != "GET") {
			t.Errorf("a line of the log: %v", line)
		}
	}
	if messages["No response from Civo"] != 1 || messages["Civo answered"] == 0 {
		t.Errorf("the log has %v", messages)
	}
	if all := logged.String(); strings.Contains(all, "token-a") || strings.Contains(all, "secret-b") {
		t.Errorf("the log shows a secret: %s", all)
	}
}
