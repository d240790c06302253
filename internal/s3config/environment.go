// The function s3_environment.

package s3config

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// NewS3Environment returns the function s3_environment.
func NewS3Environment() function.Function {
	return configFunction{
		name:    "s3_environment",
		summary: "Environment variables for S3 clients",
		description: "Returns `export` commands for a POSIX shell that set the environment variables of the AWS CLI and the AWS SDKs. " +
			"They include the variables that `civo objectstore credential export --format=env` prints. The values are quoted for the shell. " +
			"Requires Terraform 1.8 or OpenTofu 1.7.",
		format: environment,
	}
}

// environment formats the settings as export commands. Some SDKs read AWS_DEFAULT_REGION, others AWS_REGION. The last two variables
// turn off checksums that some S3 servers reject, such as older versions of Ceph:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
func environment(s settings) (string, *function.FuncError) {
	var text strings.Builder
	for _, variable := range []struct{ name, value string }{
		{"AWS_ACCESS_KEY_ID", s.accessKeyID},
		{"AWS_SECRET_ACCESS_KEY", s.secretAccessKey},
		{"AWS_DEFAULT_REGION", s.region},
		{"AWS_REGION", s.region},
		{"AWS_HOST", s.endpoint}, // the Civo CLI prints it
		{"AWS_ENDPOINT_URL_S3", s.endpoint},
		{"AWS_REQUEST_CHECKSUM_CALCULATION", "when_required"},
		{"AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required"},
	} {
		text.WriteString("export " + variable.name + "=" + quoteShell(variable.value) + "\n")
	}
	return text.String(), nil
}

// quoteShell quotes a value for a POSIX shell. Only a single quote is special between single quotes.
func quoteShell(value string) string {
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
