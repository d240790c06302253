// The list resource civo_objectstore_credential, for terraform query.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// listResource is civo_objectstore_credential as a list resource: the results of `terraform query`, ready to be imported.
type listResource struct{ regional.Resource }

var _ list.ListResourceWithConfigure = (*listResource)(nil)

// NewListResource returns the list resource.
func NewListResource() list.ListResource { return &listResource{regional.Resource{Suffix: typeSuffix}} }

// listConfig is the list resource's configuration.
type listConfig struct {
	Region types.String `tfsdk:"region"`
}

// ListResourceConfigSchema implements list.ListResource.
func (l *listResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists object store credentials in a region for `terraform query`. Requires Terraform 1.14 or later.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional: true, Validators: []validator.String{regional.ValidRegion},
				MarkdownDescription: "Region whose credentials are listed, such as `LON1`. Case-insensitive. Default: the provider's region.",
			},
		},
	}
}

// List implements list.ListResource. It returns credentials as soon as their page arrives, and requests no page after the limit
// is reached.
func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listConfig
	diags := req.Config.Get(ctx, &config)
	region := regional.LookupRegion(config.Region, l.Client, &diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		count := int64(0)
		for page, err := range l.Client.CredentialPages(ctx, region) {
			if err != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{kind.All(diagnostics.List, region).Error(err)}})
				return
			}
			for _, c := range page {
				if !push(listed(ctx, req, l.Client, c)) {
					return
				}
				count++
				if count == req.Limit {
					return
				}
			}
		}
	}
}

// listed returns one result.
func listed(ctx context.Context, req list.ListRequest, client *civo.Client, c civo.Credential) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = c.Name
	result.Diagnostics.Append(regional.SetIdentity(ctx, result.Identity, c.ID, c.Region)...)
	if req.IncludeResource {
		result.Diagnostics.Append(setResource(ctx, result.Resource, client, c)...)
	}
	return result
}

// setResource sets the resource as an import would.
func setResource(ctx context.Context, resource *tfsdk.Resource, client *civo.Client, c civo.Credential) diag.Diagnostics {
	var diags diag.Diagnostics
	found := newLookupModel(client, c, types.StringNull())
	for attribute, value := range map[string]any{
		"id": found.ID, "name": found.Name, "region": found.Region, "access_key_id": found.AccessKeyID,
		"secret_access_key": found.SecretAccessKey, "endpoint": found.Endpoint, "status": found.Status, "suspended": found.Suspended,
	} {
		diags.Append(resource.SetAttribute(ctx, path.Root(attribute), value)...)
	}
	return diags
}
