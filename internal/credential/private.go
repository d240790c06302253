package credential

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Keys of the private state: what the provider remembers of a resource that no attribute shows. Nothing secret is in it.
const (
	adoptedKey = "adopted" // true from an import or a move until the first apply
	regionKey  = "region"  // of the credential that a new one replaces, from its plan to its creation
)

// privateReader is the part of a request's private state that reads. The framework's own type cannot be named.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// privateWriter is the part of a response's private state that writes.
type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func isAdopted(ctx context.Context, private privateReader, diags *diag.Diagnostics) bool {
	var adopted bool
	readPrivate(ctx, private, adoptedKey, &adopted, diags)
	return adopted
}

func setAdopted(ctx context.Context, private privateWriter, adopted bool, diags *diag.Diagnostics) {
	writePrivate(ctx, private, adoptedKey, adopted, diags)
}

// rememberRegion keeps a replacement where the credential was that it replaces, though the provider's region changed:
// Terraform plans the creation as if there had been nothing, but hands over the private state.
func rememberRegion(ctx context.Context, resp *resource.ModifyPlanResponse, region string) {
	writePrivate(ctx, resp.Private, regionKey, region, &resp.Diagnostics)
}

func replacedRegion(ctx context.Context, private privateReader, diags *diag.Diagnostics) string {
	var region string
	readPrivate(ctx, private, regionKey, &region, diags)
	return region
}

func readPrivate(ctx context.Context, private privateReader, key string, into any, diags *diag.Diagnostics) {
	data, problems := private.GetKey(ctx, key)
	diags.Append(problems...)
	if len(data) == 0 {
		return
	}
	if err := json.Unmarshal(data, into); err != nil {
		diags.AddError("The private state cannot be read", "The state's private data of the resource has been damaged: "+err.Error())
	}
}

func writePrivate(ctx context.Context, private privateWriter, key string, value any, diags *diag.Diagnostics) {
	data, err := json.Marshal(value)
	if err != nil {
		diags.AddError("The private state cannot be written", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, key, data)...)
}
