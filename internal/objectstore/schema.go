// The schema of the resource, and the descriptions and the rules of all attributes.

package objectstore

import (
	"context"
	"fmt"
	"math"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	dsschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/numberdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// The descriptions of the attributes, in the resource and in the data sources.
const (
	idDescription          = "ID of the object store, a UUID that Civo assigns."
	nameDescription        = "Name of the object store, which is also the name of its S3 bucket. Names are unique across all Civo customers in a region."
	regionDescription      = "Region of the object store, such as `LON1`. Case-insensitive."
	accessKeyIDDescription = "Access key ID of the credential that owns the object store."
	ownerIDDescription     = "ID of the credential that owns the object store. Null if Civo does not report it."
	ownerNameDescription   = "Name of the credential that owns the object store. Null if Civo does not report it."
	maxSizeDescription     = "Maximum size of the object store in GB, a multiple of 500."
	endpointDescription    = "URL of the region's S3 API, such as `https://objectstore.lon1.civo.com`. S3 clients must use path-style addressing."
	bucketURLDescription   = "URL of the bucket, such as `https://objectstore.lon1.civo.com/backups`."
	statusDescription      = "Status reported by Civo: `ready`, `failed`, or an in-progress status, such as `creating`."
)

// defaultSizeGB is the default of max_size_gb, and the unit of sizes.
const defaultSizeGB = 500

// The rules reject only values that Civo is certain to reject. The provider sends all other values to Civo.
var (
	validName  = regional.NameRule("object store", "Use a name without control characters, such as \"acme-backups\".", "Set a name, such as \"acme-backups\".")
	validOwner = regional.KeyRule("access key ID", "Use the access key ID of the credential that owns the object store, or remove the argument.", "")
	lookupName = regional.NameRule("object store", "Use the complete name of the object store, or look up the object store by id. "+
		"`civo objectstore ls` lists the names.", "")
	lookupID = regional.IDRule("object store", "civo_objectstores", "You can also look up the object store by name.")
)

func resourceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages a Civo object store, which is an S3 bucket with a maximum size. A credential owns the object store and grants access to it.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: idDescription,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{validName},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: nameDescription + " Changing the name replaces the object store.",
			},
			"region": regional.Attribute(regionDescription, wording.Noun),
			"access_key_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{validOwner},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseNonNullStateForUnknown()},
				MarkdownDescription: accessKeyIDDescription + " Set it to the `access_key_id` of a `civo_objectstore_credential`, so that Terraform creates the credential first and deletes it last. " +
					"Default: Civo creates a credential for the object store and deletes it with the object store. Civo cannot change the owner, so another owner replaces the object store. " +
					"If the access key ID of the owner changes in place, the provider keeps the object store.",
			},
			"owner_credential_id": schema.StringAttribute{
				Computed: true, MarkdownDescription: ownerIDDescription,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"owner_credential_name": schema.StringAttribute{
				Computed: true, MarkdownDescription: ownerNameDescription,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"max_size_gb": schema.NumberAttribute{
				Optional: true, Computed: true, Default: numberdefault.StaticBigFloat(big.NewFloat(defaultSizeGB)),
				Validators:          []validator.Number{validSize{}},
				MarkdownDescription: maxSizeDescription + " Default: `500`. The provider changes the size in place. Civo may reject a decrease.",
			},
			"force_destroy": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether Terraform can delete the object store if it contains objects. Default: `false`. When Civo deletes an object store, it also deletes all objects in it. " +
					"The provider reads `force_destroy` from the state. If the value in the state is `false` and Civo reports objects in the object store, destroying or replacing the object store fails. " +
					"The reported usage may not include recent uploads. To destroy an object store that contains objects, first set `force_destroy = true` and apply.",
			},
			"endpoint":   schema.StringAttribute{Computed: true, MarkdownDescription: endpointDescription},
			"bucket_url": schema.StringAttribute{Computed: true, MarkdownDescription: bucketURLDescription},
			"status": schema.StringAttribute{
				Computed: true, MarkdownDescription: statusDescription,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.Block(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: "Timeout for creating the object store, such as `10m`. Includes the wait until it is ready. " + regional.DefaultTimeoutDescription(createTimeout),
				UpdateDescription: "Timeout for updating the object store. " + regional.DefaultTimeoutDescription(updateTimeout),
				DeleteDescription: "Timeout for deleting the object store. Includes the wait until it no longer exists. " + regional.DefaultTimeoutDescription(deleteTimeout),
			}),
		},
	}
}

// commonAttributes returns the attributes of commonModel in a data source.
func commonAttributes() map[string]dsschema.Attribute {
	return map[string]dsschema.Attribute{
		"id":                    dsschema.StringAttribute{Computed: true, MarkdownDescription: idDescription},
		"name":                  dsschema.StringAttribute{Computed: true, MarkdownDescription: nameDescription},
		"region":                dsschema.StringAttribute{Computed: true, MarkdownDescription: regionDescription},
		"access_key_id":         dsschema.StringAttribute{Computed: true, MarkdownDescription: accessKeyIDDescription},
		"owner_credential_id":   dsschema.StringAttribute{Computed: true, MarkdownDescription: ownerIDDescription},
		"owner_credential_name": dsschema.StringAttribute{Computed: true, MarkdownDescription: ownerNameDescription},
		"max_size_gb":           dsschema.NumberAttribute{Computed: true, MarkdownDescription: maxSizeDescription},
		"endpoint":              dsschema.StringAttribute{Computed: true, MarkdownDescription: endpointDescription},
		"bucket_url":            dsschema.StringAttribute{Computed: true, MarkdownDescription: bucketURLDescription},
		"status":                dsschema.StringAttribute{Computed: true, MarkdownDescription: statusDescription},
	}
}

// validSize is a validator that accepts positive multiples of 500 GB.
type validSize struct{}

func (validSize) Description(context.Context) string {
	return "A multiple of 500 that is at least 500."
}

func (v validSize) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (validSize) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if !regional.IsSet(req.ConfigValue) {
		return
	}
	size, accuracy := req.ConfigValue.ValueBigFloat().Int64()
	if accuracy == big.Exact && size > 0 && size%defaultSizeGB == 0 {
		return
	}
	use := fmt.Sprintf("Use %d", defaultSizeGB)
	if below := size / defaultSizeGB * defaultSizeGB; below > 0 && below < math.MaxInt64-defaultSizeGB {
		use = fmt.Sprintf("Use %d or %d", below, below+defaultSizeGB)
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid object store size",
		fmt.Sprintf("The size must be a multiple of %d GB and at least %d GB, but the value is %s GB. %s.", defaultSizeGB, defaultSizeGB, req.ConfigValue.ValueBigFloat().Text('g', -1), use))
}
