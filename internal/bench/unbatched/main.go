// Command unbatched is the provider with every read a request of its own: what `make bench` compares the provider with.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

func main() {
	unbatched := provider.New("bench", provider.WithoutBatching())
	if err := providerserver.Serve(context.Background(), unbatched, providerserver.ServeOpts{Address: provider.Address}); err != nil {
		log.Fatal(err)
	}
}
