// The identity of a resource, which Terraform 1.12 and later store.

package regional

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

type identityModel struct {
	ID     types.String `tfsdk:"id"`
	Region types.String `tfsdk:"region"`
}

// IdentitySchema returns the schema of an identity that consists of an ID and a region.
func IdentitySchema(noun string) identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "ID of the " + noun + ", a UUID that Civo assigns."},
		"region": identityschema.StringAttribute{
			OptionalForImport: true, Description: "Region of the " + noun + ", such as LON1. Default: the provider's region.",
		},
	}}
}

// SetIdentity sets the identity of a record. It does nothing if Terraform does not support identities.
func SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, record civo.Ref) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, identityModel{StringOrNull(record.ID), types.StringValue(record.Region)})
}
