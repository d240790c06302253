// The comparison of the endpoint that Civo returns with the configured one.

package objectstore

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// endpointWarning warns if Civo returns another host for a store than that of the planned endpoint: once per run and region.
func endpointWarning(data *regional.Data, store civo.ObjectStore) (diags diag.Diagnostics) {
	if data.Endpoint.IsUnknown() {
		return nil
	}
	planned := civo.S3Endpoint(data.Endpoint.ValueString(), store.Region)
	setting := civo.OtherEndpoint(planned, store)
	if setting == "" || !data.IsFirst("endpoint "+strings.ToLower(store.Region)) {
		return nil
	}
	diags.AddWarning("Object stores have another endpoint", fmt.Sprintf(
		"Civo reports the endpoint %s for the object stores in %s, but the provider uses %s. S3 clients that use endpoint or bucket_url may not find the object stores.\n\n"+
			"To use the endpoint that Civo reports, add this line to the provider block:\n\n  objectstore_endpoint = %q",
		civo.S3Endpoint(setting, store.Region), civo.Printable(store.Region), planned, setting))
	return diags
}
