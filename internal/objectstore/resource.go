// The resource civo_objectstore, which is also the list resource for terraform query.

package objectstore

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

const createTimeout, updateTimeout, deleteTimeout = 30 * time.Minute, 10 * time.Minute, 30 * time.Minute // the defaults

type storeResource struct{ data *regional.Data }

var (
	_ resource.ResourceWithConfigure      = (*storeResource)(nil)
	_ resource.ResourceWithIdentity       = (*storeResource)(nil)
	_ resource.ResourceWithImportState    = (*storeResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*storeResource)(nil)
	_ resource.ResourceWithMoveState      = (*storeResource)(nil)
	_ resource.ResourceWithValidateConfig = (*storeResource)(nil)
	_ list.ListResourceWithConfigure      = (*storeResource)(nil)
)

// NewResource returns the resource.
func NewResource() resource.Resource { return &storeResource{} }

// NewListResource returns the list resource.
func NewListResource() list.ListResource { return &storeResource{} }

func (r *storeResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = wording.ResourceType
}

func (r *storeResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

func (r *storeResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = regional.IdentitySchema(wording.Noun)
}

func (r *storeResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = regional.DataOf(req.ProviderData, &resp.Diagnostics)
}

// ValidateConfig checks the timeouts.
func (r *storeResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	resp.Diagnostics.Append(regional.ValidateTimeouts(ctx, req.Config, "create", "update", "delete")...)
}

// ModifyPlan plans the values that depend on several attributes or on the provider's region, and the replacement for another owner. It
// warns about what the deletion of a store deletes. What a store contains is never an error in the plan, because an error would also
// prevent `terraform destroy`.
func (r *storeResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.data == nil {
		return // the provider is not configured
	}
	var config, plan, prior resourceModel
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
		if resp.Diagnostics.HasError() || req.Plan.Raw.Equal(req.State.Raw) && plan.isComplete() {
			return
		}
		resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	}
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	}
	switch {
	case resp.Diagnostics.HasError():
		return
	case req.Plan.Raw.IsNull():
		resp.Diagnostics.Append(destroyWarnings(prior, r.usage(ctx, prior))...)
		return
	case req.State.Raw.IsNull():
		plan.Model = regional.PlanCreate[civo.ObjectStore](ctx, r.data, wording, config.Model, plan.Model, &resp.Diagnostics)
		resp.Diagnostics.Append(r.checkNewName(ctx, plan)...)
	case r.planReplacement(ctx, plan, prior, resp):
		return // Terraform discards this plan, and plans a create
	default:
		plan.Model = regional.PlanUpdate(config.Model, plan.Model, prior.Model)
		plan = plan.withPlannedOwner(config, prior)
	}
	plan.Endpoint = r.data.S3Endpoint(plan.Region)
	plan.BucketURL = plan.bucketURL()
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// Create creates the store. If the wait until it is ready ends early, the state still contains the store.
func (r *storeResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	ctx, cancel := regional.WithTimeout(ctx, plan.Timeouts.Create, createTimeout, &resp.Diagnostics)
	defer cancel()
	region := r.data.RegionOr(plan.Region)
	wanted := plan.store()
	wanted.Region = region.ValueString()
	operation := wording.On(diagnostics.Create, wanted.Ref())
	client := r.data.ClientIn(region, operation, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	created, err := client.CreateObjectStore(ctx, wanted)
	if created.ID == "" {
		if wanted.Owner.AccessKeyID == "" {
			operation.Wording.Recognized = "" // see findCreated
		}
		regional.SaveUncertainCreate(ctx, err, plan.withActual(r.data, wanted), resp)
		resp.Diagnostics.Append(operation.Error(err))
		return
	}
	if err == nil {
		created, err = client.ObjectStores(created.Region).WaitCreated(ctx, created)
	}
	if err == nil {
		created = r.waitOwner(ctx, created, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.withActual(r.data, created))...)
	resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, created.Ref())...)
	resp.Diagnostics.Append(operation.WaitErrors(err, wanted.Ref())...)
	resp.Diagnostics.Append(endpointWarning(r.data, created)...)
}

// Read refreshes the state.
func (r *storeResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known := state.store()
	operation := wording.On(diagnostics.Read, known.Ref())
	r.data.ClientFor(operation, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := regional.Get(ctx, r.data, known, findCreated)
	switch {
	case isNotAdopted(err):
		resp.Diagnostics.Append(wording.NotAdopted(err, true))
		resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, known.Ref())...)
	case civo.Is(err, civo.KindNotFound):
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, known.Ref())...) // the framework still requires an identity
	case err != nil:
		resp.Diagnostics.Append(operation.Error(err))
	default:
		resp.Diagnostics.Append(warnings(found)...)
		resp.Diagnostics.Append(endpointWarning(r.data, found)...)
		if current := state.withRemote(r.data, found); !reflect.DeepEqual(current, state) { // a conversion takes much of the CPU time
			resp.Diagnostics.Append(resp.State.Set(ctx, current)...)
		}
		resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, found.Ref())...)
	}
}

