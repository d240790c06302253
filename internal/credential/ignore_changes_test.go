package credential_test

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// resourceAttributes are all attributes and blocks of the resource, those about the secret first.
var resourceAttributes = []string{
	"secret_access_key", "secret_access_key_wo", "secret_access_key_wo_version", "secret_in_state", "rotate_when_changed",
	"access_key_id", "name", "region", "id", "endpoint", "status", "suspended", "timeouts",
}

// secretAttributes is how many of resourceAttributes are about the secret.
const secretAttributes = 5

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

// ignoreColumns are the columns of ignoreOutcomes: the ignored attributes by their position in resourceAttributes.
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

// ignoreSwitch is a row of ignoreOutcomes.
type ignoreSwitch struct{ from, to acctest.Object }

func ignoreSwitches() map[string]ignoreSwitch {
	switches := map[string]ignoreSwitch{}
	for from, before := range secretModes(1) {
		for to, after := range secretModes(2) {
			switches[from+" to "+to] = ignoreSwitch{before, after}
		}
		unrelated := maps.Clone(before)
		unrelated["access_key_id"] = "other"
		switches[from+", unrelated"] = ignoreSwitch{before, unrelated}
	}
	return switches
}

// ignoreBlock is a resource block: its name, what it ignores, and the only rows that it has instances of (nil: all).
type ignoreBlock struct {
	name    string
	column  int
	ignores []string
	rows    []string
}

// ignoreSample are the rows of blocks that ignore something that is not about the secret: one for every outcome.
var ignoreSample = []string{"generated to rotated", "hidden to supplied", "write-only to generated"}

func ignoreBlocks() []ignoreBlock {
	blocks := []ignoreBlock{{name: "none"}, {name: "all", column: -1, ignores: []string{"all"}}}
	for i, first := range resourceAttributes {
		if i >= secretAttributes {
			j := i % secretAttributes
			second := resourceAttributes[j]
			blocks = append(blocks, ignoreBlock{second + "_" + first, ignoreColumn(j, i), []string{second, first}, ignoreSample})
			continue
		}
		blocks = append(blocks, ignoreBlock{"only_" + first, ignoreColumn(i), []string{first}, nil})
		for j, second := range resourceAttributes[:i] {
			blocks = append(blocks, ignoreBlock{second + "_" + first, ignoreColumn(j, i), []string{second, first}, changedModes()})
		}
	}
	return blocks
}

// changedModes are the rows that change the way to set the secret.
func changedModes() []string {
	var rows []string
	for from := range secretModes(1) {
		for to := range secretModes(2) {
			if from != to {
				rows = append(rows, from+" to "+to)
			}
		}
	}
	return rows
}

func (b ignoreBlock) has(row string) bool { return b.rows == nil || slices.Contains(b.rows, row) }

func ignoreColumn(attributes ...int) int {
	key := ""
	for _, i := range attributes {
		if i < secretAttributes {
			key += strconv.Itoa(i)
		}
	}
	return slices.Index(ignoreColumns, key)
}

func (b ignoreBlock) config() string {
	ignores := "[" + strings.Join(b.ignores, ", ") + "]"
	if b.name == "all" {
		ignores = "all"
	}
	arguments := ""
	for _, argument := range []string{
		"name", "access_key_id", "secret_access_key", "secret_access_key_wo", "secret_access_key_wo_version", "secret_in_state", "rotate_when_changed",
	} {
		arguments += fmt.Sprintf("  %[1]s = each.value.%[1]s\n", argument)
	}
	return fmt.Sprintf("resource \"civo_objectstore_credential\" %[1]q {\n  for_each = var.cases[%[1]q]\n%[2]s  lifecycle { ignore_changes = %[3]s }\n}\n",
		b.name, arguments, ignores)
}

const ignoreVariable = `
variable "cases" {
  type = map(map(object({
    name = string, access_key_id = optional(string), secret_access_key = optional(string), secret_access_key_wo = optional(string),
    secret_access_key_wo_version = optional(number), secret_in_state = optional(bool), rotate_when_changed = optional(map(string))
  })))
}
`

// ignoreMatrix is the workspace of the test, with one credential for every switch in every block.
type ignoreMatrix struct {
	w        *acctest.Env
	ws       *acctest.Workspace
	blocks   []ignoreBlock
	switches map[string]ignoreSwitch
}

func (m *ignoreMatrix) address(block ignoreBlock, row string) string {
	return fmt.Sprintf("civo_objectstore_credential.%s[%q]", block.name, row)
}

// write sets the configuration of every credential; those at the addresses in keep stay as they were created.
func (m *ignoreMatrix) write(t *testing.T, choose func(ignoreSwitch) acctest.Object, keep map[string]string) {
	t.Helper()
	cases := map[string]map[string]acctest.Object{}
	for _, block := range m.blocks {
		cases[block.name] = map[string]acctest.Object{}
		for row, change := range m.switches {
			if !block.has(row) {
				continue
			}
			config := maps.Clone(choose(change))
			if keep[m.address(block, row)] != "" {
				config = maps.Clone(change.from)
			}
			name := strings.NewReplacer(" ", "-", ",", "").Replace(block.name + "-" + row)
			if config["access_key_id"] != nil {
				config["access_key_id"] = "key-" + name
			}
			config["name"] = fmt.Sprintf("%.63s", fmt.Sprintf("%08x-%s", hash(name), name))
			cases[block.name][row] = config
		}
	}
	text, err := json.Marshal(map[string]any{"cases": cases})
	if err != nil {
		t.Fatal(err)
	}
	m.ws.Write("terraform.tfvars.json", string(text))
}

