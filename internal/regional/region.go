// The region argument: its default, its spelling and its validation.

package regional

import (
	"context"

	dsschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// Attribute returns the region argument of a resource. A change replaces the record, unless only the case changes.
func Attribute(description, noun string) schema.StringAttribute {
	requiresReplace := func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
		resp.RequiresReplace = isOtherRegion(req.StateValue, req.PlanValue)
	}
	otherRegion := "Changing the region replaces the " + noun + ". Changing only its case does not."
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{ValidRegion},
		PlanModifiers: []planmodifier.String{
			stringplanmodifier.UseNonNullStateForUnknown(),
			stringplanmodifier.RequiresReplaceIf(requiresReplace, otherRegion, otherRegion),
		},
		MarkdownDescription: description + " Default: the provider's region when the " + noun + " is created. Later changes to the provider's region have no effect. " + otherRegion,
	}
}

// LookupAttribute returns the region argument of a data source.
func LookupAttribute(description string) dsschema.StringAttribute {
	return dsschema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{ValidRegion},
		MarkdownDescription: description + " Default: the provider's region.",
	}
}

// isOtherRegion reports whether a change to the region replaces the record. A change of case does not. If the state contains no region,
// as between a move from the official provider and the next read, the record is not replaced either.
func isOtherRegion(prior, planned types.String) bool {
	return !prior.IsNull() && !civo.SameRegion(planned.ValueString(), prior.ValueString())
}

// ReplacesRecord reports whether the plan modifiers in the schema replace a record because its name or region changes.
func (m Model) ReplacesRecord(prior Model) bool {
	return !m.Name.Equal(prior.Name) || isOtherRegion(prior.Region, m.Region)
}

// PlanCreate plans the region of a new record, and checks that the account can create records in the region.
func PlanCreate(ctx context.Context, data *Data, wording diagnostics.Wording, config, plan Model, diags *diag.Diagnostics) Model {
	if config.Region.IsNull() {
		plan.Region = data.Region
	}
	switch {
	case plan.Region.IsNull():
		addMissingRegion(diags)
	case !plan.Region.IsUnknown() && data.Client != nil:
		if err := data.Client.CheckRegion(ctx, plan.Region.ValueString()); err != nil {
			created := civo.Ref{Name: plan.Name.ValueString(), Region: plan.Region.ValueString()}
			diags.Append(wording.On(diagnostics.Create, created).Error(err))
		}
	}
	return plan
}

// PlanUpdate plans the attributes of an existing record that depend on each other. The region keeps the spelling of the state. The state
// of a moved record may contain no region until the record is read.
func PlanUpdate(config, plan, prior Model) Model {
	switch {
	case !prior.Region.IsNull():
		plan.Region = prior.Region
	case config.Region.IsNull():
		plan.Region = types.StringUnknown()
	}
	if !civo.Status(prior.Status.ValueString()).IsFinal() {
		plan.Status = types.StringUnknown() // the update continues an interrupted create
	}
	return plan
}
