// The operations of the resources.

package regional

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// Resource implements the resource and the list resource for one type of object, except for planning and for the requests that change
// an object. Its functions return an error of the client or a diagnostics.Error.
type Resource[O civo.Object[O], M ResourceModel[O, M]] struct {
	Type           ObjectType[O]
	ResourceSchema func(context.Context) schema.Schema
	OfficialType   string // type of the resource that can be moved from the provider civo/civo
	CreateTimeout  time.Duration
	UpdateTimeout  time.Duration
	DeleteTimeout  time.Duration
	Warnings       func(O) diag.Diagnostics // returns warnings about an existing object

	// CreateObject sends the request that creates an object. The draft is the object as requested, without an ID.
	CreateObject func(ctx context.Context, client *civo.Client, change Change[M], region string) (draft, created O, err error)
	// UpdateObject sends the requests that an update needs, if any, and reports whether it sent one.
	UpdateObject func(ctx context.Context, client *civo.Client, change Change[M], known O) (updated O, sent bool, err error)
	// DeleteObject deletes an object. The error is of civo.KindNotFound if it no longer exists.
	DeleteObject func(ctx context.Context, client *civo.Client, state M, known O) error

	Client *civo.Client // nil while Terraform validates the configuration
}

// FullResource is the interface that a resource that embeds Resource implements.
type FullResource interface {
	resource.ResourceWithConfigure
	resource.ResourceWithIdentity
	resource.ResourceWithImportState
	resource.ResourceWithModifyPlan
	resource.ResourceWithMoveState
	resource.ResourceWithValidateConfig
	list.ListResourceWithConfigure

	// HasNothingToPlan reports whether a proposed state that equals the prior state needs no modification: neither a default nor
	// ModifyPlan changes it.
	HasNothingToPlan(config, state Attributes) bool
}

// Change is the configuration, the plan and the prior state of a create or update. The prior state of a create is zero.
type Change[M any] struct{ Config, Plan, Prior M }

// ResourceModel is the model of a resource: its configuration, plan and state.
type ResourceModel[O, Self any] interface {
	Object() O                                     // null and unknown become the zero value
	WithRemote(client *civo.Client, remote O) Self // updated with Civo's response
	NewState(client *civo.Client, remote O) Self   // a plan whose unknown values are replaced with those from Civo
}

// PlannedChange returns the change that a plan describes. It returns false if ModifyPlan must not continue: the plan destroys the object,
// the provider is not configured, or there is an error.
func (r *Resource[O, M]) PlannedChange(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) (change Change[M], ok bool) {
	if req.Plan.Raw.IsNull() || r.Client == nil {
		return change, false
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &change.Config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &change.Plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &change.Prior)...)
	}
	return change, !resp.Diagnostics.HasError()
}

// Metadata sets the type name.
func (r *Resource[O, M]) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.Type.ResourceType
}

// Configure stores the client.
func (r *Resource[O, M]) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Client = ClientOf(req.ProviderData, &resp.Diagnostics)
}

// Schema returns the schema of the resource.
func (r *Resource[O, M]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.ResourceSchema(ctx)
}

// IdentitySchema returns the schema of an identity that consists of an ID and a region.
func (r *Resource[O, M]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "ID of the " + r.Type.Noun + ", a UUID that Civo assigns."},
		"region": identityschema.StringAttribute{
			OptionalForImport: true, Description: "Region of the " + r.Type.Noun + ", such as LON1. Default: the provider's region.",
		},
	}}
}

// ValidateConfig checks the timeouts.
func (r *Resource[O, M]) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	if AttributesOf(req.Config.Raw).SetsAny("timeouts") {
		resp.Diagnostics.Append(ValidateTimeouts(ctx, req.Config, "create", "update", "delete")...)
	}
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

// Create creates the object. If the wait until it is ready is interrupted, the state still contains the object.
func (r *Resource[O, M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var change Change[M]
	var configured timeouts.Value
	resp.Diagnostics.Append(req.Config.Get(ctx, &change.Config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &change.Plan)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("timeouts"), &configured)...)
	ctx, cancel := WithTimeout(ctx, configured.Create, r.CreateTimeout, &resp.Diagnostics)
	defer cancel()
	region := change.Plan.Object().Ref().Region
	if region == "" { // the provider's region, which was not known during plan
		region = defaultRegion(r.Client, &resp.Diagnostics).ValueString()
	}
	if resp.Diagnostics.HasError() {
		return
	}
	draft, created, err := r.CreateObject(ctx, r.Client, change, region)
	if err == nil {
		resp.Diagnostics.Append(r.finish(ctx, diagnostics.Create, change.Plan, created, true, &resp.State, resp.Identity)...)
		return
	}
	if civo.IsUncertain(err) {
		resp.Identity = nil // it may belong to an object that no longer existed during the refresh
		resp.Diagnostics.Append(resp.State.Set(ctx, change.Plan.NewState(r.Client, draft))...)
	}
	resp.Diagnostics.Append(r.Type.On(diagnostics.Create, draft).Error(err))
}

