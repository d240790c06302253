package s3config_test

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/s3config"
)

func TestMain(m *testing.M) { os.Exit(acctest.Tests{M: m}.Run()) }

// functions contains all functions by name.
var functions = map[string]function.Function{
	"s3_environment": s3config.NewS3Environment(),
	"s3_variables":   s3config.NewS3Variables(),
	"s3cfg":          s3config.NewS3cfg(),
	"rclone_config":  s3config.NewRcloneConfig(),
}

// values are the attributes of a credential by name.
type values map[string]string

// with returns a copy with another value of one attribute.
func (v values) with(name, value string) values {
	changed := maps.Clone(v)
	changed[name] = value
	return changed
}

// plain is a credential with generated keys.
var plain = values{ //nolint:gosec // made up
	"access_key_id":     "DEMOACCESSKEY0000001",
	"secret_access_key": "not-a-real-secret",
	"region":            "LON1",
	"endpoint":          "https://objectstore.lon1.civo.com",
}

// argument returns the argument of a function call. The attributes null and unknown have these values.
func (v values) argument(null, unknown string) types.Object {
	attributeTypes, attributes := map[string]attr.Type{}, map[string]attr.Value{}
	for name, value := range v {
		attributeTypes[name], attributes[name] = types.StringType, types.StringValue(value)
	}
	if null != "" {
		attributes[null] = types.StringNull()
	}
	if unknown != "" {
		attributes[unknown] = types.StringUnknown()
	}
	return types.ObjectValueMust(attributeTypes, attributes)
}

// call calls a function as the plugin framework does.
func call(t *testing.T, name string, argument attr.Value) (attr.Value, *function.FuncError) {
	t.Helper()
	var definition function.DefinitionResponse
	functions[name].Definition(t.Context(), function.DefinitionRequest{}, &definition)
	none, err := definition.Definition.Return.NewResultData(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resp := function.RunResponse{Result: none}
	functions[name].Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{argument})}, &resp)
	return resp.Result.Value(), resp.Error
}

// text returns the result of a function for a credential.
func text(t *testing.T, name string, credential values) string {
	t.Helper()
	result, err := call(t, name, credential.argument("", ""))
	known, ok := result.(types.String)
	if err != nil || !ok || known.IsUnknown() {
		t.Fatalf("%s returns %s: %v", name, result, err)
	}
	return known.ValueString()
}

func TestFunctions_Text(t *testing.T) {
	t.Parallel()
	texts := map[string]string{
		"s3_environment": `export AWS_ACCESS_KEY_ID='DEMOACCESSKEY0000001'
export AWS_SECRET_ACCESS_KEY='not-a-real-secret'
export AWS_DEFAULT_REGION='LON1'
export AWS_REGION='LON1'
export AWS_HOST='https://objectstore.lon1.civo.com'
export AWS_ENDPOINT_URL_S3='https://objectstore.lon1.civo.com'
export AWS_REQUEST_CHECKSUM_CALCULATION='when_required'
export AWS_RESPONSE_CHECKSUM_VALIDATION='when_required'
`,
		"s3cfg": `[default]
access_key = DEMOACCESSKEY0000001
secret_key = not-a-real-secret
bucket_location = LON1
host_base = objectstore.lon1.civo.com
host_bucket = objectstore.lon1.civo.com
use_https = True
`,
		"rclone_config": `[civo]
type = s3
provider = Other
access_key_id = DEMOACCESSKEY0000001
secret_access_key = not-a-real-secret
region = LON1
endpoint = https://objectstore.lon1.civo.com
force_path_style = true
no_check_bucket = true
`,
	}
	for _, row := range []struct {
		function, attribute, value string
		differences                []string // old and new words of the text
	}{
		{"s3_environment", "region", "LON1", nil},
		{"s3_environment", "secret_access_key", `'a"$b\c'`, []string{`'not-a-real-secret'`, `''\''a"$b\c'\'''`}},
		{"s3cfg", "region", "LON1", nil},
		{"s3cfg", "endpoint", "objectstore.lon1.civo.com", nil}, // as Civo returns it
		{"s3cfg", "endpoint", "http://127.0.0.1:9000/", []string{"objectstore.lon1.civo.com", "127.0.0.1:9000", "True", "False"}},
		{"s3cfg", "secret_access_key", `"#%(a)s"`, []string{"not-a-real-secret", `""#%(a)s""`}},
		{"rclone_config", "region", "LON1", nil},
		{"rclone_config", "secret_access_key", "`#$;`", []string{"not-a-real-secret", "``#$;``"}},
	} {
		want := strings.NewReplacer(row.differences...).Replace(texts[row.function])
		if got := text(t, row.function, plain.with(row.attribute, row.value)); got != want {
			t.Errorf("%s with the %s %q is\n%s\nnot\n%s", row.function, row.attribute, row.value, got, want)
		}
	}
}

