// Conversion between Go values and the values of Terraform's plugin protocol.

package acctest

import (
	"fmt"
	"maps"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Object is an object with Go values: string, bool, int, int64, map[string]string, map[string]any, []any, Object, nil for null, and
// Unknown. Missing attributes are null.
type Object map[string]any

// Unknown is a value that is not known before apply.
const Unknown = unknown("unknown")

type unknown string

// encode converts a Go value to a value of the given type. It panics if the value does not fit the type.
func encode(kind tftypes.Type, value any) tftypes.Value {
	switch value := value.(type) {
	case unknown:
		return tftypes.NewValue(kind, tftypes.UnknownValue)
	case Object:
		return encodeObject(kind, value)
	case map[string]string:
		return encodeMap(kind, value)
	case map[string]any:
		return encodeMap(kind, value)
	case []any:
		elements := make([]tftypes.Value, 0, len(value))
		for _, element := range value {
			elements = append(elements, encode(elementType(kind), element))
		}
		return tftypes.NewValue(kind, elements)
	default: // a string, a number, a bool or null
		return tftypes.NewValue(kind, value)
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

func encodeMap[T any](kind tftypes.Type, values map[string]T) tftypes.Value {
	elements := map[string]tftypes.Value{}
	for key, element := range values {
		elements[key] = encode(elementType(kind), element)
	}
	return tftypes.NewValue(kind, elements)
}

func elementType(kind tftypes.Type) tftypes.Type {
	switch kind := kind.(type) {
	case tftypes.Map:
		return kind.ElementType
	case tftypes.List:
		return kind.ElementType
	case tftypes.Set:
		return kind.ElementType
	default:
		panic(fmt.Sprintf("%s has no elements", kind))
	}
}

// Decode converts a value of the protocol to a Go value: string, bool, int64, float64, map[string]any, []any, Object, nil for null,
// or Unknown.
func Decode(value tftypes.Value) any {
	switch {
	case !value.IsKnown():
		return Unknown
	case value.IsNull():
		return nil
	case value.Type().Is(tftypes.String):
		return as[string](value)
	case value.Type().Is(tftypes.Bool):
		return as[bool](value)
	case value.Type().Is(tftypes.Number):
		number := as[*big.Float](value)
		if integer, accuracy := number.Int64(); accuracy == big.Exact {
			return integer
		}
		float, _ := number.Float64()
		return float
	case value.Type().Is(tftypes.Object{}):
		return Object(decodeElements(value))
	case value.Type().Is(tftypes.Map{}):
		return decodeElements(value)
	default: // a list or a set
		elements := []any{}
		for _, element := range as[[]tftypes.Value](value) {
			elements = append(elements, Decode(element))
		}
		return elements
	}
}

func decodeElements(value tftypes.Value) map[string]any {
	elements := map[string]any{}
	for name, element := range as[map[string]tftypes.Value](value) {
		elements[name] = Decode(element)
	}
	return elements
}

// as returns the content of a known value that is not null.
func as[T any](value tftypes.Value) T {
	var content T
	if err := value.As(&content); err != nil {
		panic(err)
	}
	return content
}

// Get returns an attribute of an object as text. It returns "" if the object or the attribute is null, or if the attribute is unknown.
func Get(object tftypes.Value, attribute string) string {
	value, ok := attributesOf(object)[attribute]
	switch {
	case !ok && !object.IsNull():
		panic(fmt.Sprintf("no attribute %q in %s", attribute, object.Type()))
	case value.IsNull(), !value.IsKnown():
		return ""
	default:
		return fmt.Sprint(Decode(value))
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
