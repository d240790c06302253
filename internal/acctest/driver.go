// A driver that calls the provider in this process through Terraform's plugin protocol, for tests that the installed Terraform cannot run.

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

// TypeName is the type that a new Driver uses.
const TypeName = "civo_objectstore_credential"

// Driver calls a provider server in this process as Terraform does: with the same calls in the same order. It applies Terraform's rules
// for merging configuration and prior state, and for checking responses. It is much faster than Terraform, and supports features that
// the installed version does not.
//
// It uses the resource, data source, ephemeral resource and list resource of one type, or an action.
type Driver struct {
	serve    func() (tfprotov6.ProviderServer, error)
	server   tfprotov6.ProviderServer
	schemas  *tfprotov6.GetProviderSchemaResponse
	typeName string
}

// Diagnostics are the diagnostics of one or more calls; nil if there are none.
type Diagnostics []*tfprotov6.Diagnostic

// Failed reports whether the diagnostics contain an error.
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

// Driver returns a driver of the configured provider. It fails the test if the configuration is invalid. The arguments are those of
// Configure.
func (w *Env) Driver(t *testing.T, arguments ...Object) *Driver {
	t.Helper()
	all := Object{}
	for _, some := range arguments {
		maps.Copy(all, some)
	}
	d, diags := w.Configure(t.Context(), all)
	if diags.Failed() {
		t.Fatalf("configuring the provider: %s", diags)
	}
	return d
}

// Configure returns a driver of the provider and the diagnostics of the configuration. The provider is configured for the
// environment and LON1, unless an argument sets another value; nil omits an argument. Configure can be called from any goroutine.
func (w *Env) Configure(ctx context.Context, arguments Object) (*Driver, Diagnostics) {
	d := w.Unconfigured(ctx)
	if diags := Diagnostics(d.schemas.Diagnostics); len(diags) > 0 {
		return d, diags
	}
	config := Object{"token": w.Token(), "api_endpoint": w.URL(), "region": "LON1"}
	maps.Copy(config, arguments)
	value := dynamic(encode(d.schemas.Provider.ValueType(), config))
	checked := must(d.server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: value}))
	if diags := Diagnostics(checked.Diagnostics); diags.Failed() {
		return d, diags
	}
	resp := must(d.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: value}))
	return d, append(Diagnostics(checked.Diagnostics), resp.Diagnostics...)
}

// Unconfigured returns a driver of a provider that is not configured.
func (w *Env) Unconfigured(ctx context.Context) *Driver {
	d := &Driver{serve: w.Providers()["civo"], typeName: TypeName}
	d.server = must(d.serve())
	d.schemas = must(d.server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}))
	return d
}

// For returns a driver of another type that uses the same provider server.
func (d *Driver) For(typeName string) *Driver {
	other := *d
	other.typeName = typeName
	return &other
}

// typeOf returns the type of the configuration and state of the driver's type. It panics if the provider has no such type.
func (d *Driver) typeOf(schemas map[string]*tfprotov6.Schema) tftypes.Type {
	schema, ok := schemas[d.typeName]
	if !ok {
		panic("the provider does not have the type " + d.typeName)
	}
	return schema.ValueType()
}

// Data reads the data source.
func (d *Driver) Data(ctx context.Context, config Object) (tftypes.Value, Diagnostics) {
	kind := d.typeOf(d.schemas.DataSourceSchemas)
	value := dynamic(encode(kind, config))
	req := &tfprotov6.ValidateDataResourceConfigRequest{TypeName: d.typeName, Config: value}
	checked := must(d.server.ValidateDataResourceConfig(ctx, req))
	if diags := Diagnostics(checked.Diagnostics); diags.Failed() {
		return tftypes.Value{}, diags
	}
	resp := must(d.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: d.typeName, Config: value}))
	return unmarshal(kind, resp.State), resp.Diagnostics
}

// ValidateEphemeral checks a configuration of the ephemeral resource.
func (d *Driver) ValidateEphemeral(ctx context.Context, config Object) Diagnostics {
	value := dynamic(encode(d.typeOf(d.schemas.EphemeralResourceSchemas), config))
	req := &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: d.typeName, Config: value}
	return must(d.server.ValidateEphemeralResourceConfig(ctx, req)).Diagnostics
}

// Open opens the ephemeral resource.
func (d *Driver) Open(ctx context.Context, config Object) (tftypes.Value, Diagnostics) {
	if diags := d.ValidateEphemeral(ctx, config); diags.Failed() {
		return tftypes.Value{}, diags
	}
	kind := d.typeOf(d.schemas.EphemeralResourceSchemas)
	req := &tfprotov6.OpenEphemeralResourceRequest{TypeName: d.typeName, Config: dynamic(encode(kind, config))}
	resp := must(d.server.OpenEphemeralResource(ctx, req))
	return unmarshal(kind, resp.Result), resp.Diagnostics
}

