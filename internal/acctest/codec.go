// Conversion between Go values and the values of Terraform's plugin protocol.

package acctest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Object is an object value. Its attributes are Unknown, other Objects, or Go values whose JSON encoding fits the attribute's type. nil
// and missing attributes are null.
type Object map[string]any

// With returns a copy of an object with changes.
func (o Object) With(changes ...Object) Object {
	all := maps.Clone(o)
	for _, some := range changes {
		maps.Copy(all, some)
	}
	return all
}

// Unknown is a value of an Object that is not known before apply.
const Unknown = unknown("unknown")

type unknown string

// MarshalJSON returns an error, because an unknown value inside a list or a map has no JSON encoding.
func (unknown) MarshalJSON() ([]byte, error) {
	return nil, errors.New("unknown value inside a list or a map")
}

// encode converts a Go value to a value of the given type. It panics if the value does not fit the type.
func encode(kind tftypes.Type, value any) tftypes.Value {
	switch value := value.(type) {
	case unknown:
		return tftypes.NewValue(kind, tftypes.UnknownValue)
	case Object:
		return encodeObject(kind, value)
	default:
		return must(tfprotov6.RawState{JSON: must(json.Marshal(value))}.Unmarshal(kind))
	}
}

func encodeObject(kind tftypes.Type, object Object) tftypes.Value {
	types := kind.(tftypes.Object).AttributeTypes //nolint:forcetypeassert // a panic names both types
	for name := range object {
		if _, ok := types[name]; !ok {
			panic(fmt.Sprintf("no attribute %q in %s", name, kind))
		}
	}
	attributes := map[string]tftypes.Value{}
	for name, attribute := range types {
		attributes[name] = encode(attribute, object[name])
	}
	return tftypes.NewValue(kind, attributes)
}

// as returns the content of a known value.
func as[T any](value tftypes.Value) T {
	var content T
	if err := value.As(&content); err != nil {
		panic(err)
	}
	return content
}

// Get returns a string, number or bool of an object as text. It returns "" if the object or the attribute is null, or if the attribute is
// unknown.
func Get(object tftypes.Value, attribute string) string {
	value, ok := attributesOf(object)[attribute]
	switch {
	case !ok && !object.IsNull():
		panic(fmt.Sprintf("no attribute %q in %s", attribute, object.Type()))
	case value.IsNull(), !value.IsKnown():
		return ""
	case value.Type().Is(tftypes.Bool):
		return strconv.FormatBool(as[bool](value))
	case value.Type().Is(tftypes.Number):
		return as[*big.Float](value).String()
	default:
		return as[string](value)
	}
}

// attributesOf returns a copy of the attributes of an object; none if it is null.
func attributesOf(object tftypes.Value) map[string]tftypes.Value {
	if object.IsNull() {
		return map[string]tftypes.Value{}
	}
	return maps.Clone(as[map[string]tftypes.Value](object))
}

// dynamic encodes a value for a request.
func dynamic(value tftypes.Value) *tfprotov6.DynamicValue {
	encoded := must(tfprotov6.NewDynamicValue(value.Type(), value))
	return &encoded
}

// unmarshal decodes a value of a response; a missing value is null.
func unmarshal(kind tftypes.Type, value *tfprotov6.DynamicValue) tftypes.Value {
	if value == nil {
		return tftypes.NewValue(kind, nil)
	}
	return must(value.Unmarshal(kind))
}

// must returns the result of a call that cannot fail. It panics on an error, because the provider reports its own errors as
// diagnostics.
func must[T any](result T, err error) T {
	if err != nil {
		panic(err)
	}
	return result
}
