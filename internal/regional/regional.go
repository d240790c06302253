// Package regional contains what the resources and data sources for records in a region share: the provider's data, the region argument,
// lookups, imports, identities, moves, lists and validators.
package regional

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// ReadTimeout is the timeout of refreshes and data sources, which have no timeouts block.
const ReadTimeout = 5 * time.Minute

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

// Get reads the record in the state. If the state contains no ID, as after a create with an unknown outcome, Get finds the record with find.
// If it contains no region, as after a move from the official provider, Get searches the provider's region and then the others. The error is
// of civo.KindNotFound only if the record certainly does not exist.
func Get[T civo.Record[T]](ctx context.Context, data *Data, known T, find func(context.Context, *civo.Client, T) (T, error)) (T, error) {
	record := known.Ref()
	switch {
	case record.ID == "":
		return find(ctx, data.Client, known)
	case record.Region == "":
		return civo.Records[T](data.Client, data.Region.ValueString()).FindInAnyRegion(ctx, civo.By(record.ID, civo.FieldID))
	}
	return civo.Records[T](data.Client, record.Region).Get(ctx, record.ID)
}

// Locate returns the record in the state with its ID and region. It sends requests, like Get, only if the state does not contain them, as
// -refresh=false skips the read after a move. Locate returns an error if the record is in a different region from the plan.
func Locate[T civo.Record[T]](
	ctx context.Context, data *Data, known T, planned types.String, find func(context.Context, *civo.Client, T) (T, error),
) (T, error) {
	if record := known.Ref(); record.ID != "" && record.Region != "" {
		return known, nil
	}
	found, err := Get(ctx, data, known, find)
	actual := found.Ref()
	if err != nil || !IsSet(planned) || civo.SameRegion(planned.ValueString(), actual.Region) {
		return found, err
	}
	return found, otherRegion(actual, fmt.Sprintf("the %s is in %s, not in %s", actual.Noun, actual.Region, planned.ValueString()))
}

// SaveUncertainCreate saves the state after a failed create if Civo may have created the record. The state then contains no ID, but the
// attributes by which the next refresh finds the record.
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
