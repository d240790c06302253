package record

import (
	"cmp"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

var update = flag.Bool("update", false, "update internal/civosim/unknowns.md")

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", path)) //nolint:gosec // a file of the repository
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestUnknowns_Page(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "civosim", "unknowns.md")
	if *update {
		if err := os.WriteFile(path, []byte(page()), 0o644); err != nil { //nolint:gosec // a page
			t.Fatal(err)
		}
	}
	if read(t, "civosim/unknowns.md") != page() {
		t.Error("internal/civosim/unknowns.md is out of date. Run: go test ./internal/record -run Unknowns -update")
	}
}

// isTest reports whether a test and the section in its name exist.
func isTest(t *testing.T, reference string) bool {
	t.Helper()
	dir, name, _ := strings.Cut(reference, ": ")
	name, section, _ := strings.Cut(name, "/")
	contains := func(pattern, text string) bool {
		files, err := filepath.Glob(filepath.Join("..", dir, pattern))
		return err == nil && slices.ContainsFunc(files, func(file string) bool {
			return strings.Contains(read(t, strings.TrimPrefix(filepath.ToSlash(file), "../")), text)
		})
	}
	return contains("*_test.go", "func "+name+"(") && (section == "" || contains("testdata/*.txt", "\n## "+section))
}

// Options that do not select a behavior of Civo.
var otherOptions = []string{"Addr", "S3Addr", "Gateway", "Token", "Latency", "Now", "RecordLimit", "OnRequest"}

func TestUnknowns_Code(t *testing.T) {
	t.Parallel()
	options := slices.Clone(otherOptions)
	ids := map[string]bool{}
	listed := map[string]string{} // the unknowns of the constants in the client's assumptions
	for _, u := range unknowns {
		if ids[u.id] || u.assumed == "" || u.settles == "" || len(u.simulator) == 0 || len(u.tests) == 0 {
			t.Errorf("%s is incomplete or occurs twice", u.id)
		}
		ids[u.id] = true
		options = append(options, u.options...)
		for _, place := range slices.Concat(u.simulator, u.client) {
			file, name, _ := strings.Cut(place, ": ")
			if !regexp.MustCompile(`\b` + name + `\b`).MatchString(read(t, file)) {
				t.Errorf("%s: %s does not contain %s", u.id, file, name)
			}
			if file == "civo/assumptions.go" {
				listed[name] = u.id
			}
		}
		for _, test := range u.tests {
			if !isTest(t, test) {
				t.Errorf("%s: there is no test %s", u.id, test)
			}
		}
	}
	if diff := gocmp.Diff(listed, assumptions(t)); diff != "" {
		t.Errorf("the table has other constants than assumptions.go (-table +assumptions.go):\n%s", diff)
	}
	var fields []string
	for field := range reflect.TypeFor[civosim.Options]().Fields() {
		fields = append(fields, field.Name)
	}
	slices.Sort(options)
	slices.Sort(fields)
	if diff := gocmp.Diff(fields, slices.Compact(options)); diff != "" {
		t.Errorf("the unknowns have other options than the simulator (-simulator +unknowns):\n%s", diff)
	}
}

// assumptions returns the unknowns of the constants in the client's assumptions.
func assumptions(t *testing.T) map[string]string {
	t.Helper()
	declared, heading := map[string]string{}, ""
	line := regexp.MustCompile(`(?m)^// Unknown: ([a-z0-9-]+)\.|^(?:const |\t)(\w+) += `)
	for _, found := range line.FindAllStringSubmatch(read(t, "civo/assumptions.go"), -1) {
		if heading = cmp.Or(found[1], heading); found[2] != "" {
			declared[found[2]] = heading
		}
	}
	return declared
}

// Each fact settles one unknown, and each unknown names questions and facts that exist.
func TestUnknowns_Questions(t *testing.T) {
	t.Parallel()
	exist := map[string]bool{}
	for _, q := range questions {
		if exist[q.id] || len(q.facts) == 0 || !strings.HasSuffix(q.asks, "?") {
			t.Errorf("%s is incomplete or occurs twice", q.id)
		}
		exist[q.id] = true
		for _, f := range q.facts {
			if exist[q.id+"/"+f.name] || unknownOf(q.id, f.name).id == "" {
				t.Errorf("%s/%s occurs twice, or settles no unknown", q.id, f.name)
			}
			exist[q.id+"/"+f.name] = true
		}
	}
	settled := map[string]bool{}
	for _, u := range unknowns {
		for _, reference := range u.settledBy {
			if !exist[reference] || settled[reference] {
				t.Errorf("%s: %s does not exist, or another unknown has it too", u.id, reference)
			}
			settled[reference] = true
		}
	}
}
