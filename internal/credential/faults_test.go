package credential_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The fault table: every operation × every fault × every request of the operation, with two variants of Civo. A run of an
// operation without faults determines its requests, so that the table automatically includes requests that are added later. To
// run one row, use, for example, -run 'OneFault/default/create/hang'.
//
// Whatever goes wrong with a request:
//   - no token or secret is in a diagnostic or in the log,
//   - the operation ends within its timeout,
//   - no second credential is created,
//   - a credential that exists stays in the state, and none is planned beside it,
//   - Terraform's rules for providers hold,
//   - the next run without faults produces the configured state, and the plan after it is empty.

// variants are the variants of Civo that the table runs with. Each decides the unknown properties of the API in one way.
var variants = []variant{
	{name: "default", region: "LON1", options: civosim.Options{NamesRepeat: true}}, // shows a second credential instead of refusing it
	{name: "unusual", region: "lon1", options: civosim.Options{
		StrictRegionCase: true, RefusedDeletionStatus: http.StatusInternalServerError, TakenNameCode: "-",
		EmptyPagePastEnd: true, OmitOwnerCredentialID: true, PageCap: 2, ShowPendingKeys: true,
	}},
}

type variant struct {
	name, region string
	options      civosim.Options
}

// with returns the options of the variant, with the delays of an operation.
func (v variant) with(delays civosim.Options) civosim.Options {
	o := v.options
	o.ReadyAfter, o.CredentialGoneAfter, o.StoreGoneAfter = delays.ReadyAfter, delays.CredentialGoneAfter, delays.StoreGoneAfter
	return o
}

// operation is an operation that Terraform requests from the provider.
type operation struct {
	name    string
	options civosim.Options // its delays
	prepare func(*fixture)  // without faults
	run     func(context.Context, *fixture) acctest.Diagnostics
	// wants is the configuration that the next run without faults must produce; nil if that deletes the credential, or if the
	// operation only reads.
	wants acctest.Object
	// found checks the result of an operation that only reads.
	found func(*fixture) error
}

// fixture is one run of an operation with its own simulator.
type fixture struct {
	w    *acctest.Env
	p    *acctest.Driver
	i    *acctest.Instance
	data tftypes.Value
	list []acctest.Listed
	plan *acctest.Plan

	running  atomic.Bool // the operation runs: requests count
	requests atomic.Int64
	// interruptAt is the number of the request at which the user presses Ctrl-C; 0: at none.
	interruptAt int64
	interrupt   context.CancelFunc
}

// faultTiming has short timeouts for hanging requests, but long enough that a busy machine adds no faults.
var faultTiming = civo.Timing{
	Attempt: 3 * time.Second, Grace: time.Second, Request: 20 * time.Second,
	Retries: 3, RetryMin: time.Millisecond, RetryMax: 5 * time.Millisecond,
	PollFirst: time.Millisecond, PollMin: 2 * time.Millisecond, PollMax: 10 * time.Millisecond,
	Fresh: 50 * time.Millisecond, RegionCheck: time.Second,
}

const (
	// operationTimeout is the timeout of every operation in the table.
	operationTimeout = 30 * time.Second
	// slack is the additional time that a busy machine may need.
	slack = 5 * time.Second
)

// configured returns a configuration of the table's credential.
func configured(arguments acctest.Object) acctest.Object {
	config := acctest.Object{"name": "some-name", "timeouts": acctest.Object{
		"create": operationTimeout.String(), "update": operationTimeout.String(), "delete": operationTimeout.String(),
	}}
	maps.Copy(config, arguments)
	return config
}

var (
	plain       = configured(nil)
	suppliedOne = configured(acctest.Object{"access_key_id": "key-one", "secret_access_key": "secret-one"})
	suppliedTwo = configured(acctest.Object{"access_key_id": "key-two", "secret_access_key": "secret-two"})
	rotating    = configured(acctest.Object{"rotate_when_changed": map[string]string{"a": "1"}})
	rotated     = configured(acctest.Object{"rotate_when_changed": map[string]string{"a": "2"}})
	hidden      = configured(acctest.Object{"secret_in_state": false, "rotate_when_changed": map[string]string{"a": "1"}})
	renamed     = configured(acctest.Object{"name": "other-name"})
)

