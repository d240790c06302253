// The resource civo_objectstore_credential, which is also the list resource for terraform query.

package credential

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// The default timeouts. updateTimeout is also that of the action, and openTimeout that of the ephemeral resource.
const (
	openTimeout   = 5 * time.Minute
	createTimeout = 10 * time.Minute
	updateTimeout = 5 * time.Minute
	deleteTimeout = 10 * time.Minute
)

type credentialResource struct{ data *regional.Data }

var (
	_ resource.ResourceWithConfigure      = (*credentialResource)(nil)
	_ resource.ResourceWithIdentity       = (*credentialResource)(nil)
	_ resource.ResourceWithImportState    = (*credentialResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*credentialResource)(nil)
	_ resource.ResourceWithMoveState      = (*credentialResource)(nil)
	_ resource.ResourceWithValidateConfig = (*credentialResource)(nil)
	_ list.ListResourceWithConfigure      = (*credentialResource)(nil)
)

// NewResource returns the resource.
func NewResource() resource.Resource { return &credentialResource{} }

// NewListResource returns the list resource.
func NewListResource() list.ListResource { return &credentialResource{} }

func (r *credentialResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = wording.ResourceType
}

func (r *credentialResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

func (r *credentialResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = regional.IdentitySchema(wording.Noun)
}

func (r *credentialResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = regional.DataOf(req.ProviderData, &resp.Diagnostics)
}

// ValidateConfig checks the timeouts and the combinations of arguments.
func (r *credentialResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(regional.ValidateTimeouts(ctx, req.Config, "create", "update", "delete")...)
	resp.Diagnostics.Append(config.validateSecretArguments()...)
}

// ModifyPlan plans the values that depend on several attributes or on the provider's region. The schema declares the rest.
func (r *credentialResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.data == nil {
		return // a destroy, or a provider that is not configured
	}
	var c change
	resp.Diagnostics.Append(req.Plan.Get(ctx, &c.plan)...)
	if resp.Diagnostics.HasError() || req.Plan.Raw.Equal(req.State.Raw) && c.plan.isComplete() {
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &c.config)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &c.prior)...)
	}
	switch {
	case resp.Diagnostics.HasError():
		return
	case c.isCreate(): // for a create or a replacement, Terraform sends the configuration without ignore_changes
		c.plan.Model = regional.PlanCreate[civo.Credential](ctx, r.data, wording, c.config.Model, c.plan.Model, &resp.Diagnostics)
	case c.plan.ReplacesRecord(c.prior.Model):
		resp.Diagnostics.Append(c.replacementWarnings()...)
		return // Terraform discards this plan, and plans a create
	default:
		resp.Diagnostics.Append(c.validateIgnoreChanges()...)
		c.plan.Model = regional.PlanUpdate(c.config.Model, c.plan.Model, c.prior.Model)
		if c.config.AccessKeyID.IsNull() && c.prior.AccessKeyID.IsNull() { // imported before Civo returned it
			c.plan.AccessKeyID = types.StringUnknown()
		}
	}
	c.plan.Endpoint = r.data.S3Endpoint(c.plan.Region)
	if c.config.SecretAccessKey.IsNull() {
		c.plan.SecretAccessKey = types.StringUnknown() // not supplied
	}
	c.plan.SecretAccessKey = c.plannedSecret()
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, c.plan)...)
	}
}

// Create creates the credential. If the wait until it is ready ends early, the state still contains the credential.
func (r *credentialResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var c change
	resp.Diagnostics.Append(req.Config.Get(ctx, &c.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &c.plan)...)
	ctx, cancel := regional.WithTimeout(ctx, c.plan.Timeouts.Create, createTimeout, &resp.Diagnostics)
	defer cancel()
	region := r.data.RegionOr(c.plan.Region)
	wanted := civo.Credential{
		Name: c.plan.Name.ValueString(), Region: region.ValueString(), AccessKeyID: c.newAccessKeyID(), SecretAccessKey: c.newSecret(),
	}
	operation := wording.On(diagnostics.Create, wanted.Ref())
	client := r.data.ClientIn(region, operation, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	created, err := client.CreateCredential(ctx, wanted)
	if created.ID != "" && civo.Is(err, civo.KindAccessKeyTaken) { // it has another name
		if regional.IsSet(c.plan.AccessKeyID) {
			created = civo.Credential{}
		} else { // no other credential can have a generated key
			err = civo.OtherName(created.Ref(), wanted.Name)
		}
	}
	if created.ID == "" {
		regional.SaveUncertainCreate(ctx, err, c.plan.withActual(r.data, wanted), resp)
		resp.Diagnostics.Append(operation.Error(err))
		return
	}
	if err == nil {
		created, err = client.Credentials(created.Region).WaitCreated(ctx, created)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, c.plan.withActual(r.data, created))...)
	resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, created.Ref())...)
	resp.Diagnostics.Append(operation.WaitErrors(err, wanted.Ref())...)
}

// Read refreshes the state.
func (r *credentialResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known := state.credential()
	operation := wording.On(diagnostics.Read, known.Ref())
	r.data.ClientFor(operation, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := regional.Get(ctx, r.data, known, findCreated)
	switch {
	case civo.Is(err, civo.KindNotFound):
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, known.Ref())...) // the framework still requires an identity
	case err != nil:
		resp.Diagnostics.Append(operation.Error(err))
	default:
		resp.Diagnostics.Append(warnings(found)...)
		if current := state.withRemote(r.data, found); !reflect.DeepEqual(current, state) { // a conversion takes much of the CPU time
			resp.Diagnostics.Append(resp.State.Set(ctx, current)...)
		}
		resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, found.Ref())...)
	}
}

