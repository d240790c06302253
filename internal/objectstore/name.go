// The names that no bucket can have. Civo creates each object store as a bucket of a Ceph gateway, which rejects them.

package objectstore

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

const minName, maxName = 3, 63 // characters

var (
	otherCharacters  = regexp.MustCompile(`[^a-z0-9.-]+`)
	emptyLabels      = regexp.MustCompile(`[.-]*\.[.-]*`) // labels that are empty, or begin or end with a hyphen, have one of these around the dot
	isLetterOrNumber = regexp.MustCompile(`^[a-z0-9].*[a-z0-9]$`)
	addressForm      = regexp.MustCompile(`^\d+(\.\d+){3}$`) // the gateway does not look at the values of the numbers
)

// invalidName describes the rule that a name breaks, or returns "".
func invalidName(name string) string {
	switch {
	case len(name) < minName:
		return fmt.Sprintf("it has fewer than %d characters", minName)
	case strings.ContainsFunc(name, func(r rune) bool { return 'A' <= r && r <= 'Z' }):
		return "it contains an upper-case letter"
	case otherCharacters.MatchString(name):
		return "it contains a character that is not a lower-case letter, a digit, a hyphen, or a period"
	case len(name) > maxName:
		return fmt.Sprintf("it has more than %d characters", maxName)
	case !isLetterOrNumber.MatchString(name):
		return "it does not begin and end with a lower-case letter or a digit"
	case strings.Contains(name, ".."), strings.Contains(name, ".-"), strings.Contains(name, "-."):
		return "it contains a period next to a hyphen or to another period"
	case addressForm.MatchString(name):
		return "it has the form of an IP address"
	}
	return ""
}

// suggestName returns a valid name that resembles an invalid one.
func suggestName(name string) string {
	name = otherCharacters.ReplaceAllString(strings.ToLower(name), "-")
	name = emptyLabels.ReplaceAllString(name, ".")
	name = strings.Trim(name[:min(len(name), maxName)], ".-")
	if addressForm.MatchString(name) {
		name = strings.ReplaceAll(name, ".", "-")
	}
	if len(name) < minName {
		name = strings.TrimPrefix(name+"-backups", "-")
	}
	return name
}

// checkNewName returns an error for a new store whose name no bucket can have. If a store in the region has the name, Terraform replaces
// it, or recreates a tainted one. The check then only warns, because an error would also prevent `terraform destroy`.
func (r *storeResource) checkNewName(ctx context.Context, plan resourceModel) diag.Diagnostics {
	name := plan.Name.ValueString()
	problem := invalidName(name)
	if problem == "" || plan.Name.IsUnknown() {
		return nil
	}
	summary, detail := "Invalid object store name", fmt.Sprintf("%s cannot be the name of a new object store, because %s. The name is also the name of the S3 bucket, and must consist of "+
		"%d to %d lower-case letters, digits, hyphens, and periods. For example, use %q.", civo.Quote(name), problem, minName, maxName, suggestName(name))
	if r.data.Client != nil && regional.IsSet(plan.Region) {
		_, err := r.data.Client.ObjectStores(plan.Region.ValueString()).Find(ctx, civo.By(name, civo.FieldName))
		if civo.Is(err, civo.KindNotFound) {
			return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("name"), summary, detail)}
		}
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("name"), summary, detail)}
}
