// Import by ID, name, access key ID or identity.

package credential

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// importTimeout is the timeout for finding the credential to import.
const importTimeout = 2 * time.Minute

// ImportState implements resource.ResourceWithImportState. It finds the credential itself, so that errors can describe what is
// wrong with the import ID. Terraform then reads the other attributes.
func (r *credentialResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	ctx, cancel := context.WithTimeout(ctx, importTimeout)
	defer cancel()
	// Terraform does not notify providers when the user interrupts an import, but the terminal signals every process.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	region, lookup, ok := r.importTarget(ctx, req, &resp.Diagnostics)
	if !ok {
		return
	}
	found, err := r.client.FindCredential(ctx, region, lookup)
	if civo.IsNotFound(err) {
		err = withRegionHint(r.searchOtherRegions(ctx, region, lookup), lookup)
	}
	if err != nil {
		resp.Diagnostics.Append(operation{toImport, fmt.Sprintf("the credential with the %s%s", lookup, inRegion(region))}.errorDiagnostic(err))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), found.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), found.Name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("region"), found.Region)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, found)...)
}

// importTarget returns the lookup that the import ID or the identity describes.
func (r *credentialResource) importTarget(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) (string, civo.Lookup, bool) {
	var region types.String
	var lookup civo.Lookup
	if req.ID == "" {
		var id types.String
		diags.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
		diags.Append(req.Identity.GetAttribute(ctx, path.Root("region"), &region)...)
		lookup.ID = id.ValueString()
	} else {
		prefix, value, err := r.splitImportID(ctx, req.ID)
		if err != nil {
			diags.Append(operation{toImport, fmt.Sprintf("%q", req.ID)}.errorDiagnostic(err))
		}
		region, lookup.Any = stringOrNull(prefix), value
	}
	if diags.HasError() {
		return "", lookup, false
	}
	if region.ValueString() == "" && r.client.Region() == "" && !r.client.RegionPending() {
		diags.AddError("Missing region", fmt.Sprintf(
			"Neither the import ID nor the provider specifies a region. Add the region to the import ID, as in LON1/%s, or set the provider's region.",
			civo.Printable(cmp.Or(lookup.ID, lookup.Any))))
		return "", lookup, false
	}
	return cmp.Or(region.ValueString(), r.client.Region()), lookup, true
}

// splitImportID splits ID, NAME or ACCESS_KEY_ID, each optionally prefixed with REGION/. Names can contain slashes, so the part
// before the first slash is a region only if the account has it.
func (r *credentialResource) splitImportID(ctx context.Context, id string) (region, value string, err error) {
	prefix, rest, ok := cutRegion(id)
	if !ok {
		return "", id, nil
	}
	if civo.SameRegion(prefix, r.client.Region()) {
		return prefix, rest, nil
	}
	_, known, err := r.client.FindRegion(ctx, prefix)
	switch {
	case known, civo.IsUUID(rest): // the request to an unknown region reports it
		return prefix, rest, nil
	case err != nil:
		return "", "", err
	}
	return "", id, nil
}

// withRegionHint adds to the error of an unsuccessful lookup that the part before the slash is not a region.
func withRegionHint(err error, lookup civo.Lookup) error {
	prefix, _, ok := cutRegion(lookup.Any)
	e, isClientError := errors.AsType[*civo.Error](err)
	if !ok || !isClientError || !civo.IsNotFound(err) {
		return err
	}
	hinted := *e
	hinted.Reason += fmt.Sprintf("; %q is not a region of the account", prefix)
	return &hinted
}

// cutRegion splits an import ID whose first part has the form of a region code.
func cutRegion(id string) (region, value string, ok bool) {
	region, value, ok = strings.Cut(id, "/")
	return region, value, ok && civo.IsRegion(region) && value != ""
}

// searchOtherRegions searches the other regions for a credential that its region does not contain, and returns the error to
// report.
func (r *credentialResource) searchOtherRegions(ctx context.Context, region string, lookup civo.Lookup) error {
	found, err := r.client.FindCredentialInAnyRegion(ctx, region, lookup)
	if err != nil {
		return err
	}
	return &civo.Error{
		Kind: civo.KindOtherRegion, Credentials: []civo.Credential{{ID: found.ID, Name: found.Name, Region: found.Region, AccessKeyID: found.AccessKeyID}},
		Reason: fmt.Sprintf("no credential in %s has the %s, but one in %s does", region, lookup, found.Region),
	}
}
