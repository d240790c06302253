// The schema of the resource, and the descriptions and the rules of all attributes.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	dsschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// The descriptions of the attributes, wherever they appear.
const (
	idDescription          = "ID of the credential, a UUID that Civo assigns."
	nameDescription        = "Name of the credential, unique in its region."
	regionDescription      = "Region that the credential and its object stores belong to, such as `LON1`. Case-insensitive."
	accessKeyIDDescription = "Access key ID, the public half of the credential. It identifies the owner of an object store."
	secretDescription      = "Secret access key, the private half of the credential."
	endpointDescription    = "URL of the region's S3 API, such as `https://objectstore.lon1.civo.com`. S3 clients must use path-style addressing."
	statusDescription      = "Status reported by Civo: `ready`, `failed`, or an in-progress status, such as `creating`."
	suspendedDescription   = "Whether Civo has suspended the credential. A suspended credential cannot access object stores."
)

// The rules reject only values that Civo is certain to reject. The provider sends all other values to Civo.
var (
	validName      = regional.NameRule("credential", "Use a name without control characters, such as \"backup-writer\".", "Set a name, such as \"backup-writer\".")
	validAccessKey = regional.KeyRule("access key ID", "Use an access key ID without whitespace, or remove the argument to generate one.",
		"Set an access key ID, or remove the argument to generate one.")
	validSecret = regional.KeyRule("secret access key", "Use a secret access key without whitespace, or remove the argument to generate one.",
		"Set a secret access key, or remove the argument to generate one.")

	lookupName = regional.NameRule("credential", "Use the complete name of the credential, or look up the credential by access_key_id or id. "+
		"`civo objectstore credential ls` lists the names.", "")
	lookupAccessKey = regional.KeyRule("access key ID", "Use the complete access key ID of the credential, or look up the credential by name or id. "+
		"`civo objectstore credential ls` lists the access key IDs.", "")
	lookupID = regional.IDRule("credential", "civo_objectstore_credentials", "You can also look up the credential by name or access_key_id.")
	rotateID = regional.IDRule("credential", "civo_objectstore_credentials", "You can also use name.")
)

func resourceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages a credential for Civo object stores. A credential consists of an access key ID and a secret access key, and is valid in one region. " +
			"It owns the object stores that are created with its access key ID.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: idDescription,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{validName},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: nameDescription + " For example, `backup-writer`. Changing the name replaces the credential.",
			},
			"region": regional.Attribute(regionDescription, wording.Noun),
			"access_key_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{validAccessKey},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseNonNullStateForUnknown()},
				MarkdownDescription: accessKeyIDDescription + " Default: a generated ID of 20 characters, such as `DEMOACCESSKEY0000001`. Changes are applied in place.",
			},
			"secret_access_key": schema.StringAttribute{
				Optional: true, Computed: true, Sensitive: true, Validators: []validator.String{validSecret},
				MarkdownDescription: secretDescription + " Default: a generated secret of 40 characters. Changes are applied in place. The provider corrects drift of a secret that you supply here. " +
					"If you remove the argument, the credential keeps its secret. Terraform prints `(sensitive value)`, but stores the secret in the state in plain text. To avoid this, use `secret_in_state` or `secret_access_key_wo`.",
			},
			"secret_access_key_wo": schema.StringAttribute{
				Optional: true, WriteOnly: true, Sensitive: true, Validators: []validator.String{validSecret},
				MarkdownDescription: "Secret access key that you supply and that Terraform stores in neither the plan nor the state. Requires `secret_access_key_wo_version`, and Terraform 1.11 or OpenTofu 1.11. " +
					"Default: none. The provider sends a new value, in place, only if the version also changes. If you remove both arguments, the provider replaces the secret with a generated one.",
			},
			"secret_access_key_wo_version": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "Version of `secret_access_key_wo`: any number, such as `1`. Default: none. A change sends `secret_access_key_wo` again, in place. This is necessary because " +
					"Terraform cannot detect changes to a write-only value.",
			},
			"secret_in_state": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to store a generated secret in the state. Default: `true`. If `false`, `secret_access_key` is null, and the ephemeral resource " +
					"of the same name can read the secret. A change adds the secret to the state or removes it. The credential does not change.",
			},
			"rotate_when_changed": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Map of arbitrary strings, such as `{ month = \"2026-11\" }`. Default: none. Any change to the strings regenerates the secret in place. Adding or removing the argument also counts as a change, " +
					"even immediately after an import or a move. The access key ID and the ownership of object stores do not change. " +
					"Conflicts with `secret_access_key` and `secret_access_key_wo`.",
			},
			"endpoint": schema.StringAttribute{Computed: true, MarkdownDescription: endpointDescription},
			"status": schema.StringAttribute{
				Computed: true, MarkdownDescription: statusDescription,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"suspended": schema.BoolAttribute{
				Computed: true, MarkdownDescription: suspendedDescription,
				PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.Block(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: "Timeout for creating the credential, such as `5m`. Includes the wait until the credential is ready. " + regional.DefaultTimeoutDescription(createTimeout),
				UpdateDescription: "Timeout for updating the credential. " + regional.DefaultTimeoutDescription(updateTimeout),
				DeleteDescription: "Timeout for deleting the credential. Includes the wait for object stores that are being deleted. " + regional.DefaultTimeoutDescription(deleteTimeout),
			}),
		},
	}
}

// commonAttributes returns the attributes of commonModel in a data source.
func commonAttributes() map[string]dsschema.Attribute {
	return map[string]dsschema.Attribute{
		"id":            dsschema.StringAttribute{Computed: true, MarkdownDescription: idDescription},
		"name":          dsschema.StringAttribute{Computed: true, MarkdownDescription: nameDescription},
		"region":        dsschema.StringAttribute{Computed: true, MarkdownDescription: regionDescription},
		"access_key_id": dsschema.StringAttribute{Computed: true, MarkdownDescription: accessKeyIDDescription},
		"endpoint":      dsschema.StringAttribute{Computed: true, MarkdownDescription: endpointDescription},
		"status":        dsschema.StringAttribute{Computed: true, MarkdownDescription: statusDescription},
		"suspended":     dsschema.BoolAttribute{Computed: true, MarkdownDescription: suspendedDescription},
	}
}