// Update updates the keys of the credential. It also continues an interrupted create.
func (r *credentialResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var c change
	resp.Diagnostics.Append(req.Config.Get(ctx, &c.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &c.plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &c.prior)...)
	ctx, cancel := regional.WithTimeout(ctx, c.plan.Timeouts.Update, updateTimeout, &resp.Diagnostics)
	defer cancel()
	operation := wording.On(diagnostics.Update, c.prior.credential().Ref())
	client := r.data.ClientFor(operation, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	current, err := regional.Locate(ctx, r.data, c.prior.credential(), c.plan.Region, findCreated)
	sent := false
	if err == nil {
		current, sent, err = update(ctx, client, c, current)
	}
	if err != nil {
		resp.Diagnostics.Append(operation.Error(err))
		return
	}
	if sent || !c.prior.credential().Status.IsFinal() {
		current, err = client.Credentials(current.Region).WaitReady(ctx, current)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, c.plan.withActual(r.data, current))...)
	resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, current.Ref())...)
	resp.Diagnostics.Append(operation.WaitErrors(err, current.Ref())...)
}

// Delete deletes the credential. It succeeds if the credential no longer exists.
func (r *credentialResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := regional.WithTimeout(ctx, state.Timeouts.Delete, deleteTimeout, &resp.Diagnostics)
	defer cancel()
	operation := wording.On(diagnostics.Delete, state.credential().Ref())
	client := r.data.ClientFor(operation, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := regional.Locate(ctx, r.data, state.credential(), state.Region, findCreated)
	if err == nil {
		operation = wording.On(diagnostics.Delete, found.Ref())
		err = client.DeleteCredential(ctx, found)
	}
	if err != nil && !civo.Is(err, civo.KindNotFound) {
		resp.Diagnostics.Append(operation.Error(err))
	}
}

// ImportState imports a credential by its ID, name or access key ID, or by its identity.
func (r *credentialResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	fields := []civo.Field{civo.FieldID, civo.FieldName, civo.FieldAccessKeyID}
	regional.ImportState[civo.Credential](ctx, r.data, wording, fields, req, resp)
}

// MoveState accepts moves from the resource of the official provider.
func (r *credentialResource) MoveState(ctx context.Context) []resource.StateMover {
	return regional.MoveState("civo_object_store_credential", wording.Noun, resourceSchema(ctx))
}

func (r *credentialResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = regional.ListSchema(wording.Noun)
}

// List streams the credentials of a region.
func (r *credentialResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	regional.List(ctx, r.data, wording, resourceModel.withRemote, req, stream)
}

// findCreated finds the credential of a create with an unknown outcome by its name and access key ID, and waits for its keys.
func findCreated(ctx context.Context, client *civo.Client, known civo.Credential) (civo.Credential, error) {
	return client.Credentials(known.Region).FindCreated(ctx, known)
}

// update sends the changed keys to Civo with as few requests as possible: none if only the state changes. Every PUT contains both keys, so
// update reads an unchanged key from Civo if the state does not contain it.
func update(ctx context.Context, client *civo.Client, c change, known civo.Credential) (updated civo.Credential, sent bool, err error) {
	known.SecretAccessKey = civo.NewSecret(c.prior.SecretAccessKey.ValueString())
	wanted := known.WithKeys(c.newAccessKeyID(), c.newSecret())
	if !wanted.HasKeys() && (wanted != known || c.plan.SecretAccessKey.IsUnknown()) {
		known, err = client.Credentials(known.Region).Get(ctx, known.ID)
		if err == nil {
			known, err = client.Credentials(known.Region).WaitReady(ctx, known)
		}
		wanted = known.WithKeys(wanted.AccessKeyID, wanted.SecretAccessKey)
		if err == nil && !wanted.HasKeys() {
			err = errKeyNotReturned
		}
	}
	if err != nil || wanted == known {
		return known, false, err
	}
	updated, err = client.UpdateCredential(ctx, wanted)
	return updated, true, err
}

// errKeyNotReturned is the error for an update that requires a key that Civo does not return.
var errKeyNotReturned = &civo.Error{
	Kind: civo.KindUnexpected, Reason: "Civo did not return both keys of the credential, but an update must contain both",
}

// replacementWarnings warns if Terraform plans a replacement only because a value is not known yet.
func (c change) replacementWarnings() (diags diag.Diagnostics) {
	if why := regional.UnknownReplacement(c.plan.Model, c.prior.Model); why != "" {
		diags.AddWarning("Replacing a credential deletes its keys", fmt.Sprintf("The plan deletes %s and creates another credential. %s",
			wording.Describe(c.prior.credential().Ref()), why))
	}
	return diags
}

// warnings warns about the status of an existing credential.
func warnings(c civo.Credential) (diags diag.Diagnostics) {
	if c.Status == civo.StatusFailed {
		diags.AddWarning("Credential failed", fmt.Sprintf("Civo reports the status \"failed\" for %s. The credential may not be able to access "+
			"its object stores. Contact Civo support, or replace the credential with terraform apply -replace.", wording.Describe(c.Ref())))
	}
	if c.Suspended {
		diags.AddWarning(suspended(c))
	}
	return diags
}

// suspended returns the summary and the detail of a diagnostic about a suspended credential.
func suspended(c civo.Credential) (summary, detail string) {
	return "Credential suspended", fmt.Sprintf("Civo has suspended %s. A suspended credential cannot access object stores. "+
		"Reactivate the credential in the Civo dashboard, or contact Civo support.", wording.Describe(c.Ref()))
}
