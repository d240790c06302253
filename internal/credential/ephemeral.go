// The ephemeral resource civo_objectstore_credential.

package credential

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// openTimeout is the default timeout of Open.
const openTimeout = 5 * time.Minute

// ephemeralResource is civo_objectstore_credential as an ephemeral resource: it looks up a credential when the credential is
// needed, and stores nothing in plan or state.
type ephemeralResource struct{ client *civo.Client }

var (
	_ ephemeral.EphemeralResourceWithConfigure      = (*ephemeralResource)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*ephemeralResource)(nil)
)

// NewEphemeralResource returns the ephemeral resource.
func NewEphemeralResource() ephemeral.EphemeralResource { return &ephemeralResource{} }

// ephemeralModel is the ephemeral resource in configuration and result.
type ephemeralModel struct {
	lookupModel

	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// Metadata implements ephemeral.EphemeralResource.
func (e *ephemeralResource) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + typeSuffix
}

// Configure implements ephemeral.EphemeralResourceWithConfigure. There is no client when Terraform only validates.
func (e *ephemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.client = regional.ClientOf(req.ProviderData, &resp.Diagnostics)
}

// Schema implements ephemeral.EphemeralResource.
func (e *ephemeralResource) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a credential for Civo object stores without storing it in the plan or the state. Looks up the credential by exactly one of " +
			"`name`, `access_key_id` and `id`, which must match exactly. Waits until the credential is ready. Requires Terraform 1.10 or OpenTofu 1.11.",
		Attributes: map[string]schema.Attribute{
			"name":          ephemeralLookup(nameDescription, lookupName, exactlyOneLookup),
			"access_key_id": ephemeralLookup(accessKeyIDDescription, lookupAccessKey),
			"id": ephemeralLookup(idDescription+" To read a credential that the same configuration creates, use its `id`. Terraform then creates the credential "+
				"before it opens the ephemeral resource.", lookupID),
			"region": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{regional.ValidRegion},
				MarkdownDescription: regionDescription + " Default: the provider's region.",
			},
			"secret_access_key": schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: secretDescription},
			"endpoint":          schema.StringAttribute{Computed: true, MarkdownDescription: endpointDescription},
			"status":            schema.StringAttribute{Computed: true, MarkdownDescription: "Always `ready`. The ephemeral resource waits until the credential is ready, and returns an error if the credential has failed."},
			"suspended":         schema.BoolAttribute{Computed: true, MarkdownDescription: "Always `false`. The ephemeral resource returns an error if Civo has suspended the credential."},
		},
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.BlockWithOpts(ctx, timeouts.Opts{
				OpenDescription: "Timeout for reading the credential, such as `1m`. Includes the wait until the credential is ready. Default: `5m`.",
			}),
		},
	}
}

func ephemeralLookup(about string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: validators,
		MarkdownDescription: about + " " + lookupDescription,
	}
}

// ValidateConfig implements ephemeral.EphemeralResourceWithValidateConfig.
func (e *ephemeralResource) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	resp.Diagnostics.Append(regional.ValidateTimeouts(ctx, req.Config, "open")...)
}

// Open implements ephemeral.EphemeralResource.
func (e *ephemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var wanted ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &wanted)...)
	timeout, diags := wanted.Timeouts.Open(ctx, openTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	found, ok := find(ctx, e.client, wanted.commonModel, &resp.Diagnostics)
	if !ok {
		return
	}
	ready, err := e.client.WaitReady(ctx, found)
	if err != nil {
		resp.Diagnostics.Append(operationOn(diagnostics.Open, found).Error(err))
		return
	}
	if ready.Suspended {
		resp.Diagnostics.Append(suspendedError(ready))
		return
	}
	result := ephemeralModel{lookupModel: newLookupModel(e.client, ready, wanted.Region), Timeouts: wanted.Timeouts}
	resp.Diagnostics.Append(resp.Result.Set(ctx, result)...)
}
