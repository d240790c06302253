package credential_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Invalid input causes no request. The error names the problem and, where there is one, the attribute.
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
	resource := func(ctx context.Context, d *acctest.Driver, arguments acctest.Object) acctest.Diagnostics {
		config := acctest.Object{"name": "some-name"}.With(arguments)
		return second(d.Run(ctx, d.NewInstance(), config))
	}
	data := func(ctx context.Context, d *acctest.Driver, arguments acctest.Object) acctest.Diagnostics {
		return second(d.Data(ctx, arguments))
	}
	plural := func(ctx context.Context, d *acctest.Driver, arguments acctest.Object) acctest.Diagnostics {
		return second(d.For("civo_objectstore_credentials").Data(ctx, arguments))
	}
	ephemeral := func(ctx context.Context, d *acctest.Driver, arguments acctest.Object) acctest.Diagnostics {
		return second(d.Open(ctx, arguments))
	}
	list := func(ctx context.Context, d *acctest.Driver, arguments acctest.Object) acctest.Diagnostics {
		return second(d.List(ctx, arguments, 0, true))
	}
	type object = acctest.Object
	const one = `when one \(and only one\) of \[name,access_key_id,id\]`
	for what, c := range map[string]struct {
		run       func(context.Context, *acctest.Driver, acctest.Object) acctest.Diagnostics
		provider  acctest.Object // in addition to a token and a region
		arguments acctest.Object
		want      string
	}{
		"no token":                {resource, object{"token": nil}, nil, `Missing token.*CIVO_TOKEN.*CIVO_CREDENTIAL_FILE.*CIVO_CONFIG`},
		"no region":               {resource, object{"region": nil}, nil, `Missing region.*CIVO_REGION`},
		"provider's region":       {resource, object{"region": "lon don"}, nil, `Invalid region code.*LON1.*"region"`},
		"endpoint in clear":       {resource, object{"api_endpoint": "http://example.com"}, nil, `Invalid API endpoint.*https://example\.com.*"api_endpoint"`},
		"no file":                 {resource, object{"token": nil, "credentials_file": files + "/none"}, nil, `No token in the credentials file.*does not exist.*"credentials_file"`},
		"file not JSON":           {resource, object{"token": nil, "credentials_file": file("text", "token")}, nil, `No token in the credentials file.*not JSON.*"credentials_file"`},
		"file without a key":      {resource, object{"token": nil, "credentials_file": file("keyless", `{"apikeys":{"a":"b"},"meta":{}}`)}, nil, `No token in the credentials file.*current_apikey.*"credentials_file"`},
		"region":                  {resource, nil, object{"region": "lon don"}, `Invalid region code.*LON1.*"region"`},
		"control character":       {resource, nil, object{"name": "some\tname"}, `Invalid credential name.*control character.*"name"`},
		"empty name":              {resource, nil, object{"name": ""}, `Invalid credential name.*empty.*"name"`},
		"access key":              {resource, nil, object{"access_key_id": "a b"}, `Invalid access key ID.*"access_key_id"`},
		"empty secret":            {resource, nil, object{"secret_access_key": ""}, `Invalid secret access key.*empty.*"secret_access_key"`},
		"timeout":                 {resource, nil, object{"timeouts": object{"create": "soon"}}, `soon.*"timeouts".*"create"`},
		"data source, no region":  {data, object{"region": nil}, object{"name": "a"}, `Missing region`},
		"data source, none given": {data, nil, object{}, `No attribute specified ` + one},
		"data source, two given":  {data, nil, object{"name": "a", "id": "b"}, `2 attributes specified ` + one},
		"data source, all given":  {data, nil, object{"name": "a", "id": "b", "access_key_id": "c"}, `3 attributes specified ` + one},
		"data source, region":     {data, nil, object{"name": "a", "region": "lon don"}, `Invalid region code`},
		"data source, ID":         {data, nil, object{"id": "../../v2/objectstores"}, `Invalid credential ID`},
		"plural, region":          {plural, nil, object{"region": "lon don"}, `Invalid region code`},
		"ephemeral, no region":    {ephemeral, object{"region": nil}, object{"name": "a"}, `Missing region`},
		"ephemeral, unconfigured": {ephemeral, object{"token": acctest.Unknown}, object{"name": "a"}, `Provider not configured yet`},
		"ephemeral, none given":   {ephemeral, nil, object{}, `No attribute specified ` + one},
		"ephemeral, two given":    {ephemeral, nil, object{"name": "a", "id": "b"}, `2 attributes specified ` + one},
		"ephemeral, region":       {ephemeral, nil, object{"name": "a", "region": "lon don"}, `Invalid region code`},
		"ephemeral, timeout":      {ephemeral, nil, object{"name": "a", "timeouts": object{"open": "soon"}}, `soon`},
		"list, region":            {list, nil, object{"region": "lon don"}, `Invalid region code`},
		"list, no region":         {list, object{"region": nil}, object{}, `Missing region`},
		"list, unconfigured":      {list, object{"token": acctest.Unknown}, object{}, `Provider not configured yet`},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			d, diags := w.Configure(t.Context(), c.provider)
			if !diags.Failed() {
				diags = c.run(t.Context(), d, c.arguments)
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

func second[T any](_ T, diags acctest.Diagnostics) acctest.Diagnostics { return diags }
