package s3config_test

import (
	"maps"
	"os"
	"slices"
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

// attributes are attributes of a credential by name.
type attributes map[string]attr.Value

// with returns a credential with generated keys, with other values of these attributes.
func with(changes attributes) types.Object {
	credential := attributes{
		"access_key_id":     types.StringValue("DEMOACCESSKEY0000001"),
		"secret_access_key": types.StringValue("not-a-real-secret"),
		"region":            types.StringValue("LON1"),
		"endpoint":          types.StringValue("https://objectstore.lon1.civo.com"),
	}
	maps.Copy(credential, changes)
	kinds := map[string]attr.Type{}
	for name := range credential {
		kinds[name] = types.StringType
	}
	return types.ObjectValueMust(kinds, credential)
}

// secret returns the change to another secret.
func secret(value string) attributes {
	return attributes{"secret_access_key": types.StringValue(value)}
}

// endpoint returns the change to another endpoint.
func endpoint(value string) attributes { return attributes{"endpoint": types.StringValue(value)} }

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

// text returns the result of a function for a credential with other values of these attributes.
func text(t *testing.T, name string, changes attributes) string {
	t.Helper()
	result, err := call(t, name, with(changes))
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
		function    string
		changes     attributes
		differences []string // old and new words of the text
	}{
		{"s3_environment", nil, nil},
		{"s3_environment", secret(`'a"$b\c'`), []string{`'not-a-real-secret'`, `''\''a"$b\c'\'''`}},
		{"s3cfg", nil, nil},
		{"s3cfg", endpoint("objectstore.lon1.civo.com"), nil}, // as Civo returns it
		{"s3cfg", endpoint("http://127.0.0.1:9000/"), []string{"objectstore.lon1.civo.com", "127.0.0.1:9000", "True", "False"}},
		{"s3cfg", secret(`"#%(a)s"`), []string{"not-a-real-secret", `""#%(a)s""`}},
		{"rclone_config", nil, nil},
		{"rclone_config", secret("`#$;`"), []string{"not-a-real-secret", "``#$;``"}},
	} {
		want := strings.NewReplacer(row.differences...).Replace(texts[row.function])
		if got := text(t, row.function, row.changes); got != want {
			t.Errorf("%s with %s is\n%s\nnot\n%s", row.function, row.changes, got, want)
		}
	}
}

func TestFunctions_Errors(t *testing.T) {
	t.Parallel()
	all := slices.Collect(maps.Keys(functions))
	const (
		noSecret = "the attribute secret_access_key is null or empty. If the credential has secret_in_state = false or secret_access_key_wo, " +
			"pass the ephemeral resource civo_objectstore_credential instead. Root module outputs cannot contain ephemeral values, so remove each root module output that uses the result of this function. " +
			"In all other cases, wait until the credential is ready, then try again"
		hint        = " is null or empty. Pass a civo_objectstore_credential: the resource, the data source or the ephemeral resource"
		whitespace  = "the attribute secret_access_key contains whitespace or a control character"
		badEndpoint = "s3cmd requires an endpoint such as https://objectstore.lon1.civo.com, without a path"
		variable    = "s3cmd cannot read the option secret_key, because its value starts with $ and s3cmd would read it from an environment variable. " +
			"Use another key or another S3 client"
		reference = "rclone cannot read the option secret_access_key, because its value contains a reference such as %(name)s, which rclone would expand. " +
			"Use another key or another S3 client"
	)
	null := types.StringNull()
	for _, row := range []struct {
		functions []string
		changes   attributes
		want      string
	}{
		{all, attributes{"secret_access_key": null}, noSecret},
		{all, attributes{"secret_access_key": null, "access_key_id": types.StringUnknown()}, noSecret},
		{all, secret(""), noSecret},
		{all, attributes{"access_key_id": null}, "the attribute access_key_id is null or empty. Wait until the credential is ready, then try again"},
		{all, attributes{"region": null}, "the attribute region" + hint},
		{all, attributes{"endpoint": null}, "the attribute endpoint" + hint},
		{all, secret("hidden\nexport A=b"), whitespace},
		{all, secret("hidden words"), whitespace},
		{all, secret("hidden\x1b"), whitespace},
		{[]string{"s3cfg"}, secret("$hidden"), variable},
		{[]string{"rclone_config"}, secret("hidden%(region)s"), reference},
		{[]string{"s3cfg"}, endpoint("https://objectstore.lon1.civo.com/bucket"), badEndpoint},
		{[]string{"s3cfg"}, endpoint("https://"), badEndpoint},
		{[]string{"s3cfg"}, endpoint("ftp://objectstore.lon1.civo.com"), badEndpoint},
	} {
		for _, name := range row.functions {
			_, err := call(t, name, with(row.changes))
			if err == nil || err.Text != row.want || err.FunctionArgument == nil || *err.FunctionArgument != 0 {
				t.Errorf("%s with %s: the error is %+v, not %q about the argument", name, row.changes, err, row.want)
			}
		}
	}
}

// A text is unknown if one of the attributes is. The names of the variables are always known, and a value is unknown only if its
// attribute is.
func TestFunctions_Unknown(t *testing.T) {
	t.Parallel()
	arguments := map[string]types.Object{"none": with(nil), "all": types.ObjectUnknown(with(nil).AttributeTypes(t.Context()))}
	for attribute := range with(nil).Attributes() {
		arguments[attribute] = with(attributes{attribute: types.StringUnknown()})
	}
	for unknown, argument := range arguments {
		known := func(attribute, value string) attr.Value {
			if unknown == "all" || unknown == attribute {
				return types.StringUnknown()
			}
			return types.StringValue(value)
		}
		want := types.MapValueMust(types.StringType, attributes{
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
}
