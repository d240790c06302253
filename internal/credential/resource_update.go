// Update of a credential: find it, decide which keys it must have, and send them.

package credential

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// Update implements resource.Resource. It sends the keys if one of them changes, and otherwise only completes the state.
func (r *credentialResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var change change
	resp.Diagnostics.Append(req.Config.Get(ctx, &change.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &change.plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &change.prior)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := change.plan.Timeouts.Update(ctx, updateTimeout)
	resp.Diagnostics.Append(diags...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	changed, sent, err := r.updateKeys(ctx, change)
	if err != nil {
		resp.Diagnostics.Append(operationOn(diagnostics.Update, change.prior.credential()).Error(err))
		return
	}
	var waitErr error
	if sent || !change.prior.isTerminal() {
		changed, waitErr = r.Client.WaitReady(ctx, changed)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, change.newState(r.Client, changed))...)
	resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, changed.ID, changed.Region)...)
	if waitErr != nil {
		resp.Diagnostics.Append(operationOn(diagnostics.Update, changed).WaitError(waitErr))
	}
}

// updateKeys sends the changed keys to Civo with as few requests as possible: none if only the state changes. It returns the
// credential, and whether the keys were sent.
func (r *credentialResource) updateKeys(ctx context.Context, c change) (now civo.Credential, sent bool, err error) {
	known, err := r.findForUpdate(ctx, c)
	if err != nil {
		return civo.Credential{}, false, err
	}
	known, keys, err := r.decideKeys(ctx, c, known)
	if err != nil || keys == known.Keys() {
		return known, false, err
	}
	now, err = r.Client.UpdateCredential(ctx, known.Region, known.ID, keys)
	return now, true, err
}

// findForUpdate returns the credential as the prior state contains it. A moved credential that has not been read since, because
// of -refresh=false, has no region there and is looked up.
func (r *credentialResource) findForUpdate(ctx context.Context, c change) (civo.Credential, error) {
	known := c.prior.credential()
	if known.Region == "" {
		found, err := r.find(ctx, known)
		if err != nil {
			return civo.Credential{}, err
		}
		if planned := c.plan.Region; !planned.IsUnknown() && !civo.SameRegion(planned.ValueString(), found.Region) {
			return civo.Credential{}, otherRegion(found, fmt.Sprintf("the credential is in %s, not in %s", found.Region, planned.ValueString()))
		}
		known = found
	}
	known.SecretAccessKey = civo.NewSecret(c.prior.SecretAccessKey.ValueString())
	return known, nil
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
	if err != nil {
		return civo.Credential{}, civo.Keys{}, err
	}
	keys.AccessKeyID = cmp.Or(keys.AccessKeyID, current.AccessKeyID)
	keys.SecretAccessKey = cmp.Or(keys.SecretAccessKey, current.SecretAccessKey)
	if keys.AccessKeyID == "" || keys.SecretAccessKey.IsZero() {
		return civo.Credential{}, civo.Keys{}, errKeyNotReturned
	}
	return current, keys, nil
}

// errKeyNotReturned is the error for an update that requires a key that Civo does not return.
var errKeyNotReturned = &civo.Error{
	Kind: civo.KindUnexpected, Reason: "Civo did not return both keys of the credential, but an update must contain both",
}
