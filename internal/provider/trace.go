// The log of requests.

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// trace writes a line to Terraform's log for each attempt at a request. An Attempt contains no secrets: neither headers nor
// bodies.
func trace(ctx context.Context, e civo.Attempt) {
	fields := map[string]any{"method": e.Method, "path": e.Path, "query": e.Query, "milliseconds": e.Duration.Milliseconds()}
	if e.Err != nil {
		fields["error"] = e.Err.Error()
		tflog.Warn(ctx, "No response from Civo", fields)
		return
	}
	fields["status"] = e.Status
	tflog.Debug(ctx, "Civo answered", fields)
}
