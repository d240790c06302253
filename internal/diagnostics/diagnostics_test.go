package diagnostics_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// An error lists at most 25 objects. It omits the access key ID of a credential that Civo does not return yet.
func TestError_Lists(t *testing.T) {
	t.Parallel()
	var stores []civo.Ref
	for i := range 30 {
		stores = append(stores, civo.Ref{Noun: "object store", ID: fmt.Sprintf("id-%02d", i), Name: fmt.Sprintf("store-%02d", i)})
	}
	credential := func(accessKeyID string) []civo.Ref {
		return []civo.Ref{civo.Credential{ID: "id-1", Name: "n", Region: "LON1", AccessKeyID: accessKeyID}.Ref()}
	}
	for name, row := range map[string]struct {
		err            civo.Error
		want, unwanted string
	}{
		"not found":     {civo.Error{Kind: civo.KindNotFound, Existing: stores}, "Existing object stores: \"store-00\", ", "store-25"},
		"names":         {civo.Error{Kind: civo.KindNotFound, Existing: stores}, "\"store-24\" and 5 more.", "id-00"},
		"ambiguous":     {civo.Error{Kind: civo.KindAmbiguous, Candidates: stores}, "  - object store \"store-24\" (ID \"id-24\")\n  - and 5 more\n", "store-25"},
		"access key ID": {civo.Error{Kind: civo.KindAmbiguous, Candidates: credential("key")}, `- "n" (ID "id-1", access key ID "key")`, "credential"},
		"no access key": {civo.Error{Kind: civo.KindAmbiguous, Candidates: credential("")}, `- credential "n" (ID "id-1")`, "access key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problem := diagnostics.Wording{Noun: "object store"}.All(diagnostics.LookUp, "LON1").Error(&row.err)
			if text := problem.Detail(); !strings.Contains(text, row.want) || strings.Contains(text, row.unwanted) {
				t.Errorf("the detail is %s", text)
			}
		})
	}
}
