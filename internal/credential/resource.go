// The resource civo_objectstore_credential, which is also the list resource for terraform query.

package credential

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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

var _ regional.FullResource = (*credentialResource)(nil)

func newResource() *credentialResource {
	return &credentialResource{regional.Resource[civo.Credential, resourceModel]{
		Type: objectType, ResourceSchema: resourceSchema, OfficialType: "civo_object_store_credential",
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
	draft = civo.Credential{
		Name: c.Plan.Name.ValueString(), Region: region, AccessKeyID: change(c).newAccessKeyID(), SecretAccessKey: change(c).newSecret(),
	}
	created, err = client.CreateCredential(ctx, draft)
	return draft, created, err
}

// findByNameAndAccessKey finds the credential of a create with an unknown outcome. If Civo does not return the keys of a credential with
// the name yet, findByNameAndAccessKey waits for them. If no credential has both the name and the access key ID, the error is of
// civo.KindNotFound.
func findByNameAndAccessKey(ctx context.Context, client *civo.Client, known civo.Credential) (civo.Credential, error) {
	found, err := client.Credentials(known.Region).Find(ctx, civo.Lookup{Name: known.Name})
	if err == nil && found.AccessKeyID == "" {
		found, err = client.Credentials(found.Region).WaitReady(ctx, found)
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

// update sends the changed keys to Civo with as few requests as possible: none if only the state changes. Every PUT contains both keys, so
// update reads an unchanged key from Civo if the state does not contain it.
func update(
	ctx context.Context, client *civo.Client, c regional.Change[resourceModel], known civo.Credential,
) (updated civo.Credential, sent bool, err error) {
	known.SecretAccessKey = civo.NewSecret(c.Prior.SecretAccessKey.ValueString())
	wanted := withKeys(known, change(c).newAccessKeyID(), change(c).newSecret())
	if !hasKeys(wanted) && (wanted != known || c.Plan.SecretAccessKey.IsUnknown()) {
		known, err = client.Credentials(known.Region).Get(ctx, known.ID)
		if err == nil {
			known, err = client.Credentials(known.Region).WaitReady(ctx, known)
		}
		wanted = withKeys(known, wanted.AccessKeyID, wanted.SecretAccessKey)
		if err == nil && !hasKeys(wanted) {
			err = errKeyNotReturned
		}
	}
	if err != nil || wanted == known {
		return known, false, err
	}
	updated, err = client.UpdateCredential(ctx, wanted)
	return updated, true, err
}

// withKeys returns a credential with new keys. An empty key keeps the current one.
func withKeys(c civo.Credential, accessKeyID string, secret civo.Secret) civo.Credential {
	c.AccessKeyID, c.SecretAccessKey = cmp.Or(accessKeyID, c.AccessKeyID), cmp.Or(secret, c.SecretAccessKey)
	return c
}

func hasKeys(c civo.Credential) bool { return c.AccessKeyID != "" && !c.SecretAccessKey.IsZero() }

// errKeyNotReturned is the error for an update that requires a key that Civo does not return.
var errKeyNotReturned = &civo.Error{
	Kind: civo.KindUnexpected, Reason: "Civo did not return both keys of the credential, but an update must contain both",
}

// warnings warns about the status of an existing credential.
func warnings(c civo.Credential) (diags diag.Diagnostics) {
	if c.Status == civo.StatusFailed {
		diags.AddWarning("Credential failed", fmt.Sprintf("Civo reports the status \"failed\" for %s. The credential may not be able to access "+
			"its object stores. Contact Civo support, or replace the credential with terraform apply -replace.", objectType.Describe(c)))
	}
	if c.Suspended {
		diags.AddWarning(suspended(c))
	}
	return diags
}

// suspended returns the summary and the detail of a diagnostic about a suspended credential.
func suspended(c civo.Credential) (summary, detail string) {
	return "Credential suspended", fmt.Sprintf("Civo has suspended %s. A suspended credential cannot access object stores. "+
		"Reactivate the credential in the Civo dashboard, or contact Civo support.", objectType.Describe(c))
}
