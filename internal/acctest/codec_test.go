package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	text, texts := tftypes.String, tftypes.Map{ElementType: tftypes.String}
	nested := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"create": text, "delete": text}}
	null, unknown := tftypes.NewValue(text, nil), tftypes.NewValue(text, tftypes.UnknownValue)
	for name, c := range map[string]struct {
		value any
		want  tftypes.Value
	}{
		"string":          {"media", tftypes.NewValue(text, "media")},
		"int":             {500, tftypes.NewValue(tftypes.Number, 500)},
		"bool":            {true, tftypes.NewValue(tftypes.Bool, true)},
		"null":            {nil, null},
		"unknown":         {Unknown, unknown},
		"map":             {map[string]string{"a": "b"}, tftypes.NewValue(texts, map[string]tftypes.Value{"a": tftypes.NewValue(text, "b")})},
		"map with a null": {map[string]any{"a": nil}, tftypes.NewValue(texts, map[string]tftypes.Value{"a": null})},
		"object":          {Object{"create": Unknown}, tftypes.NewValue(nested, map[string]tftypes.Value{"create": unknown, "delete": null})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := encode(c.want.Type(), c.value); !got.Equal(c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestEncode_Panics(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind  tftypes.Type
		value any
	}{
		"attribute that does not exist": {tftypes.Object{}, Object{"title": "media"}},
		"unknown value in a map":        {tftypes.Map{ElementType: tftypes.String}, map[string]any{"a": Unknown}},
		"value of another type":         {tftypes.Bool, "media"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("encode accepts it")
				}
			}()
			encode(c.kind, c.value)
		})
	}
}
