package credential_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// secretAttributes are the attributes about the secret. The columns of ignoreOutcomes name them by position.
var secretAttributes = []string{
	"secret_access_key", "secret_access_key_wo", "secret_access_key_wo_version", "secret_in_state", "rotate_when_changed",
}

// ignoreOutcomes are the expected outcomes of every switch between ways to set the secret (rows), for every choice of
// one or two attributes about the secret in ignore_changes (columns): none; each alone; and the pairs. Ignoring another
// attribute changes nothing about the secret.
//
//	K kept   S supplied   W write-only   G generated   R refused at plan, with an error that names ignore_changes
//
// An upper-case letter means that the state contains the secret, a lower-case letter that it contains none.
var ignoreOutcomes = map[string]string{
	"generated to generated":   "KKKKKKKKKKKKKKKK",
	"generated to hidden":      "kRkkKkRRKRkKkKkK",
	"generated to rotated":     "GRGGGKRRRKGGKGKK",
	"generated to supplied":    "SKSSSSKKKKSSSSSS",
	"generated to write-only":  "wRRKwwRKRRKRRKKw",
	"generated, unrelated":     "KKKKKKKKKKKKKKKK",
	"hidden to generated":      "KKKKkKKKkKKkKkKk",
	"hidden to hidden":         "kkkkkkkkkkkkkkkk",
	"hidden to rotated":        "GGGGgKGGgKGgKgKk",
	"hidden to supplied":       "SKSSRSKKkKSRSRSR",
	"hidden to write-only":     "wwRKwwRKwwKRRkKw",
	"hidden, unrelated":        "kkkkkkkkkkkkkkkk",
	"rotated to generated":     "GKGGGKKKKKGGKGKK",
	"rotated to hidden":        "gRggGkRRKRgGkGkK",
	"rotated to rotated":       "GRGGGKRRRKGGKGKK",
	"rotated to supplied":      "SKSSSSKKKKSSSSSS",
	"rotated to write-only":    "wRRGwwRKRRGRRGKw",
	"rotated, unrelated":       "KKKKKKKKKKKKKKKK",
	"supplied to generated":    "KKKKKKKKKKKKKKKK",
	"supplied to hidden":       "kRkkKkRRKRkKkKkK",
	"supplied to rotated":      "GRGGGKRRRKGGKGKK",
	"supplied to supplied":     "SKSSSSKKKKSSSSSS",
	"supplied to write-only":   "wRRKwwRKRRKRRKKw",
	"supplied, unrelated":      "KKKKKKKKKKKKKKKK",
	"write-only to generated":  "GGGkGGGkGGkGGkkG",
	"write-only to hidden":     "gggkGggkGgkGgkkG",
	"write-only to rotated":    "GGGRGGGRGGRGGRkG",
	"write-only to supplied":   "SGSRSSGkGGRSSRRS",
	"write-only to write-only": "wwRkwwRkwwkRRkkw",
	"write-only, unrelated":    "kkkkkkkkkkkkkkkk",
}

// ignoreColumns are the columns of ignoreOutcomes: the ignored attributes by their position in secretAttributes.
var ignoreColumns = []string{"", "0", "1", "2", "3", "4", "01", "02", "03", "04", "12", "13", "14", "23", "24", "34"}

// secretModes returns the ways to set the secret. Two generations of one mode differ.
func secretModes(generation int) map[string]acctest.Object {
	return map[string]acctest.Object{
		"generated":  {},
		"supplied":   {"secret_access_key": fmt.Sprintf("supplied-%d", generation)},
		"write-only": {"secret_access_key_wo": fmt.Sprintf("write-only-%d", generation), "secret_access_key_wo_version": generation},
		"hidden":     {"secret_in_state": false},
		"rotated":    {"rotate_when_changed": map[string]string{"generation": strconv.Itoa(generation)}},
	}
}

// modesOf returns the configurations before and after the switch of a row of ignoreOutcomes.
func modesOf(row string) (before, after acctest.Object) {
	from, to, changesMode := strings.Cut(row, " to ")
	if changesMode {
		return secretModes(1)[from], secretModes(2)[to]
	}
	before = secretModes(1)[strings.TrimSuffix(row, ", unrelated")]
	after = maps.Clone(before)
	after["access_key_id"] = "other"
	return before, after
}

