package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// hostile is a text that clears the screen, begins a line with a message of Terraform and changes the direction of writing.
const hostile = "x\x1b[2J\r\nApply complete!\u202e\u009b31m"

// checkPrintable fails the test if a text could control a terminal or imitate a message.
func checkPrintable(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		isRaw := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
		if strings.ContainsFunc(text, isRaw) || strings.Contains(text, "\nApply complete!") {
			t.Errorf("a message shows a text as it is: %q", text)
		}
	}
}

// checkOperations runs every operation on a type and checks all messages. The arguments are those of the resource.
func checkOperations(t *testing.T, p *acctest.Driver, typeName string, state tftypes.Value, arguments acctest.Object) (shown int) {
	t.Helper()
	ctx, r := t.Context(), p.For(typeName)
	check := func(diags acctest.Diagnostics) {
		shown += len(diags)
		for _, one := range diags {
			checkPrintable(t, one.Summary, one.Detail)
		}
	}
	instance := r.NewInstance()
	instance.State = state
	for _, config := range []acctest.Object{arguments, {"name": "other"}, {"name": "other", "region": "FRA1"}, {"name": "some-name", "access_key_id": "other"}, nil} {
		planned := *instance
		plan, diags := r.Plan(ctx, &planned, config)
		check(diags)
		if plan != nil {
			check(r.Apply(ctx, &planned, plan))
		}
	}
	check(r.Refresh(ctx, instance))
	if arguments == nil {
		return shown
	}
	_, diags := r.Run(ctx, r.NewInstance(), arguments)
	check(diags)
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		text := fmt.Sprint(arguments[name])
		_, diags = r.Import(ctx, text)
		check(diags)
		_, diags = r.ImportIdentity(ctx, acctest.Object{"id": text, "region": text})
		check(diags)
		if slices.Contains([]string{"id", "name", "region"}, name) {
			_, diags = r.Data(ctx, acctest.Object{"name": "some-name", name: text})
			check(diags)
		}
	}
	listed, diags := r.List(ctx, acctest.Object{"region": arguments["region"]}, 10, true)
	check(diags)
	for _, one := range listed {
		checkPrintable(t, one.DisplayName)
	}
	if typeName == acctest.TypeName {
		_, diags = r.Open(ctx, acctest.Object{"name": arguments["name"], "region": arguments["region"]})
		check(diags)
		progress, diags := p.For(typeName+"_rotate").Invoke(ctx, acctest.Object{"name": arguments["name"], "region": arguments["region"]})
		check(diags)
		checkPrintable(t, progress...)
	}
	return shown
}

// Each attribute can contain any text in the state, in the configuration and at Civo. Messages show it without its effects.
func TestDiagnostics_EveryAttributeIsPrintable(t *testing.T) {
	t.Parallel()
	for _, typeName := range []string{"civo_objectstore_credential", "civo_objectstore"} {
		w := acctest.Simulated(t, civosim.Options{})
		p := w.Driver(t)
		instance := p.For(typeName).NewInstance()
		if _, diags := p.For(typeName).Run(t.Context(), instance, acctest.Object{"name": "some-name"}); diags.Failed() {
			t.Fatal(diags)
		}
		var attributes map[string]tftypes.Value
		if err := instance.State.As(&attributes); err != nil {
			t.Fatal(err)
		}
		for name, value := range attributes {
			if !value.Type().Is(tftypes.String) {
				continue
			}
			t.Run(typeName+"."+name, func(t *testing.T) {
				t.Parallel()
				changed := maps.Clone(attributes)
				changed[name] = tftypes.NewValue(tftypes.String, hostile)
				shown := checkAttribute(t, typeName, name, tftypes.NewValue(instance.State.Type(), changed))
				if name != "status" { // no message contains Civo's, and another one than ready means to wait
					shown += checkResponses(t, typeName, name, instance.State)
				}
				if shown < 10 {
					t.Errorf("only %d messages", shown)
				}
			})
		}
	}
}

// checkAttribute checks the messages about a hostile state and a configuration with a hostile attribute, with and without errors of Civo.
func checkAttribute(t *testing.T, typeName, name string, state tftypes.Value) (shown int) {
	t.Helper()
	for _, effect := range []civosim.Effect{"", civosim.Effect400, civosim.Effect500} {
		w := acctest.Simulated(t, civosim.Options{})
		if effect != "" {
			w.Inject(civosim.Fault{Effect: effect})
		}
		arguments := acctest.Object{"name": "some-name"}
		arguments[name] = hostile
		shown += checkOperations(t, w.Driver(t), typeName, state, arguments)
	}
	return shown
}

// checkResponses checks the messages if an attribute is hostile in the responses of Civo.
func checkResponses(t *testing.T, typeName, name string, state tftypes.Value) (shown int) {
	t.Helper()
	w := acctest.Simulated(t, civosim.Options{RefusedDeletionStatus: http.StatusOK})
	civo := httptest.NewServer(replacing(w.URL(), name))
	defer civo.Close()
	p := w.Driver(t, acctest.Object{"api_endpoint": civo.URL})
	owner := w.AddCredential(civosim.Credential{Name: "some-name", Region: "lon1", Suspended: true})
	w.AddStore(civosim.Store{Name: "some-name", Region: "lon1", OwnerID: owner.ID, ObjectCount: 1})
	return checkOperations(t, p, typeName, state, acctest.Object{"name": "some-name"})
}

// replacing forwards requests to a server and replaces a field of the objects in the responses.
func replacing(url, attribute string) http.Handler {
	field := map[string]string{"secret_access_key": "secret_access_key_id", "region": "code", "endpoint": "objectstore_endpoint"}[attribute]
	if field == "" {
		field = attribute
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		forwarded, err := http.NewRequestWithContext(r.Context(), r.Method, url+r.URL.String(), r.Body) //nolint:gosec // to the simulator
		if err != nil {
			panic(err)
		}
		forwarded.Header = r.Header
		response, err := http.DefaultTransport.RoundTrip(forwarded)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer func() { _ = response.Body.Close() }()
		var content any
		body, _ := io.ReadAll(response.Body)
		if json.Unmarshal(body, &content) == nil {
			replaceField(content, field)
			body, _ = json.Marshal(content)
		}
		w.WriteHeader(response.StatusCode)
		_, _ = io.Copy(w, bytes.NewReader(body))
	})
}

func replaceField(value any, field string) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			replaceField(item, field)
		}
	case map[string]any:
		for name, item := range value {
			if name == field {
				value[name] = hostile
			} else {
				replaceField(item, field)
			}
		}
	}
}
