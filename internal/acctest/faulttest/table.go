// Package faulttest tests the promises of a provider when requests fail. A table contains the operations on one type. It runs every
// operation and injects every fault into each of its requests, with several variants of Civo; in an unusual variant, only one fault of
// each class, except in a soak run. A run without faults determines the requests of an operation, so the table automatically includes
// requests that are added later.
//
// Whichever request fails:
//   - No diagnostic or log contains the token or a secret.
//   - The operation ends within its timeout.
//   - An existing object stays in the state, and no plan creates a second one. Only an operation that requests the deletion deletes it.
//   - The provider follows Terraform's rules for providers.
//   - The next run without faults produces the configured state, and the plan after it is empty.
//
// A table adds the promises of its type.
package faulttest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Table is the fault table of one type.
type Table struct {
	TypeName   string // of Fixture.Driver and Fixture.Instance
	Operations []Operation
	// Watch is called before an operation runs with faults. It returns the promises of the type.
	Watch func(*Fixture, Operation) Promises
}

// Promises are the promises of one type about one run of an operation.
type Promises interface {
	// Exists reports whether Civo has an object of the type with the ID.
	Exists(id string) bool
	// AfterFaults returns the violations after the operation with faults.
	AfterFaults(diags acctest.Diagnostics) []string
	// AfterNextRun returns the violations after the next run without faults.
	AfterNextRun() []string
}

// Operation is an operation that Terraform requests from the provider.
type Operation struct {
	Name    string
	Options func(*civosim.Options) // changes the options of the variant, such as delays; may be nil
	Prepare func(*Fixture)         // runs without faults before the operation; may be nil
	Run     Run
	// Deletes means that the operation requests the deletion of the object in the state.
	Deletes bool
	// Fails is the summary of the error that the operation returns even without faults; "" if it succeeds.
	Fails string
	// Imports means that the operation must be repeated until it has succeeded once.
	Imports bool
	// Wants is the configuration that the next run without faults must produce; nil if that run deletes the object, or if the
	// operation only reads.
	Wants acctest.Object
	// Next is the next run without faults. By default, it applies Wants.
	Next Run
	// Found checks the result of an operation that only reads.
	Found func(*Fixture) error
}

// Run runs an operation.
type Run func(context.Context, *Fixture) acctest.Diagnostics

// variant is a variant of Civo: one set of assumptions about the undocumented properties of the API.
type variant struct {
	name, region string
	options      civosim.Options
	effects      []civosim.Effect // that OneFault injects, one of each class; nil: all. A soak run injects all
}

var variants = []variant{
	{name: "default", region: "LON1", options: civosim.Options{NamesRepeat: true}}, // a second credential is created instead of rejected
	{name: "unusual", region: "lon1", options: civosim.Options{
		StrictRegionCase: true, RefusedDeletionStatus: http.StatusInternalServerError, TakenNameCode: "-",
		EmptyPagePastEnd: true, OmitOwnerCredentialID: true, PageCap: 2, ShowPendingKeys: true,
	}, effects: []civosim.Effect{
		civosim.Effect400, civosim.Effect404Text, civosim.EffectBusy, civosim.Effect500, civosim.EffectTypes200, civosim.EffectAfterClose,
		civosim.EffectAfterHang, ctrlC,
	}},
}

// Slowly sets the options of a simulator with delays.
func Slowly(o *civosim.Options) {
	const delay = 8 * time.Millisecond
	o.ReadyAfter, o.CredentialGoneAfter, o.StoreReadyAfter, o.StoreGoneAfter = delay, delay, delay, delay
}

// absence is how long a new object must be missing until it counts as not created: the client's 10 seconds, shortened.
const absence = 10 * lagUnit

// lagUnit represents one second.
const lagUnit = 2500 * time.Microsecond

// Lag is a variant of when reads find a new object.
type Lag struct {
	Name    string
	Options func(*civosim.Options)
}

