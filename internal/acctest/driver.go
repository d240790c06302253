// Drives the provider with Terraform's own protocol calls, in this process, for tests that the installed Terraform cannot run.

package acctest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Driver calls a provider server in this process as Terraform does: with the same calls in the same order, and with Terraform's
// rules for merging configuration and prior state and for checking the responses. It is much faster than Terraform, and can do
// what the installed version cannot.
type Driver struct {
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

// Object is a configuration or a state as Go values: string, bool, int64, map[string]string, Object, nil for null, and Unknown.
// Missing attributes are null.
type Object map[string]any

// Unknown is a value that is not known before apply.
const Unknown = unknown("unknown")

type unknown string

// Diagnostics are the diagnostics of one or more calls; nil if there are none.
type Diagnostics []*tfprotov6.Diagnostic

// Failed reports whether there is an error among them.
func (d Diagnostics) Failed() bool {
	return slices.ContainsFunc(d, func(one *tfprotov6.Diagnostic) bool { return one.Severity == tfprotov6.DiagnosticSeverityError })
}

// String returns all diagnostics as text, one on each line.
func (d Diagnostics) String() string {
	var text strings.Builder
	for _, one := range d {
		fmt.Fprintf(&text, "%s: %s: %s [%s]\n", one.Severity, one.Summary, one.Detail, one.Attribute)
	}
	return text.String()
}

// Driver serves the provider, configured for the environment.
func (w *Env) Driver(t *testing.T) *Driver {
	t.Helper()
	return w.ProtocolWith(t, Object{"token": w.Token(), "api_endpoint": w.URL(), "region": "LON1"})
}

// ProtocolWith serves the provider with the given configuration.
func (w *Env) ProtocolWith(t *testing.T, config Object) *Driver {
	t.Helper()
	p, err := w.Serve(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Serve serves the provider with the given configuration. It can be called from any goroutine.
func (w *Env) Serve(ctx context.Context, config Object) (*Driver, error) {
	p, diags := w.Configure(ctx, config)
	if diags.Failed() {
		return nil, fmt.Errorf("configuring the provider: %v", diags)
	}
	return p, nil
}

// Configure serves the provider with the given configuration, and returns the diagnostics.
func (w *Env) Configure(ctx context.Context, config Object) (*Driver, Diagnostics) {
	p := must(w.unconfigured(ctx))
	value := dynamic(p.encode(p.schemas.Provider, config))
	checked := must(p.server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: value}))
	if diags := Diagnostics(checked.Diagnostics); diags.Failed() {
		return p, diags
	}
	resp := must(p.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: value}))
	return p, append(Diagnostics(checked.Diagnostics), resp.Diagnostics...)
}

func (w *Env) unconfigured(ctx context.Context) (*Driver, error) {
	server, err := w.Providers()["civo"]()
	if err != nil {
		return nil, err
	}
	schemas := must(server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}))
	if len(schemas.Diagnostics) > 0 {
		return nil, fmt.Errorf("reading the schema: %v", Diagnostics(schemas.Diagnostics))
	}
	return &Driver{server: server, schemas: schemas}, nil
}

// TypeName is the type of the resource, the data source and the ephemeral resource.
const TypeName = "civo_objectstore_credential"

// Instance is a resource as Terraform stores it between runs.
type Instance struct {
	State    tftypes.Value // null if the resource does not exist
	Identity *tfprotov6.ResourceIdentityData
	Private  []byte
	Tainted  bool
}

// NewInstance returns a resource that does not exist yet.
func (p *Driver) NewInstance() *Instance {
	return &Instance{State: tftypes.NewValue(p.resource().ValueType(), nil)}
}

// Exists reports whether the resource is in the state.
func (i *Instance) Exists() bool { return !i.State.IsNull() }

// Get returns an attribute of the state; "" if it is null.
func (i *Instance) Get(attribute string) string {
	return Get(i.State, attribute)
}

// Get returns an attribute of an object; "" if it is null or unknown.
func Get(object tftypes.Value, attribute string) string {
	var attributes map[string]tftypes.Value
	if object.IsNull() || object.As(&attributes) != nil || attributes[attribute].IsNull() || !attributes[attribute].IsKnown() {
		return ""
	}
	var text string
	if err := attributes[attribute].As(&text); err != nil {
		return attributes[attribute].String()
	}
	return text
}

