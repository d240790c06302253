// Package faulttest tests what a provider promises when requests fail. A table has the operations on one type: it runs every operation
// and injects every fault into each of its requests, with several variants of Civo. A run of an operation without faults determines
// its requests, so that the table automatically includes requests that are added later.
//
// Whatever goes wrong with a request:
//   - no token or secret is in a diagnostic or in the log,
//   - the operation ends within its timeout,
//   - an object that exists stays in the state, none is planned beside it, and only an operation that asks for it deletes it,
//   - Terraform's rules for providers hold,
//   - the next run without faults produces the configured state, and the plan after it is empty.
//
// A table adds the promises of its type.
package faulttest

import (
	"context"
	"net/http"
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

// Promises are what one type promises about one run of an operation. Each method returns an empty list if all is well.
type Promises interface {
	// Exists reports whether Civo has an object of the type with the ID.
	Exists(id string) bool
	// AfterFaults returns the promises that do not hold after the operation with faults.
	AfterFaults(diags acctest.Diagnostics) []string
	// AfterNextRun returns the promises that do not hold after the next run without faults.
	AfterNextRun() []string
}

// Operation is an operation that Terraform requests from the provider.
type Operation struct {
	Name    string
	Options func(*civosim.Options) // changes the variant, for example by delays; nil if it does not
	Prepare func(*Fixture)         // runs without faults; nil if nothing is to prepare
	Run     Run
	// Deletes: it asks for the deletion of the object in the state.
	Deletes bool
	// Fails is the summary of the error with which it fails even without faults; "" if it succeeds.
	Fails string
	// Imports: it must be repeated until it has succeeded once.
	Imports bool
	// Wants is the configuration that the next run without faults must produce; nil if that deletes the object, or if the
	// operation only reads.
	Wants acctest.Object
	// Next is the next run without faults; nil for one that applies Wants.
	Next Run
	// Found checks the result of an operation that only reads.
	Found func(*Fixture) error
}

// Run runs an operation.
type Run func(context.Context, *Fixture) acctest.Diagnostics

// variant is a variant of Civo. Each decides the unknown properties of the API in one way.
type variant struct {
	name, region string
	options      civosim.Options
}

var variants = []variant{
	{name: "default", region: "LON1", options: civosim.Options{NamesRepeat: true}}, // shows a second credential instead of refusing it
	{name: "unusual", region: "lon1", options: civosim.Options{
		StrictRegionCase: true, RefusedDeletionStatus: http.StatusInternalServerError, TakenNameCode: "-",
		EmptyPagePastEnd: true, OmitOwnerCredentialID: true, PageCap: 2, ShowPendingKeys: true,
	}},
}

// Slowly are the options of a Civo with delays.
func Slowly(o *civosim.Options) {
	const delay = 8 * time.Millisecond
	o.ReadyAfter, o.CredentialGoneAfter, o.StoreReadyAfter, o.StoreGoneAfter = delay, delay, delay, delay
}

// operationTimeout is the timeout of every operation in a table.
const operationTimeout = 30 * time.Second

// Timeouts returns the timeouts block of every configuration in a table.
func Timeouts() acctest.Object {
	timeout := operationTimeout.String()
	return acctest.Object{"create": timeout, "update": timeout, "delete": timeout}
}

// Prepared returns a preparation that performs several one after the other.
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

// Must panics if a preparation failed.
func Must(diags acctest.Diagnostics) {
	if diags.Failed() {
		panic(diags.String())
	}
}

// Applying applies a configuration; nil destroys.
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
