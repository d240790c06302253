// The lifecycle of a resource in a Driver: validate, refresh, plan and apply, with the rules that Terraform enforces.

package acctest

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Instance is a resource as Terraform stores it between runs.
type Instance struct {
	State    tftypes.Value // null if the resource does not exist
	Tainted  bool
	identity *tfprotov6.ResourceIdentityData
	private  []byte
}

// NewInstance returns a resource that does not exist yet.
func (d *Driver) NewInstance() *Instance {
	return &Instance{State: tftypes.NewValue(d.resourceType(), nil)}
}

func (d *Driver) resourceType() tftypes.Type { return d.typeOf(d.schemas.ResourceSchemas) }

// Exists reports whether the resource is in the state.
func (i *Instance) Exists() bool { return !i.State.IsNull() }

// Get returns an attribute of the state as text, or "" if it is null.
func (i *Instance) Get(attribute string) string { return Get(i.State, attribute) }

// Run runs `terraform apply` for one resource: validate, refresh, plan, apply. A nil configuration destroys.
func (d *Driver) Run(ctx context.Context, i *Instance, config Object) (*Plan, Diagnostics) {
	plan, diags := d.RunPlan(ctx, i, config)
	if diags.Failed() {
		return nil, diags
	}
	return plan, append(diags, d.Apply(ctx, i, plan)...)
}

// RunPlan runs `terraform plan` for one resource: validate, refresh, plan. A nil configuration plans a destroy. The instance keeps the
// refreshed state, as with `terraform apply -refresh-only`.
func (d *Driver) RunPlan(ctx context.Context, i *Instance, config Object) (*Plan, Diagnostics) {
	if config != nil {
		if diags := d.Validate(ctx, config); diags.Failed() {
			return nil, diags
		}
	}
	diags := d.Refresh(ctx, i)
	if diags.Failed() {
		return nil, diags
	}
	plan, more := d.Plan(ctx, i, config)
	return plan, append(diags, more...)
}

// Validate checks a configuration of the resource.
func (d *Driver) Validate(ctx context.Context, config Object) Diagnostics {
	return d.validate(ctx, config, &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true})
}

// ValidateBefore111 checks a configuration of the resource as Terraform versions before 1.11 do, which do not support write-only
// arguments.
func (d *Driver) ValidateBefore111(ctx context.Context, config Object) Diagnostics {
	return d.validate(ctx, config, nil)
}

func (d *Driver) validate(ctx context.Context, config Object, can *tfprotov6.ValidateResourceConfigClientCapabilities) Diagnostics {
	resp := must(d.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: d.typeName, Config: dynamic(encode(d.resourceType(), config)), ClientCapabilities: can,
	}))
	return resp.Diagnostics
}

// Refresh reads the resource, as Terraform does before a plan.
func (d *Driver) Refresh(ctx context.Context, i *Instance) Diagnostics {
	if !i.Exists() {
		return nil
	}
	resp := must(d.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: d.typeName, CurrentState: dynamic(i.State), Private: i.private, CurrentIdentity: i.identity,
	}))
	diags := Diagnostics(resp.Diagnostics)
	if !diags.Failed() {
		i.State, i.private, i.identity = unmarshal(d.resourceType(), resp.NewState), resp.Private, resp.NewIdentity
		i.Tainted = i.Tainted && i.Exists()
	}
	return diags
}

// Plan is the planned change of a resource.
type Plan struct {
	Replaces []string // the attributes that require a replacement
	config   tftypes.Value
	planned  tftypes.Value
	private  []byte
	prior    Instance // before the plan
}

// Changes returns the names of the attributes that the plan changes.
func (p *Plan) Changes() []string {
	before, after := attributesOf(p.prior.State), attributesOf(p.planned)
	var changed []string
	for name := range after {
		if !after[name].Equal(before[name]) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed
}

// IsEmpty reports whether the plan contains no changes.
func (p *Plan) IsEmpty() bool { return p.prior.State.Equal(p.planned) && !p.prior.Tainted }

// Creates reports whether the plan creates a resource that does not exist.
func (p *Plan) Creates() bool { return p.prior.State.IsNull() && !p.planned.IsNull() }

// Known reports whether the planned value of an attribute is known. Null is known.
func (p *Plan) Known(attribute string) bool { return attributesOf(p.planned)[attribute].IsKnown() }

// Get returns a planned attribute as text, or "" if it is null or not known.
func (p *Plan) Get(attribute string) string { return Get(p.planned, attribute) }

// Plan plans a change to the given configuration; nil plans a destroy.
func (d *Driver) Plan(ctx context.Context, i *Instance, config Object) (*Plan, Diagnostics) {
	if config == nil {
		return d.plan(ctx, i, tftypes.NewValue(d.resourceType(), nil))
	}
	return d.plan(ctx, i, encode(d.resourceType(), config))
}

// PlanIgnoring plans an update with ignore_changes. Like Terraform, it plans with the prior values of the ignored attributes, and applies
// the configuration as it is.
func (d *Driver) PlanIgnoring(ctx context.Context, i *Instance, config Object, ignored ...string) (*Plan, Diagnostics) {
	written := encode(d.resourceType(), config)
	merged, prior := attributesOf(written), attributesOf(i.State)
	for _, attribute := range ignored {
		merged[attribute] = prior[attribute]
	}
	plan, diags := d.plan(ctx, i, tftypes.NewValue(d.resourceType(), merged))
	if plan != nil {
		plan.config = written
	}
	return plan, diags
}

func (d *Driver) plan(ctx context.Context, i *Instance, config tftypes.Value) (*Plan, Diagnostics) {
	prior := *i
	if i.Tainted && !config.IsNull() {
		prior = *d.NewInstance() // Terraform plans the replacement of a tainted resource as a creation
	}
	resp := must(d.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: d.typeName, PriorState: dynamic(prior.State), PriorPrivate: prior.private, PriorIdentity: prior.identity,
		Config: dynamic(config), ProposedNewState: dynamic(d.proposed(prior.State, config)),
	}))
	diags := Diagnostics(resp.Diagnostics)
	if diags.Failed() {
		return nil, diags
	}
	plan := &Plan{config: config, planned: unmarshal(d.resourceType(), resp.PlannedState), private: resp.PlannedPrivate, prior: *i}
	for _, path := range resp.RequiresReplace {
		plan.Replaces = append(plan.Replaces, path.String())
	}
	return plan, append(diags, d.checkPlan(plan)...)
}

