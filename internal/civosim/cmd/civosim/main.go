// Civosim serves a simulated Civo API and its S3 data plane on loopback, to try the provider, modules and the Civo CLI
// without an account. The data plane is in memory or a Ceph gateway. It prints the environment variables that select it,
// and stops on Ctrl-C.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
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
	c, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.startsCeph {
		return runWithCeph(ctx, c, stdout, stderr)
	}
	return serve(ctx, c, stdout, "")
}

// runWithCeph starts a Ceph gateway and serves with it until the context is done.
func runWithCeph(ctx context.Context, c command, stdout, stderr io.Writer) error {
	if _, err := fmt.Fprintln(stderr, "Starting a Ceph gateway. This takes about 15 seconds."); err != nil {
		return err
	}
	gateway, err := ceph.Start(ctx)
	if err != nil {
		return err
	}
	c.options.Gateway = &civosim.Gateway{
		URL: gateway.URL, AccessKeyID: gateway.AccessKeyID, SecretAccessKey: gateway.SecretAccessKey, Disposable: true,
	}
	note := fmt.Sprintf("# The S3 data plane is Ceph %s. It also serves %s, with this certificate:\n# %s\n",
		gateway.Version, gateway.TLSURL, gateway.Certificate)
	return errors.Join(serve(ctx, c, stdout, note), gateway.Stop())
}

// serve prints the exports and a note, and serves until the context is done.
func serve(ctx context.Context, c command, stdout io.Writer, note string) error {
	server, err := civosim.Start(c.options) //nolint:contextcheck // the server serves until Close
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%w\nAnother simulator may be running. Stop it, or use free ports: -addr 127.0.0.1:0 -s3-addr 127.0.0.1:0 (with make: make sim ARGS='-addr 127.0.0.1:0 -s3-addr 127.0.0.1:0')", err)
	case err != nil:
		return err
	}
	config, err := writeConfig(c.config, server, c.options.Regions[0])
	if err == nil {
		err = printExports(stdout, server, c.options.Regions[0], config, note)
	}
	if err == nil {
		<-ctx.Done()
		err = os.Remove(config)
	}
	return errors.Join(err, server.Close())
}

// command is what the flags request.
type command struct {
	options    civosim.Options
	config     string // path of the file for the Civo CLI; empty by default
	startsCeph bool
}

func parse(args []string, stderr io.Writer) (c command, err error) {
	o := &c.options
	o.RecordLimit = -1 // nothing reads the record
	var regions, noObjectStore, takenNames, gateway string
	var verbose, lowerCaseNames bool
	flags := flag.NewFlagSet("civosim", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // main prints the error, without the usage
	flags.StringVar(&o.Addr, "addr", "127.0.0.1:8420", "loopback `address` to listen on; port 0 selects a free port")
	flags.StringVar(&o.S3Addr, "s3-addr", "127.0.0.1:8421", "loopback `address` of the S3 data plane; port 0 selects a free port")
	flags.BoolVar(&c.startsCeph, "ceph", false, "start a Ceph gateway as the S3 data plane (requires "+ceph.Packages+")")
	flags.StringVar(&gateway, "gateway", "", "`URL` of a running Ceph gateway to use as the S3 data plane. "+
		"Set CIVOSIM_GATEWAY_ACCESS_KEY and CIVOSIM_GATEWAY_SECRET_KEY to the keys of its administrator (default none)")
	flags.StringVar(&o.Token, "token", "simulated", "the only API `token` to accept")
	flags.StringVar(&c.config, "cli-config", "", "`file` to write for the Civo CLI while the simulator runs (default in the cache directory)")
	flags.StringVar(&regions, "region", "lon1,fra1,nyc1,mum1,phx1", "`codes` of the regions, the default region first")
	flags.StringVar(&noObjectStore, "no-object-store", "phx1", "`codes` of the regions without object storage")
	flags.BoolVar(&o.StrictRegionCase, "strict-region-case", false, "reject region codes whose case differs from -region")
	flags.BoolVar(&o.ShowPendingKeys, "show-pending-keys", false, "return the keys of a credential before it is ready")
	addTimes(flags, o)
	flags.IntVar(&o.RefusedDeletionStatus, "refused-deletion-status", http.StatusConflict,
		"`status` of the response to the deletion of a credential that owns a store: 200, 409, or 500")
	flags.BoolVar(&o.StaleOwnerKeys, "stale-owner-keys", false, "keep the old access key ID in the owner of a store when it changes")
	flags.StringVar(&takenNames, "taken-store-names", "", "`names` of object stores of other customers (default none)")
	flags.BoolVar(&o.HideOwners, "hide-owners", false, "omit the owner of a store from all responses")
	flags.BoolVar(&lowerCaseNames, "lower-case-names", false, "change the names of new credentials and object stores to lower case")
	flags.StringVar(&o.StoreEndpoint, "store-endpoint", "",
		"`host` of object stores in responses; may contain {region} (default the address of the S3 data plane)")
	flags.BoolVar(&o.S3CreatesBuckets, "s3-creates-buckets", false, "let S3 clients create object stores")
	addLimits(flags, o)
	flags.BoolVar(&verbose, "verbose", false, "log each request to standard error")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(stderr)
			flags.Usage()
		}
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	o.Regions, o.NoObjectStore = splitCodes(regions), splitCodes(noObjectStore)
	if takenNames != "" {
		o.TakenStoreNames = splitCodes(takenNames)
	}
	if len(o.Regions) == 0 {
		return c, errors.New("-region must contain at least one region")
	}
	if lowerCaseNames {
		o.Rename = strings.ToLower
	}
	if gateway != "" {
		if c.startsCeph {
			return c, errors.New("-ceph conflicts with -gateway. Set only one of them")
		}
		o.Gateway = &civosim.Gateway{
			URL: gateway, AccessKeyID: os.Getenv("CIVOSIM_GATEWAY_ACCESS_KEY"), SecretAccessKey: os.Getenv("CIVOSIM_GATEWAY_SECRET_KEY"),
		}
	}
	if verbose {
		o.OnRequest = logTo(stderr)
	}
	return c, nil
}

