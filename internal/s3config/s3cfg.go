// The function s3cfg.

package s3config

import (
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// NewS3cfg returns the function s3cfg.
func NewS3cfg() function.Function {
	return configFunction{
		name:    "s3cfg",
		summary: "Configuration file for s3cmd",
		description: "Returns a configuration file for [s3cmd](https://s3tools.org/s3cmd). It contains the settings that " +
			"`civo objectstore credential export --format=s3cfg` prints, except `signature_v2`. s3cmd therefore signs requests with Signature Version 4. " +
			"The file also contains `host_bucket`, which s3cmd needs for path-style addressing, and `use_https`. " +
			"s3cmd cannot read keys that start with `$`, so the function returns an error for them. Requires Terraform 1.8 or OpenTofu 1.7.",
		format: s3cfg,
	}
}

// s3cfg formats the settings as the configuration file of s3cmd. s3cmd uses path-style addressing if host_bucket does not contain
// "%(bucket)s".
func s3cfg(s settings) (string, *function.FuncError) {
	endpoint, err := url.Parse(s.endpoint)
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
		{"access_key", s.accessKeyID},
		{"secret_key", s.secretAccessKey},
		{"bucket_location", s.region},
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

// quoteS3cfg quotes a value for s3cmd. s3cmd reads a line to its end and removes one pair of quotes around the value. It supports
// neither escape sequences nor comments after a value.
func quoteS3cfg(value string) string {
	if strings.HasPrefix(value, `"`) {
		return `"` + value + `"`
	}
	return value
}
