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
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// importTimeout is the timeout for finding the object to import.
const importTimeout = 2 * time.Minute

// ImportTarget describes the object to import.
type ImportTarget struct {
	Region string
	ID     string // from an identity
	Any    string // from an import ID: an ID, a name or another key
}

// Import finds the object that an import ID or an identity describes, and sets its ID, name and region. Terraform then reads the other
// attributes. Import searches for the object, so that an error can explain why the import ID does not match. The function find searches
// the region of the target first and can search other regions. It returns the ID, name and region of the object.
func (r *Resource) Import(
	ctx context.Context, kind diagnostics.Kind, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
	find func(ctx context.Context, target ImportTarget) (id, name, region string, err error),
) {
	ctx, cancel := context.WithTimeout(ctx, importTimeout)
	defer cancel()
	// Terraform does not notify providers when the user interrupts an import, but the terminal signals every process.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	target, ok := r.importTarget(ctx, kind, req, &resp.Diagnostics)
	if !ok {
		return
	}
	id, name, region, err := find(ctx, target)
	if err != nil {
		resp.Diagnostics.Append(kind.With(diagnostics.Import, target.describe(kind), target.Region).Error(target.withRegionHint(err)))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("region"), region)...)
	resp.Diagnostics.Append(SetIdentity(ctx, resp.Identity, id, region)...)
}

// describe returns the target as part of a sentence.
func (t ImportTarget) describe(kind diagnostics.Kind) string {
	if t.ID != "" {
		return fmt.Sprintf("ID %q", t.ID)
	}
	return fmt.Sprintf("%s %q", kind.ImportKeys, t.Any)
}

func (r *Resource) importTarget(ctx context.Context, kind diagnostics.Kind, req resource.ImportStateRequest, diags *diag.Diagnostics) (ImportTarget, bool) {
	var target ImportTarget
	if req.ID == "" {
		var id, region types.String
		diags.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
		diags.Append(req.Identity.GetAttribute(ctx, path.Root("region"), &region)...)
		target.ID, target.Region = id.ValueString(), region.ValueString()
	} else {
		var err error
		if target.Region, target.Any, err = r.splitImportID(ctx, req.ID); err != nil {
			diags.Append(diagnostics.Operation{Kind: kind, Verb: diagnostics.Import, Subject: fmt.Sprintf("%q", req.ID)}.Error(err))
		}
	}
	if target.Region == "" && r.Client.Region() == "" && !r.Client.RegionPending() && !diags.HasError() {
		diags.AddError("Missing region", fmt.Sprintf(
			"Neither the import ID nor the provider specifies a region. Add the region to the import ID, as in LON1/%s, or set the provider's region.",
			civo.Printable(cmp.Or(target.ID, target.Any))))
	}
	target.Region = cmp.Or(target.Region, r.Client.Region())
	return target, !diags.HasError()
}

// splitImportID splits an import ID that can be prefixed with REGION/. Names can contain slashes, so the part before the first
// slash is a region only if the account has it.
func (r *Resource) splitImportID(ctx context.Context, id string) (region, value string, err error) {
	prefix, rest, ok := cutRegion(id)
	if !ok {
		return "", id, nil
	}
	if civo.SameRegion(prefix, r.Client.Region()) {
		return prefix, rest, nil
	}
	regions, err := r.Client.Regions(ctx)
	isPrefix := func(region civo.Region) bool { return civo.SameRegion(region.Code, prefix) }
	switch {
	case slices.ContainsFunc(regions, isPrefix), civo.IsUUID(rest): // the request to an unknown region reports it
		return prefix, rest, nil
	case err != nil:
		return "", "", err
	}
	return "", id, nil
}

// withRegionHint adds to a not-found error that the part of the import ID before the slash is not a region.
func (t ImportTarget) withRegionHint(err error) error {
	prefix, _, ok := cutRegion(t.Any)
	e, isClientError := errors.AsType[*civo.Error](err)
	if !ok || !isClientError || !civo.Is(err, civo.KindNotFound) {
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