// Invoke plans and invokes the action, as `terraform apply -invoke` does. It returns the progress messages.
func (d *Driver) Invoke(ctx context.Context, config Object) ([]string, Diagnostics) {
	value := dynamic(encode(d.actionType(), config))
	server := d.server.(tfprotov6.ActionServer) //nolint:forcetypeassert // a provider with an action is one
	checked := must(server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: d.typeName, Config: value}))
	if diags := Diagnostics(checked.Diagnostics); diags.Failed() {
		return nil, diags
	}
	planned := must(server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: d.typeName, Config: value}))
	if diags := Diagnostics(planned.Diagnostics); diags.Failed() {
		return nil, diags
	}
	stream := must(server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: d.typeName, Config: value}))
	var progress []string
	diags := Diagnostics(planned.Diagnostics)
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = append(diags, event.Diagnostics...)
		}
	}
	return progress, diags
}

// actionType returns the type of the action's configuration. It panics if the provider has no such action.
func (d *Driver) actionType() tftypes.Type {
	action, ok := d.schemas.ActionSchemas[d.typeName]
	if !ok {
		panic("the provider does not have this action: " + d.typeName)
	}
	return action.Schema.ValueType()
}

// Listed is one result of the list resource.
type Listed struct {
	DisplayName string
	Identity    Object
	Resource    tftypes.Value // the zero value if it was not requested
}

// List queries the list resource, as `terraform query` does.
func (d *Driver) List(ctx context.Context, config Object, limit int64, include bool) ([]Listed, Diagnostics) {
	value := dynamic(encode(d.typeOf(d.schemas.ListResourceSchemas), config))
	server := d.server.(tfprotov6.ListResourceServer) //nolint:forcetypeassert // a provider with a list resource is one
	checked := must(server.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: d.typeName, Config: value}))
	if diags := Diagnostics(checked.Diagnostics); diags.Failed() {
		return nil, diags
	}
	stream := must(server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: d.typeName, Config: value, IncludeResource: include, Limit: limit,
	}))
	var found []Listed
	var diags Diagnostics
	for result := range stream.Results {
		diags = append(diags, result.Diagnostics...)
		if result.Identity == nil {
			continue
		}
		one := Listed{DisplayName: result.DisplayName, Identity: d.decodeIdentity(ctx, result.Identity)}
		if result.Resource != nil {
			one.Resource = unmarshal(d.resourceType(), result.Resource)
		}
		found = append(found, one)
	}
	return found, diags
}

// Import imports the resource by an import ID and refreshes it.
func (d *Driver) Import(ctx context.Context, id string) (*Instance, Diagnostics) {
	return d.importBy(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: d.typeName, ID: id})
}

// ImportIdentity imports the resource by an identity, as Terraform 1.12 and later do.
func (d *Driver) ImportIdentity(ctx context.Context, identity Object) (*Instance, Diagnostics) {
	data := dynamic(encode(d.identityType(ctx), identity))
	return d.importBy(ctx, &tfprotov6.ImportResourceStateRequest{
		TypeName: d.typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: data},
	})
}

func (d *Driver) importBy(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*Instance, Diagnostics) {
	resp := must(d.server.ImportResourceState(ctx, req))
	diags := Diagnostics(resp.Diagnostics)
	if diags.Failed() {
		return d.NewInstance(), diags
	}
	found := resp.ImportedResources[0]
	i := &Instance{State: unmarshal(d.resourceType(), found.State), private: found.Private, identity: found.Identity}
	return i, append(diags, d.Refresh(ctx, i)...)
}

// Move moves a resource of another type, whose state is given as JSON, to the driver's type. As for a `moved` block, the provider is
// not configured yet.
func (d *Driver) Move(ctx context.Context, fromProvider, fromType, state string) (*Instance, Diagnostics) {
	server := must(d.serve())
	resp := must(server.MoveResourceState(ctx, &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: fromProvider, SourceTypeName: fromType, SourceState: &tfprotov6.RawState{JSON: []byte(state)},
		TargetTypeName: d.typeName,
	}))
	i := &Instance{State: unmarshal(d.resourceType(), resp.TargetState), private: resp.TargetPrivate, identity: resp.TargetIdentity}
	return i, resp.Diagnostics
}

// Identity returns the identity of a resource, or nil if it has none.
func (d *Driver) Identity(ctx context.Context, i *Instance) Object {
	if i.identity == nil {
		return nil
	}
	return d.decodeIdentity(ctx, i.identity)
}

func (d *Driver) decodeIdentity(ctx context.Context, identity *tfprotov6.ResourceIdentityData) Object {
	decoded := Object{}
	for name, value := range attributesOf(unmarshal(d.identityType(ctx), identity.IdentityData)) {
		decoded[name] = as[string](value)
	}
	return decoded
}

func (d *Driver) identityType(ctx context.Context) tftypes.Type {
	resp := must(d.server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{}))
	return resp.IdentitySchemas[d.typeName].ValueType()
}
