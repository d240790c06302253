// The ephemeral resource civo_objectstore_credential.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	dsschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// ephemeralResource looks up a credential each time Terraform opens it. It stores nothing in the plan or the state.
type ephemeralResource struct{ data *regional.Data }

var (
	_ ephemeral.EphemeralResourceWithConfigure      = (*ephemeralResource)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*ephemeralResource)(nil)
)

// NewEphemeralResource returns the ephemeral resource.
func NewEphemeralResource() ephemeral.EphemeralResource { return &ephemeralResource{} }

type ephemeralModel struct {
	lookupModel

	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (e *ephemeralResource) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = wording.ResourceType
}

func (e *ephemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.data = regional.DataOf(req.ProviderData, &resp.Diagnostics)
}

func (e *ephemeralResource) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	attributes := map[string]schema.Attribute{}
	for name, attribute := range lookupAttributes(secretDescription) {
		if text, ok := attribute.(dsschema.StringAttribute); ok {
			attributes[name] = schema.StringAttribute(text)
		}
	}
	attributes["id"] = schema.StringAttribute(lookupAttribute(idDescription+" To read a credential that the same configuration creates, use its `id`. "+
		"Terraform then creates the credential before it opens the ephemeral resource.", lookupID))
	attributes["status"] = schema.StringAttribute{
		Computed: true, MarkdownDescription: "`ready` or `failed`. The ephemeral resource waits until Civo reports one of these values, and returns a warning for `failed`.",
	}
	attributes["suspended"] = schema.BoolAttribute{
		Computed: true, MarkdownDescription: suspendedDescription + " If the credential is suspended, the ephemeral resource returns a warning.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a credential for Civo object stores without storing it in the plan or the state. Looks up the credential by exactly one of " +
			"`name`, `access_key_id`, and `id`, which must match exactly. Waits until the credential is ready. Requires Terraform 1.10 or OpenTofu 1.11.",
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.BlockWithOpts(ctx, timeouts.Opts{
				OpenDescription: "Timeout for reading the credential, such as `1m`. Includes the wait until the credential is ready. " + regional.DefaultTimeoutDescription(openTimeout),
			}),
		},
	}
}

func (e *ephemeralResource) ValidateConfig(
	ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse,
) {
	resp.Diagnostics.Append(regional.ValidateTimeouts(ctx, req.Config, "open")...)
}

func (e *ephemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var wanted ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &wanted)...)
	ctx, cancel := regional.WithTimeout(ctx, wanted.Timeouts.Open, openTimeout, &resp.Diagnostics)
	defer cancel()
	found, ok := wanted.lookUp(ctx, e.data, diagnostics.Operation{Wording: wording, Verb: diagnostics.LookUp}, &resp.Diagnostics)
	if !ok {
		return
	}
	ready, err := e.data.Client.Credentials(found.Region).WaitReady(ctx, found)
	if err != nil && (!civo.Is(err, civo.KindFailed) || !ready.HasKeys()) {
		resp.Diagnostics.Append(wording.On(diagnostics.Open, found.Ref()).Error(err))
		return
	}
	// Whether the keys work is no reason for an error: Terraform also opens the ephemeral resource to plan, even to plan a destroy.
	resp.Diagnostics.Append(warnings(ready)...)
	result := ephemeralModel{lookupModel: newLookupModel(e.data, ready, wanted.Region), Timeouts: wanted.Timeouts}
	resp.Diagnostics.Append(resp.Result.Set(ctx, result)...)
}
