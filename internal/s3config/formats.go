// The functions, one for each format. They return an error for values that the S3 client could not read from the file.

package s3config

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// NewS3Environment returns the function s3_environment.
func NewS3Environment() function.Function {
	return configFunction{
		name:    "s3_environment",
		summary: "Environment variables for S3 clients",
		description: "Returns `export` commands for a POSIX shell that set the environment variables of the AWS CLI and the AWS SDKs. " +
			"They include the variables that `civo objectstore credential export --format=env` prints. The values are quoted for the shell. " +
			"Requires Terraform 1.8 or later, or OpenTofu 1.7 or later.",
		returns: function.StringReturn{},
		format:  text(environment),
	}
}

// environment formats the credential as export commands.
func environment(c credentialModel) (string, *function.FuncError) {
	var text strings.Builder
	for _, variable := range variables(c) {
		text.WriteString("export " + variable.name + "=" + civo.ShellQuote(variable.value.ValueString()) + "\n")
	}
	return text.String(), nil
}

// NewS3Variables returns the function s3_variables.
func NewS3Variables() function.Function {
	return configFunction{
		name:    "s3_variables",
		summary: "Environment variables for S3 clients, as a map",
		description: "Returns the environment variables that `s3_environment` sets, as a map from name to value. " +
			"Use the map for a Kubernetes secret, for the secrets of a CI system, or in the output of a module. " +
			"The names are known during plan, even if the values are not. Requires Terraform 1.8 or later, or OpenTofu 1.7 or later.",
		returns: function.MapReturn{ElementType: types.StringType},
		format:  variableMap,
	}
}

// variableMap formats the credential as a map. Each value is unknown only if its attribute is, so that the names are known during plan.
func variableMap(c credentialModel) (attr.Value, *function.FuncError) {
	elements := map[string]attr.Value{}
	for _, variable := range variables(c) {
		elements[variable.name] = variable.value
	}
	return types.MapValueMust(types.StringType, elements), nil
}

// variable is an environment variable.
type variable struct {
	name  string
	value types.String
}

// variables returns the environment variables of the AWS CLI and the AWS SDKs. Some SDKs read AWS_DEFAULT_REGION, others AWS_REGION. The
// last two variables turn off checksums that Ceph rejects, which Civo's object stores probably are:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
func variables(c credentialModel) []variable {
	whenRequired := types.StringValue("when_required")
	return []variable{
		{"AWS_ACCESS_KEY_ID", c.AccessKeyID},
		{"AWS_SECRET_ACCESS_KEY", c.SecretAccessKey},
		{"AWS_DEFAULT_REGION", c.Region},
		{"AWS_REGION", c.Region},
		{"AWS_HOST", c.Endpoint}, // the Civo CLI prints it
		{"AWS_ENDPOINT_URL_S3", c.Endpoint},
		{"AWS_REQUEST_CHECKSUM_CALCULATION", whenRequired},
		{"AWS_RESPONSE_CHECKSUM_VALIDATION", whenRequired},
	}
}

// NewS3cfg returns the function s3cfg.
func NewS3cfg() function.Function {
	return configFunction{
		name:    "s3cfg",
		summary: "Configuration file for s3cmd",
		description: "Returns a configuration file for [s3cmd](https://s3tools.org/s3cmd). It contains the settings that " +
			"`civo objectstore credential export --format=s3cfg` prints, except `signature_v2`. s3cmd therefore signs requests with Signature Version 4. " +
			"The file also contains `host_bucket`, which s3cmd needs for path-style addressing, and `use_https`. " +
			"s3cmd cannot read keys that start with `$`, so the function returns an error for them. Requires Terraform 1.8 or later, or OpenTofu 1.7 or later.",
		returns: function.StringReturn{},
		format:  text(s3cfg),
	}
}