// applied creates the credential of a configuration.
func applied(config acctest.Object) func(*fixture) {
	return func(s *fixture) {
		if _, diags := s.p.Run(context.Background(), s.i, config); diags.Failed() {
			panic(diags.String())
		}
	}
}

// applying applies a configuration.
func applying(config acctest.Object) func(context.Context, *fixture) acctest.Diagnostics {
	return func(ctx context.Context, s *fixture) acctest.Diagnostics {
		plan, diags := s.p.Run(ctx, s.i, config)
		s.plan = plan
		return diags
	}
}

// slowly is a Civo with delays.
var slowly = civosim.Options{
	ReadyAfter: 8 * time.Millisecond, CredentialGoneAfter: 8 * time.Millisecond, StoreGoneAfter: 8 * time.Millisecond,
}

func operations() []operation {
	all := []operation{
		{name: "create", run: applying(plain), wants: plain},
		{name: "create slowly", options: slowly, run: applying(plain), wants: plain},
		{name: "create with supplied keys", run: applying(suppliedOne), wants: suppliedOne},
		{name: "create without secret in state", run: applying(hidden), wants: hidden},
		{name: "refresh", prepare: applied(plain), run: refreshing, wants: plain},
		{name: "update", prepare: applied(suppliedOne), run: applying(suppliedTwo), wants: suppliedTwo},
		{name: "rotate", prepare: applied(rotating), run: applying(rotated), wants: rotated},
		{name: "delete", prepare: applied(plain), run: applying(nil)},
		{name: "delete slowly", options: slowly, prepare: applied(plain), run: applying(nil)},
		{name: "delete after its store", options: slowly, prepare: owned, run: applying(nil)},
		{name: "replace", options: slowly, prepare: applied(plain), run: applying(renamed), wants: renamed},
		{name: "import by ID", prepare: existing, run: importing(func(c civosim.Credential) string { return c.ID }), wants: plain},
		{name: "import by name", prepare: existing, run: importing(func(c civosim.Credential) string { return c.Name }), wants: plain},
		{name: "plural data source", prepare: existing, run: listingAll, found: foundAll},
		{name: "ephemeral", prepare: existing, run: opening, found: foundOne},
		{name: "list resource", prepare: existing, run: querying, found: foundListed},
	}
	for _, by := range []struct {
		attribute string
		value     func(civosim.Credential) string
	}{
		{"id", func(c civosim.Credential) string { return c.ID }},
		{"name", func(c civosim.Credential) string { return c.Name }},
		{"access_key_id", func(c civosim.Credential) string { return c.AccessKeyID }},
	} {
		all = append(all, operation{name: "data source by " + by.attribute, prepare: existing, found: foundOne, run: lookingUp(by.attribute, by.value)})
	}
	return all
}

// existing adds the credential, as created outside of Terraform, and others.
func existing(s *fixture) {
	s.w.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1"})
	for i := range 3 {
		s.w.AddCredential(civosim.Credential{Name: fmt.Sprintf("other-%d", i), Region: "LON1"})
	}
}

func owned(s *fixture) {
	applied(plain)(s)
	s.w.DeleteStore(s.w.AddStore(civosim.Store{Name: "going", OwnerID: s.i.Get("id")}).ID)
}

func refreshing(ctx context.Context, s *fixture) acctest.Diagnostics { return s.p.Refresh(ctx, s.i) }

func importing(id func(civosim.Credential) string) func(context.Context, *fixture) acctest.Diagnostics {
	return func(ctx context.Context, s *fixture) acctest.Diagnostics {
		i, diags := s.p.Import(ctx, id(s.w.Credentials("LON1")[0]))
		if !diags.Failed() {
			s.i = i
		}
		return diags
	}
}

