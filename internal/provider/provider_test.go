package provider_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// configure configures a provider with these arguments alone. It finds other settings in the environment of w.
func configure(ctx context.Context, w *acctest.Env, arguments acctest.Object) (*acctest.Driver, acctest.Diagnostics) {
	return w.Configure(ctx, acctest.Object{"token": nil, "api_endpoint": nil, "region": nil}.With(arguments))
}

// useFile gives the environment a home directory with a file of the Civo CLI that contains the token of the simulator.
func useFile(t *testing.T, w *acctest.Env, endpoint string) {
	t.Helper()
	w.Home = t.TempDir()
	file := fmt.Sprintf(`{"apikeys":{"a":%q},"meta":{"current_apikey":"a","default_region":"NYC1","url":%q}}`, w.Token(), endpoint)
	if err := os.WriteFile(filepath.Join(w.Home, ".civo.json"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
}

// An error about a setting names its source, and is on the argument that would replace it. The messages about arguments alone are among
// the recorded diagnostics.
func TestConfigure_Errors(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		config       acctest.Object
		variables    map[string]string
		fileEndpoint string // in the file of the Civo CLI; empty if there is no file
		want         map[string]string
	}{
		"region in a variable": {
			config: acctest.Object{"token": "token-a"}, variables: map[string]string{"CIVO_REGION": "lon don"}, want: map[string]string{"region": "CIVO_REGION"},
		},
		"endpoint of the file": {fileEndpoint: "http://example.com", want: map[string]string{"api_endpoint": ".civo.json"}},
		"endpoint in a variable": {
			config: acctest.Object{"token": "token-a"}, variables: map[string]string{"CIVO_OBJECTSTORE_ENDPOINT": "https://{region}"},
			want: map[string]string{"objectstore_endpoint": "CIVO_OBJECTSTORE_ENDPOINT"},
		},
		"while the token is not known": {
			config: acctest.Object{"token": acctest.Unknown, "region": "lon don", "objectstore_endpoint": "http://example.com"},
			want:   map[string]string{"region": `"lon don"`, "objectstore_endpoint": "https://example.com"},
		},
		"all at once": {
			config: acctest.Object{"credentials_file": "~/missing.json", "region": "lon don", "api_endpoint": "ftp://example.com"},
			want:   map[string]string{"api_endpoint": "https://example.com", "credentials_file": "~/missing.json", "region": `"lon don"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			if w.Variables = row.variables; row.fileEndpoint != "" {
				useFile(t, w, row.fileEndpoint)
			}
			_, diags := configure(t.Context(), w, row.config)
			for _, d := range diags {
				argument := strings.TrimSuffix(strings.TrimPrefix(d.Attribute.String(), `AttributeName("`), `")`)
				if words, ok := row.want[argument]; !ok || d.Severity != tfprotov6.DiagnosticSeverityError || !strings.Contains(d.Detail, words) {
					t.Errorf("%s on %s: %s: %s", d.Severity, argument, d.Summary, d.Detail)
				}
			}
			if text := diags.String(); len(diags) != len(row.want) || strings.Contains(text, w.Token()) || strings.Contains(text, "token-a") {
				t.Errorf("%d diagnostics, not %d, or they show the token: %s", len(diags), len(row.want), text)
			}
		})
	}
}

// An argument that is not known during plan is an error only for what requires its value.
func TestConfigure_UnknownArgument(t *testing.T) {
	t.Parallel()
	const unknown = acctest.Unknown
	for name, row := range map[string]struct {
		config    acctest.Object
		variables bool   // CIVO_REGION and CIVO_TOKEN are set, and the data source has no region
		file      bool   // there is a file of the Civo CLI, and the data source has no region
		blames    string // in the error of a data source; empty: it is read
	}{
		"token":                                 {config: acctest.Object{"token": unknown}, blames: "argument token is not known"},
		"endpoint":                              {config: acctest.Object{"token": "token-a", "api_endpoint": unknown}, blames: "argument api_endpoint is not known"},
		"credentials file":                      {config: acctest.Object{"credentials_file": unknown}, blames: "argument credentials_file is not known"},
		"credentials file, with a token":        {config: acctest.Object{"token": "token-a", "credentials_file": unknown}},
		"credentials file, token in a variable": {config: acctest.Object{"credentials_file": unknown}, variables: true},
		"region":                                {config: acctest.Object{"token": "token-a", "region": unknown}},
		"object store endpoint":                 {config: acctest.Object{"token": "token-a", "objectstore_endpoint": unknown}, blames: "argument objectstore_endpoint is not known"},
		"everything": {
			config: acctest.Object{"token": unknown, "api_endpoint": unknown, "credentials_file": unknown, "region": unknown},
			blames: "argument token is not known",
		},
		// The region of a file belongs to the file's token. While it is not known whether that is the token, it is not the region.
		"token, region in the file": {config: acctest.Object{"token": unknown}, file: true, blames: "region"},
		// The region may be in the file that is not known yet.
		"credentials file, region in another": {config: acctest.Object{"credentials_file": unknown}, file: true, blames: "argument credentials_file is not known"},
		"region, with a variable":             {config: acctest.Object{"region": unknown}, variables: true, blames: "argument region is not known"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{Token: "token-a"})
			w.AddCredential(civosim.Credential{Name: "n", Region: "NYC1"})
			w.Variables = map[string]string{"CIVO_API_URL": w.URL()}
			if row.variables {
				w.Variables["CIVO_TOKEN"], w.Variables["CIVO_REGION"] = "token-a", "NYC1"
			}
			if row.file {
				useFile(t, w, "https://example.com")
			}
			p, diags := configure(t.Context(), w, row.config)
			if len(diags) > 0 {
				t.Fatalf("not an argument to fail for: %s", diags)
			}
			lookup, otherRegion := acctest.Object{"name": "n", "region": "NYC1"}, row.variables || row.file
			if otherRegion {
				delete(lookup, "region")
			}
			_, diags = p.Data(t.Context(), lookup)
			text := diags.String()
			if row.blames == "" && text != "" || !strings.Contains(text, row.blames) || otherRegion && strings.Contains(text, "NYC1") {
				t.Errorf("the diagnostics do not say %q alone: %s", row.blames, text)
			}
			if n := w.Count(); row.blames != "" && n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// The endpoint of a new credential is known during plan if the provider knows its own, whether or not the token is known.
func TestConfigure_ObjectStoreEndpoint(t *testing.T) {
	t.Parallel()
	for _, token := range []any{"token-a", acctest.Unknown} {
		for argument, want := range map[any]string{
			nil:                             "https://s3.lon1.example.com",
			"https://{region}.example.org/": "https://lon1.example.org",
			"https://example.org":           "https://example.org",
			acctest.Unknown:                 "",
		} {
			w := acctest.Simulated(t, civosim.Options{Token: "token-a"})
			w.Variables = map[string]string{"CIVO_OBJECTSTORE_ENDPOINT": "https://s3.{region}.example.com", "CIVO_API_URL": w.URL()}
			p, diags := configure(t.Context(), w, acctest.Object{"token": token, "objectstore_endpoint": argument, "region": "LON1"})
			plan, more := p.Plan(t.Context(), p.NewInstance(), acctest.Object{"name": "n"})
			if diags = append(diags, more...); len(diags) > 0 {
				t.Fatal(diags)
			}
			if got := plan.Get("endpoint"); got != want || plan.Known("endpoint") != (want != "") {
				t.Errorf("with the argument %v and the token %v, the endpoint is %q, not %q", argument, token, got, want)
			}
		}
	}
}

// A plan without a configured provider changes nothing and does not panic.
func TestPlan_ProviderNotConfigured(t *testing.T) {
	t.Parallel()
	p := acctest.Simulated(t, civosim.Options{}).Unconfigured(t.Context())
	for _, typeName := range []string{"civo_objectstore_credential", "civo_objectstore"} {
		r := p.For(typeName)
		if plan, diags := r.Plan(t.Context(), r.NewInstance(), acctest.Object{"name": "n"}); len(diags) > 0 || !plan.Creates() {
			t.Errorf("%s: %s", typeName, diags)
		}
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	server, err := acctest.Simulated(t, civosim.Options{}).Providers()["civo"]()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schema.Diagnostics) > 0 {
		t.Fatal(err, schema.Diagnostics)
	}
	for _, a := range schema.Provider.Block.Attributes {
		if !a.Optional || a.Required || a.Description == "" || a.Sensitive != (a.Name == "token") {
			t.Errorf("the argument %s is not optional, has no description, or is sensitive: %t", a.Name, a.Sensitive)
		}
	}
	isSecret := func(a *tfprotov6.SchemaAttribute) bool { return a.Name == "secret_access_key" && a.Sensitive }
	for _, schemas := range []map[string]*tfprotov6.Schema{schema.ResourceSchemas, schema.DataSourceSchemas} {
		if !slices.ContainsFunc(schemas["civo_objectstore_credential"].Block.Attributes, isSecret) {
			t.Error("the secret is not sensitive")
		}
	}
}

// The configuration of the provider sends no request. All requests contain the versions and the region. The log contains the requests, but
// no secrets.
func TestRequests_Logged(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{Token: "token-a"})
	w.AddCredential(civosim.Credential{Region: "FRA1", Name: "n", AccessKeyID: "access-n", SecretAccessKey: "secret-b"})
	w.Variables = map[string]string{"CIVO_TOKEN": w.Token(), "CIVO_API_URL": w.URL()}
	var logged bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &logged)
	p, diags := configure(ctx, w, acctest.Object{"region": "fra1"})
	if n := w.Count() + w.Connections(); n != 0 || len(diags) > 0 {
		t.Fatalf("%d requests and connections: %s", n, diags)
	}
	w.Inject(civosim.Fault{Nth: 1, Effect: civosim.EffectClose})
	if _, diags := p.Data(ctx, acctest.Object{"name": "n"}); len(diags) > 0 {
		t.Fatal(diags)
	}
	p.Data(ctx, acctest.Object{"name": "another"})
	for _, r := range w.Requests() {
		if r.UserAgent != "terraform-provider-civo/test (Terraform 1.14.0)" || r.Region != "fra1" {
			t.Errorf("user agent %q, region %q", r.UserAgent, r.Region)
		}
	}
	all, answer := logged.String(), regexp.MustCompile(`"Civo answered".*"method":"GET".*"path":"/v2/objectstore/credentials.*"status":200`)
	answers := strings.Count(all, `"@message":"Civo answered"`)
	if lost := strings.Count(all, `"@message":"No response from Civo"`); lost != 1 || answers == 0 || len(answer.FindAllString(all, -1)) != answers {
		t.Errorf("the log has %d answers, and %d lost ones: %s", answers, lost, all)
	}
	if strings.Contains(all, "token-a") || strings.Contains(all, "secret-b") {
		t.Errorf("the log shows a secret: %s", all)
	}
}