// Update updates the object. It also continues an interrupted create.
func (r *Resource[O, M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var change Change[M]
	var configured timeouts.Value
	resp.Diagnostics.Append(req.Config.Get(ctx, &change.Config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &change.Plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &change.Prior)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("timeouts"), &configured)...)
	ctx, cancel := WithTimeout(ctx, configured.Update, r.UpdateTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	sent := false
	object, err := r.locateForUpdate(ctx, change)
	if err == nil {
		object, sent, err = r.UpdateObject(ctx, r.Client, change, object)
	}
	if err != nil {
		resp.Diagnostics.Append(r.Type.On(diagnostics.Update, change.Prior.Object()).Error(err))
		return
	}
	wait := sent || !change.Prior.Object().Ref().Status.IsFinal()
	resp.Diagnostics.Append(r.finish(ctx, diagnostics.Update, change.Plan, object, wait, &resp.State, resp.Identity)...)
}

// finish completes a create or update after its requests: it waits until the object is ready, if necessary, and saves it.
func (r *Resource[O, M]) finish(
	ctx context.Context, verb diagnostics.Verb, plan M, object O, wait bool, state *tfsdk.State, identity *tfsdk.ResourceIdentity,
) (diags diag.Diagnostics) {
	var err error
	if wait {
		object, err = r.Type.Objects(r.Client, object.Ref().Region).WaitReady(ctx, object)
	}
	diags.Append(state.Set(ctx, plan.NewState(r.Client, object))...)
	diags.Append(setIdentity(ctx, identity, object.Ref())...)
	if err != nil {
		diags.Append(r.Type.On(verb, object).WaitError(err))
	}
	return diags
}

// Read refreshes the state.
func (r *Resource[O, M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, ReadTimeout)
	defer cancel()
	var state M
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	known := state.Object()
	found, err := r.find(ctx, known)
	if civo.Is(err, civo.KindNotFound) {
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, known.Ref())...) // the framework still requires an identity
		return
	}
	if err != nil {
		resp.Diagnostics.Append(r.Type.On(diagnostics.Read, known).Error(err))
		return
	}
	resp.Diagnostics.Append(r.Warnings(found)...)
	if current := state.WithRemote(r.Client, found); !reflect.DeepEqual(current, state) {
		resp.Diagnostics.Append(resp.State.Set(ctx, current)...)
	}
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, found.Ref())...)
}

// find reads an object that is in the state. After a move from the official provider, the state may not contain a region. find then
// searches for the ID in the provider's region and in the other regions. The error is of civo.KindNotFound only if no region contains
// the object.
func (r *Resource[O, M]) find(ctx context.Context, known O) (O, error) {
	switch o := known.Ref(); {
	case o.ID == "":
		return r.Type.FindDraft(ctx, r.Client, known)
	case o.Region == "":
		return r.Type.Objects(r.Client, r.Client.Region()).FindInAnyRegion(ctx, civo.Lookup{ID: o.ID})
	default:
		return r.Type.Objects(r.Client, o.Region).Get(ctx, o.ID)
	}
}

// locate returns an object with its ID and region. If one of them is not in the state, locate finds the object.
func (r *Resource[O, M]) locate(ctx context.Context, known O) (O, error) {
	if o := known.Ref(); o.ID != "" && o.Region != "" {
		return known, nil
	}
	return r.find(ctx, known)
}

// locateForUpdate returns the object in the prior state. If -refresh=false skips the read after a move, the state does not contain its
// region. The object may then be in a different region from the plan.
func (r *Resource[O, M]) locateForUpdate(ctx context.Context, change Change[M]) (O, error) {
	found, err := r.locate(ctx, change.Prior.Object())
	if err != nil {
		return found, err
	}
	planned, actual := change.Plan.Object().Ref().Region, found.Ref().Region
	if planned != "" && !civo.SameRegion(planned, actual) {
		return found, otherRegion(found, fmt.Sprintf("the %s is in %s, not in %s", r.Type.Noun, actual, planned))
	}
	return found, nil
}

// otherRegion returns the error for an object in an unexpected region.
func otherRegion[O civo.Object[O]](found O, reason string) error {
	return &civo.Error{Kind: civo.KindOtherRegion, Reason: reason, About: new(found.Ref())}
}

// Delete deletes the object. It succeeds if the object no longer exists.
func (r *Resource[O, M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state M
	var configured timeouts.Value
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("timeouts"), &configured)...)
	ctx, cancel := WithTimeout(ctx, configured.Delete, r.DeleteTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	known := state.Object()
	found, err := r.locate(ctx, known)
	if err == nil {
		known = found
		err = r.DeleteObject(ctx, r.Client, state, known)
	}
	if err != nil && !civo.Is(err, civo.KindNotFound) {
		resp.Diagnostics.Append(r.Type.On(diagnostics.Delete, known).Error(err))
	}
}
