// Package provider configures the client and lists the resources, data sources and functions of the provider.
package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/credential"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/objectstore"
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
	client := p.client(config, req.TerraformVersion, &resp.Diagnostics)
	resp.ResourceData, resp.DataSourceData = client, client
	resp.EphemeralResourceData, resp.ListResourceData, resp.ActionData = client, client, client
}

// client creates the client for a configuration. It returns nil, and adds errors, if the configuration is invalid.
func (p *civoProvider) client(config model, terraformVersion string, diags *diag.Diagnostics) *civo.Client {
	args, pending := config.arguments(p.environment)
	settings, warnings, problems := civo.Resolve(args, p.environment)
	settings.Pending, settings.ObjectStoreEndpointPending = pending, config.ObjectStoreEndpoint.IsUnknown()
	if config.Region.IsUnknown() || settings.Region == "" && pending == "credentials_file" {
		settings.Region, settings.RegionPending = "", true
	}
	settings.UserAgent = fmt.Sprintf("terraform-provider-civo/%s (Terraform %s)", p.version, terraformVersion)
	settings.Timing, settings.Trace = p.timing, trace
	for _, warning := range warnings {
		diags.AddAttributeWarning(path.Root(warning.Setting), warning.Summary, warning.Detail)
	}
	for _, problem := range problems {
		diags.AddAttributeError(path.Root(problem.Setting), problem.Summary, problem.Detail)
	}
	if len(problems) > 0 {
		return nil
	}
	client, err := civo.NewClient(settings)
	if err != nil {
		diags.AddAttributeError(path.Root("api_endpoint"), "Invalid API endpoint", err.Error())
	}
	return client
}

// arguments returns the arguments that the configuration sets, and the name of a required argument that is not known yet, or "".
// Placeholders replace a token and an endpoint that are not known yet, so that no file is read for them and other errors are still
// reported now.
func (m model) arguments(environment civo.Environment) (args civo.Arguments, pending string) {
	args = civo.Arguments{
		Token:               civo.NewSecret(m.Token.ValueString()),
		Region:              m.Region.ValueString(),
		Endpoint:            m.APIEndpoint.ValueString(),
		ObjectStoreEndpoint: m.ObjectStoreEndpoint.ValueString(),
		CredentialsFile:     m.CredentialsFile.ValueString(),
	}
	if m.APIEndpoint.IsUnknown() {
		args.Endpoint, pending = civo.DefaultEndpoint, "api_endpoint"
	}
	placeholder := civo.NewSecret("not-known-yet")
	if m.CredentialsFile.IsUnknown() && m.Token.ValueString() == "" && environment.Getenv(civo.EnvToken) == "" {
		args.Token, pending = placeholder, "credentials_file"
	}
	if m.Token.IsUnknown() {
		args.Token, pending = placeholder, "token"
	}
	return args, pending
}

func (p *civoProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{credential.NewResource, objectstore.NewResource}
}

func (p *civoProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		credential.NewDataSource, credential.NewListDataSource, objectstore.NewDataSource, objectstore.NewListDataSource,
	}
}

func (p *civoProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{credential.NewEphemeralResource}
}

func (p *civoProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{credential.NewListResource, objectstore.NewListResource}
}

func (p *civoProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{s3config.NewS3Environment, s3config.NewS3cfg, s3config.NewRcloneConfig}
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
