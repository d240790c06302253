package credential_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Each error is about an attribute and names the problem. Invalid input causes no request.
func TestInput_ErrorsOnAttribute(t *testing.T) {
	t.Parallel()
	files := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(files, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for what, c := range map[string]struct {
		provider, resource acctest.Object // arguments in addition to a token and a region, and to a name
		want               string
	}{
		"no token":           {acctest.Object{"token": nil}, nil, `Missing token.*CIVO_TOKEN.*CIVO_CREDENTIAL_FILE.*CIVO_CONFIG`},
		"no region":          {acctest.Object{"region": nil}, nil, `Missing region.*CIVO_REGION`},
		"provider's region":  {acctest.Object{"region": "lon don"}, nil, `Invalid region code.*LON1.*"region"`},
		"resource's region":  {nil, acctest.Object{"region": "lon don"}, `Invalid region code.*LON1.*"region"`},
		"endpoint in clear":  {acctest.Object{"api_endpoint": "http://example.com"}, nil, `Invalid API endpoint.*https://example\.com.*"api_endpoint"`},
		"control character":  {nil, acctest.Object{"name": "some\tname"}, `Invalid credential name.*control character.*"name"`},
		"empty name":         {nil, acctest.Object{"name": ""}, `Invalid credential name.*empty.*"name"`},
		"access key":         {nil, acctest.Object{"access_key_id": "a b"}, `Invalid access key ID.*"access_key_id"`},
		"empty secret":       {nil, acctest.Object{"secret_access_key": ""}, `Invalid secret access key.*empty.*"secret_access_key"`},
		"timeout":            {nil, acctest.Object{"timeouts": acctest.Object{"create": "soon"}}, `soon.*"timeouts".*"create"`},
		"no file":            {acctest.Object{"token": nil, "credentials_file": files + "/none"}, nil, `No token in the credentials file.*does not exist.*"credentials_file"`},
		"file not JSON":      {acctest.Object{"token": nil, "credentials_file": file("text", "token")}, nil, `No token in the credentials file.*not JSON.*"credentials_file"`},
		"file without a key": {acctest.Object{"token": nil, "credentials_file": file("keyless", `{"apikeys":{"a":"b"},"meta":{}}`)}, nil, `No token in the credentials file.*current_apikey.*"credentials_file"`},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			d, diags := w.Configure(t.Context(), c.provider)
			if !diags.Failed() {
				config := acctest.Object{"name": "some-name"}
				maps.Copy(config, c.resource)
				_, diags = d.Run(t.Context(), d.NewInstance(), config)
			}
			if !diags.Failed() || !regexp.MustCompile("(?s)"+c.want).MatchString(diags.String()) {
				t.Errorf("the message does not match %q: %s", c.want, diags)
			}
			if w.Count() > 0 {
				t.Errorf("requests were made: %+v", w.Requests())
			}
		})
	}
}
