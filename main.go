// Command terraform-provider-civo is a Terraform provider for Civo object storage. To attach a debugger, start it with -debug.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// version is set when a release is built.
var version = "dev"

const (
	// memoryLimit is the soft limit of the heap in bytes, because several providers share small machines. GOMEMLIMIT overrides it.
	memoryLimit = 80 << 20
	// gcPercent lets the heap of this short-lived process grow to five times its live size before a collection: a plan of 300
	// credentials takes a fifth less CPU than with Go's default of 100. GOGC overrides it.
	gcPercent = 400
)

func main() {
	debugged := flag.Bool("debug", false, "serve for a debugger: print how to connect Terraform to this process")
	flag.Parse()
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	log.SetOutput(io.Discard) // net/http logs what a server sent, which can repeat the token
	var options []tf6server.ServeOpt
	if *debugged {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		muteUnreadLogs()
	}
	if err := tf6server.Serve(provider.Address, provider.NewServer(version, civo.SystemEnvironment(), civo.Timing{}), options...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// muteUnreadLogs turns off the logs of the plugin SDK unless an environment variable requests them. The SDK formats its trace
// logs even if Terraform discards them, which takes a third of the CPU time of a plan.
func muteUnreadLogs() {
	if slices.ContainsFunc(os.Environ(), asksForLogs) {
		return
	}
	for _, logger := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_CIVO"} {
		_ = os.Setenv(logger, "OFF") // cannot fail: the name is valid
	}
}

// asksForLogs reports whether NAME=VALUE is an environment variable that requests a provider's log.
func asksForLogs(variable string) bool {
	name, value, _ := strings.Cut(variable, "=")
	isLevel := name == "TF_LOG" || strings.HasPrefix(name, "TF_LOG_PROVIDER") || strings.HasPrefix(name, "TF_LOG_SDK")
	return isLevel && value != "" && !strings.EqualFold(value, "off")
}
