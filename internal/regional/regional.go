// Package regional contains what the resources and data sources for records in a region share.
package regional

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// Data is the configuration of the provider. Arguments of the provider can be unknown during plan.
type Data struct {
	Client   *civo.Client // nil while an argument that it requires is not known yet
	Unknown  string       // the name of that argument
	Region   types.String // default region; null if none is configured
	Endpoint types.String // URL of the object stores; may contain "{region}"

	RegionSource string // where the default region is configured, such as "the provider block"

	warned sync.Map // the keys of IsFirst
}

// IsFirst reports whether this is the first call in the run with the key, so that a warning about many records appears once.
func (d *Data) IsFirst(key string) bool {
	_, called := d.warned.LoadOrStore(key, true)
	return !called
}

// DataOf returns the data of the provider, or nil if it is not configured, as during validation. Another type of data is an error.
func DataOf(configured any, diags *diag.Diagnostics) *Data {
	data, ok := configured.(*Data)
	if !ok && configured != nil {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("Expected *regional.Data, got %T. This is a bug in the provider. Report it to the provider developers.", configured))
	}
	return data
}

// ClientFor returns the client for an operation. It adds an error if the client is not known yet.
func (d *Data) ClientFor(operation diagnostics.Operation, diags *diag.Diagnostics) *civo.Client {
	if d.Client == nil {
		diags.Append(operation.Error(diagnostics.UnknownArgumentError(d.Unknown)))
	}
	return d.Client
}

// ClientIn is like ClientFor for an operation in a region. It also adds an error if the region is null or not known yet.
func (d *Data) ClientIn(region types.String, operation diagnostics.Operation, diags *diag.Diagnostics) *civo.Client {
	switch {
	case region.IsNull():
		addMissingRegion(diags)
	case d.Client != nil && region.IsUnknown():
		diags.Append(operation.Error(diagnostics.UnknownArgumentError("region")))
	default:
		return d.ClientFor(operation, diags)
	}
	return nil
}

// clientForLookup is like ClientIn. It also adds an error if a lookup must return the endpoint, which is not known yet.
func (d *Data) clientForLookup(region types.String, operation diagnostics.Operation, diags *diag.Diagnostics) *civo.Client {
	if operation.Wording.InObjectStorage && d.Endpoint.IsUnknown() {
		diags.AddError("Provider not configured yet", "The provider's argument objectstore_endpoint is not known before apply, so the provider cannot determine the endpoint. "+
			"Set the argument to a value that is known during plan. Alternatively, first use -target to apply the resource that provides the value, then apply again.")
		return nil
	}
	return d.ClientIn(region, operation, diags)
}

// RegionOr returns a configured or planned region, or the provider's if it is null or was not known during plan.
func (d *Data) RegionOr(region types.String) types.String {
	if IsSet(region) {
		return region
	}
	return d.Region
}

// S3Endpoint returns the URL of a region's S3 API. It is unknown if the region or the provider's objectstore_endpoint is not known yet.
func (d *Data) S3Endpoint(region types.String) types.String {
	if !IsSet(region) || d.Endpoint.IsUnknown() {
		return types.StringUnknown()
	}
	return types.StringValue(civo.S3Endpoint(d.Endpoint.ValueString(), region.ValueString()))
}

func addMissingRegion(diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("region"), "Missing region",
		"Neither this block nor the provider sets a region. Set region here or in the provider block, for example region = \"LON1\", or set the environment variable CIVO_REGION.")
}

// ReadTimeout is the timeout of refreshes and data sources, which have no timeouts block.
const ReadTimeout = 5 * time.Minute

// DefaultTimeoutDescription returns the sentence about the default in the description of a timeout, a whole number of minutes.
func DefaultTimeoutDescription(timeout time.Duration) string {
	return fmt.Sprintf("Default: `%.0fm`.", timeout.Minutes())
}

// WithTimeout returns a context that ends after the timeout of an operation, such as plan.Timeouts.Create.
func WithTimeout(
	ctx context.Context, timeout func(context.Context, time.Duration) (time.Duration, diag.Diagnostics),
	preset time.Duration, diags *diag.Diagnostics,
) (context.Context, context.CancelFunc) {
	duration, problems := timeout(ctx, preset)
	diags.Append(problems...)
	return context.WithTimeout(ctx, duration)
}

// LookUp returns the record that a configuration describes. The configured region can be null. LookUp reports errors with the operation.
func LookUp[T civo.Record[T]](
	ctx context.Context, data *Data, configured types.String, by civo.Lookup, operation diagnostics.Operation, diags *diag.Diagnostics,
) (found T, ok bool) {
	region := data.RegionOr(configured)
	operation = operation.LookUp(by, region.ValueString())
	client := data.clientForLookup(region, operation, diags)
	if diags.HasError() {
		return found, false
	}
	found, err := civo.Records[T](client, region.ValueString()).Find(ctx, by)
	if err != nil {
		diags.Append(operation.Error(err))
	}
	return found, err == nil
}

// Get reads the record in the state. Without an ID, as after a create with an unknown outcome, it uses find. Without a region, as after a
// move, it searches the provider's region and then the others. If the create did not finish, Civo may not return the record yet. The error
// is of civo.KindNotFound only if the record certainly does not exist.
func Get[T civo.Record[T]](ctx context.Context, data *Data, known T, find func(context.Context, *civo.Client, T) (T, error)) (T, error) {
	record := known.Ref()
	switch {
	case record.ID == "":
		return find(ctx, data.Client, known)
	case record.Region == "":
		return civo.Records[T](data.Client, data.Region.ValueString()).FindInAnyRegion(ctx, civo.By(record.ID, civo.FieldID))
	case !record.Status.IsFinal():
		return civo.Records[T](data.Client, record.Region).GetNew(ctx, record.ID)
	}
	return civo.Records[T](data.Client, record.Region).Get(ctx, record.ID)
}

// Locate returns the record in the state with its ID and region. It sends requests, like Get, only if the state does not contain them, as
// -refresh=false skips the read after a move, or if the create did not finish. Locate returns an error if the record is in a different
// region from the plan.
func Locate[T civo.Record[T]](
	ctx context.Context, data *Data, known T, planned types.String, find func(context.Context, *civo.Client, T) (T, error),
) (T, error) {
	if record := known.Ref(); record.ID != "" && record.Region != "" && record.Status.IsFinal() {
		return known, nil
	}
	found, err := Get(ctx, data, known, find)
	actual := found.Ref()
	if err != nil || !IsSet(planned) || civo.SameRegion(planned.ValueString(), actual.Region) {
		return found, err
	}
	return found, otherRegion(actual, fmt.Sprintf("the %s is%s, not%s",
		actual.Noun, diagnostics.InRegion(actual.Region), diagnostics.InRegion(planned.ValueString())))
}

// SaveUncertainCreate saves the state if Civo may have created the record. The next refresh finds it by its name and keys, without an ID.
func SaveUncertainCreate(ctx context.Context, err error, state any, resp *resource.CreateResponse) {
	if civo.IsUncertain(err) {
		resp.Identity = nil // it may belong to a record that no longer existed during the refresh
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// otherRegion returns the error for a record in an unexpected region.
func otherRegion(found civo.Ref, reason string) error {
	return &civo.Error{Kind: civo.KindOtherRegion, Reason: reason, About: &found}
}
