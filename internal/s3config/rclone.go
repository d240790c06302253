// The function rclone_config.

package s3config

import (
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// NewRcloneConfig returns the function rclone_config.
func NewRcloneConfig() function.Function {
	return configFunction{
		name:    "rclone_config",
		summary: "Configuration file for rclone",
		description: "Returns a configuration file for [rclone](https://rclone.org) with one remote named `civo`. " +
			"rclone cannot read keys that contain a reference such as `%(name)s`, so the function returns an error for them. " +
			"Requires Terraform 1.8 or OpenTofu 1.7.",
		format: rcloneConfig,
	}
}

// rcloneReference matches a reference that rclone replaces with another option of the file. rclone has no escape sequence for it.
var rcloneReference = regexp.MustCompile(`%\([a-zA-Z0-9_.\-]+\)s`)

// rcloneConfig formats the settings as the configuration file of rclone.
func rcloneConfig(s settings) (string, *function.FuncError) {
	var text strings.Builder
	text.WriteString("[civo]\n")
	for _, option := range []struct{ name, value string }{
		{"type", "s3"},
		{"provider", "Other"},
		{"access_key_id", s.accessKeyID},
		{"secret_access_key", s.secretAccessKey},
		{"region", s.region},
		{"endpoint", s.endpoint},
		{"force_path_style", "true"},
	} {
		if rcloneReference.MatchString(option.value) {
			return "", argumentError("rclone cannot read the option %s, because its value contains a reference such as %%(name)s, "+
				"which rclone would expand. Use another key or another S3 client", option.name)
		}
		text.WriteString(option.name + " = " + quoteRclone(option.value) + "\n")
	}
	return text.String(), nil
}

// quoteRclone quotes a value for rclone, which uses the parser goconfig. The parser reads a value that starts with a backquote or three
// double quotes up to the last such quote. It reads any other value literally. It supports neither escape sequences nor comments after a
// value.
func quoteRclone(value string) string {
	if strings.HasPrefix(value, "`") || strings.HasPrefix(value, `"""`) {
		return "`" + value + "`"
	}
	return value
}
