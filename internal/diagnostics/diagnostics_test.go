package diagnostics_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// An error lists at most 25 objects.
func TestError_ManyObjects(t *testing.T) {
	t.Parallel()
	var stores []civo.Ref
	for i := range 30 {
		stores = append(stores, civo.Ref{Noun: "object store", ID: fmt.Sprintf("id-%02d", i), Name: fmt.Sprintf("store-%02d", i)})
	}
	wording := diagnostics.Wording{Noun: "object store"}
	for name, test := range map[string]struct {
		err            civo.Error
		want, unwanted string
	}{
		"not found": {civo.Error{Kind: civo.KindNotFound, Existing: stores}, "Existing object stores: \"store-00\", ", "store-25"},
		"names":     {civo.Error{Kind: civo.KindNotFound, Existing: stores}, "\"store-24\" and 5 more.", "id-00"},
		"ambiguous": {
			civo.Error{Kind: civo.KindAmbiguous, Candidates: stores}, "  - object store \"store-24\" (ID \"id-24\")\n  - and 5 more\n", "store-25",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problem := wording.All(diagnostics.LookUp, "LON1").Error(&test.err)
			if text := problem.Detail(); !strings.Contains(text, test.want) || strings.Contains(text, test.unwanted) {
				t.Errorf("the detail is %s", text)
			}
		})
	}
}

// An error lists a credential without its access key ID if Civo does not return it yet.
func TestError_HiddenAccessKeyID(t *testing.T) {
	t.Parallel()
	for accessKeyID, want := range map[string]string{
		"":    `- credential "n" (ID "id-1")`,
		"key": `- "n" (ID "id-1", access key ID "key")`,
	} {
		found := civo.Credential{ID: "id-1", Name: "n", Region: "LON1", AccessKeyID: accessKeyID}
		problem := diagnostics.Wording{Noun: "credential"}.All(diagnostics.LookUp, "LON1").Error(
			&civo.Error{Kind: civo.KindAmbiguous, Reason: "no", Candidates: []civo.Ref{found.Ref()}})
		if text := problem.Detail(); !strings.Contains(text, want) {
			t.Errorf("the detail does not contain %q: %s", want, text)
		}
	}
}
