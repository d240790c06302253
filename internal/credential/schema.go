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

// What the attributes are, for every face that has them.
const (
	aboutID        = "The credential's id at Civo, a UUID."
	aboutName      = "Name of the credential, unique in its region."
	aboutRegion    = "Region that the credential and its object stores belong to, such as `LON1`. Letter case does not count."
	aboutAccessKey = "The access key ID, the public half of the credential. An object store names its owner by it."
	aboutSecret    = "The secret access key, the other half of the credential." //nolint:gosec // a description
	aboutEndpoint  = "URL at which the region serves its object stores through the S3 API (path-style), such as `https://objectstore.lon1.civo.com`."
	aboutStatus    = "How far Civo is with the credential: `ready`, `failed`, or what it calls the time before, such as `creating`."
	aboutSuspended = "Whether Civo has suspended the credential, so that it opens nothing."
	aboutLookup    = "Give exactly one of `name`, `access_key_id` and `id`."
)

func resourceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A credential for Civo object stores: an access key ID and a secret access key, tied to a region. An object store " +
			"names the credential that owns it by its access key ID.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: aboutID,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{validName},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: aboutName + " 1 to 63 characters without white space, such as `backup-writer`. A change replaces the credential.",
			},
			"region": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{validRegion},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.UseNonNullStateForUnknown(),
					stringplanmodifier.RequiresReplaceIf(requiresReplaceIfOtherRegion, otherRegion, otherRegion),
				},
				MarkdownDescription: aboutRegion + " Default: the provider's region at the time of creation; when that changes later, nothing moves. A change replaces the credential.",
			},
			"access_key_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{validAccessKey},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseNonNullStateForUnknown()},
				MarkdownDescription: aboutAccessKey + " Default: a generated one of 20 characters, such as `DEMOACCESSKEY0000001`. A change is made in place.",
			},
			"secret_access_key": schema.StringAttribute{
				Optional: true, Computed: true, Sensitive: true, Validators: []validator.String{validSecret},
				MarkdownDescription: aboutSecret + " Default: a generated one of 40 characters. A change is made in place, and a secret given here that is changed at Civo is put right. " +
					"When the argument is taken away, the credential keeps the secret. Terraform prints `(sensitive value)`, but its state holds the secret in clear: see `secret_in_state` and `secret_access_key_wo`.",
			},
			"secret_access_key_wo": schema.StringAttribute{
				Optional: true, WriteOnly: true, Sensitive: true, Validators: []validator.String{validSecret},
				MarkdownDescription: "A secret access key of your own that is sent to Civo and is never in plan or state. Needs `secret_access_key_wo_version`, and Terraform 1.11 or OpenTofu 1.11. " +
					"Default: none. A change alone does nothing; with another version it is made in place. When it is taken away, the credential gets a generated secret in its place.",
			},
			"secret_access_key_wo_version": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "Version of `secret_access_key_wo`: any number, such as `1`. Default: none. A change sends `secret_access_key_wo` again, in place, because " +
					"Terraform cannot detect that a write-only value changed. Numbers are compared by value.",
			},
			"secret_in_state": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a generated secret is kept in the state. Default: `true`. With `false`, `secret_access_key` is null, and the ephemeral resource " +
					"of the same name reads the secret when it is needed. A change takes the secret out of the state or puts it back, and leaves the credential as it is.",
			},
			"rotate_when_changed": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Any strings, such as `{ month = \"2026-11\" }`. Default: none. Any change of its strings generates a new secret, in place, also when the argument is added or removed " +
					"and right after an import or a move. The access key ID and the ownership of stores stay the same. `null`, `{}` and elements that are null are no strings. " +
					"Conflicts with a supplied secret.",
			},
			"endpoint": schema.StringAttribute{Computed: true, MarkdownDescription: aboutEndpoint},
			"status": schema.StringAttribute{
				Computed: true, MarkdownDescription: aboutStatus,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"suspended": schema.BoolAttribute{
				Computed: true, MarkdownDescription: aboutSuspended,
				PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.Block(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: "How long creating may take, the wait until the credential is ready included, such as `5m`. Default: `10m`.",
				UpdateDescription: "How long a change may take. Default: `5m`.",
				DeleteDescription: "How long deleting may take, the wait for a store that is on its way out included. Default: `10m`.",
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
			"id":     identityschema.StringAttribute{RequiredForImport: true, Description: aboutID},
			"region": identityschema.StringAttribute{OptionalForImport: true, Description: "Region of the credential, such as LON1. Default: the provider's."},
		},
	}
}

// factAttributes are the facts as a data source gives them.
func factAttributes() map[string]dsschema.Attribute {
	return map[string]dsschema.Attribute{
		"id":            dsschema.StringAttribute{Computed: true, MarkdownDescription: aboutID},
		"name":          dsschema.StringAttribute{Computed: true, MarkdownDescription: aboutName},
		"region":        dsschema.StringAttribute{Computed: true, MarkdownDescription: aboutRegion},
		"access_key_id": dsschema.StringAttribute{Computed: true, MarkdownDescription: aboutAccessKey},
		"endpoint":      dsschema.StringAttribute{Computed: true, MarkdownDescription: aboutEndpoint},
		"status":        dsschema.StringAttribute{Computed: true, MarkdownDescription: aboutStatus},
		"suspended":     dsschema.BoolAttribute{Computed: true, MarkdownDescription: aboutSuspended},
	}
}
