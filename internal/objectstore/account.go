// The data sources civo_objectstore_quota and civo_objectstore_regions, which are about the account.

package objectstore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// quotaDataSource is the data source civo_objectstore_quota.
type quotaDataSource struct{ dataSource }

// NewQuotaDataSource returns the data source civo_objectstore_quota, which reads the quota of the account.
func NewQuotaDataSource() datasource.DataSource { return &quotaDataSource{} }

func (d *quotaDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = wording.ResourceType + "_quota"
}

type quotaModel struct {
	LimitGB types.Int64 `tfsdk:"limit_gb"`
	UsedGB  types.Int64 `tfsdk:"used_gb"`
}

func (d *quotaDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the account's quota for object storage and the amount in use. The quota applies across all regions.",
		Attributes: map[string]schema.Attribute{
			"limit_gb": schema.Int64Attribute{
				Computed: true, MarkdownDescription: "Quota in GB: the limit for the sum of the maximum sizes of all object stores.",
			},
			"used_gb": schema.Int64Attribute{
				Computed: true, MarkdownDescription: "Current sum of the maximum sizes of all object stores, in GB, as reported by Civo. " +
					"Civo updates the value a few minutes after a deletion.",
			},
		},
	}
}

func (d *quotaDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	operation := diagnostics.Operation{Verb: diagnostics.LookUp, Wording: diagnostics.Wording{Noun: "quota"}, Subject: "the quota of the account"}
	client := d.data.ClientFor(operation, &resp.Diagnostics)
	if client == nil {
		return
	}
	quota, err := client.Quota(ctx)
	if err != nil {
		resp.Diagnostics.Append(operation.Error(err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, quotaModel{types.Int64Value(quota.LimitGB), types.Int64Value(quota.UsedGB)})...)
}

// regionsDataSource is the data source civo_objectstore_regions.
type regionsDataSource struct{ dataSource }

// NewRegionsDataSource returns the data source civo_objectstore_regions, which lists the regions with object storage.
func NewRegionsDataSource() datasource.DataSource { return &regionsDataSource{} }

func (d *regionsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = wording.ResourceType + "_regions"
}

type regionsModel struct {
	Regions       types.List   `tfsdk:"regions"`
	DefaultRegion types.String `tfsdk:"default_region"`
}

func (d *regionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the regions of the account that offer object storage.",
		Attributes: map[string]schema.Attribute{
			"regions": schema.ListAttribute{
				ElementType: types.StringType, Computed: true,
				MarkdownDescription: "Codes of the regions, in the spelling and the order that Civo returns. Use `toset` to create a resource in each region with `for_each`.",
			},
			"default_region": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Code of the region that Civo uses by default. The provider does not use this region as its own default. " +
					"Null if Civo reports no default region, or if that region does not offer object storage.",
			},
		},
	}
}

func (d *regionsDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	operation := diagnostics.Operation{Verb: diagnostics.List, Wording: diagnostics.Wording{Noun: "region"}, Subject: "the regions of the account"}
	client := d.data.ClientFor(operation, &resp.Diagnostics)
	if client == nil {
		return
	}
	regions, err := client.Regions(ctx)
	if err != nil {
		resp.Diagnostics.Append(operation.Error(err))
		return
	}
	codes, preset := []string{}, ""
	for _, region := range regions {
		if !region.HasObjectStorage() {
			continue
		}
		codes = append(codes, region.Code)
		if region.IsDefault {
			preset = region.Code
		}
	}
	list, diags := types.ListValueFrom(ctx, types.StringType, codes)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(resp.State.Set(ctx, regionsModel{list, regional.StringOrNull(preset)})...)
}
