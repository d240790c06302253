package credential

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// ImportState implements resource.ResourceWithImportState. It finds the credential itself, so that what is wrong with an
// import id is told in full; Terraform then reads the rest.
func (r *credentialResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	wanted := parseImportID(req.ID)
	by := civo.Lookup{Any: wanted.value}
	if req.ID == "" {
		var id, region types.String
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("region"), &region)...)
		wanted = importID{region: civo.CanonicalRegion(region.ValueString()), value: id.ValueString()}
		by = civo.Lookup{ID: wanted.value}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if wanted.region == "" {
		wanted.region = r.client.Region()
	}
	if wanted.region == "" && !r.client.RegionPending() {
		resp.Diagnostics.AddError("No region", fmt.Sprintf(
			"Neither the import id nor the provider names a region. Write the region before it, as in LON1/%s, or set the provider's region.", wanted.value))
		return
	}
	found, err := r.client.LocateCredential(ctx, wanted.region, by)
	if err != nil {
		resp.Diagnostics.Append(task{toImport, fmt.Sprintf("%q from %s", wanted.value, wanted.region)}.failed(err))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), found.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), found.Name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("region"), found.Region)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, found)...)
}

// importID is what an import id means.
type importID struct {
	region string // upper case; empty: the provider's
	value  string // an id, a name or an access key ID
}

// parseImportID reads ID, NAME or ACCESS_KEY_ID, each also behind "REGION/". A slash that no region stands before
// belongs to the name.
func parseImportID(id string) importID {
	if region, value, ok := strings.Cut(id, "/"); ok && civo.IsRegion(region) {
		return importID{civo.CanonicalRegion(region), value}
	}
	return importID{value: id}
}
