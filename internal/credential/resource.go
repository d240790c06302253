// The resource civo_objectstore_credential, which is also the list resource for terraform query.

package credential

import (
	"cmp"
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// updateTimeout is the default timeout of updates and of the action.
const updateTimeout = 5 * time.Minute

type credentialResource struct {
	regional.Resource[civo.Credential, resourceModel]
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
	return &credentialResource{regional.Resource[civo.Credential, resourceModel]{
		Kind: kind, ResourceSchema: resourceSchema, OfficialType: "civo_object_store_credential",
		CreateTimeout: 10 * time.Minute, UpdateTimeout: updateTimeout, DeleteTimeout: 10 * time.Minute,
		Warnings: warnings, CreateObject: create, UpdateObject: update,
		DeleteObject: func(ctx context.Context, client *civo.Client, _ resourceModel, known civo.Credential) error {
			return client.DeleteCredential(ctx, known)
		},
	}}
}

// NewResource returns the resource.
func NewResource() resource.Resource { return newResource() }

// NewListResource returns the list resource.
func NewListResource() list.ListResource { return newResource() }

func create(
	ctx context.Context, client *civo.Client, c regional.Change[resourceModel], region string,
) (draft, created civo.Credential, err error) {
	change := change{config: c.Config, plan: c.Plan}
	wanted := civo.CredentialCreateOpts{
		Name: c.Plan.Name.ValueString(), Region: region,
		Keys: civo.Keys{AccessKeyID: change.newAccessKeyID(), SecretAccessKey: change.newSecret()},
	}
	created, err = client.CreateCredential(ctx, wanted)
	return wanted.Draft(), created, err
}

// findByNameAndAccessKey finds the credential of a create with an unknown outcome. If Civo does not return the keys of a credential with
// the name yet, findByNameAndAccessKey waits for them. If no credential has both the name and the access key ID, the error is of
// civo.KindNotFound.
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

// update sends the changed keys to Civo with as few requests as possible: none if only the state changes.
func update(
	ctx context.Context, client *civo.Client, c regional.Change[resourceModel], known civo.Credential,
) (updated civo.Credential, sent bool, err error) {
	known.SecretAccessKey = civo.NewSecret(c.Prior.SecretAccessKey.ValueString())
	known, keys, err := decideKeys(ctx, client, change{config: c.Config, plan: c.Plan, prior: c.Prior}, known)
	if err != nil || keys == known.Keys() {
		return known, false, err
	}
	updated, err = client.UpdateCredential(ctx, known.Region, known.ID, keys)
	return updated, true, err
}

// decideKeys returns the keys that the credential must have. Every PUT sends both, so an unchanged key that is not in the state
// is read from Civo; the credential is then returned too.
func decideKeys(ctx context.Context, client *civo.Client, c change, known civo.Credential) (civo.Credential, civo.Keys, error) {
	keys := civo.Keys{
		AccessKeyID:     cmp.Or(c.newAccessKeyID(), known.AccessKeyID),
		SecretAccessKey: cmp.Or(c.newSecret(), known.SecretAccessKey),
	}
	if keys.AccessKeyID != "" && !keys.SecretAccessKey.IsZero() || keys == known.Keys() && !c.plan.SecretAccessKey.IsUnknown() {
		return known, keys, nil
	}
	current, err := client.Credential(ctx, known.Region, known.ID)
	if err == nil {
		current, err = client.WaitReady(ctx, current)
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