func TestFunctions_Errors(t *testing.T) {
	t.Parallel()
	all := []string{"s3_environment", "s3_variables", "s3cfg", "rclone_config"}
	const (
		noSecret = "the attribute secret_access_key is null or empty. If the credential has secret_in_state = false or secret_access_key_wo, " +
			"pass the ephemeral resource civo_objectstore_credential instead. Outputs of the root module cannot contain ephemeral values, so remove them. " +
			"Otherwise, wait until the credential is ready, then try again"
		hint        = "Pass a civo_objectstore_credential: the resource, the data source or the ephemeral resource"
		whitespace  = "the attribute secret_access_key contains whitespace or a control character"
		badEndpoint = "s3cmd requires an endpoint such as https://objectstore.lon1.civo.com, without a path"
		variable    = "s3cmd cannot read the option secret_key, because its value starts with $ and s3cmd would read it from an environment variable. " +
			"Use another key or another S3 client"
		reference = "rclone cannot read the option secret_access_key, because its value contains a reference such as %(name)s, which rclone would expand. " +
			"Use another key or another S3 client"
	)
	for _, row := range []struct {
		test       string
		functions  []string
		credential values
		null       string
		want       string
	}{
		{"null secret", all, plain, "secret_access_key", noSecret},
		{"empty secret", all, plain.with("secret_access_key", ""), "", noSecret},
		{"null access key ID", all, plain, "access_key_id", "the attribute access_key_id is null or empty. Wait until the credential is ready, then try again"},
		{"null region", all, plain, "region", "the attribute region is null or empty. " + hint},
		{"null endpoint", all, plain, "endpoint", "the attribute endpoint is null or empty. " + hint},
		{"newline", all, plain.with("secret_access_key", "hidden\nexport A=b"), "", whitespace},
		{"space", all, plain.with("secret_access_key", "hidden words"), "", whitespace},
		{"control character", all, plain.with("secret_access_key", "hidden\x1b"), "", whitespace},
		{"s3cmd variable", []string{"s3cfg"}, plain.with("secret_access_key", "$hidden"), "", variable},
		{"rclone reference", []string{"rclone_config"}, plain.with("secret_access_key", "hidden%(region)s"), "", reference},
		{"endpoint with path", []string{"s3cfg"}, plain.with("endpoint", "https://objectstore.lon1.civo.com/bucket"), "", badEndpoint},
		{"endpoint without a host", []string{"s3cfg"}, plain.with("endpoint", "https://"), "", badEndpoint},
		{"endpoint with another scheme", []string{"s3cfg"}, plain.with("endpoint", "ftp://objectstore.lon1.civo.com"), "", badEndpoint},
	} {
		for _, name := range row.functions {
			_, err := call(t, name, row.credential.argument(row.null, ""))
			if err == nil || err.Text != row.want || err.FunctionArgument == nil || *err.FunctionArgument != 0 {
				t.Errorf("%s, %s: the error is %+v, not %q about the argument", name, row.test, err, row.want)
			}
		}
	}
}

// A text is unknown if one of the attributes is. The names of the variables are always known, and a value is unknown only if its
// attribute is.
func TestFunctions_Unknown(t *testing.T) {
	t.Parallel()
	credential := plain.with("endpoint", "objectstore.lon1.civo.com")
	arguments := map[string]types.Object{
		"none": credential.argument("", ""),
		"all":  types.ObjectUnknown(credential.argument("", "").AttributeTypes(t.Context())),
	}
	for attribute := range plain {
		arguments[attribute] = credential.argument("", attribute)
	}
	for unknown, argument := range arguments {
		known := func(attribute, value string) attr.Value {
			if unknown == "all" || unknown == attribute {
				return types.StringUnknown()
			}
			return types.StringValue(value)
		}
		want := types.MapValueMust(types.StringType, map[string]attr.Value{
			"AWS_ACCESS_KEY_ID":                known("access_key_id", "DEMOACCESSKEY0000001"),
			"AWS_SECRET_ACCESS_KEY":            known("secret_access_key", "not-a-real-secret"),
			"AWS_DEFAULT_REGION":               known("region", "LON1"),
			"AWS_REGION":                       known("region", "LON1"),
			"AWS_HOST":                         known("endpoint", "https://objectstore.lon1.civo.com"),
			"AWS_ENDPOINT_URL_S3":              known("endpoint", "https://objectstore.lon1.civo.com"),
			"AWS_REQUEST_CHECKSUM_CALCULATION": types.StringValue("when_required"),
			"AWS_RESPONSE_CHECKSUM_VALIDATION": types.StringValue("when_required"),
		})
		for name := range functions {
			result, err := call(t, name, argument)
			if isMap := name == "s3_variables"; err != nil || isMap && !result.Equal(want) || !isMap && result.IsUnknown() != (unknown != "none") {
				t.Errorf("%s with the unknown attribute %q is %s, %v", name, unknown, result, err)
			}
		}
	}
	for name := range functions {
		_, err := call(t, name, plain.argument("secret_access_key", "access_key_id"))
		if err == nil || !strings.HasPrefix(err.Text, "the attribute secret_access_key is null or empty.") {
			t.Errorf("%s with a null secret and an unknown access key ID: %v", name, err)
		}
	}
}