// Lags returns the lags of 0.3, 1 and 4 seconds, shortened. All end before the absence of an object counts, on a machine of any speed. The
// keys of new credentials appear after the lag.
func Lags() []Lag {
	after := func(listed, readable time.Duration) func(*civosim.Options) {
		return func(o *civosim.Options) {
			o.ListedAfter, o.ReadableAfter, o.ReadyAfter = listed, readable, max(listed, readable)+lagUnit
		}
	}
	return []Lag{
		{"after 0.3 s", after(lagUnit*3/10, lagUnit*3/10)},
		{"after 1 s", after(lagUnit, lagUnit)},
		{"after 4 s", after(4*lagUnit, 4*lagUnit)},
		{"listed after 4 s", after(4*lagUnit, 0)},
		{"readable after 4 s", after(0, 4*lagUnit)},
	}
}

// operationTimeout is the timeout of every operation in a table.
const operationTimeout = 5 * time.Minute

// Timeouts returns the timeouts block of every configuration in a table.
func Timeouts() acctest.Object {
	timeout := operationTimeout.String()
	return acctest.Object{"create": timeout, "update": timeout, "delete": timeout}
}

// Prepared returns a preparation that runs several preparations in sequence.
func Prepared(all ...func(*Fixture)) func(*Fixture) {
	return func(s *Fixture) {
		for _, one := range all {
			one(s)
		}
	}
}

// Applied returns the preparation that creates the resource of a configuration.
func Applied(config acctest.Object) func(*Fixture) {
	return func(s *Fixture) { Must(Applying(config)(context.Background(), s)) }
}

// Must panics if a preparation fails.
func Must(diags acctest.Diagnostics) {
	if diags.Failed() {
		panic(diags.String())
	}
}

// Applying applies a configuration. A nil configuration destroys the resource.
func Applying(config acctest.Object) Run {
	return func(ctx context.Context, s *Fixture) acctest.Diagnostics {
		plan, diags := s.Driver.Run(ctx, s.Instance, config)
		s.plan = plan
		return diags
	}
}

// Refreshing refreshes the resource.
func Refreshing(ctx context.Context, s *Fixture) acctest.Diagnostics {
	return s.Driver.Refresh(ctx, s.Instance)
}

// Importing imports the resource by an import ID.
func Importing(id func(*Fixture) string) Run {
	return func(ctx context.Context, s *Fixture) acctest.Diagnostics {
		i, diags := s.Driver.Import(ctx, id(s))
		if !diags.Failed() {
			s.Instance = i
		}
		return diags
	}
}

// Reading reads a data source.
func Reading(typeName string, config func(*Fixture) acctest.Object) Run {
	return func(ctx context.Context, s *Fixture) (diags acctest.Diagnostics) {
		s.Data, diags = s.Driver.For(typeName).Data(ctx, config(s))
		return diags
	}
}

// Opening opens the ephemeral resource.
func Opening(config acctest.Object) Run {
	return func(ctx context.Context, s *Fixture) (diags acctest.Diagnostics) {
		s.Data, diags = s.Driver.Open(ctx, config)
		return diags
	}
}

// Querying queries the list resource.
func Querying(ctx context.Context, s *Fixture) (diags acctest.Diagnostics) {
	s.Listed, diags = s.Driver.List(ctx, acctest.Object{}, 0, true)
	return diags
}

// Fixture is one run of an operation with its own simulator.
type Fixture struct {
	*civosim.Server

	Driver   *acctest.Driver
	Instance *acctest.Instance // the resource
	// Dependency is a resource that the resource refers to; nil if there is none.
	Dependency *acctest.Instance
	Data       tftypes.Value    // result of the latest Reading or Opening
	Listed     []acctest.Listed // result of the latest Querying

	plan *acctest.Plan // of the latest Applying
	interruption
}

// FoundAll returns a check that an operation found every object with one of the IDs. A list resource must find no other objects.
func FoundAll(ids func(*Fixture) []string) func(*Fixture) error {
	return func(s *Fixture) error {
		wanted := ids(s)
		for _, id := range wanted {
			isListed := func(one acctest.Listed) bool { return one.Identity["id"] == id }
			if !slices.ContainsFunc(s.Listed, isListed) && (s.Listed != nil || !strings.Contains(s.Data.String(), id)) {
				return fmt.Errorf("%s was not found: %s", id, s.Data)
			}
		}
		if s.Listed != nil && len(s.Listed) != len(wanted) {
			return fmt.Errorf("%d were found, not %d", len(s.Listed), len(wanted))
		}
		return nil
	}
}
