package credential

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// adoptedKey is a key of the private state, which holds what the provider remembers of a resource and no attribute shows:
// true from an import or a move until the first apply. Nothing secret is in it.
const adoptedKey = "adopted"

// privateReader is the part of a request's private state that reads. The framework's own type cannot be named.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// privateWriter is the part of a response's private state that writes.
type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func isAdopted(ctx context.Context, private privateReader, diags *diag.Diagnostics) bool {
	value, problems := private.GetKey(ctx, adoptedKey)
	diags.Append(problems...)
	return string(value) == "true"
}

func setAdopted(ctx context.Context, private privateWriter, adopted bool, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, adoptedKey, strconv.AppendBool(nil, adopted))...)
}