func lookingUp(attribute string, value func(civosim.Credential) string) func(context.Context, *fixture) acctest.Diagnostics {
	return func(ctx context.Context, s *fixture) (diags acctest.Diagnostics) {
		s.data, diags = s.p.Data(ctx, acctest.Object{attribute: value(s.w.Credentials("LON1")[0])})
		return diags
	}
}

func listingAll(ctx context.Context, s *fixture) (diags acctest.Diagnostics) {
	s.data, diags = s.p.For("civo_objectstore_credentials").Data(ctx, acctest.Object{})
	return diags
}

func opening(ctx context.Context, s *fixture) (diags acctest.Diagnostics) {
	s.data, diags = s.p.Open(ctx, acctest.Object{"name": "some-name"})
	return diags
}

func querying(ctx context.Context, s *fixture) (diags acctest.Diagnostics) {
	s.list, diags = s.p.List(ctx, acctest.Object{}, 0, true)
	return diags
}

func foundOne(s *fixture) error {
	if !strings.Contains(s.data.String(), s.w.Credentials("LON1")[0].SecretAccessKey) {
		return fmt.Errorf("found %s", s.data)
	}
	return nil
}

func foundAll(s *fixture) error {
	for _, c := range s.w.Credentials("LON1") {
		if !strings.Contains(s.data.String(), c.ID) {
			return fmt.Errorf("%s is not among %s", c.ID, s.data)
		}
	}
	return nil
}

func foundListed(s *fixture) error {
	if len(s.list) != len(s.w.Credentials("LON1")) {
		return fmt.Errorf("found %d", len(s.list))
	}
	return nil
}

// fault is the effect on one request of an operation.
type fault struct {
	at     int // which request, from 1
	effect civosim.Effect
}

// ctrlC is an interruption by the user, which is not an effect of the simulator.
const ctrlC civosim.Effect = "Ctrl-C"

// faultEffects returns all effects of the simulator, and Ctrl-C.
func faultEffects() []civosim.Effect { return append(civosim.Effects(), ctrlC) }

// start prepares a fixture without faults.
func start(v variant, op operation) (*fixture, error) {
	s := &fixture{}
	options := v.with(op.options)
	options.OnRequest = s.onRequest
	server, err := civosim.Start(options)
	if err != nil {
		return nil, err
	}
	s.w = &acctest.Env{Server: server, Timing: faultTiming}
	var diags acctest.Diagnostics
	if s.p, diags = s.w.Configure(context.Background(), acctest.Object{"region": v.region}); diags.Failed() {
		return nil, fmt.Errorf("configuring the provider: %s", diags)
	}
	s.i = s.p.NewInstance()
	if op.prepare != nil {
		op.prepare(s)
	}
	s.w.ResetRecord()
	return s, nil
}

func (s *fixture) onRequest(civosim.Request) {
	if s.running.Load() && s.requests.Add(1) == s.interruptAt {
		s.interrupt()
	}
}

// syncBuffer collects the provider's log. A cancelled read may still write after the operation has ended.
type syncBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *syncBuffer) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *syncBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// perform runs the operation with faults, and returns its diagnostics, its log and how long it took.
func (s *fixture) perform(op operation, faults []fault) (diags acctest.Diagnostics, logs string, took time.Duration) {
	var output syncBuffer
	ctx, cancel := context.WithCancel(tflogtest.RootLogger(context.Background(), &output))
	defer cancel()
	s.interrupt = cancel
	for _, f := range faults {
		if f.effect == ctrlC {
			s.interruptAt = int64(f.at)
		} else {
			s.w.Inject(civosim.Fault{Nth: f.at, Effect: f.effect})
		}
	}
	s.running.Store(true)
	began := time.Now()
	diags = op.run(ctx, s)
	took = time.Since(began)
	s.running.Store(false)
	s.w.ClearFaults()
	return diags, output.String(), took
}