func (p *Driver) resource() *tfprotov6.Schema { return p.schemas.ResourceSchemas[TypeName] }

// Validate checks a configuration of the resource.
func (p *Driver) Validate(ctx context.Context, config Object) Diagnostics {
	return p.validate(ctx, config, &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true})
}

// ValidateBefore111 checks a configuration of the resource as Terraform versions before 1.11 do, which do not support write-only
// arguments.
func (p *Driver) ValidateBefore111(ctx context.Context, config Object) Diagnostics {
	return p.validate(ctx, config, nil)
}

func (p *Driver) validate(ctx context.Context, config Object, can *tfprotov6.ValidateResourceConfigClientCapabilities) Diagnostics {
	resp := must(p.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: TypeName, Config: dynamic(p.encode(p.resource(), config)), ClientCapabilities: can,
	}))
	return Diagnostics(resp.Diagnostics)
}

// Sensitive returns the names of the attributes of the resource that Terraform hides in its output.
func (p *Driver) Sensitive() []string {
	var names []string
	for _, attribute := range p.resource().Block.Attributes {
		if attribute.Sensitive {
			names = append(names, attribute.Name)
		}
	}
	return names
}

// Refresh reads the resource, as a plan does first.
func (p *Driver) Refresh(ctx context.Context, i *Instance) Diagnostics {
	if !i.Exists() {
		return nil
	}
	resp := must(p.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: TypeName, CurrentState: dynamic(i.State), Private: i.Private, CurrentIdentity: i.Identity,
	}))
	diags := Diagnostics(resp.Diagnostics)
	if !diags.Failed() {
		i.State, i.Private, i.Identity = p.decode(p.resource(), resp.NewState), resp.Private, resp.NewIdentity
		i.Tainted = i.Tainted && i.Exists()
	}
	return diags
}

// Plan is the planned change of the resource.
type Plan struct {
	Config   tftypes.Value
	Planned  tftypes.Value
	Replaces []string // the attributes that require a replacement
	private  []byte
	prior    Instance // before the plan
}

// Changes returns the names of the attributes that the plan changes.
func (p *Plan) Changes() []string {
	before, after := attributesOf(p.prior.State), attributesOf(p.Planned)
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
func (p *Plan) IsEmpty() bool { return p.prior.State.Equal(p.Planned) && !p.prior.Tainted }

// Known reports whether the planned value of an attribute is known. Null is known.
func (p *Plan) Known(attribute string) bool { return attributesOf(p.Planned)[attribute].IsKnown() }

// Plan plans a change to the given configuration; nil plans a destroy.
func (p *Driver) Plan(ctx context.Context, i *Instance, config Object) (*Plan, Diagnostics) {
	schema := p.resource()
	prior := *i
	if i.Tainted && config != nil {
		prior = *p.NewInstance() // Terraform plans the replacement of a tainted resource as a creation
	}
	value := tftypes.NewValue(schema.ValueType(), nil)
	if config != nil {
		value = p.encode(schema, config)
	}
	resp := must(p.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: TypeName, PriorState: dynamic(prior.State), PriorPrivate: prior.Private, PriorIdentity: prior.Identity,
		Config: dynamic(value), ProposedNewState: dynamic(proposed(schema, prior.State, value)),
	}))
	diags := Diagnostics(resp.Diagnostics)
	if diags.Failed() {
		return nil, diags
	}
	plan := &Plan{Config: value, Planned: p.decode(schema, resp.PlannedState), private: resp.PlannedPrivate, prior: *i}
	for _, path := range resp.RequiresReplace {
		plan.Replaces = append(plan.Replaces, path.String())
	}
	return plan, append(diags, plan.checkPlan()...)
}

