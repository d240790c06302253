// Civosim serves a simulated Civo API and its S3 data plane on loopback, to try the provider, modules and the Civo CLI
// without an account. The data plane is in memory or a Ceph gateway. It prints the environment variables that select it,
// and stops on Ctrl-C.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/ceph"
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

// run serves until the context is done. A request for help is not an error.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	options, startsCeph, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if startsCeph {
		return runWithCeph(ctx, options, stdout, stderr)
	}
	return serve(ctx, options, stdout, "")
}

// runWithCeph starts a Ceph gateway and serves with it until the context is done.
func runWithCeph(ctx context.Context, options civosim.Options, stdout, stderr io.Writer) error {
	if _, err := fmt.Fprintln(stderr, "Starting a Ceph gateway. This takes about 15 seconds."); err != nil {
		return err
	}
	gateway, err := ceph.Start(ctx)
	if err != nil {
		return err
	}
	options.Gateway = &civosim.Gateway{
		URL: gateway.URL, AccessKeyID: gateway.AccessKeyID, SecretAccessKey: gateway.SecretAccessKey, Disposable: true,
	}
	note := fmt.Sprintf("# The data plane is Ceph %s. It also serves %s, with the certificate\n# %s\n",
		gateway.Version, gateway.TLSURL, gateway.Certificate)
	return errors.Join(serve(ctx, options, stdout, note), gateway.Stop())
}

// serve prints the exports and a note, and serves until the context is done.
func serve(ctx context.Context, options civosim.Options, stdout io.Writer, note string) error {
	server, err := civosim.Start(options) //nolint:contextcheck // the server serves until Close
	if err != nil {
		return err
	}
	if err := printExports(stdout, server, options.Regions[0], note); err != nil {
		return errors.Join(err, server.Close())
	}
	<-ctx.Done()
	return server.Close()
}

// parse returns the options, and whether to start a Ceph gateway.
func parse(args []string, stderr io.Writer) (o civosim.Options, startsCeph bool, err error) {
	var regions, noObjectStore, takenNames, gateway string
	var verbose bool
	flags := flag.NewFlagSet("civosim", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // main prints the error, without the usage
	flags.StringVar(&o.Addr, "addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 selects a free port")
	flags.StringVar(&o.S3Addr, "s3-addr", "127.0.0.1:0", "loopback `address` of the S3 data plane; port 0 selects a free port")
	flags.BoolVar(&startsCeph, "ceph", false, "start a Ceph gateway as the S3 data plane (requires "+ceph.Packages+")")
	flags.StringVar(&gateway, "gateway", "", "`URL` of a running Ceph gateway to use as the S3 data plane. "+
		"The keys of its administrator are in CIVOSIM_GATEWAY_ACCESS_KEY and CIVOSIM_GATEWAY_SECRET_KEY (default none)")
	flags.StringVar(&o.Token, "token", "", "the API `token` to accept (default a random one)")
	flags.StringVar(&regions, "region", "lon1,fra1,nyc1,mum1,phx1", "`codes` of the regions, the default region first")
	flags.StringVar(&noObjectStore, "no-object-store", "phx1", "`codes` of the regions without object storage")
	flags.BoolVar(&o.StrictRegionCase, "strict-region-case", false, "reject region codes whose case differs from -region")
	flags.DurationVar(&o.Latency, "latency", 0, "`duration` of each request")
	flags.DurationVar(&o.ReadyAfter, "ready-after", 2*time.Second, "`time` until a new credential is ready")
	flags.BoolVar(&o.ShowPendingKeys, "show-pending-keys", false, "return the keys of a credential before it is ready")
	flags.DurationVar(&o.StoreReadyAfter, "store-ready-after", 0, "`time` until a new object store is ready")
	flags.DurationVar(&o.StoreGoneAfter, "store-gone-after", 0, "`time` until a deleted object store no longer exists")
	flags.DurationVar(&o.CredentialGoneAfter, "credential-gone-after", 0, "`time` until a deleted credential no longer exists")
	flags.IntVar(&o.RefusedDeletionStatus, "refused-deletion-status", http.StatusConflict,
		"`status` of the response to the deletion of a credential that owns a store: 200, 409 or 500")
	flags.BoolVar(&o.StaleOwnerKeys, "stale-owner-keys", false, "keep the old access key ID in the owner of a store when it changes")
	flags.StringVar(&takenNames, "taken-store-names", "", "`names` of object stores of other customers (default none)")
	flags.BoolVar(&o.S3CreatesBuckets, "s3-creates-buckets", false, "let S3 clients create object stores")
	flags.IntVar(&o.PageCap, "page-cap", 0, "maximum `number` of items on a page of a list (default no limit)")
	flags.Float64Var(&o.RateLimit, "rate-limit", 0, "`requests` per second; further requests receive a 429 (default no limit)")
	flags.BoolVar(&o.RetryAfter, "retry-after", false, "send a Retry-After header with each 429")
	flags.BoolVar(&verbose, "verbose", false, "log each request to standard error")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(stderr)
			flags.Usage()
		}
		return o, false, err
	}
	if flags.NArg() > 0 {
		return o, false, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	o.Regions, o.NoObjectStore = splitCodes(regions), splitCodes(noObjectStore)
	if takenNames != "" {
		o.TakenStoreNames = splitCodes(takenNames)
	}
	if len(o.Regions) == 0 {
		return o, false, errors.New("-region must contain at least one region")
	}
	if gateway != "" {
		if startsCeph {
			return o, false, errors.New("-ceph and -gateway exclude each other")
		}
		o.Gateway = &civosim.Gateway{
			URL: gateway, AccessKeyID: os.Getenv("CIVOSIM_GATEWAY_ACCESS_KEY"), SecretAccessKey: os.Getenv("CIVOSIM_GATEWAY_SECRET_KEY"),
		}
	}
	if verbose {
		o.OnRequest = logTo(stderr)
	}
	return o, startsCeph, nil
}

// splitCodes splits a list of region codes. It returns an empty list, not nil, for an empty text.
func splitCodes(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// logTo writes a line for each request, without the query, which can contain anything.
func logTo(w io.Writer) func(civosim.Request) {
	logger := log.New(w, "", log.LstdFlags)
	return func(r civosim.Request) {
		logger.Println(r.Method, r.Path, r.Status, r.End.Sub(r.Start).Round(time.Microsecond))
	}
}

// printExports prints shell code that configures the provider and the CLI to use the server.
func printExports(w io.Writer, server *civosim.Server, region, note string) error {
	_, err := fmt.Fprintf(w, "# The Civo simulator is running. Press Ctrl-C to stop it. To use it:\n"+note+
		"export CIVO_TOKEN=%s\nexport CIVO_API_URL=%s\nexport CIVO_OBJECTSTORE_ENDPOINT=%s\nexport CIVO_REGION=%s\n",
		quote(server.Token()), quote(server.URL()), quote(server.S3URL()), quote(region))
	return err
}

// quote quotes text for the shell, unless it needs no quotes.
func quote(text string) string {
	special := func(r rune) bool {
		return !strings.ContainsRune("-_./:", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	if text != "" && !strings.ContainsFunc(text, special) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
