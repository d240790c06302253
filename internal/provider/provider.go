// Package provider configures the client and lists the resources, data sources and functions of the provider.
package provider

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/credential"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/objectstore"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/s3config"
)

// Address is the address of the provider in the registry, as used in `required_providers`.
const Address = "registry.terraform.io/seed-0e51fd2b/civo"

type civoProvider struct {
	version     string
	environment civo.Environment // the sources of settings other than the configuration
	timing      civo.Timing
}

var (
	_ provider.ProviderWithEphemeralResources = (*civoProvider)(nil)
	_ provider.ProviderWithFunctions          = (*civoProvider)(nil)
	_ provider.ProviderWithListResources      = (*civoProvider)(nil)
	_ provider.ProviderWithActions            = (*civoProvider)(nil)
)

// NewServer returns a function that creates the server of the provider. The environment supplies settings that the configuration omits.
func NewServer(version string, environment civo.Environment, timing civo.Timing) func() tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(&civoProvider{version, environment, timing})
}

func (p *civoProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = "civo", p.version
}

type model struct {
	Token               types.String `tfsdk:"token"`
	Region              types.String `tfsdk:"region"`
	APIEndpoint         types.String `tfsdk:"api_endpoint"`
	ObjectStoreEndpoint types.String `tfsdk:"objectstore_endpoint"`
	CredentialsFile     types.String `tfsdk:"credentials_file"`
}

func (p *civoProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	optional := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: description}
	}
	token := optional("API key of a Civo account, from its [security page](https://dashboard.civo.com/security). " +
		"Default: the environment variable `CIVO_TOKEN`, then the current key in `credentials_file`, then the current key in the file of the Civo CLI " +
		"(`CIVO_CONFIG`, or `~/.civo.json`).")
	token.Sensitive = true
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages [Civo](https://www.civo.com) object stores and the credentials that own them.",
		Attributes: map[string]schema.Attribute{
			"token": token,
			"region": optional("Default region for resources and data sources, such as `LON1`. Case-insensitive. Default: the environment variable " +
				"`CIVO_REGION`, then `meta.default_region` in the file that contains the token."),
			"api_endpoint": optional("URL of the Civo API. It must use `https`, or `http` with a loopback address. Default: the environment variable " +
				"`CIVO_API_URL`, then `meta.url` in the file that contains the token, then `https://api.civo.com`."),
			"objectstore_endpoint": optional("URL of the S3 API of the object stores. It must use `https`, or `http` with a loopback address. The provider " +
				"replaces `{region}` with the region code in lower case. Set this argument for a private region. Default: the environment variable " +
				"`CIVO_OBJECTSTORE_ENDPOINT`, then `https://objectstore.{region}.civo.com`."),
			"credentials_file": optional("Path of a credentials file in the format of the Civo CLI. The provider reads the token from it if neither `token` nor " +
				"`CIVO_TOKEN` is set. Default: the environment variable `CIVO_CREDENTIAL_FILE`."),
		},
	}
}

// Configure sends no request.
func (p *civoProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	data := p.data(config, req.TerraformVersion, &resp.Diagnostics)
	resp.ResourceData, resp.DataSourceData = data, data
	resp.EphemeralResourceData, resp.ListResourceData, resp.ActionData = data, data, data
}

// data resolves a configuration and creates the client, unless an argument that the client requires is not known yet.
func (p *civoProvider) data(config model, terraformVersion string, diags *diag.Diagnostics) *regional.Data {
	settings, unknown := p.resolve(config, diags)
	data := &regional.Data{
		Unknown: unknown, Region: regional.StringOrNull(settings.Region), Endpoint: types.StringValue(settings.ObjectStoreEndpoint),
		RegionSource: settings.Sources.Region,
	}
	if regional.IsSet(config.Region) {
		data.RegionSource = "the provider block"
	}
	if config.Region.IsUnknown() || settings.Region == "" && unknown == "credentials_file" {
		data.Region = types.StringUnknown()
	}
	if config.ObjectStoreEndpoint.IsUnknown() {
		data.Endpoint = types.StringUnknown()
	}
	if unknown != "" || diags.HasError() {
		return data
	}
	client, err := civo.NewClient(civo.Config{
		Token: settings.Token, Endpoint: settings.Endpoint, Sources: settings.Sources, Timing: p.timing, Trace: trace,
		UserAgent: fmt.Sprintf("terraform-provider-civo/%s (Terraform %s)", p.version, terraformVersion),
	})
	if err != nil {
		diags.AddAttributeError(path.Root("api_endpoint"), "Invalid API endpoint", err.Error())
	}
	data.Client = client
	return data
}

// resolve returns the settings, and the name of an argument that the client requires and that is not known yet, or "". It then looks for
// neither a token nor a file, because the argument may take precedence over them.
func (p *civoProvider) resolve(config model, diags *diag.Diagnostics) (settings civo.Settings, unknown string) {
	args := civo.Arguments{
		Token:               civo.NewSecret(config.Token.ValueString()),
		Region:              config.Region.ValueString(),
		Endpoint:            config.APIEndpoint.ValueString(),
		ObjectStoreEndpoint: config.ObjectStoreEndpoint.ValueString(),
		CredentialsFile:     config.CredentialsFile.ValueString(),
	}
	if config.APIEndpoint.IsUnknown() {
		args.Endpoint, unknown = civo.DefaultEndpoint, "api_endpoint"
	}
	tokenUnknown := ""
	switch {
	case config.Token.IsUnknown():
		tokenUnknown = "token"
	case config.CredentialsFile.IsUnknown() && args.Token.IsZero() && strings.TrimSpace(p.environment.Getenv(civo.EnvToken)) == "":
		tokenUnknown = "credentials_file"
	}
	var warnings, problems []civo.SettingError
	if tokenUnknown == "" {
		settings, warnings, problems = civo.Resolve(args, p.environment)
	} else {
		settings, problems = civo.ResolveWithoutToken(args, p.environment)
	}
	for _, warning := range warnings {
		diags.AddAttributeWarning(path.Root(warning.Setting), warning.Summary, warning.Detail)
	}
	for _, problem := range problems {
		diags.AddAttributeError(path.Root(problem.Setting), problem.Summary, problem.Detail)
	}
	return settings, cmp.Or(tokenUnknown, unknown)
}

func (p *civoProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{credential.NewResource, objectstore.NewResource}
}

func (p *civoProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		credential.NewDataSource, credential.NewPluralDataSource, objectstore.NewDataSource, objectstore.NewPluralDataSource,
		objectstore.NewQuotaDataSource, objectstore.NewRegionsDataSource,
	}
}

func (p *civoProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{credential.NewEphemeralResource}
}

func (p *civoProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{credential.NewListResource, objectstore.NewListResource}
}

func (p *civoProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{s3config.NewS3Environment, s3config.NewS3Variables, s3config.NewS3cfg, s3config.NewRcloneConfig}
}

func (p *civoProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{credential.NewRotateAction}
}

// trace writes a line to Terraform's log for each attempt at a request.
func trace(ctx context.Context, fields map[string]any) {
	if fields["error"] != nil {
		tflog.Warn(ctx, "No response from Civo", fields)
		return
	}
	tflog.Debug(ctx, "Civo answered", fields)
}