// proposed returns the proposed new state: configuration and prior state merged as Terraform does before it calls the provider.
func proposed(schema *tfprotov6.Schema, prior, config tftypes.Value) tftypes.Value {
	if config.IsNull() {
		return config
	}
	before, merged := attributesOf(prior), maps.Clone(attributesOf(config))
	for _, attribute := range schema.Block.Attributes {
		if old, ok := before[attribute.Name]; ok && attribute.Computed && merged[attribute.Name].IsNull() {
			merged[attribute.Name] = old
		}
	}
	return tftypes.NewValue(schema.ValueType(), merged)
}

// checkPlan applies Terraform's checks to a plan: a configured value must be planned unchanged or keep its prior value.
func (p *Plan) checkPlan() Diagnostics {
	var diags Diagnostics
	before, planned := attributesOf(p.prior.State), attributesOf(p.Planned)
	for name, configured := range attributesOf(p.Config) {
		if name == "secret_access_key_wo" {
			if !planned[name].IsNull() {
				diags = append(diags, violation("a write-only value is in the plan"))
			}
			continue
		}
		if !configured.IsNull() && !planned[name].Equal(configured) && !planned[name].Equal(before[name]) {
			diags = append(diags, violation("planned "+name+" is neither what is configured nor what it was"))
		}
	}
	return diags
}

// RuleViolation is the summary of the diagnostic for a Terraform rule that the provider violates.
const RuleViolation = "The provider breaks a rule of Terraform"

func violation(text string) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: RuleViolation, Detail: text}
}

// Apply applies a plan. A replacement deletes before it creates.
func (p *Driver) Apply(ctx context.Context, i *Instance, plan *Plan) Diagnostics {
	if plan.IsEmpty() {
		return nil
	}
	replaces := i.Exists() && !plan.Planned.IsNull() && (i.Tainted || len(plan.Replaces) > 0)
	if !replaces {
		return p.apply(ctx, i, plan)
	}
	gone, diags := p.Plan(ctx, &Instance{State: i.State, Private: i.Private, Identity: i.Identity}, nil)
	if diags.Failed() {
		return diags
	}
	if diags = p.apply(ctx, i, gone); diags.Failed() || i.Exists() {
		return diags
	}
	made, diags := p.planCreation(ctx, i, plan.Config)
	if diags.Failed() {
		return diags
	}
	return p.apply(ctx, i, made)
}

func (p *Driver) planCreation(ctx context.Context, i *Instance, config tftypes.Value) (*Plan, Diagnostics) {
	resp := must(p.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: TypeName, PriorState: dynamic(i.State), Config: dynamic(config), ProposedNewState: dynamic(config),
	}))
	diags := Diagnostics(resp.Diagnostics)
	if diags.Failed() {
		return nil, diags
	}
	return &Plan{Config: config, Planned: p.decode(p.resource(), resp.PlannedState), private: resp.PlannedPrivate, prior: *i}, diags
}

func (p *Driver) apply(ctx context.Context, i *Instance, plan *Plan) Diagnostics {
	creates := !i.Exists()
	resp := must(p.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: TypeName, PriorState: dynamic(i.State), PlannedState: dynamic(plan.Planned), Config: dynamic(plan.Config),
		PlannedPrivate: plan.private, PlannedIdentity: i.Identity,
	}))
	diags := Diagnostics(resp.Diagnostics)
	i.State, i.Private, i.Identity = p.decode(p.resource(), resp.NewState), resp.Private, resp.NewIdentity
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
	for name, planned := range attributesOf(p.Planned) {
		if planned.IsFullyKnown() && !after[name].Equal(planned) {
			diags = append(diags, violation(name+" is not as it was planned"))
		}
		if !after[name].IsFullyKnown() {
			diags = append(diags, violation(name+" is unknown after apply"))
		}
	}
	return diags
}

// Run performs a whole `terraform apply` of one resource: validate, refresh, plan, apply. A nil configuration destroys.
func (p *Driver) Run(ctx context.Context, i *Instance, config Object) (*Plan, Diagnostics) {
	if config != nil {
		if diags := p.Validate(ctx, config); diags.Failed() {
			return nil, diags
		}
	}
	diags := p.Refresh(ctx, i)
	if diags.Failed() {
		return nil, diags
	}
	plan, more := p.Plan(ctx, i, config)
	if diags = append(diags, more...); diags.Failed() {
		return nil, diags
	}
	return plan, append(diags, p.Apply(ctx, i, plan)...)
}

