package provider_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
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
func checkPrintable(t *testing.T, text string) {
	t.Helper()
	isRaw := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
	if strings.ContainsFunc(text, isRaw) || strings.Contains(text, "\nApply complete!") {
		t.Errorf("a message shows a text as it is: %q", text)
	}
}

// checkOperations runs every operation on a type and checks all messages. The arguments are those of the resource.
func checkOperations(t *testing.T, p *acctest.Driver, typeName string, state tftypes.Value, arguments acctest.Object) (shown int) {
	t.Helper()
	ctx, r := t.Context(), p.For(typeName)
	check := func(diags acctest.Diagnostics) {
		shown += len(diags)
		for _, one := range diags {
			checkPrintable(t, one.Summary)
			checkPrintable(t, one.Detail)
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
		checkPrintable(t, strings.Join(progress, "\n"))
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
				state, shown := tftypes.NewValue(instance.State.Type(), changed), 0
				for _, effect := range []civosim.Effect{"", civosim.Effect400, civosim.Effect500} {
					w := acctest.Simulated(t, civosim.Options{})
					if effect != "" {
						w.Inject(civosim.Fault{Effect: effect})
					}
					arguments := acctest.Object{"name": "some-name"}
					arguments[name] = hostile
					shown += checkOperations(t, w.Driver(t), typeName, state, arguments)
				}
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

// checkResponses checks the messages if an attribute is hostile in the responses of Civo.
func checkResponses(t *testing.T, typeName, name string, state tftypes.Value) (shown int) {
	t.Helper()
	w := acctest.Simulated(t, civosim.Options{RefusedDeletionStatus: http.StatusOK})
	civo := httptest.NewServer(replacing(t, w.URL(), name))
	defer civo.Close()
	p := w.Driver(t, acctest.Object{"api_endpoint": civo.URL})
	owner := w.AddCredential(civosim.Credential{Name: "some-name", Region: "lon1", Suspended: true})
	w.AddStore(civosim.Store{Name: "some-name", Region: "lon1", OwnerID: owner.ID, ObjectCount: 1})
	return checkOperations(t, p, typeName, state, acctest.Object{"name": "some-name"})
}

// replacing forwards requests to a server and replaces a field of the objects in the responses.
func replacing(t *testing.T, target, attribute string) http.Handler {
	t.Helper()
	fields := map[string]string{"secret_access_key": "secret_access_key_id", "region": "code", "endpoint": "objectstore_endpoint"}
	field := regexp.MustCompile(`"` + cmp.Or(fields[attribute], attribute) + `":("([^"\\]|\\.)*"|[0-9a-z]+)`)
	replaced, err := json.Marshal(map[string]string{cmp.Or(fields[attribute], attribute): hostile})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(parsed) }} // with the server's name
	proxy.ModifyResponse = func(response *http.Response) error {
		body, err := io.ReadAll(response.Body)
		body = field.ReplaceAllLiteral(body, replaced[1:len(replaced)-1])
		response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		response.Header.Del("Content-Length")
		return err
	}
	return proxy
}