// addTimes adds the flags about how long Civo takes.
func addTimes(flags *flag.FlagSet, o *civosim.Options) {
	flags.DurationVar(&o.Latency, "latency", 0, "`duration` of each request")
	flags.DurationVar(&o.ReadyAfter, "ready-after", 2*time.Second, "`time` until a new credential is ready")
	flags.DurationVar(&o.ListedAfter, "listed-after", 0, "`time` until lists contain a new credential or object store")
	flags.DurationVar(&o.ReadableAfter, "readable-after", 0, "`time` until a new credential or object store can be read by its ID")
	flags.DurationVar(&o.StoreReadyAfter, "store-ready-after", 0, "`time` until a new object store is ready")
	flags.DurationVar(&o.StoreGoneAfter, "store-gone-after", 0, "`time` until a deleted object store no longer exists")
	flags.DurationVar(&o.CredentialGoneAfter, "credential-gone-after", 0, "`time` until a deleted credential no longer exists")
}

// addLimits adds the flags about limits.
func addLimits(flags *flag.FlagSet, o *civosim.Options) {
	flags.IntVar(&o.PageCap, "page-cap", 0, "maximum `number` of items on a page of a list (default no limit)")
	flags.Float64Var(&o.RateLimit, "rate-limit", 0, "`requests` per second; further requests receive a 429 (default no limit)")
	flags.IntVar(&o.RequestsPerMinute, "requests-per-minute", 0,
		"`requests` per minute; each response reports the limit in X-RateLimit headers, and further requests receive a 429 (default no limit)")
	flags.IntVar(&o.QuotaGB, "quota", 0, "quota for object storage in `GB`: the limit for the sum of the maximum sizes of all object stores (default 1000000)")
	flags.IntVar(&o.QuotaStatus, "quota-status", http.StatusForbidden, "`status` of the response to a request that exceeds the quota")
	flags.BoolVar(&o.RetryAfter, "retry-after", false, "send a Retry-After header with each 429")
}

// splitCodes splits a list of region codes. It returns an empty list, not nil, for an empty text.
func splitCodes(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// logTo writes a line for each request, without the query, which can contain anything.
func logTo(w io.Writer) func(civosim.Request) {
	logger := log.New(w, "", log.LstdFlags)
	return func(r civosim.Request) {
		logger.Println(r.Method, (&url.URL{Path: r.Path}).EscapedPath(), r.Status, r.End.Sub(r.Start).Round(time.Microsecond))
	}
}

// writeConfig writes a file in the format of the Civo CLI, which reads its API endpoint and its region only from there. By default, the
// name depends on the address alone, so that it is still valid after a restart.
func writeConfig(path string, server *civosim.Server, region string) (string, error) {
	if path == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("could not find a directory for the file of the Civo CLI. Set -cli-config: %w", err)
		}
		name := strings.NewReplacer("http://", "civosim-", ":", "-", "[", "", "]", "").Replace(server.URL()) + ".json"
		path = filepath.Join(cache, "civosim", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return "", err
		}
	}
	path, err := filepath.Abs(path) // shells in other directories use it
	if err != nil {
		return "", err
	}
	content, err := json.MarshalIndent(map[string]any{
		"apikeys": map[string]string{"civosim": server.Token()},
		"meta":    map[string]string{"current_apikey": "civosim", "default_region": region, "url": server.URL()},
	}, "", "  ")
	if err != nil {
		return "", err
	}
	return path, os.WriteFile(path, append(content, '\n'), 0o600)
}

// printExports prints shell code that configures the provider and the CLI to use the server.
func printExports(w io.Writer, server *civosim.Server, region, config, note string) error {
	_, err := fmt.Fprintf(w, "# The Civo simulator is running. Press Ctrl-C to stop it. To use it, run these commands in another shell:\n%s"+
		"export CIVO_TOKEN=%s\nexport CIVO_API_URL=%s\nexport CIVO_OBJECTSTORE_ENDPOINT=%s\nexport CIVO_CONFIG=%s\nexport CIVO_REGION=%s\n",
		note, quote(server.Token()), quote(server.URL()), quote(server.S3URL()), quote(config), quote(region))
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