// proposed returns the proposed new state: configuration and prior state merged as Terraform does before it calls the provider.
func (d *Driver) proposed(prior, config tftypes.Value) tftypes.Value {
	if config.IsNull() {
		return config
	}
	before, merged := attributesOf(prior), attributesOf(config)
	for _, attribute := range d.attributes() {
		if old, ok := before[attribute.Name]; ok && attribute.Computed && merged[attribute.Name].IsNull() {
			merged[attribute.Name] = old
		}
	}
	return tftypes.NewValue(d.resourceType(), merged)
}

func (d *Driver) attributes() []*tfprotov6.SchemaAttribute {
	return d.schemas.ResourceSchemas[d.typeName].Block.Attributes
}

// RuleViolation is the summary of the diagnostic for a Terraform rule that the provider violates.
const RuleViolation = "Provider violates a Terraform rule"

func violation(text string) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: RuleViolation, Detail: text}
}

// checkPlan applies Terraform's checks to a plan: a configured value must be planned unchanged or keep its prior value, only computed
// attributes have other values, and write-only values are not planned.
func (d *Driver) checkPlan(p *Plan) Diagnostics {
	if p.config.IsNull() {
		return nil
	}
	var diags Diagnostics
	before, configured, planned := attributesOf(p.prior.State), attributesOf(p.config), attributesOf(p.planned)
	computed := map[string]bool{}
	for _, attribute := range d.attributes() {
		computed[attribute.Name] = attribute.Computed
		if attribute.WriteOnly {
			configured[attribute.Name] = tftypes.NewValue(attribute.Type, nil)
		}
	}
	for name, value := range configured {
		switch {
		case planned[name].Equal(value):
		case value.IsNull() && computed[name]:
		case !value.IsNull() && !before[name].IsNull() && planned[name].Equal(before[name]):
		default:
			diags = append(diags, violation("the planned value of "+name+" is neither the configured nor the prior value"))
		}
	}
	return diags
}

// Apply applies a plan. A replacement deletes the resource before it creates a new one.
func (d *Driver) Apply(ctx context.Context, i *Instance, plan *Plan) Diagnostics {
	if plan.IsEmpty() {
		return nil
	}
	if replaces := i.Exists() && !plan.planned.IsNull() && (i.Tainted || len(plan.Replaces) > 0); replaces {
		destroy, diags := d.Plan(ctx, i, nil)
		if diags.Failed() {
			return diags
		}
		if diags = d.apply(ctx, i, destroy); diags.Failed() || i.Exists() {
			return diags
		}
		if plan, diags = d.plan(ctx, d.NewInstance(), plan.config); diags.Failed() {
			return diags
		}
	}
	return d.apply(ctx, i, plan)
}

func (d *Driver) apply(ctx context.Context, i *Instance, plan *Plan) Diagnostics {
	creates := !i.Exists()
	resp := must(d.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: d.typeName, PriorState: dynamic(i.State), PlannedState: dynamic(plan.planned), Config: dynamic(plan.config),
		PlannedPrivate: plan.private, PlannedIdentity: i.identity,
	}))
	diags := Diagnostics(resp.Diagnostics)
	i.State, i.private, i.identity = unmarshal(d.resourceType(), resp.NewState), resp.Private, resp.NewIdentity
	i.Tainted = i.Exists() && (i.Tainted || creates && diags.Failed())
	if !diags.Failed() {
		diags = append(diags, plan.checkApply(i.State)...)
	}
	return diags
}

// checkApply applies Terraform's checks to the result of an apply: every known planned value is unchanged, and nothing is
// unknown.
func (p *Plan) checkApply(state tftypes.Value) Diagnostics {
	var diags Diagnostics
	after := attributesOf(state)
	for name, planned := range attributesOf(p.planned) {
		if planned.IsFullyKnown() && !after[name].Equal(planned) {
			diags = append(diags, violation("the value of "+name+" is not the planned value"))
		}
		if !after[name].IsFullyKnown() {
			diags = append(diags, violation("the value of "+name+" is unknown after apply"))
		}
	}
	return diags
}

// Resolve returns the plan after the unknown values in its configuration have become known, as they do during an apply.
func (d *Driver) Resolve(plan *Plan, config Object) *Plan {
	resolved := *plan
	resolved.config = encode(d.resourceType(), config)
	known, planned := attributesOf(resolved.config), attributesOf(plan.planned)
	for name, before := range attributesOf(plan.config) {
		if !before.IsKnown() {
			planned[name] = known[name]
		}
	}
	resolved.planned = tftypes.NewValue(d.resourceType(), planned)
	return &resolved
}
