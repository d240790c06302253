// Where Terraform accepts the ephemeral resource, as the guide "Keep secrets out of state" lists.

package examples_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

func TestSecrets_EphemeralUses(t *testing.T) {
	t.Parallel()
	ws := prepared(t).Workspace(t, "")
	ws.Version(tfversion.Version1_11_0)
	ws.Copy("testdata/ephemeral")
	ws.MustRun("get")
	ws.MustRun("plan")
	refused := map[string]string{
		`output "plain"`:                    "value = local.s3cfg",
		`output "hidden"`:                   "value = local.s3cfg\n sensitive = true",
		`output "ephemeral"`:                "value = local.s3cfg\n ephemeral = true",
		`resource "terraform_data" "input"`: "input = local.s3cfg",
		`resource "terraform_data" "again"`: "triggers_replace = local.s3cfg",
	}
	var blocks strings.Builder
	for block, argument := range refused {
		blocks.WriteString(block + " {\n " + argument + "\n}\n")
	}
	ws.Write("refused.tf", blocks.String())
	output, code := ws.Run("plan")
	output = strings.ReplaceAll(output, "│", " ")
	for block := range refused {
		reports := regexp.MustCompile(`(?i)error: .*ephemeral.*\s+(?:with .*\s+)?on refused.tf line \d+(?:, in |:\s+\d+: )` + regexp.QuoteMeta(block))
		if code == 0 || !reports.MatchString(output) {
			t.Errorf("the plan ends with %d, without an error about %s:\n%s", code, block, output)
		}
	}
}