// check runs one case of the table and returns the promises that do not hold.
func check(v variant, op operation, faults []fault) (violations []string) {
	s, err := start(v, op)
	if err != nil {
		return []string{err.Error()}
	}
	defer func() { _ = s.w.Close() }()
	violates := func(format string, arguments ...any) {
		violations = append(violations, fmt.Sprintf(format, arguments...))
	}

	before := s.w.Credentials("")
	known := s.i.Get("id")
	hidden := s.secrets()
	diags, logs, took := s.perform(op, faults)
	hidden = append(hidden, s.secrets()...)

	for _, secret := range hidden {
		if strings.Contains(diags.String(), secret) {
			violates("a diagnostic contains the token or a secret: %s", diags)
		}
		if strings.Contains(logs, secret) {
			violates("the log contains the token or a secret")
		}
	}
	if limit := operationTimeout + slack; took > limit {
		violates("the operation took %s, more than %s", took, limit)
	}
	if n := len(s.w.Credentials("")); n > max(len(before), 1) {
		violates("a second credential was created: there are %d", n)
	}
	_, still := s.w.Credential(known)
	if known != "" && still && s.i.Get("id") != known {
		violates("the credential %s exists, but was dropped from the state: %s", known, diags)
	}
	if s.plan != nil && known != "" && s.plan.Creates() {
		violates("a credential is planned beside %s", known)
	}
	if strings.Contains(diags.String(), acctest.RuleViolation) {
		violates("a rule of Terraform does not hold: %s", diags)
	}
	return append(violations, s.converge(op, len(before))...)
}

// secrets returns the token and all secrets at Civo.
func (s *fixture) secrets() []string {
	all := []string{s.w.Token()}
	for _, c := range s.w.Credentials("") {
		all = append(all, c.SecretAccessKey)
	}
	return all
}

// converge repeats the operation without faults, and returns what then differs from the configuration.
func (s *fixture) converge(op operation, before int) (violations []string) {
	if op.found != nil || strings.HasPrefix(op.name, "import") && !s.i.Exists() {
		if diags := op.run(context.Background(), s); diags.Failed() {
			return []string{"the next run fails: " + diags.String()}
		}
	}
	if op.found != nil {
		if err := op.found(s); err != nil {
			return []string{"the next run does not find it: " + err.Error()}
		}
		return nil
	}
	if _, diags := s.p.Run(context.Background(), s.i, op.wants); diags.Failed() {
		return []string{"the next run fails: " + diags.String()}
	}
	if op.wants == nil {
		return s.checkDeleted()
	}
	return s.checkAgreement(op.wants, max(before, 1))
}

// checkDeleted returns what remains of a credential that the next run deletes.
func (s *fixture) checkDeleted() (violations []string) {
	if left := s.w.Credentials(""); len(left) > 0 || s.i.Exists() {
		violations = append(violations, fmt.Sprintf("the next run leaves %+v, and the state %s", left, s.i.State))
	}
	return violations
}

// checkAgreement returns the differences between state, Civo and configuration after the next run.
func (s *fixture) checkAgreement(wants acctest.Object, count int) (violations []string) {
	if all := s.w.Credentials(""); len(all) != count {
		violations = append(violations, fmt.Sprintf("there are %d credentials after the next run, not %d: %+v", len(all), count, all))
	}
	mine, ok := s.w.Credential(s.i.Get("id"))
	if !ok || mine.Name != wants["name"] || mine.AccessKeyID != s.i.Get("access_key_id") || mine.Status != "ready" {
		violations = append(violations, fmt.Sprintf("after the next run the state is %s, and Civo has %+v", s.i.State, mine))
	}
	kept, ok := wants["secret_in_state"].(bool)
	if (kept || !ok) && s.i.Get("secret_access_key") != mine.SecretAccessKey {
		violations = append(violations, "after the next run the state and Civo have different secrets")
	}
	if plan, diags := s.p.Run(context.Background(), s.i, wants); diags.Failed() || !plan.IsEmpty() {
		violations = append(violations, fmt.Sprintf("the plan after the next run changes %v: %s", plan.Changes(), diags))
	}
	return violations
}

