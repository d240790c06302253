// The resource civo_objectstore_credential: create, read and delete.

package credential

import (
	"cmp"
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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

// credentialResource is civo_objectstore_credential as a resource.
type credentialResource struct{ regional.Resource }

var (
	_ resource.ResourceWithConfigure   = (*credentialResource)(nil)
	_ resource.ResourceWithIdentity    = (*credentialResource)(nil)
	_ resource.ResourceWithImportState = (*credentialResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*credentialResource)(nil)
)

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &credentialResource{regional.Resource{Suffix: typeSuffix}}
}

// Schema implements resource.Resource.
func (r *credentialResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *credentialResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = regional.IdentitySchema(kind.Noun, idDescription)
}

// Create implements resource.Resource. An interruption of the wait until the credential is ready does not lose the credential.
func (r *credentialResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var change change
	resp.Diagnostics.Append(req.Config.Get(ctx, &change.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &change.plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := change.plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(diags...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	want := r.newCredential(change, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	save := func(seen civo.Credential) {
		resp.Diagnostics.Append(resp.State.Set(ctx, change.newState(r.Client, seen))...)
		resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, seen.ID, seen.Region)...)
	}
	made, err := r.Client.CreateCredential(ctx, want)
	if err != nil {
		if civo.IsUncertain(err) {
			resp.Identity = nil // that of a credential which the refresh found deleted, if any
			save(want.Draft())
		}
		resp.Diagnostics.Append(operationOn(diagnostics.Create, want.Draft()).Error(err))
		return
	}
	ready, err := r.Client.WaitReady(ctx, made)
	save(ready)
	if err != nil {
		resp.Diagnostics.Append(operationOn(diagnostics.Create, ready).WaitError(err))
	}
}

// newCredential returns the create request for the planned credential.
func (r *credentialResource) newCredential(c change, diags *diag.Diagnostics) civo.CredentialCreateOpts {
	region := c.plan.Region
	if region.IsUnknown() { // the provider's region, which was not known during plan
		region = regional.DefaultRegion(r.Client, diags)
	}
	return civo.CredentialCreateOpts{
		Name:   c.plan.Name.ValueString(),
		Region: region.ValueString(),
		Keys:   civo.Keys{AccessKeyID: c.newAccessKeyID(), SecretAccessKey: c.newSecret()},
	}
}

// Read implements resource.Resource.
func (r *credentialResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	known := state.credential()
	seen, err := r.find(ctx, known)
	if civo.Is(err, civo.KindNotFound) {
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, known.ID, known.Region)...) // the framework still requires an identity
		return
	}
	if err != nil {
		resp.Diagnostics.Append(operationOn(diagnostics.Read, known).Error(err))
		return
	}
	if seen.Status == civo.StatusFailed {
		resp.Diagnostics.Append(failedWarning(seen))
	}
	resp.Diagnostics.Append(suspendedWarning(seen)...)
	if current := state.withRemote(r.Client, seen); !current.sameRemote(state) {
		resp.Diagnostics.Append(resp.State.Set(ctx, current)...)
	}
	resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, seen.ID, seen.Region)...)
}

// find reads a credential that is in the state. After a move from the official provider, the state may not contain a region. find then
// searches for the ID in the provider's region and in the other regions. The error is of civo.KindNotFound only if no region contains
// the credential.
func (r *credentialResource) find(ctx context.Context, known civo.Credential) (civo.Credential, error) {
	switch {
	case known.ID == "":
		return r.findByNameAndAccessKey(ctx, known)
	case known.Region != "":
		return r.Client.Credential(ctx, known.Region, known.ID)
	}
	return r.Client.FindCredentialInAnyRegion(ctx, r.Client.Region(), civo.Lookup{ID: known.ID})
}

// findByNameAndAccessKey finds the credential of a create with an unknown outcome, whose ID is not in the state. If a credential does not
// show its keys yet, it waits for them. If no credential has both the name and the access key ID, the error is of civo.KindNotFound.
func (r *credentialResource) findByNameAndAccessKey(ctx context.Context, known civo.Credential) (civo.Credential, error) {
	seen, err := r.Client.FindCredential(ctx, known.Region, civo.Lookup{Name: known.Name})
	if err == nil && seen.AccessKeyID == "" {
		seen, err = r.Client.WaitReady(ctx, seen)
	}
	if err != nil && !civo.Is(err, civo.KindFailed) {
		return civo.Credential{}, err
	}
	if seen.AccessKeyID == "" { // it failed before Civo showed its keys, so it cannot be identified
		return civo.Credential{}, cmp.Or(err, error(&civo.Error{Kind: civo.KindUnexpected, Reason: "Civo does not return the access key ID of the credential"}))
	}
	if seen.AccessKeyID != known.AccessKeyID {
		return civo.Credential{}, &civo.Error{Kind: civo.KindNotFound, Reason: "no credential has the name and the access key ID"}
	}
	return seen, nil
}

// Delete implements resource.Resource.
func (r *credentialResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, deleteTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	known := state.credential()
	err := r.delete(ctx, known)
	if err != nil {
		resp.Diagnostics.Append(operationOn(diagnostics.Delete, known).Error(err))
	}
}

func (r *credentialResource) delete(ctx context.Context, known civo.Credential) error {
	if known.ID == "" || known.Region == "" {
		found, err := r.find(ctx, known)
		if civo.Is(err, civo.KindNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		known = found
	}
	return r.Client.DeleteCredential(ctx, known)
}
