package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	dsschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The descriptions of the attributes, wherever they appear.
const (
	idDescription          = "ID of the credential at Civo, a UUID."
	nameDescription        = "Name of the credential, unique in its region."
	regionDescription      = "Region that the credential and its object stores belong to, such as `LON1`. Case-insensitive."
	accessKeyIDDescription = "Access key ID, the public half of the credential. It identifies the owner of an object store."
	secretDescription      = "Secret access key, the other half of the credential."
	endpointDescription    = "URL at which the region serves its object stores through the S3 API (path-style), such as `https://objectstore.lon1.civo.com`."
	statusDescription      = "Status reported by Civo: `ready`, `failed`, or a status before these, such as `creating`."
	suspendedDescription   = "Whether Civo has suspended the credential, so that it opens no object store."
	lookupDescription      = "Set exactly one of `name`, `access_key_id` and `id`."
)

func resourceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A credential for Civo object stores: an access key ID and a secret access key, valid in one region. A credential " +
			"owns the object stores that are created with its access key ID.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: idDescription,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{validName},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: nameDescription + " For example, `backup-writer`. A change replaces the credential.",
			},
			"region": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{validRegion},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.UseNonNullStateForUnknown(),
					stringplanmodifier.RequiresReplaceIf(requiresReplaceIfOtherRegion, otherRegion, otherRegion),
				},
				MarkdownDescription: regionDescription + " Default: the provider's region when the credential is created; a later change of that default changes nothing. A change replaces the credential, a change of case does not.",
			},
			"access_key_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{validAccessKey},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseNonNullStateForUnknown()},
				MarkdownDescription: accessKeyIDDescription + " Default: generated, 20 characters, such as `DEMOACCESSKEY0000001`. Updated in place.",
			},
			"secret_access_key": schema.StringAttribute{
				Optional: true, Computed: true, Sensitive: true, Validators: []validator.String{validSecret},
				MarkdownDescription: secretDescription + " Default: generated, 40 characters. Updated in place. Drift of a secret that is supplied here is corrected. " +
					"When the argument is removed, the credential keeps the secret. Terraform prints `(sensitive value)`, but stores the secret in the state in plain text: see `secret_in_state` and `secret_access_key_wo`.",
			},
			"secret_access_key_wo": schema.StringAttribute{
				Optional: true, WriteOnly: true, Sensitive: true, Validators: []validator.String{validSecret},
				MarkdownDescription: "Your own secret access key, which is stored in neither plan nor state. Requires `secret_access_key_wo_version`, and Terraform 1.11 or OpenTofu 1.11. " +
					"Default: none. A new value is sent, in place, when the version changes too. When the argument is removed, a generated secret replaces it.",
			},
			"secret_access_key_wo_version": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "Version of `secret_access_key_wo`: any number, such as `1`. Default: none. A change sends `secret_access_key_wo` again, in place, because " +
					"Terraform cannot detect that a write-only value changed. Numbers are compared by value.",
			},
			"secret_in_state": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the state contains a generated secret. Default: `true`. With `false`, `secret_access_key` is null, and the ephemeral resource " +
					"of the same name reads the secret when it is needed. A change removes the secret from the state or adds it, and does not change the credential.",
			},
			"rotate_when_changed": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Any strings, such as `{ month = \"2026-11\" }`. Default: none. Any change of its strings generates a new secret, in place, also when the argument is added or removed " +
					"and right after an import or a move. The access key ID and the ownership of stores stay the same. `null`, `{}` and elements that are null are no strings. " +
					"Conflicts with a supplied secret.",
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
				CreateDescription: "Timeout of creating the credential, including the wait until it is ready, such as `5m`. Default: `10m`.",
				UpdateDescription: "Timeout of updating the credential. Default: `5m`.",
				DeleteDescription: "Timeout of deleting the credential, including the wait for stores that are being deleted. Default: `10m`.",
			}),
		},
	}
}

const otherRegion = "Another region replaces the credential; another case does not."

func requiresReplaceIfOtherRegion(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = regionReplaces(req.StateValue, req.PlanValue)
}

func identitySchema() identityschema.Schema {
	return identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id":     identityschema.StringAttribute{RequiredForImport: true, Description: idDescription},
			"region": identityschema.StringAttribute{OptionalForImport: true, Description: "Region of the credential, such as LON1. Default: the provider's."},
		},
	}
}

// commonAttributes are the attributes of commonModel in a data source.
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
