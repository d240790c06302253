// Command record asks the Civo API what the project does not know, and writes the answers to a file. With -compare, it compares such a file
// with the simulator. `make record` and `make compare` run it.
package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/record"
)

func main() {
	signals := make(chan os.Signal, 3)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	signal.Ignore(syscall.SIGPIPE) // of the output
	c := command{
		in: os.Stdin, isTerminal: isTerminal(os.Stdin), out: os.Stdout, getenv: os.Getenv, clock: record.SystemClock(), signals: signals,
	}
	if err := c.run(context.Background(), os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// isTerminal reports whether a person can answer a question. /dev/null passes, and ends before an answer.
func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// command is the command with what it depends on.
type command struct {
	in         io.Reader
	isTerminal bool
	out        io.Writer
	getenv     func(string) string
	clock      record.Clock
	signals    <-chan os.Signal
}

func (c command) run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("record", flag.ContinueOnError)
	flags.SetOutput(c.out)
	path := flags.String("o", "", "`file` to write, which must not exist (default recording-REGION-TIME.json)")
	simulator := flags.Bool("simulator", false, "record a simulator that the command starts, without an account")
	compare := flags.String("compare", "", "compare the recording in a `file` with the simulator instead of recording")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	switch {
	case *compare != "" && (*simulator || *path != ""):
		return errors.New("-compare conflicts with -simulator and -o. Set only -compare")
	case *compare != "":
		return c.compare(ctx, *compare)
	case *simulator:
		return c.recordSimulator(ctx, *path)
	}
	return c.record(ctx, *path)
}

func (c command) print(format string, arguments ...any) {
	_, _ = fmt.Fprintf(c.out, format, arguments...) // a run must clean up even if nobody reads what it prints
}

// compare prints the differences between a recording and the simulator.
func (c command) compare(ctx context.Context, path string) error {
	recorded, err := record.Read(path)
	if err != nil {
		return err
	}
	simulated, err := record.Simulate(ctx, record.Defaults(), recorded.Region, io.Discard)
	if err != nil {
		return err
	}
	differences, unanswered := record.Compare(recorded, simulated)
	for _, difference := range differences {
		c.print("%s\n", difference)
	}
	for _, line := range unanswered {
		c.print("%s\n", line)
	}
	c.print("Differences between %s (%s) and the simulator: %d\n", path, recorded.Date.Format(time.DateOnly), len(differences))
	return nil
}

func (c command) recordSimulator(ctx context.Context, path string) error {
	for _, variable := range []string{civo.EnvToken, civo.EnvEndpoint} {
		if c.getenv(variable) != "" {
			return fmt.Errorf("-simulator starts its own simulator, but %[1]s is set. Unset %[1]s, or omit -simulator", variable)
		}
	}
	region := cmp.Or(c.getenv(civo.EnvRegion), "lon1")
	path = cmp.Or(path, defaultPath(region, c.clock.Now()))
	if err := checkWritable(path); err != nil {
		return err
	}
	c.print("Recording a simulator in simulated time. The recording does not show how Civo responds.\n")
	recording, err := record.Simulate(ctx, record.Defaults(), region, c.out)
	return errors.Join(err, c.write(recording, path))
}

// record records the API in the environment.
func (c command) record(ctx context.Context, path string) error {
	if c.getenv(civo.EnvToken) == "" || c.getenv(civo.EnvRegion) == "" {
		return fmt.Errorf("make record requires a Civo account: set %s to an API key, and %s to the region to use. "+
			"To record a simulator without an account, run: make record ARGS=-simulator", civo.EnvToken, civo.EnvRegion)
	}
	settings, _, problems := civo.Resolve(civo.Arguments{}, civo.Environment{Getenv: c.getenv})
	if len(problems) > 0 {
		return problems[0]
	}
	path = cmp.Or(path, defaultPath(settings.Region, c.clock.Now()))
	if err := checkWritable(path); err != nil {
		return err
	}
	config := record.Config{
		Token: settings.Token.Reveal(), Region: settings.Region, Endpoint: settings.Endpoint, Out: c.out, Clock: c.clock,
	}
	if c.getenv(civo.EnvObjectStoreEndpoint) != "" {
		config.ObjectStoreEndpoint = civo.S3Endpoint(settings.ObjectStoreEndpoint, settings.Region)
	}
	asking, stopAsking := context.WithCancel(ctx)
	defer stopAsking()
	cleaning, stopCleaning := context.WithCancel(ctx)
	defer stopCleaning()
	go c.watchSignals(cleaning, stopAsking, stopCleaning)

	session := record.NewSession(config)
	notes, err := session.Prepare(asking)
	if err != nil {
		return err
	}
	for _, note := range notes {
		c.print("%s\n\n", note)
	}
	if err := c.confirm(asking, settings); err != nil {
		return err
	}
	recording, err := session.Run(asking, cleaning)
	return errors.Join(err, c.write(recording, path))
}

// watchSignals stops asking after a first interruption. The deletion goes on after a second one, and ends after a third one.
func (c command) watchSignals(ctx context.Context, stopAsking, stopCleaning func()) {
	for _, next := range []struct {
		stop func()
		text string
	}{
		{stopAsking, "Interrupted. Wait until the run has deleted everything that it created."},
		{func() {}, "Still deleting. Press Ctrl-C again to stop and print the commands that delete what is left."},
		{stopCleaning, "Stopping."},
	} {
		select {
		case <-ctx.Done():
			return
		case <-c.signals:
			c.print("%s\n", next.text)
			next.stop()
		}
	}
}

const cost = `This run uses your Civo account:
  - API:    %s
  - Region: %s

The run creates two credentials and an object store of 500 GB for several minutes, and others for a shorter time.
The name of each one begins with civo-record-.
At most 1000 GB exist at the same time, or 1500 GB if Civo does not reduce sizes. Civo charges by the hour.
For prices, see https://www.civo.com/pricing.
The run takes about five minutes. It deletes everything that it creates, even after Ctrl-C. It does not change other objects.
`

// confirm says what a run costs, and asks whether to begin.
func (c command) confirm(ctx context.Context, settings civo.Settings) error {
	c.print(cost, settings.Endpoint, settings.Region)
	if c.getenv("YES") == "1" {
		return nil
	}
	noAnswer := errors.New("the run was not confirmed. Run the command in a terminal and type yes, or set YES=1. Nothing was created")
	if !c.isTerminal {
		return noAnswer
	}
	c.print("Type yes to begin: ")
	lines := make(chan string, 1)
	go func() {
		line, err := bufio.NewReader(c.in).ReadString('\n')
		if err != nil && line == "" {
			line = "\n"
		}
		lines <- line
	}()
	select {
	case <-ctx.Done():
		return errors.New("interrupted. Nothing was created")
	case line := <-lines:
		if answer := strings.ToLower(strings.TrimSpace(line)); answer == "yes" || answer == "y" {
			return nil
		}
		return noAnswer
	}
}

func defaultPath(region string, date time.Time) string {
	return "recording-" + region + "-" + date.UTC().Format("20060102-150405") + ".json"
}

// checkWritable returns an error if the file exists or cannot be created, so that a run does not lose its answers.
func checkWritable(path string) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("the file %s already exists. Set another file with -o", path)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the user sets the path
	if err != nil {
		return fmt.Errorf("could not create the file. Set another file with -o: %w", err)
	}
	return errors.Join(file.Close(), os.Remove(path))
}

// write writes the recording and says what to do with it.
func (c command) write(recording record.Recording, path string) error {
	if len(recording.Answers) == 0 {
		return nil
	}
	if err := recording.Write(path); err != nil {
		return err
	}
	c.print("Wrote %s. To compare it with the simulator, run: make compare RECORDING=%s\n", path, civo.ShellQuote(path))
	if recording.Stopped != "" {
		return fmt.Errorf("the recording is incomplete: %s", recording.Stopped)
	}
	return nil
}
