package credential_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Each error is about an attribute (Terraform shows its line) and names the problem. Invalid input causes no request.
func TestAccInput_ErrorsOnAttribute(t *testing.T) {
	t.Parallel()
	files := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(files, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	block := func(arguments ...string) string {
		return "provider \"civo\" {\n  " + strings.Join(arguments, "\n  ") + "\n}\n"
	}
	good := []string{`token = "token"`, `region = "LON1"`}
	named := credentialNamed("some-name")
	for what, c := range map[string]struct{ config, want string }{
		"no token":           {block(`region = "LON1"`) + named, `(?s)Missing token.*CIVO_TOKEN.*CIVO_CREDENTIAL_FILE.*CIVO_CONFIG`},
		"no region":          {block(`token = "token"`) + named, `(?s)Missing region.*in resource "civo_objectstore_credential" "test".*CIVO_REGION`},
		"provider's region":  {block(`token = "token"`, `region = "lon don"`) + named, `(?s)Invalid region code.*region = "lon don".*LON1`},
		"resource's region":  {block(good...) + credentialNamed("some-name", `region = "lon don"`), `(?s)Invalid region code.*region = "lon don".*LON1`},
		"endpoint in clear":  {block(append(good, `api_endpoint = "http://example.com"`)...) + named, `(?s)Invalid API endpoint.*api_endpoint = "http://example\.com".*https://example\.com`},
		"control character":  {block(good...) + credentialNamed("some\tname"), `(?s)Invalid credential name.*name = "some\\tname".*control\s+character`},
		"empty name":         {block(good...) + credentialNamed(""), `(?s)Invalid credential name.*empty`},
		"access key":         {block(good...) + credentialNamed("some-name", `access_key_id = "a b"`), `(?s)Invalid access key ID.*access_key_id = "a b"`},
		"empty secret":       {block(good...) + credentialNamed("some-name", `secret_access_key = ""`), `(?s)Invalid secret access key.*empty`},
		"timeout":            {block(good...) + credentialNamed("some-name", "timeouts {\n create = \"soon\"\n }"), `(?s)create = "soon"`},
		"no file":            {block(`region = "LON1"`, `credentials_file = "`+files+`/none"`) + named, `(?s)No token in the credentials file.*credentials_file = .*does\s+not\s+exist`},
		"file not JSON":      {block(`region = "LON1"`, `credentials_file = "`+file("text", "token")+`"`) + named, `(?s)No token in the credentials file.*credentials_file = .*not\s+JSON`},
		"file without a key": {block(`region = "LON1"`, `credentials_file = "`+file("keyless", `{"apikeys":{"a":"b"},"meta":{}}`)+`"`) + named, `(?s)No token in the credentials file.*credentials_file = .*current_apikey`},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			run(t, w, resource.TestCase{Steps: []resource.TestStep{{Config: c.config, ExpectError: regexp.MustCompile(c.want)}}})
			if w.Count() > 0 {
				t.Errorf("requests were made: %+v", w.Requests())
			}
		})
	}
}