// Update changes the size of the store. It also continues an interrupted create.
func (r *storeResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, prior resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	ctx, cancel := regional.WithTimeout(ctx, plan.Timeouts.Update, updateTimeout, &resp.Diagnostics)
	defer cancel()
	operation := wording.On(diagnostics.Update, prior.store().Ref())
	client := r.data.ClientFor(operation, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	store, err := regional.Locate(ctx, r.data, prior.store(), plan.Region, findCreated)
	if owner := plan.AccessKeyID; err == nil && regional.IsSet(owner) && !owner.Equal(prior.AccessKeyID) {
		store, err = checkOwner(ctx, client, store, owner.ValueString())
	}
	resizes := !plan.MaxSizeGB.Equal(prior.MaxSizeGB)
	if err == nil && resizes {
		store, err = client.ResizeObjectStore(ctx, store, plan.store().MaxSizeGB)
	}
	if isNotAdopted(err) {
		operation.Note = "The state still contains the resource. Before you import the object store, run terraform state rm with the address of the resource."
	}
	if err != nil {
		resp.Diagnostics.Append(operation.Error(err))
		return
	}
	isUnfinished := !prior.store().Status.IsFinal()
	if resizes || isUnfinished {
		store, err = client.ObjectStores(store.Region).WaitReady(ctx, store)
	}
	if err == nil && isUnfinished {
		store = r.waitOwner(ctx, store, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.withActual(r.data, store))...)
	resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, store.Ref())...)
	resp.Diagnostics.Append(operation.WaitErrors(err, store.Ref())...)
}

// Delete deletes the store. Civo also deletes its objects, so it must be empty unless force_destroy is set. A missing store is no error.
func (r *storeResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := regional.WithTimeout(ctx, state.Timeouts.Delete, deleteTimeout, &resp.Diagnostics)
	defer cancel()
	operation := wording.On(diagnostics.Delete, state.store().Ref())
	client := r.data.ClientFor(operation, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	store, err := regional.Locate(ctx, r.data, state.store(), state.Region, findCreated)
	if err == nil {
		operation = wording.On(diagnostics.Delete, store.Ref())
		if !state.ForceDestroy.ValueBool() {
			err = checkEmpty(ctx, client, store, r.data.S3Endpoint(types.StringValue(store.Region)).ValueString())
		}
	}
	if err == nil {
		err = client.DeleteObjectStore(ctx, store)
	}
	switch {
	case isNotAdopted(err):
		resp.Diagnostics.Append(wording.NotAdopted(err, false))
	case err != nil && !civo.Is(err, civo.KindNotFound):
		resp.Diagnostics.Append(operation.Error(err))
	}
}

// ImportState imports a store by its ID or name, or by its identity.
func (r *storeResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	regional.ImportState[civo.ObjectStore](ctx, r.data, wording, []civo.Field{civo.FieldID, civo.FieldName}, req, resp)
}

// MoveState accepts moves from the resource of the official provider, whose bucket_url is the endpoint.
func (r *storeResource) MoveState(ctx context.Context) []resource.StateMover {
	return regional.MoveState("civo_object_store", wording.Noun, resourceSchema(ctx), "bucket_url")
}

func (r *storeResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = regional.ListSchema(wording.Noun)
}

// List streams the stores of a region.
func (r *storeResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	regional.List(ctx, r.data, wording, resourceModel.withRemote, req, stream)
}

// findCreated finds the store of a create with an unknown outcome by its name and owner. Without an owner, the name does not identify the
// store: somebody else may have created it since then. The error is then one that isNotAdopted recognizes.
func findCreated(ctx context.Context, client *civo.Client, known civo.ObjectStore) (civo.ObjectStore, error) {
	found, err := client.ObjectStores(known.Region).FindCreated(ctx, known)
	if err == nil && known.Owner.AccessKeyID == "" {
		reason := "An object store has the name, and the state does not show whether an earlier apply created it"
		err = &civo.Error{Kind: civo.KindNameTaken, Conflict: new(found.Ref()), Reason: reason}
	}
	return found, err
}

func isNotAdopted(err error) bool { return civo.Is(err, civo.KindNameTaken) }

// waitOwner waits for the access key ID of the owner that Civo creates with a store. It warns if Civo does not return it.
func (r *storeResource) waitOwner(ctx context.Context, store civo.ObjectStore, diags *diag.Diagnostics) civo.ObjectStore {
	store = r.data.Client.WaitOwner(ctx, store)
	if store.Owner.AccessKeyID == "" {
		diags.AddAttributeWarning(path.Root("access_key_id"), "Owner not known", fmt.Sprintf("Civo does not return the access key ID of the credential that owns %s, "+
			"so access_key_id is null. If Civo returns the access key ID later, the next refresh adds it to the state.", wording.Describe(store.Ref())))
	}
	return store
}

// planReplacement reports whether the plan replaces the store, because of a plan modifier in the schema or another owner. It then warns.
func (r *storeResource) planReplacement(ctx context.Context, plan, prior resourceModel, resp *resource.ModifyPlanResponse) bool {
	if !plan.ReplacesRecord(prior.Model) {
		if !r.hasOtherOwner(ctx, plan.AccessKeyID, prior) {
			return false
		}
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("access_key_id"))
	}
	resp.Diagnostics.Append(replacementWarning(plan, prior, r.usage(ctx, prior)))
	return true
}

