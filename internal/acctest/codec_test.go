package acctest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestDecode_InvertsEncode(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String, "size": tftypes.Number, "ready": tftypes.Bool}}
	for name, c := range map[string]struct {
		kind  tftypes.Type
		value any
		want  any
	}{
		"string":          {tftypes.String, "media", "media"},
		"int":             {tftypes.Number, 500, int64(500)},
		"fraction":        {tftypes.Number, 0.5, 0.5},
		"bool":            {tftypes.Bool, true, true},
		"null":            {tftypes.String, nil, nil},
		"unknown":         {tftypes.Bool, Unknown, Unknown},
		"map of strings":  {tftypes.Map{ElementType: tftypes.String}, map[string]string{"a": "b"}, map[string]any{"a": "b"}},
		"map with a null": {tftypes.Map{ElementType: tftypes.String}, map[string]any{"a": nil}, map[string]any{"a": nil}},
		"set":             {tftypes.Set{ElementType: tftypes.String}, []any{"a"}, []any{"a"}},
		"list of objects": {
			tftypes.List{ElementType: object},
			[]any{Object{"name": "media", "size": int64(500)}},
			[]any{Object{"name": "media", "size": int64(500), "ready": nil}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, Decode(encode(c.kind, c.value))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEncode_UnknownAttribute(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("encode accepts an attribute that does not exist")
		}
	}()
	encode(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String}}, Object{"title": "media"})
}
