// Package s3config contains the provider functions that take a credential and return the configuration of an S3 client.
package s3config

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// configFunction is a provider function that takes a credential and returns the configuration of S3 clients.
type configFunction struct {
	name        string
	summary     string
	description string // Markdown
	returns     function.Return
	// format returns the result. No known value is empty, or contains whitespace or control characters.
	format func(credentialModel) (attr.Value, *function.FuncError)
}

// text adapts a format to text, which is unknown if an attribute is.
func text(format func(credentialModel) (string, *function.FuncError)) func(credentialModel) (attr.Value, *function.FuncError) {
	return func(credential credentialModel) (attr.Value, *function.FuncError) {
		if credential.isUnknown() {
			return types.StringUnknown(), nil
		}
		result, err := format(credential)
		return types.StringValue(result), err
	}
}

// credentialModel contains the attributes that the functions use. Terraform removes all others when it converts the argument.
type credentialModel struct {
	AccessKeyID     types.String `tfsdk:"access_key_id"`
	SecretAccessKey types.String `tfsdk:"secret_access_key"`
	Region          types.String `tfsdk:"region"`
	Endpoint        types.String `tfsdk:"endpoint"`
}

func (f configFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

func (f configFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             f.summary,
		MarkdownDescription: f.description,
		Parameters: []function.Parameter{function.ObjectParameter{
			Name: "credential",
			MarkdownDescription: "The resource, data source or ephemeral resource `civo_objectstore_credential`. The function uses the attributes " +
				"`access_key_id`, `secret_access_key`, `region` and `endpoint`.",
			AttributeTypes: map[string]attr.Type{
				"access_key_id":     types.StringType,
				"secret_access_key": types.StringType,
				"region":            types.StringType,
				"endpoint":          types.StringType,
			},
			AllowUnknownValues: true, // so that a plan fails if the secret is null, even if other attributes are not known yet
		}},
		Return: f.returns,
	}
}

// Run implements function.Function. Its errors do not contain the values of the credential.
func (f configFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var argument types.Object
	if resp.Error = req.Arguments.Get(ctx, &argument); resp.Error != nil {
		return
	}
	credential := credentialModel{types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()}
	if !argument.IsUnknown() {
		resp.Error = function.FuncErrorFromDiags(ctx, argument.As(ctx, &credential, basetypes.ObjectAsOptions{}))
	}
	if resp.Error == nil {
		resp.Error = credential.check()
	}
	if resp.Error != nil {
		return
	}
	if !credential.Endpoint.IsUnknown() && !strings.Contains(credential.Endpoint.ValueString(), "://") { // Civo returns only the host
		credential.Endpoint = types.StringValue("https://" + credential.Endpoint.ValueString())
	}
	var result attr.Value
	if result, resp.Error = f.format(credential); resp.Error == nil {
		resp.Error = resp.Result.Set(ctx, result)
	}
}

// isUnknown reports whether an attribute is not known yet.
func (m credentialModel) isUnknown() bool {
	return m.AccessKeyID.IsUnknown() || m.SecretAccessKey.IsUnknown() || m.Region.IsUnknown() || m.Endpoint.IsUnknown()
}

// check returns an error if a known value is null or empty, or contains a character that no format can represent.
func (m credentialModel) check() *function.FuncError {
	for _, attribute := range []struct {
		name  string
		value types.String
		hint  string // what to do if the value is missing
	}{
		{"access_key_id", m.AccessKeyID, "Wait until the credential is ready, then try again"},
		{
			"secret_access_key", m.SecretAccessKey, "If the credential has secret_in_state = false or secret_access_key_wo, " +
				"pass the ephemeral resource civo_objectstore_credential instead. Root module outputs cannot contain ephemeral values, so remove each root module output that uses the result of this function. " +
				"In all other cases, wait until the credential is ready, then try again",
		},
		{"region", m.Region, argumentHint},
		{"endpoint", m.Endpoint, argumentHint},
	} {
		switch value := attribute.value.ValueString(); {
		case attribute.value.IsUnknown():
		case value == "":
			return argumentError("the attribute %s is null or empty. %s", attribute.name, attribute.hint)
		case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
			return argumentError("the attribute %s contains whitespace or a control character", attribute.name)
		}
	}
	return nil
}

const argumentHint = "Pass a civo_objectstore_credential: the resource, the data source or the ephemeral resource"

// argumentError returns an error about the credential. Terraform adds the name of the parameter and a period.
func argumentError(format string, args ...any) *function.FuncError {
	return function.NewArgumentFuncError(0, fmt.Sprintf(format, args...))
}