// s3cfg formats the credential for s3cmd, which uses path-style addressing if host_bucket does not contain "%(bucket)s".
func s3cfg(c credentialModel) (string, *function.FuncError) {
	endpoint, err := url.Parse(c.Endpoint.ValueString())
	if err != nil || endpoint.Scheme != "http" && endpoint.Scheme != "https" || endpoint.Host == "" || strings.Trim(endpoint.Path, "/") != "" {
		return "", argumentError("s3cmd requires an endpoint such as https://objectstore.lon1.civo.com, without a path")
	}
	useHTTPS := "False"
	if endpoint.Scheme == "https" {
		useHTTPS = "True"
	}
	var text strings.Builder
	text.WriteString("[default]\n")
	for _, option := range []struct{ name, value string }{
		{"access_key", c.AccessKeyID.ValueString()},
		{"secret_key", c.SecretAccessKey.ValueString()},
		{"bucket_location", c.Region.ValueString()},
		{"host_base", endpoint.Host},
		{"host_bucket", endpoint.Host},
		{"use_https", useHTTPS},
	} {
		if strings.HasPrefix(option.value, "$") {
			return "", argumentError("s3cmd cannot read the option %s, because its value starts with $ and s3cmd would read it "+
				"from an environment variable. Use another key or another S3 client", option.name)
		}
		text.WriteString(option.name + " = " + quoteS3cfg(option.value) + "\n")
	}
	return text.String(), nil
}

// quoteS3cfg quotes a value for s3cmd, which reads a line to its end, without escape sequences, and removes one pair of quotes.
func quoteS3cfg(value string) string {
	if strings.HasPrefix(value, `"`) {
		return `"` + value + `"`
	}
	return value
}

// NewRcloneConfig returns the function rclone_config.
func NewRcloneConfig() function.Function {
	return configFunction{
		name:    "rclone_config",
		summary: "Configuration file for rclone",
		description: "Returns a configuration file for [rclone](https://rclone.org) with one remote named `civo`. " +
			"The file sets `no_check_bucket`, so that rclone does not try to create buckets. " +
			"rclone cannot read keys that contain a reference such as `%(name)s`, so the function returns an error for them. " +
			"Requires Terraform 1.8 or later, or OpenTofu 1.7 or later.",
		returns: function.StringReturn{},
		format:  text(rcloneConfig),
	}
}

// rcloneReference matches a reference that rclone replaces with another option of the file. rclone has no escape sequence for it.
var rcloneReference = regexp.MustCompile(`%\([a-zA-Z0-9_.\-]+\)s`)

// rcloneConfig formats the credential as the configuration file of rclone.
func rcloneConfig(c credentialModel) (string, *function.FuncError) {
	var text strings.Builder
	text.WriteString("[civo]\n")
	for _, option := range []struct{ name, value string }{
		{"type", "s3"},
		{"provider", "Other"},
		{"access_key_id", c.AccessKeyID.ValueString()},
		{"secret_access_key", c.SecretAccessKey.ValueString()},
		{"region", c.Region.ValueString()},
		{"endpoint", c.Endpoint.ValueString()},
		{"force_path_style", "true"},
		{"no_check_bucket", "true"}, // otherwise rclone creates the bucket with a location, which Ceph rejects
	} {
		if rcloneReference.MatchString(option.value) {
			return "", argumentError("rclone cannot read the option %s, because its value contains a reference such as %%(name)s, "+
				"which rclone would expand. Use another key or another S3 client", option.name)
		}
		text.WriteString(option.name + " = " + quoteRclone(option.value) + "\n")
	}
	return text.String(), nil
}

// quoteRclone quotes a value for rclone. Its parser goconfig reads a value that starts with a backquote or three double quotes up to the
// last such quote, and any other value literally. It supports neither escape sequences nor comments after a value.
func quoteRclone(value string) string {
	if strings.HasPrefix(value, "`") || strings.HasPrefix(value, `"""`) {
		return "`" + value + "`"
	}
	return value
}
