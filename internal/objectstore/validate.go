// Rules for values that Civo is certain to reject. All other values are sent to Civo.

package objectstore

import (
	"context"
	"fmt"
	"math"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

var (
	validName = regional.StringRule{
		Summary: "Invalid object store name",
		Rule:    "Use a name without control characters, such as \"acme-backups\".",
		Wrong:   regional.CheckName,
	}
	validOwner = regional.StringRule{
		Summary: "Invalid access key ID",
		Rule:    "Use the access key ID of the credential that owns the object store, or remove the argument.",
		Wrong:   regional.CheckKey,
	}
	lookupName = regional.StringRule{
		Summary: "Invalid object store name",
		Rule:    "Use the complete name of the object store, or look up the object store by id. `civo objectstore ls` lists the names.",
		Wrong:   regional.CheckName,
	}
	lookupID = regional.StringRule{
		Summary: "Invalid object store ID",
		Rule:    "An ID is a UUID, such as 5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f. `civo objectstore ls -o json` shows the IDs. You can also look up the object store by name.",
		Wrong:   regional.CheckID,
	}
)

// validSize is a validator that accepts positive multiples of 500 GB.
type validSize struct{}

// Description implements validator.Int64.
func (validSize) Description(context.Context) string {
	return "A multiple of 500 that is at least 500."
}

// MarkdownDescription implements validator.Int64.
func (v validSize) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateInt64 implements validator.Int64.
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

var _ resource.ResourceWithValidateConfig = (*storeResource)(nil)

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (r *storeResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	if regional.AttributesOf(req.Config.Raw).SetsAny("timeouts") {
		resp.Diagnostics.Append(regional.ValidateTimeouts(ctx, req.Config, "create", "update", "delete")...)
	}
}
