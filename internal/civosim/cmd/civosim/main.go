// Civosim serves a Civo API on loopback, for trying the provider, modules and the Civo CLI without an account. It prints
// what to export to use it, and stops on Ctrl-C.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves until the context is done. Asking for help is no error.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	options, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	server, err := civosim.Start(options) //nolint:contextcheck // it serves until Close
	if err != nil {
		return err
	}
	if err := printExports(stdout, server, options.Regions[0]); err != nil {
		return errors.Join(err, server.Close())
	}
	<-ctx.Done()
	return server.Close()
}

func parse(args []string, stderr io.Writer) (civosim.Options, error) {
	var o civosim.Options
	var regions string
	var verbose bool
	flags := flag.NewFlagSet("civosim", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // main prints the error, without the usage
	flags.StringVar(&o.Addr, "addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 is any that is free")
	flags.StringVar(&o.Token, "token", "", "the API `token` to accept (default a random one)")
	flags.StringVar(&regions, "region", "LON1,FRA1,NYC1,PHX1", "`codes` of the regions, the default one first")
	flags.DurationVar(&o.Latency, "latency", 0, "`time` that each request takes")
	flags.DurationVar(&o.ReadyAfter, "ready-after", 2*time.Second, "`time` until a new credential is ready")
	flags.IntVar(&o.PageCap, "page-cap", 100, "most `items` on a page of a list")
	flags.Float64Var(&o.RateLimit, "rate-limit", 0, "`requests` a second, more are answered 429 (default no limit)")
	flags.BoolVar(&o.RetryAfter, "retry-after", false, "say in the header Retry-After when to come back after a 429")
	flags.DurationVar(&o.StoreGoneAfter, "store-gone-after", 0, "`time` that the deletion of an object store takes")
	flags.DurationVar(&o.CredentialGoneAfter, "credential-gone-after", 0, "`time` that the deletion of a credential takes")
	flags.BoolVar(&verbose, "verbose", false, "log each request to standard error")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(stderr)
			flags.Usage()
		}
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	o.Regions = strings.FieldsFunc(strings.ToUpper(regions), func(r rune) bool { return r == ',' || r == ' ' })
	if len(o.Regions) == 0 {
		return o, errors.New("-region names no region")
	}
	if verbose {
		o.OnRequest = logTo(stderr)
	}
	return o, nil
}

// logTo writes a line for each request. The query stays out of it: it is the client's, and may hold anything.
func logTo(w io.Writer) func(civosim.Request) {
	logger := log.New(w, "", log.LstdFlags)
	return func(r civosim.Request) {
		logger.Println(r.Method, r.Path, r.Status, r.End.Sub(r.Start).Round(time.Microsecond))
	}
}

// printExports prints shell code that points the provider and the CLI at the server.
func printExports(w io.Writer, server *civosim.Server, region string) error {
	_, err := fmt.Fprintf(w, "# A Civo API is served here until it is interrupted. To use it:\n"+
		"export CIVO_TOKEN=%s\nexport CIVO_API_URL=%s\nexport CIVO_REGION=%s\n",
		quote(server.Token()), quote(server.URL()), quote(region))
	return err
}

// quote makes text one word for the shell, and leaves it alone if it is one.
func quote(text string) string {
	special := func(r rune) bool {
		return !strings.ContainsRune("-_./:", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	if text != "" && !strings.ContainsFunc(text, special) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
