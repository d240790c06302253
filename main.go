// Command terraform-provider-civo is a Terraform provider for the credentials of Civo object stores. Terraform starts
// it; with -debug a debugger can.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// version is set when a release is built.
var version = "dev"

// memoryLimit is from how much memory on, in bytes, the garbage collector works harder rather than let the heap grow: the
// provider runs beside others on small machines. It is no bound; GOMEMLIMIT sets another.
const memoryLimit = 80 << 20

func main() {
	debugged := flag.Bool("debug", false, "serve for a debugger: print how Terraform is to be told of this process")
	flag.Parse()
	log.SetOutput(io.Discard) // net/http logs what a server sent, which may repeat the token
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: provider.Address,
		Debug:   *debugged,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
