// Import by identity, or by ID, name or key with an optional region.

package regional

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// importTimeout is the timeout for finding the object to import.
const importTimeout = 2 * time.Minute

// ImportState finds the object that an import ID or an identity describes, and sets its ID, name and region. Terraform then reads the
// other attributes. ImportState searches for the object, so that an error can explain why the import ID does not match.
func (r *Resource[O, M]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	ctx, cancel := context.WithTimeout(ctx, importTimeout)
	defer cancel()
	// Terraform does not notify providers when the user interrupts an import, but the terminal signals every process.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	region, id, idOrName := r.importTarget(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	operation, by := diagnostics.Operation{Wording: r.Type.Wording, Verb: diagnostics.Import}, civo.Lookup{ID: id}
	if id == "" {
		by = r.Type.ImportBy(idOrName)
	}
	imported, err := r.findImported(ctx, region, by)
	if err != nil {
		resp.Diagnostics.Append(operation.LookUp(by, region, "").Error(withRegionHint(err, idOrName)))
		return
	}
	found := imported.Ref()
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), found.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), found.Name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("region"), found.Region)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, found)...)
}

// findImported finds an object in a region. If another region contains the object, the error names that region.
func (r *Resource[O, M]) findImported(ctx context.Context, region string, by civo.Lookup) (O, error) {
	found, err := r.Type.Objects(r.Client, region).Find(ctx, by)
	if !civo.Is(err, civo.KindNotFound) {
		return found, err
	}
	found, err = r.Type.Objects(r.Client, region).FindInAnyRegion(ctx, by)
	if err != nil {
		return found, err
	}
	actual := found.Ref().Region
	return found, otherRegion(found, fmt.Sprintf("no %s in %s has the %s, but one in %s does", r.Type.Noun, region, by, actual))
}

// importTarget returns the region to search first, and either the ID of an identity or the value of an import ID.
func (r *Resource[O, M]) importTarget(
	ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics,
) (region, id, idOrName string) {
	if req.ID == "" {
		var identity identityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		id, region = identity.ID.ValueString(), identity.Region.ValueString()
	} else {
		var err error
		if region, idOrName, err = r.splitImportID(ctx, req.ID); err != nil {
			diags.Append(diagnostics.Operation{Wording: r.Type.Wording, Verb: diagnostics.Import, Subject: fmt.Sprintf("%q", req.ID)}.Error(err))
		}
	}
	if region == "" && r.Client.Region() == "" && !r.Client.RegionPending() && !diags.HasError() {
		diags.AddError("Missing region", fmt.Sprintf(
			"Neither the import ID nor the provider specifies a region. Add the region to the import ID, as in LON1/%s, or set the provider's region.",
			civo.Printable(cmp.Or(id, idOrName))))
	}
	return cmp.Or(region, r.Client.Region()), id, idOrName
}

// splitImportID splits an import ID that can be prefixed with REGION/. Names can contain slashes, so the part before the first
// slash is a region only if the account has it.
func (r *Resource[O, M]) splitImportID(ctx context.Context, id string) (region, value string, err error) {
	prefix, rest, ok := cutRegion(id)
	if ok && !civo.SameRegion(prefix, r.Client.Region()) && !civo.IsUUID(rest) { // the request to an unknown region reports it
		var regions []civo.Region
		regions, err = r.Client.Regions(ctx)
		ok = slices.ContainsFunc(regions, func(region civo.Region) bool { return civo.SameRegion(region.Code, prefix) })
	}
	if ok {
		return prefix, rest, err
	}
	return "", id, err
}

// withRegionHint adds to a not-found error that the part of the import ID before the slash is not a region.
func withRegionHint(err error, id string) error {
	prefix, _, ok := cutRegion(id)
	e, isClientError := errors.AsType[*civo.Error](err)
	if !ok || !isClientError || e.Kind != civo.KindNotFound {
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
