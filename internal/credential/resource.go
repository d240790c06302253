// The resource civo_objectstore_credential, which is also the list resource for terraform query.

package credential

import (
	"cmp"
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// The default timeouts of the operations.
const (
	createTimeout = 10 * time.Minute
	updateTimeout = 5 * time.Minute
	deleteTimeout = 10 * time.Minute
)

type credentialResource struct {
	regional.Resource[civo.Credential, civo.Lookup, resourceModel]
}

var (
	_ resource.ResourceWithConfigure      = (*credentialResource)(nil)
	_ resource.ResourceWithIdentity       = (*credentialResource)(nil)
	_ resource.ResourceWithImportState    = (*credentialResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*credentialResource)(nil)
	_ resource.ResourceWithMoveState      = (*credentialResource)(nil)
	_ resource.ResourceWithValidateConfig = (*credentialResource)(nil)
	_ list.ListResourceWithConfigure      = (*credentialResource)(nil)
)

func newResource() *credentialResource {
	return &credentialResource{regional.Resource[civo.Credential, civo.Lookup, resourceModel]{
		Kind: kind, ResourceSchema: resourceSchema, OfficialType: "civo_object_store_credential", DeleteTimeout: deleteTimeout, Warnings: warnings,
	}}
}

// NewResource returns the resource.
func NewResource() resource.Resource { return newResource() }

// NewListResource returns the list resource.
func NewListResource() list.ListResource { return newResource() }

func (r *credentialResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var change change
	resp.Diagnostics.Append(req.Config.Get(ctx, &change.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &change.plan)...)
	ctx, cancel := regional.WithTimeout(ctx, change.plan.Timeouts.Create, createTimeout, &resp.Diagnostics)
	defer cancel()
	if change.plan.Region.IsUnknown() { // the provider's region, which was not known during plan
		change.plan.Region = regional.DefaultRegion(r.Client, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	wanted := civo.CredentialCreateOpts{
		Name: change.plan.Name.ValueString(), Region: change.plan.Region.ValueString(),
		Keys: civo.Keys{AccessKeyID: change.newAccessKeyID(), SecretAccessKey: change.newSecret()},
	}
	created, err := r.Client.CreateCredential(ctx, wanted)
	r.FinishCreate(ctx, resp, change.plan, wanted.Draft(), created, err)
}

// findByNameAndAccessKey finds the credential of a create with an unknown outcome. If a credential with the name does not show its keys
// yet, findByNameAndAccessKey waits for them. If no credential has both the name and the access key ID, the error is of civo.KindNotFound.
func findByNameAndAccessKey(ctx context.Context, client *civo.Client, known civo.Credential) (civo.Credential, error) {
	found, err := client.FindCredential(ctx, known.Region, civo.Lookup{Name: known.Name})
	if err == nil && found.AccessKeyID == "" {
		found, err = client.WaitReady(ctx, found)
	}
	switch {
	case err != nil && !civo.Is(err, civo.KindFailed):
		return civo.Credential{}, err
	case found.AccessKeyID == "": // it failed before Civo showed its keys, so it cannot be identified
		return civo.Credential{}, cmp.Or(err, error(&civo.Error{Kind: civo.KindUnexpected, Reason: "Civo does not return the access key ID of the credential"}))
	case found.AccessKeyID != known.AccessKeyID:
		return civo.Credential{}, &civo.Error{Kind: civo.KindNotFound, Reason: "no credential has the name and the access key ID"}
	}
	return found, nil
}

// Update sends the keys if one of them changes, and otherwise only completes the state.
func (r *credentialResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var change change
	resp.Diagnostics.Append(req.Config.Get(ctx, &change.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &change.plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &change.prior)...)
	ctx, cancel := regional.WithTimeout(ctx, change.plan.Timeouts.Update, updateTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	updated, sent, err := r.updateKeys(ctx, change)
	if err != nil {
		resp.Diagnostics.Append(kind.On(diagnostics.Update, change.prior.Object()).Error(err))
		return
	}
	r.FinishUpdate(ctx, resp, change.plan, updated, sent || !change.prior.IsTerminal())
}

// updateKeys sends the changed keys to Civo with as few requests as possible: none if only the state changes. It returns the
// credential, and whether the keys were sent.
func (r *credentialResource) updateKeys(ctx context.Context, c change) (updated civo.Credential, sent bool, err error) {
	known, err := r.LocateForUpdate(ctx, c.plan, c.prior)
	if err != nil {
		return known, false, err
	}
	known.SecretAccessKey = civo.NewSecret(c.prior.SecretAccessKey.ValueString())
	known, keys, err := r.decideKeys(ctx, c, known)
	if err != nil || keys == known.Keys() {
		return known, false, err
	}
	updated, err = r.Client.UpdateCredential(ctx, known.Region, known.ID, keys)
	return updated, true, err
}

// decideKeys returns the keys that the credential must have. Every PUT sends both, so an unchanged key that is not in the state
// is read from Civo; the credential is then returned too.
func (r *credentialResource) decideKeys(ctx context.Context, c change, known civo.Credential) (civo.Credential, civo.Keys, error) {
	keys := civo.Keys{
		AccessKeyID:     cmp.Or(c.newAccessKeyID(), known.AccessKeyID),
		SecretAccessKey: cmp.Or(c.newSecret(), known.SecretAccessKey),
	}
	if keys.AccessKeyID != "" && !keys.SecretAccessKey.IsZero() || keys == known.Keys() && !c.plan.SecretAccessKey.IsUnknown() {
		return known, keys, nil
	}
	current, err := r.Client.Credential(ctx, known.Region, known.ID)
	if err == nil {
		current, err = r.Client.WaitReady(ctx, current)
	}
	keys.AccessKeyID = cmp.Or(keys.AccessKeyID, current.AccessKeyID)
	keys.SecretAccessKey = cmp.Or(keys.SecretAccessKey, current.SecretAccessKey)
	if err == nil && (keys.AccessKeyID == "" || keys.SecretAccessKey.IsZero()) {
		err = errKeyNotReturned
	}
	return current, keys, err
}

// errKeyNotReturned is the error for an update that requires a key that Civo does not return.
var errKeyNotReturned = &civo.Error{
	Kind: civo.KindUnexpected, Reason: "Civo did not return both keys of the credential, but an update must contain both",
}