// secrets returns the secrets in the state by address ("" for null), and those at Civo by the same address.
func (m *ignoreMatrix) secrets(t *testing.T) (state, remote map[string]string) {
	t.Helper()
	var file struct {
		Resources []struct {
			Name      string `json:"name"`
			Instances []struct {
				IndexKey   string `json:"index_key"`
				Attributes struct {
					ID     string `json:"id"`
					Secret string `json:"secret_access_key"`
				} `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal([]byte(m.ws.Read("terraform.tfstate")), &file); err != nil {
		t.Fatal(err)
	}
	state, remote = map[string]string{}, map[string]string{}
	for _, block := range file.Resources {
		for _, instance := range block.Instances {
			address := m.address(ignoreBlock{name: block.Name}, instance.IndexKey)
			state[address] = instance.Attributes.Secret
			there, ok := m.w.Credential(instance.Attributes.ID)
			if !ok {
				t.Fatalf("%s has the ID %s, which Civo does not know", address, instance.Attributes.ID)
			}
			remote[address] = there.SecretAccessKey
		}
	}
	return state, remote
}

// plan returns the errors of a plan and the changes that it contains, by address.
func (m *ignoreMatrix) plan(t *testing.T) (failures, changes map[string]string) {
	t.Helper()
	output, _ := m.ws.Run("plan", "-json", "-parallelism=30", "-out=plan")
	failures, changes = map[string]string{}, map[string]string{}
	for line := range strings.Lines(output) {
		var message struct {
			Type       string `json:"type"`
			Diagnostic struct {
				Severity string `json:"severity"`
				Address  string `json:"address"`
				Summary  string `json:"summary"`
				Detail   string `json:"detail"`
			} `json:"diagnostic"`
			Change struct {
				Action   string `json:"action"`
				Resource struct {
					Addr string `json:"addr"`
				} `json:"resource"`
			} `json:"change"`
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		switch {
		case message.Type == "diagnostic" && message.Diagnostic.Severity == "error":
			failures[message.Diagnostic.Address] += message.Diagnostic.Summary + ": " + message.Diagnostic.Detail + "\n"
		case message.Type == "planned_change":
			changes[message.Change.Resource.Addr] = message.Change.Action
		}
	}
	return failures, changes
}

// planSwitches plans all switches that the provider does not refuse, and returns the errors of the others by address.
func (m *ignoreMatrix) planSwitches(t *testing.T) map[string]string {
	t.Helper()
	refused := map[string]string{}
	for {
		m.write(t, func(s ignoreSwitch) acctest.Object { return s.to }, refused)
		failures, _ := m.plan(t) // Terraform 1.16 stops after some errors, so a plan may not report all of them
		if len(failures) == 0 {
			return refused
		}
		known := len(refused)
		maps.Copy(refused, failures)
		if len(refused) == known {
			t.Fatalf("the plan fails although the switches that it refused are reverted: %v", failures)
		}
	}
}

func TestIgnoreChanges(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	m := &ignoreMatrix{w: w, blocks: ignoreBlocks(), switches: ignoreSwitches()}
	config := required + ignoreVariable
	for _, block := range m.blocks {
		config += block.config()
	}
	m.ws = w.Workspace(t, config)
	m.ws.Version(tfversion.Version1_11_0)

	m.write(t, func(s ignoreSwitch) acctest.Object { return s.from }, nil)
	m.ws.MustRun("apply", "-auto-approve", "-no-color", "-parallelism=30")
	_, before := m.secrets(t)
	refused := m.planSwitches(t)
	m.ws.MustRun("apply", "-no-color", "-parallelism=30", "plan")
	state, after := m.secrets(t)
	failures, changes := m.plan(t)
	for address, failure := range failures {
		t.Errorf("the plan after the apply fails for %s: %s", address, failure)
	}

	if len(ignoreOutcomes) != len(m.switches) {
		t.Errorf("the table has %d rows, not %d", len(ignoreOutcomes), len(m.switches))
	}
	for row := range m.switches {
		for _, block := range m.blocks {
			if !block.has(row) {
				continue
			}
			address := m.address(block, row)
			got := ignoreOutcome(before[address], after[address], state[address])
			if refused[address] != "" {
				got = 'R'
				if !strings.Contains(refused[address], "from ignore_changes") {
					t.Errorf("%s: the error does not say what to remove from ignore_changes: %s", address, refused[address])
				}
			}
			if want := m.want(block, row); got != want {
				t.Errorf("%s: the outcome is %c, not %c %s", address, got, want, refused[address])
			}
			if refused[address] == "" && changes[address] != "" {
				t.Errorf("%s: the plan after the apply is not empty but plans to %s", address, changes[address])
			}
		}
	}
}

// want returns the expected outcome. ignore_changes = all keeps everything.
func (m *ignoreMatrix) want(block ignoreBlock, row string) byte {
	switch from := m.switches[row].from; {
	case block.column >= 0:
		return ignoreOutcomes[row][block.column]
	case from["secret_in_state"] != nil || from["secret_access_key_wo_version"] != nil:
		return 'k'
	default:
		return 'K'
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

func hash(text string) uint32 {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(text))
	return sum.Sum32()
}
