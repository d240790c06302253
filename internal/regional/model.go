// The attributes that every type of record has, among them the region, and conversions between values of the client and the framework.

package regional

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
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

// Model contains the attributes that every type of record has, in resources and in data sources.
type Model struct {
	ID     types.String `tfsdk:"id"`
	Name   types.String `tfsdk:"name"`
	Region types.String `tfsdk:"region"`
	Status types.String `tfsdk:"status"`
}

// NewModel converts a record that Civo returned.
func NewModel(record civo.Ref) Model {
	return Model{
		ID:     StringOrNull(record.ID), // null after a create whose outcome is unknown
		Name:   types.StringValue(record.Name),
		Region: types.StringValue(record.Region),
		Status: types.StringValue(string(record.Status)),
	}
}

// FillUnknown replaces the unknown values of a plan with the actual values.
func (m Model) FillUnknown(actual Model) Model {
	FillUnknown(&m.ID, actual.ID)
	FillUnknown(&m.Region, actual.Region)
	FillUnknown(&m.Status, actual.Status)
	return m
}

// FillUnknown replaces an unknown value of a plan with the actual value.
func FillUnknown[V attr.Value](planned *V, actual V) {
	if (*planned).IsUnknown() {
		*planned = actual
	}
}

// KeepPrior replaces a value that Civo does not return, or that is not known yet, with the prior value.
func KeepPrior(current *types.String, prior types.String) {
	if !IsSet(*current) {
		*current = prior
	}
}

// KeepSpelling returns the region of a record. If the configuration or state has the same region in another case, it keeps that case.
func KeepSpelling(spelling types.String, actual string) types.String {
	if civo.SameRegion(spelling.ValueString(), actual) {
		return spelling
	}
	return types.StringValue(actual)
}

// KeepName returns the name of a record. If the prior name differs in letter case only, it keeps that: Civo may change the case.
func KeepName(prior types.String, actual string) types.String {
	if strings.EqualFold(prior.ValueString(), actual) {
		return prior
	}
	return types.StringValue(actual)
}

// StringOrNull returns null for an empty string.
func StringOrNull(value string) types.String {
	if value == "" {
		return types.StringNull()
	}
	return types.StringValue(value)
}

// IsSet reports whether a value is neither null nor unknown.
func IsSet(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }

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

// isOtherRegion reports whether a change to the region replaces the record. It does not after a move, when the state contains no region.
func isOtherRegion(prior, planned types.String) bool {
	return !prior.IsNull() && !civo.SameRegion(planned.ValueString(), prior.ValueString())
}

// ReplacesRecord reports whether the plan modifiers in the schema replace a record because its name or region changes.
func (m Model) ReplacesRecord(prior Model) bool {
	return !m.Name.Equal(prior.Name) || isOtherRegion(prior.Region, m.Region)
}

// UnknownReplacement explains a replacement that Terraform plans only because the name or the region is not known yet. It returns "" if
// both are known.
func UnknownReplacement(plan, prior Model) string {
	var argument string
	switch {
	case plan.Name.IsUnknown():
		argument = "name"
	case plan.Region.IsUnknown() && isOtherRegion(prior.Region, plan.Region):
		argument = "region"
	default:
		return ""
	}
	return argument + " is not known before apply, so Terraform plans a replacement, even if the value stays the same. To make the value known, " +
		"first use -target to apply the resource that provides the value, then plan again."
}

// PlanCreate plans the region of a new record, and checks that the account can create records in the region.
func PlanCreate[T civo.Record[T]](
	ctx context.Context, data *Data, wording diagnostics.Wording, config, plan Model, diags *diag.Diagnostics,
) Model {
	if config.Region.IsNull() {
		plan.Region = data.Region
	}
	switch {
	case plan.Region.IsNull():
		addMissingRegion(diags)
	case !plan.Region.IsUnknown() && data.Client != nil:
		if err := civo.Records[T](data.Client, plan.Region.ValueString()).CheckRegion(ctx); err != nil {
			operation := wording.On(diagnostics.Plan, civo.Ref{Name: plan.Name.ValueString(), Region: plan.Region.ValueString()})
			if config.Region.IsNull() {
				operation.Note = fmt.Sprintf("This resource does not set region. The region comes from %s.", data.RegionSource)
			}
			diags.Append(operation.Error(err))
		}
	}
	return plan
}

// PlanUpdate plans the region and status of an existing record. The region keeps the spelling of the state, if a read after a move set it.
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