// requestsOf counts the requests of an operation without faults.
func requestsOf(t *testing.T, v variant, op operation) int {
	t.Helper()
	s, err := start(v, op)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.w.Close() }()
	if diags, _, _ := s.perform(op, nil); diags.Failed() {
		t.Fatalf("%s fails without faults: %s", op.name, diags)
	}
	if s.w.Count() == 0 {
		t.Fatalf("%s sends no request", op.name)
	}
	return s.w.Count()
}

// row is one row of the table: the operations that run in sequence.
type row struct {
	variant variant
	op      operation
	name    string
	cases   func(requests int) [][]fault
}

// atOnce is the number of rows that run concurrently, which mostly wait. It does not depend on -parallel.
const atOnce = 24

// runRows runs each row as a subtest.
func runRows(t *testing.T, rows []row) {
	t.Helper()
	requests := sync.Map{} // func() int by variant and operation
	queue := make(chan row)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for r := range queue {
				t.Run(r.variant.name+"/"+r.op.name+"/"+r.name, func(t *testing.T) {
					count, _ := requests.LoadOrStore(r.variant.name+"/"+r.op.name, sync.OnceValue(func() int { return requestsOf(t, r.variant, r.op) }))
					for _, faults := range r.cases(count.(func() int)()) { //nolint:forcetypeassert // nothing else is stored
						if violations := check(r.variant, r.op, faults); len(violations) > 0 {
							t.Errorf("%v:\n  %s", faults, strings.Join(violations, "\n  "))
						}
					}
				})
			}
		})
	}
	for _, r := range rows {
		queue <- r
	}
	close(queue)
	workers.Wait()
}

func (f fault) String() string { return fmt.Sprintf("%s at request %d", f.effect, f.at) }

func TestOneFault(t *testing.T) {
	t.Parallel()
	var rows []row
	for _, effect := range faultEffects() { // those of one effect, which may all take long, are spread over the workers
		for _, v := range variants {
			for _, op := range operations() {
				rows = append(rows, row{v, op, string(effect), func(requests int) (cases [][]fault) {
					for at := 1; at <= requests; at++ {
						cases = append(cases, []fault{{at, effect}})
					}
					return cases
				}})
			}
		}
	}
	runRows(t, rows)
}

// pairs is the number of pairs of faults that a test run tries. CIVO_SOAK sets another number, with a random seed.
const pairs = 200

func TestTwoFaults(t *testing.T) {
	t.Parallel()
	count, seed := pairs, uint64(1)
	if text := os.Getenv("CIVO_SOAK"); text != "" {
		count, _ = strconv.Atoi(text)
		seed = uint64(time.Now().UnixNano())
	}
	if text := os.Getenv("CIVO_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("%d pairs of faults with CIVO_SEED=%d", count, seed)
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // no secret
	all, effects := operations(), faultEffects()
	var rows []row
	for i := range count {
		v, op := variants[random.IntN(len(variants))], all[random.IntN(len(all))]
		draw, gap := random.Uint64(), 1+random.IntN(2)
		one, two := effects[random.IntN(len(effects))], effects[random.IntN(len(effects))]
		rows = append(rows, row{v, op, fmt.Sprintf("%d %s %s", i, one, two), func(requests int) [][]fault {
			first := 1 + int(draw%uint64(requests)) //nolint:gosec // a few requests
			return [][]fault{{{first, one}, {first + gap, two}}}
		}})
	}
	runRows(t, rows)
	if t.Failed() {
		t.Logf("to repeat: CIVO_SEED=%d CIVO_SOAK=%d go test -run TwoFaults ./internal/credential", seed, count)
	}
}