// Import imports the resource by an import ID and refreshes it.
func (p *Driver) Import(ctx context.Context, id string) (*Instance, Diagnostics) {
	return p.importBy(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: TypeName, ID: id})
}

// ImportIdentity imports the resource by an identity, as Terraform 1.12 and later do; the region may be empty.
func (p *Driver) ImportIdentity(ctx context.Context, id, region string) (*Instance, Diagnostics) {
	identity := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "region": tftypes.String}}
	given := map[string]tftypes.Value{"id": tftypes.NewValue(tftypes.String, id), "region": tftypes.NewValue(tftypes.String, nil)}
	if region != "" {
		given["region"] = tftypes.NewValue(tftypes.String, region)
	}
	return p.importBy(ctx, &tfprotov6.ImportResourceStateRequest{
		TypeName: TypeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: dynamic(tftypes.NewValue(identity, given))},
	})
}

func (p *Driver) importBy(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*Instance, Diagnostics) {
	resp := must(p.server.ImportResourceState(ctx, req))
	diags := Diagnostics(resp.Diagnostics)
	if diags.Failed() {
		return p.NewInstance(), diags
	}
	found := resp.ImportedResources[0]
	i := &Instance{State: p.decode(p.resource(), found.State), Private: found.Private, Identity: found.Identity}
	return i, append(diags, p.Refresh(ctx, i)...)
}

// Move moves a resource of another type, whose state is given as JSON, as a `moved` block does before the provider is configured.
func (w *Env) Move(t *testing.T, provider, typeName, state string) (*Instance, Diagnostics) {
	t.Helper()
	p := must(w.unconfigured(t.Context()))
	resp := must(p.server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: provider, SourceTypeName: typeName, SourceState: &tfprotov6.RawState{JSON: []byte(state)}, TargetTypeName: TypeName,
	}))
	diags := Diagnostics(resp.Diagnostics)
	if diags.Failed() {
		return p.NewInstance(), diags
	}
	return &Instance{State: p.decode(p.resource(), resp.TargetState), Private: resp.TargetPrivate, Identity: resp.TargetIdentity}, diags
}

// Data reads a data source.
func (p *Driver) Data(ctx context.Context, typeName string, config Object) (tftypes.Value, Diagnostics) {
	schema := p.schemas.DataSourceSchemas[typeName]
	value := dynamic(p.encode(schema, config))
	checked := must(p.server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: value}))
	if diags := Diagnostics(checked.Diagnostics); diags.Failed() {
		return tftypes.Value{}, diags
	}
	resp := must(p.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: value}))
	diags := Diagnostics(resp.Diagnostics)
	if diags.Failed() {
		return tftypes.Value{}, diags
	}
	return p.decode(schema, resp.State), diags
}

// Open opens the ephemeral resource.
func (p *Driver) Open(ctx context.Context, config Object) (tftypes.Value, Diagnostics) {
	schema := p.schemas.EphemeralResourceSchemas[TypeName]
	value := dynamic(p.encode(schema, config))
	checked := must(p.server.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: TypeName, Config: value}))
	if diags := Diagnostics(checked.Diagnostics); diags.Failed() {
		return tftypes.Value{}, diags
	}
	resp := must(p.server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: TypeName, Config: value}))
	diags := Diagnostics(resp.Diagnostics)
	if diags.Failed() {
		return tftypes.Value{}, diags
	}
	return p.decode(schema, resp.Result), diags
}

// Listed is one result of the list resource.
type Listed struct {
	DisplayName string
	ID, Region  string        // the identity
	Resource    tftypes.Value // the zero value if it was not requested
}

