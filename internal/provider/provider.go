// Package provider configures the client and lists what the provider offers.
package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/credential"
)

// Address is where the provider is published, as `required_providers` names it.
const Address = "registry.terraform.io/seed-0e51fd2b/civo"

// typeName is the prefix of every type of the provider.
const typeName = "civo"

// civoProvider is the provider before and after it is configured.
type civoProvider struct {
	version string
	around  civo.Environment
	pace    civo.Timing
}

var (
	_ provider.ProviderWithEphemeralResources = (*civoProvider)(nil)
	_ provider.ProviderWithListResources      = (*civoProvider)(nil)
)

// Option changes how a provider is made. The program uses none.
type Option func(*civoProvider)

// WithTiming sets how long the client waits and how often it tries.
func WithTiming(pace civo.Timing) Option { return func(p *civoProvider) { p.pace = pace } }

// WithEnvironment sets where settings are looked for besides the configuration, instead of the process's own.
func WithEnvironment(around civo.Environment) Option {
	return func(p *civoProvider) { p.around = around }
}

// New gives what makes a provider of a version.
func New(version string, options ...Option) func() provider.Provider {
	return func() provider.Provider {
		p := &civoProvider{version: version, around: civo.SystemEnvironment()}
		for _, option := range options {
			option(p)
		}
		return p
	}
}

// Metadata implements provider.Provider.
func (p *civoProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

// model is the provider's configuration.
type model struct {
	Token           types.String `tfsdk:"token"`
	Region          types.String `tfsdk:"region"`
	APIEndpoint     types.String `tfsdk:"api_endpoint"`
	CredentialsFile types.String `tfsdk:"credentials_file"`
}

// Schema implements provider.Provider.
func (p *civoProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages credentials for [Civo](https://www.civo.com) object stores.",
		Attributes: map[string]schema.Attribute{
			"token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "API key of a Civo account, from its [security page](https://dashboard.civo.com/security). " +
					"Default: the environment variable `CIVO_TOKEN`, then the current key in `credentials_file`, then the current key in the file of the Civo CLI " +
					"(`CIVO_CONFIG`, or `~/.civo.json`).",
			},
			"region": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Default region for resources and data sources, such as `LON1`. Case-insensitive. Default: the environment variable " +
					"`CIVO_REGION`, then `meta.default_region` in the file that contains the token.",
			},
			"api_endpoint": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "URL of the API, which must use `https`, or `http` with a loopback address. Default: the environment variable `CIVO_API_URL`, then " +
					"`meta.url` in the file that contains the token, then `https://api.civo.com`.",
			},
			"credentials_file": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Path of a credentials file in the format of the Civo CLI. The provider reads the token from it if neither `token` nor " +
					"`CIVO_TOKEN` is set. Default: the environment variable `CIVO_CREDENTIAL_FILE`.",
			},
		},
	}
}

// Configure implements provider.Provider. It makes no request.
func (p *civoProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	client := p.client(config, req.TerraformVersion, &resp.Diagnostics)
	resp.ResourceData, resp.DataSourceData = client, client
	resp.EphemeralResourceData, resp.ListResourceData = client, client
}

// client makes the client that a configuration asks for; nil, with errors, where it cannot be.
func (p *civoProvider) client(config model, terraformVersion string, diags *diag.Diagnostics) *civo.Client {
	unknown := config.unknown(p.around)
	settings, err := civo.Resolve(config.arguments(unknown), p.around)
	wanted := civo.Config{
		Token: settings.Token, Endpoint: settings.Endpoint, Region: settings.Region, Timing: p.pace, Trace: trace,
		UserAgent: fmt.Sprintf("terraform-provider-civo/%s (Terraform %s)", p.version, terraformVersion),
	}
	if config.Region.IsUnknown() || settings.Region == "" && unknown == civo.SettingCredentialsFile {
		wanted.Region, wanted.RegionPending = "", true
	}
	for _, warning := range settings.Warnings {
		diags.AddAttributeWarning(path.Root(string(warning.Setting)), warning.Summary, warning.Detail)
	}
	if err != nil {
		addSettingErrors(diags, err)
		return nil
	}
	if unknown != "" {
		return civo.NewUnconfiguredClient(wanted, fmt.Sprintf("the provider's argument %s is not known before apply", unknown))
	}
	client, err := civo.NewClient(wanted)
	if err != nil {
		diags.AddAttributeError(path.Root(string(civo.SettingEndpoint)), "Invalid API endpoint", err.Error())
	}
	return client
}

// unknown names an argument that requests need and that is not known yet; empty if there is none.
func (m model) unknown(around civo.Environment) civo.Setting {
	switch {
	case m.Token.IsUnknown():
		return civo.SettingToken
	case m.CredentialsFile.IsUnknown() && m.Token.ValueString() == "" && around.Getenv(civo.EnvToken) == "":
		return civo.SettingCredentialsFile
	case m.APIEndpoint.IsUnknown():
		return civo.SettingEndpoint
	}
	return ""
}

// arguments are what the configuration sets. Others stand in for a token and an endpoint that are not known yet, so that no
// file is looked into which they may not come from, and whatever else is wrong shows now.
func (m model) arguments(unknown civo.Setting) civo.Arguments {
	args := civo.Arguments{
		Token:           civo.NewSecret(m.Token.ValueString()),
		Region:          m.Region.ValueString(),
		Endpoint:        m.APIEndpoint.ValueString(),
		CredentialsFile: m.CredentialsFile.ValueString(),
	}
	if unknown == civo.SettingToken || unknown == civo.SettingCredentialsFile {
		args.Token = civo.NewSecret("not-known-yet")
	}
	if m.APIEndpoint.IsUnknown() {
		args.Endpoint = civo.DefaultEndpoint
	}
	return args
}

// addSettingErrors puts each of the joined errors on its attribute.
func addSettingErrors(diags *diag.Diagnostics, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, part := range joined.Unwrap() {
			addSettingErrors(diags, part)
		}
		return
	}
	if setting, ok := errors.AsType[civo.SettingError](err); ok {
		diags.AddAttributeError(path.Root(string(setting.Setting)), setting.Summary, setting.Detail)
	}
}

// Resources implements provider.Provider.
func (p *civoProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{credential.NewResource}
}

// DataSources implements provider.Provider.
func (p *civoProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{credential.NewDataSource, credential.NewListDataSource}
}

// EphemeralResources implements provider.ProviderWithEphemeralResources.
func (p *civoProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{credential.NewEphemeralResource}
}

// ListResources implements provider.ProviderWithListResources.
func (p *civoProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{credential.NewListResource}
}