// usage returns the usage of a store in the state, or nil if it cannot be read. The usage of a store that does not exist is zero.
func (r *storeResource) usage(ctx context.Context, prior resourceModel) *civo.ObjectStoreUsage {
	if store := prior.store(); r.data.Client != nil && store.ID != "" && store.Region != "" {
		usage, err := r.data.Client.ObjectStoreUsage(ctx, store.Region, store.ID)
		if err == nil || civo.Is(err, civo.KindNotFound) {
			return &usage
		}
	}
	return nil
}

// hasOtherOwner reports whether another credential is to own the store, which replaces it. If the access key ID of the owner changes in
// place, the store keeps its owner. An access key ID that is not known yet may belong to another credential.
func (r *storeResource) hasOtherOwner(ctx context.Context, wanted types.String, prior resourceModel) bool {
	if prior.AccessKeyID.IsNull() || prior.Region.IsNull() || wanted.Equal(prior.AccessKeyID) {
		return false
	}
	return wanted.IsUnknown() || r.data.Client != nil && isOtherOwner(ctx, r.data.Client, prior.store(), wanted.ValueString())
}

// isOtherOwner reports whether the access key ID certainly does not belong to the owner of the store, now or after a change in place. The
// update returns an error if it is in doubt.
func isOtherOwner(ctx context.Context, client *civo.Client, known civo.ObjectStore, wanted string) bool {
	credentials, err := credentialIDs(ctx, client, known.Region)
	if err != nil {
		return false
	}
	next, nextExists := credentials[wanted]
	_, ownerExists := credentials[known.Owner.AccessKeyID]
	_, hidesKeys := credentials[""]
	switch {
	case nextExists && ownerExists:
		return true
	case nextExists:
		store, err := client.ObjectStores(known.Region).Get(ctx, known.ID)
		return err == nil && store.Owner.CredentialID != "" && store.Owner.CredentialID != next
	default: // without an owner, the access key ID will be that of a new credential; otherwise, the owner's may change in place
		return !ownerExists && !hidesKeys
	}
}

// checkOwner reads a store and returns an error unless its owner has the wanted access key ID.
func checkOwner(ctx context.Context, client *civo.Client, known civo.ObjectStore, wanted string) (civo.ObjectStore, error) {
	store, err := client.ObjectStores(known.Region).GetCurrent(ctx, known.ID)
	if err != nil || store.Owner.AccessKeyID == wanted {
		return store, err
	}
	credentials, err := credentialIDs(ctx, client, known.Region)
	if err == nil {
		_, oldExists := credentials[store.Owner.AccessKeyID]
		_, newExists := credentials[wanted]
		err = ownerNotChangedError(store, wanted, oldExists, newExists)
	}
	return store, err
}

// credentialIDs returns the IDs of all credentials in a region by their access key IDs.
func credentialIDs(ctx context.Context, client *civo.Client, region string) (map[string]string, error) {
	all, err := client.Credentials(region).All(ctx)
	ids := make(map[string]string, len(all))
	for _, credential := range all {
		ids[credential.AccessKeyID] = credential.ID
	}
	return ids, err
}

// checkEmpty returns an error unless a store is certainly empty. The error contains commands for the S3 endpoint.
func checkEmpty(ctx context.Context, client *civo.Client, store civo.ObjectStore, endpoint string) error {
	usage, err := client.ObjectStoreUsage(ctx, store.Region, store.ID)
	switch {
	case civo.Is(err, civo.KindNotFound):
		return err
	case err != nil:
		return unknownUsageError(store, err)
	case !isEmpty(usage):
		return notEmptyError(store, usage, endpoint)
	}
	return nil
}

// isEmpty reports whether a store is certainly empty. The parts of unfinished uploads count as objects, or at least take up space.
func isEmpty(usage civo.ObjectStoreUsage) bool { return usage.Objects == 0 && usage.UsedKB == 0 }
