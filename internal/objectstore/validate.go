// Rules for values that Civo is certain to reject. All other values are sent to Civo.

package objectstore

import (
	"context"
	"fmt"
	"math"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

var (
	validName  = regional.NameRule("object store", "Use a name without control characters, such as \"acme-backups\".")
	validOwner = regional.KeyRule("access key ID", "Use the access key ID of the credential that owns the object store, or remove the argument.")
	lookupName = regional.NameRule("object store", "Use the complete name of the object store, or look up the object store by id. "+
		"`civo objectstore ls` lists the names.")
	lookupID = regional.IDRule("object store", "civo objectstore ls", "You can also look up the object store by name.")
)

// validSize is a validator that accepts positive multiples of 500 GB.
type validSize struct{}

func (validSize) Description(context.Context) string {
	return "A multiple of 500 that is at least 500."
}

func (v validSize) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (validSize) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	size := req.ConfigValue.ValueInt64()
	if !regional.IsSet(req.ConfigValue) || size > 0 && size%defaultSizeGB == 0 {
		return
	}
	use := fmt.Sprintf("Use %d", defaultSizeGB)
	if below := size / defaultSizeGB * defaultSizeGB; below > 0 && below < math.MaxInt64-defaultSizeGB {
		use = fmt.Sprintf("Use %d or %d", below, below+defaultSizeGB)
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid object store size",
		fmt.Sprintf("The size must be a multiple of %d GB and at least %d GB, but the value is %d GB. %s.", defaultSizeGB, defaultSizeGB, size, use))
}