func TestIgnoreChanges(t *testing.T) {
	t.Parallel()
	if modes := len(secretModes(1)); len(ignoreOutcomes) != modes*modes+modes {
		t.Fatalf("the table has %d rows", len(ignoreOutcomes))
	}
	for row, outcomes := range ignoreOutcomes {
		for column, ignored := range ignoreColumns {
			t.Run(row+", ignoring "+ignored, func(t *testing.T) {
				t.Parallel()
				var attributes []string
				for _, position := range ignored {
					attributes = append(attributes, secretAttributes[position-'0'])
				}
				before, after := modesOf(row)
				checkIgnoring(t, before, after, attributes, outcomes[column])
			})
		}
		t.Run(row+", ignoring all", func(t *testing.T) {
			t.Parallel()
			before, after := modesOf(row)
			kept := byte('K')
			if before["secret_in_state"] != nil || before["secret_access_key_wo_version"] != nil {
				kept = 'k'
			}
			all := append(slices.Clone(secretAttributes), "access_key_id", "name", "region", "timeouts")
			checkIgnoring(t, before, after, all, kept)
		})
	}
}

// checkIgnoring switches from one configuration to another while attributes are ignored, and checks the outcome.
func checkIgnoring(t *testing.T, before, after acctest.Object, ignored []string, want byte) {
	t.Helper()
	s := acctest.NewScenario(t, civosim.Options{})
	before, after = maps.Clone(before), maps.Clone(after)
	before["name"], after["name"] = "some-name", "some-name"
	s.Apply(before)
	secret := s.Remote().SecretAccessKey
	plan, diags := s.PlanIgnoring(t.Context(), s.Instance, after, ignored...)
	if diags.Failed() {
		if want != 'R' || !strings.Contains(diags.String(), "from ignore_changes") {
			t.Errorf("the outcome is not %c: %s", want, diags)
		}
		return
	}
	if diags := s.Driver.Apply(t.Context(), s.Instance, plan); diags.Failed() {
		t.Fatal(diags)
	}
	if got := ignoreOutcome(secret, s.Remote().SecretAccessKey, s.Get("secret_access_key")); got != want {
		t.Errorf("the outcome is %c, not %c", got, want)
	}
	if plan, diags := s.PlanIgnoring(t.Context(), s.Instance, after, ignored...); diags.Failed() || !plan.IsEmpty() {
		t.Errorf("the next plan is not empty: %s", diags)
	}
}

// ignoreOutcome returns the letter in ignoreOutcomes, or ! if the state contains a secret that Civo does not have.
func ignoreOutcome(before, after, state string) byte {
	outcome := byte('G')
	switch after {
	case before:
		outcome = 'K'
	case "supplied-2":
		outcome = 'S'
	case "write-only-2":
		outcome = 'W'
	}
	switch state {
	case after:
		return outcome
	case "":
		return outcome - 'A' + 'a'
	default:
		return '!'
	}
}

// Terraform merges ignored attributes into the plan as PlanIgnoring does: a secret that is in the state, a version, and all attributes.
func TestIgnoreChanges_Terraform(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	config := func(refused, versioned, all string) string {
		block := func(name, arguments, ignored string) string {
			return fmt.Sprintf("resource \"civo_objectstore_credential\" %[1]q {\n  name = %[1]q\n  %[2]s\n  lifecycle {\n    ignore_changes = %[3]s\n  }\n}\n", name, arguments, ignored)
		}
		return required + block("refused", refused, "[secret_access_key]") +
			block("versioned", versioned, "[secret_access_key_wo_version]") + block("all", all, "all")
	}
	const one, two = "secret_access_key_wo = \"one\"\n  secret_access_key_wo_version = 1", "secret_access_key_wo = \"two\"\n  secret_access_key_wo_version = 2"
	ws := w.Workspace(t, config("", one, "secret_access_key = \"one\""))
	ws.Version(tfversion.Version1_11_0)
	ws.MustRun("apply", "-auto-approve")
	before := byID(w.Credentials(""))
	ws.Write("main.tf", config(two, two, two))
	output, _ := ws.Run("plan", "-no-color")
	if strings.Count(output, "Error: ") != 1 || !strings.Contains(output, "with civo_objectstore_credential.refused") {
		t.Errorf("the plan does not fail for the credential that ignores its secret: %s", output)
	}
	ws.Write("main.tf", config("", two, two))
	ws.MustRun("plan", "-detailed-exitcode")
	ws.MustRun("apply", "-auto-approve")
	if after := byID(w.Credentials("")); !maps.Equal(before, after) {
		t.Errorf("%+v became %+v", before, after)
	}
}
