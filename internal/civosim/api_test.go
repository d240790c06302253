// The calls to the API in testdata/api.txt and cli.txt, with the responses of the simulator.

package civosim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// The files consist of sections. Each begins with a title after "## ", runs on its own server, and contains:
//
//	options {"NAME": VALUE, …}            options of the server; durations are strings
//	wait DURATION                         time passes
//	authorization VALUE                   the header of the following requests
//	credential {…}, store {…}             add an object without the API
//	credentials N                         add a number of credentials
//	change ID {…}, remove ID              change or remove an object without the API
//	fault {…}                             inject a fault
//	down REGION, up REGION                a region is unavailable, and available again
//	fail, succeed                         new credentials fail, and become ready again
//	METHOD PATH BODY                      a request to the API
//	s3 ID REQUEST                         a request to the S3 data plane with the keys of a credential, as in s3_client_test.go
//
// The lines after a request begin with two spaces, and contain the response. Placeholders such as {id-1} are values that the simulator
// generated, in the order in which they appear.
func runFile(t *testing.T, name string) (content string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	text, err := os.ReadFile(path) //nolint:gosec // a file of this package
	if err != nil {
		t.Fatal(err)
	}
	sections := strings.Split(string(text), "\n## ")
	for i, section := range sections[1:] {
		title, _, _ := strings.Cut(section, "\n")
		t.Run(title, func(t *testing.T) { sections[i+1] = runSection(t, section) })
	}
	got := strings.Join(sections, "\n## ")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil { //nolint:gosec // as above
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(strings.Split(string(text), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
	return got
}

// What is known about the API, the options, and the faults.
func TestAPI(t *testing.T) { //nolint:tparallel // the sections take milliseconds
	t.Parallel()
	content := runFile(t, "api.txt")
	for _, effect := range civosim.Effects() {
		if !strings.Contains(content, fmt.Sprintf(`"Effect":%q}`, effect)) || effect.CarriesOut() != strings.HasPrefix(string(effect), "after-") {
			t.Errorf("%s is not in the file, or CarriesOut is wrong", effect)
		}
	}
}

// The commands of Civo's CLI.
func TestCLI(t *testing.T) { //nolint:tparallel // as above
	t.Parallel()
	runFile(t, "cli.txt")
}

// account is the account of a section.
type account struct {
	client

	server *civosim.Server
	clock  *clock
	s3     map[string]*s3Client // by the ID of the credential
	counts map[string]int       // placeholders by kind
	pairs  []string             // placeholders and their values, in turn
}

// runSection runs the lines of a section and returns them with the responses.
func runSection(t *testing.T, section string) string {
	t.Helper()
	options := civosim.Options{Token: "simulated"}
	_, set, _ := strings.Cut(section, "\noptions ")
	if set, _, _ = strings.Cut(set, "\n"); set != "" {
		durations := regexp.MustCompile(`"\d+[a-z]+"`)
		fill(t, durations.ReplaceAllStringFunc(set, func(quoted string) string {
			duration, err := time.ParseDuration(strings.Trim(quoted, `"`))
			if err != nil {
				return quoted
			}
			return strconv.FormatInt(int64(duration), 10)
		}), &options)
	}
	a := &account{clock: new(clock), s3: map[string]*s3Client{}, counts: map[string]int{}}
	options.Now = a.clock.now
	a.server, a.client = start(t, options)
	a.pairs = []string{"{s3}", strings.TrimPrefix(a.server.S3URL(), "http://")}
	var lines []string
	for i, line := range strings.Split(section, "\n") {
		if strings.HasPrefix(line, "  ") {
			continue
		}
		lines = append(lines, line)
		if i == 0 || line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "options ") {
			continue
		}
		if response := a.run(strings.NewReplacer(a.pairs...).Replace(line)); response != "" {
			lines = append(lines, "  "+response)
		}
	}
	return strings.Join(lines, "\n")
}

// fill sets the fields of a struct to those of a JSON object. A field that does not exist is an error.
func fill(t *testing.T, text string, into any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %s", text, err)
	}
}

// run runs a line and returns the response, if there is one.
func (a *account) run(line string) string {
	a.t.Helper()
	verb, rest, _ := strings.Cut(line, " ")
	first, second, _ := strings.Cut(rest, " ")
	switch verb {
	case "wait":
		duration, err := time.ParseDuration(rest)
		if err != nil {
			a.t.Fatal(err)
		}
		a.clock.advance(duration)
	case "authorization":
		a.authorization = rest
	case "down", "up":
		a.server.SetRegionDown(rest, verb == "down")
	case "fail", "succeed":
		a.server.FailCreates(verb == "fail")
	case "s3":
		credential, _ := a.server.Credential(first)
		if a.s3[first] == nil {
			a.s3[first] = newS3Client(a.t, a.server, credential)
			a.s3[first].region = credential.Region
		}
		return a.s3[first].do(second)
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete:
		return a.request(verb, first, second)
	default:
		a.prepare(verb, rest, first, second)
	}
	return ""
}

// prepare runs a line that changes the server without the API.
func (a *account) prepare(verb, rest, id, change string) {
	a.t.Helper()
	switch verb {
	case "credential":
		var credential civosim.Credential
		fill(a.t, rest, &credential)
		a.server.AddCredential(credential)
	case "store":
		var store civosim.Store
		fill(a.t, rest, &store)
		a.server.AddStore(store)
	case "credentials": // a number of them
		number, _ := strconv.Atoi(rest)
		for i := range number {
			a.server.AddCredential(civosim.Credential{Name: fmt.Sprint("n", i)})
		}
	case "fault":
		var fault civosim.Fault
		fill(a.t, rest, &fault)
		a.server.Inject(fault)
	case "change":
		isCredential := a.server.ChangeCredential(id, func(c *civosim.Credential) { fill(a.t, change, c) })
		if isCredential == a.server.ChangeStore(id, func(s *civosim.Store) { fill(a.t, change, s) }) {
			a.t.Fatalf("%s does not exist, or twice", id)
		}
	case "remove":
		if a.server.RemoveCredential(id) == a.server.RemoveStore(id) {
			a.t.Fatalf("%s does not exist, or twice", id)
		}
	default:
		a.t.Fatalf("unknown: %s", verb)
	}
}

// request sends a request, and returns the response as the file contains it. If it hangs, it times out.
func (a *account) request(method, path, body string) string {
	a.t.Helper()
	c := a.client
	answered, answer := context.WithCancel(a.t.Context())
	defer answer()
	var expire func()
	c.ctx, expire = simtest.Expiring(a.t.Context())
	go func() {
		for a.server.Hanging() == 0 && answered.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		expire()
	}()
	got, err := c.send(method, path, body)
	recorded := a.server.Requests()
	if last := recorded[len(recorded)-1]; last.Method != method || last.Status != got.status {
		a.t.Errorf("%s %s: %d, recorded as %+v", method, path, got.status, last)
	}
	switch {
	case got.status == 0 && c.ctx.Err() != nil:
		eventually(a.t, "the server has abandoned the request", func() bool { return a.server.Hanging() == 0 })
		return "timeout"
	case got.status == 0:
		return "no response"
	case err != nil:
		return strconv.Itoa(got.status) + " and a part of the response"
	}
	response := strconv.Itoa(got.status)
	for _, name := range []string{"Location", "Retry-After", "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset", "Content-Type"} {
		if value := got.header.Get(name); value != "" && value != "application/json" {
			response += " " + name + "=" + value
		}
	}
	return strings.TrimSpace(response + " " + a.withPlaceholders(summary(got.body)))
}

// summary returns a body on one line, with only the first and the last name of a list.
func summary(body []byte) string {
	var list struct {
		Page    json.Number `json:"page"`
		Pages   json.Number `json:"pages"`
		PerPage json.Number `json:"per_page"`
		Items   []struct {
			Name string `json:"name"`
		} `json:"items"`
	}
	if err := json.Unmarshal(body, &list); err == nil && len(list.Items) > 3 {
		return fmt.Sprintf("page %s of %s, %s per page: %d items from %s to %s", list.Page, list.Pages, list.PerPage, len(list.Items),
			list.Items[0].Name, list.Items[len(list.Items)-1].Name)
	}
	return strings.ReplaceAll(strings.TrimSuffix(string(body), "\n"), "\n", `\n`)
}

// generated are the forms of the values that the simulator generates.
var generated = map[string]*regexp.Regexp{
	"id":     regexp.MustCompile(`"([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"`),
	"key":    regexp.MustCompile(`"access_key_id":"([A-Z0-9]{20})"`),
	"secret": regexp.MustCompile(`"secret_access_key_id":"([A-Za-z0-9]{40})"`),
	"suffix": regexp.MustCompile(`"name":"[a-z]+-([0-9a-f]{8})"`),
}

// withPlaceholders replaces the generated values in a text.
func (a *account) withPlaceholders(text string) string {
	for _, kind := range []string{"id", "key", "secret", "suffix"} {
		for _, match := range generated[kind].FindAllStringSubmatch(text, -1) {
			if !slices.Contains(a.pairs, match[1]) {
				a.counts[kind]++
				a.pairs = append(a.pairs, fmt.Sprintf("{%s-%d}", kind, a.counts[kind]), match[1])
			}
		}
	}
	reversed := slices.Clone(a.pairs)
	slices.Reverse(reversed)
	return strings.NewReplacer(reversed...).Replace(text)
}
