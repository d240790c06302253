// The identity of a resource, which Terraform 1.12 and later store, and import: by identity, or by ID, name or key with an optional region.

package regional

import (
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
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

type identityModel struct {
	ID     types.String `tfsdk:"id"`
	Region types.String `tfsdk:"region"`
}

// IdentitySchema returns the schema of an identity that consists of an ID and a region.
func IdentitySchema(noun string) identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "ID of the " + noun + ", a UUID that Civo assigns."},
		"region": identityschema.StringAttribute{
			OptionalForImport: true, Description: "Region of the " + noun + ", such as LON1. Default: the provider's region.",
		},
	}}
}

// SetIdentity sets the identity of a record. The framework passes an identity that is not nil even if
// Terraform does not support identities.
func SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, record civo.Ref) diag.Diagnostics {
	return identity.Set(ctx, identityModel{StringOrNull(record.ID), types.StringValue(record.Region)})
}

// importTimeout is the timeout for finding the object to import.
const importTimeout = 2 * time.Minute

// ImportState finds the record with an identity or with an import ID, which is the value of one of the fields. It sets the ID, name and
// region. Terraform then reads the other attributes.
func ImportState[T civo.Record[T]](
	ctx context.Context, data *Data, wording diagnostics.Wording, fields []civo.Field,
	req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	ctx, cancel := context.WithTimeout(ctx, importTimeout)
	defer cancel()
	// Terraform does not notify providers when the user interrupts an import, but the terminal signals every process.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	operation := diagnostics.Operation{Wording: wording, Verb: diagnostics.Import, Subject: fmt.Sprintf("%q", req.ID)}
	client := data.ClientFor(operation, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	region, value, err := splitImportID(ctx, client, data.Region, req.ID)
	if err != nil {
		resp.Diagnostics.Append(operation.Error(err))
		return
	}
	if req.ID == "" {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		region, value, fields = data.RegionOr(identity.Region), identity.ID.ValueString(), []civo.Field{civo.FieldID}
	}
	by := civo.By(value, fields...)
	operation = operation.LookUp(by, region.ValueString())
	switch {
	case region.IsNull():
		resp.Diagnostics.AddError("Missing region", fmt.Sprintf(
			"Neither the import ID nor the provider specifies a region. Add the region to the import ID, as in LON1/%s, or set the provider's region.",
			civo.Printable(value)))
		return
	case region.IsUnknown():
		resp.Diagnostics.Append(operation.Error(diagnostics.UnknownArgumentError("region")))
		return
	}
	record, err := findImported[T](ctx, client, region.ValueString(), by)
	if err != nil {
		resp.Diagnostics.Append(operation.Error(withRegionHint(err, value)))
		return
	}
	found := record.Ref()
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), found.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), found.Name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("region"), found.Region)...)
	resp.Diagnostics.Append(SetIdentity(ctx, resp.Identity, found)...)
}

// findImported finds a record in a region. If another region contains the record, the error names that region.
func findImported[T civo.Record[T]](ctx context.Context, client *civo.Client, region string, by civo.Lookup) (T, error) {
	found, err := civo.Records[T](client, region).Find(ctx, by)
	if !civo.Is(err, civo.KindNotFound) {
		return found, err
	}
	found, err = civo.Records[T](client, region).FindInAnyRegion(ctx, by)
	if err != nil {
		return found, err
	}
	actual := found.Ref()
	return found, otherRegion(actual, fmt.Sprintf("no %s%s has the %s, but one%s does",
		actual.Noun, diagnostics.InRegion(region), by, diagnostics.InRegion(actual.Region)))
}

// splitImportID splits the import ID [REGION/]VALUE. The part before a slash can belong to a name, unless the account has such a region.
func splitImportID(
	ctx context.Context, client *civo.Client, preset types.String, id string,
) (region types.String, value string, err error) {
	prefix, rest, ok := cutRegion(id)
	if ok && !civo.SameRegion(prefix, preset.ValueString()) && !civo.IsUUID(rest) { // the request to an unknown region reports it
		var regions []civo.Region
		regions, err = client.Regions(ctx)
		ok = slices.ContainsFunc(regions, func(region civo.Region) bool { return civo.SameRegion(region.Code, prefix) })
	}
	if ok {
		return types.StringValue(prefix), rest, err
	}
	return preset, id, err
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