// List queries the list resource, as `terraform query` does.
func (p *Driver) List(ctx context.Context, config Object, limit int64, include bool) ([]Listed, Diagnostics) {
	value := dynamic(p.encode(p.schemas.ListResourceSchemas[TypeName], config))
	lister, _ := p.server.(tfprotov6.ListResourceServer)
	checked := must(lister.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: TypeName, Config: value,
	}))
	if diags := Diagnostics(checked.Diagnostics); diags.Failed() {
		return nil, diags
	}
	stream := must(lister.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: TypeName, Config: value, IncludeResource: include, Limit: limit,
	}))
	var found []Listed
	var diags Diagnostics
	for result := range stream.Results {
		diags = append(diags, result.Diagnostics...)
		if result.Identity == nil {
			continue
		}
		found = append(found, p.listed(result))
	}
	return found, diags
}

func (p *Driver) listed(result tfprotov6.ListResourceResult) Listed {
	identityType := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "region": tftypes.String}}
	identity := must(result.Identity.IdentityData.Unmarshal(identityType))
	one := Listed{DisplayName: result.DisplayName, ID: Get(identity, "id"), Region: Get(identity, "region")}
	if result.Resource != nil {
		one.Resource = p.decode(p.resource(), result.Resource)
	}
	return one
}

func attributesOf(object tftypes.Value) map[string]tftypes.Value {
	attributes := map[string]tftypes.Value{}
	if !object.IsNull() {
		if err := object.As(&attributes); err != nil {
			panic(err)
		}
	}
	return attributes
}

func (p *Driver) encode(schema *tfprotov6.Schema, object Object) tftypes.Value {
	return encode(schema.ValueType(), object)
}

func encode(kind tftypes.Type, value any) tftypes.Value {
	switch value := value.(type) {
	case nil:
		return tftypes.NewValue(kind, nil)
	case unknown:
		return tftypes.NewValue(kind, tftypes.UnknownValue)
	case map[string]string:
		elements := map[string]tftypes.Value{}
		for key, element := range value {
			elements[key] = tftypes.NewValue(tftypes.String, element)
		}
		return tftypes.NewValue(kind, elements)
	case map[string]any: // of strings, or nil for null
		elements := map[string]tftypes.Value{}
		for key, element := range value {
			elements[key] = tftypes.NewValue(tftypes.String, element)
		}
		return tftypes.NewValue(kind, elements)
	case Object:
		attributes := map[string]tftypes.Value{}
		for name, attribute := range kind.(tftypes.Object).AttributeTypes { //nolint:forcetypeassert // the schema says so
			attributes[name] = encode(attribute, value[name])
		}
		return tftypes.NewValue(kind, attributes)
	default:
		return tftypes.NewValue(kind, value)
	}
}

func dynamic(value tftypes.Value) *tfprotov6.DynamicValue {
	encoded := must(tfprotov6.NewDynamicValue(value.Type(), value))
	return &encoded
}

func (p *Driver) decode(schema *tfprotov6.Schema, value *tfprotov6.DynamicValue) tftypes.Value {
	if value == nil {
		return tftypes.NewValue(schema.ValueType(), nil)
	}
	return must(value.Unmarshal(schema.ValueType()))
}

// must returns the result of a call that cannot fail. It panics on an error, because the provider reports its own errors as
// diagnostics.
func must[T any](result T, err error) T {
	if err != nil {
		panic(err)
	}
	return result
}

// Resolve returns the configuration and the planned state of a plan after the unknown values in the configuration have become
// known.
func (p *Driver) Resolve(plan *Plan, config Object) (configured, planned tftypes.Value) {
	configured = p.encode(p.resource(), config)
	known, merged := attributesOf(configured), attributesOf(plan.Planned)
	for name, before := range attributesOf(plan.Config) {
		if !before.IsKnown() {
			merged[name] = known[name]
		}
	}
	return configured, tftypes.NewValue(p.resource().ValueType(), merged)
}

// Creates reports whether the plan creates a credential that does not exist.
func (p *Plan) Creates() bool { return p.prior.State.IsNull() && !p.Planned.IsNull() }

// ValidateEphemeral checks a configuration of the ephemeral resource.
func (p *Driver) ValidateEphemeral(ctx context.Context, config Object) Diagnostics {
	resp := must(p.server.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{
		TypeName: TypeName, Config: dynamic(p.encode(p.schemas.EphemeralResourceSchemas[TypeName], config)),
	}))
	return Diagnostics(resp.Diagnostics)
}
