package credential_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
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

// The fault table: every operation × every fault × every request that the operation makes. Whatever goes wrong with one
// request, the state and Civo have to end up agreeing. The table is made by running each operation once without faults
// and looking at its requests, so that a request added later is in it by itself.

// operation is something that Terraform has the provider do.
type operation struct {
	name    string
	options civosim.Options
	prepare func(*scene) // without faults
	run     func(context.Context, *scene) acctest.Diagnostics
	// wants is what a repetition without faults has to lead to: a configuration, or nil if the credential is to be gone
	// or the operation only reads.
	wants acctest.Object
	// found checks, for an operation that only reads, what it found.
	found func(*scene) error
}

// scene is one run of an operation in a world of its own.
type scene struct {
	w    *acctest.World
	p    *acctest.Protocol
	i    *acctest.Instance
	data tftypes.Value
	list []acctest.Listed
	plan *acctest.Plan

	stage atomic.Bool // the operation runs: from here on requests count
	asked atomic.Int64
	// interruptAt is the number of the request at which the user presses Ctrl-C; 0: at none.
	interruptAt int64
	interrupt   context.CancelFunc
}

// faultPace ends soon what hangs, but leaves time enough for a busy machine: an attempt that is given up while Civo is
// still at it is a fault that no row of the table asked for.
var faultPace = civo.Pace{
	Attempt: 3 * time.Second, Grace: time.Second, Request: 20 * time.Second,
	Retries: 3, RetryMin: time.Millisecond, RetryMax: 5 * time.Millisecond,
	PollFirst: time.Millisecond, PollMin: 2 * time.Millisecond, PollMax: 10 * time.Millisecond,
	Fresh: 50 * time.Millisecond,
}

const (
	// operationTimeout is the timeout of every operation in the table.
	operationTimeout = 30 * time.Second
	// slack is what a busy machine may take on top of it.
	slack = 5 * time.Second
)

// configured is a configuration of the table's credential.
func configured(arguments acctest.Object) acctest.Object {
	config := acctest.Object{"name": "some-name", "timeouts": acctest.Object{
		"create": operationTimeout.String(), "update": operationTimeout.String(), "delete": operationTimeout.String(),
	}}
	maps.Copy(config, arguments)
	return config
}

var (
	plain    = configured(nil)
	givenOne = configured(acctest.Object{"access_key_id": "key-one", "secret_access_key": "secret-one"})
	givenTwo = configured(acctest.Object{"access_key_id": "key-two", "secret_access_key": "secret-two"})
	rotating = configured(acctest.Object{"rotate_when_changed": map[string]string{"a": "1"}})
	rotated  = configured(acctest.Object{"rotate_when_changed": map[string]string{"a": "2"}})
	hidden   = configured(acctest.Object{"secret_in_state": false, "rotate_when_changed": map[string]string{"a": "1"}})
	renamed  = configured(acctest.Object{"name": "other-name"})
)

// applied makes the credential of a configuration.
func applied(config acctest.Object) func(*scene) {
	return func(s *scene) {
		if _, diags := s.p.Run(context.Background(), s.i, config); diags.Failed() {
			panic(diags.String())
		}
	}
}

// applying brings a configuration about.
func applying(config acctest.Object) func(context.Context, *scene) acctest.Diagnostics {
	return func(ctx context.Context, s *scene) acctest.Diagnostics {
		plan, diags := s.p.Run(ctx, s.i, config)
		s.plan = plan
		return diags
	}
}

// slowly is a Civo that takes its time.
var slowly = civosim.Options{
	ReadyAfter: 8 * time.Millisecond, CredentialGoneAfter: 8 * time.Millisecond, StoreGoneAfter: 8 * time.Millisecond,
}

func operations() []operation {
	all := []operation{
		{name: "create", run: applying(plain), wants: plain},
		{name: "create slowly", options: slowly, run: applying(plain), wants: plain},
		{name: "create with given keys", run: applying(givenOne), wants: givenOne},
		{name: "create with a secret not kept", run: applying(hidden), wants: hidden},
		{name: "refresh", prepare: applied(plain), run: refreshing, wants: plain},
		{name: "update", prepare: applied(givenOne), run: applying(givenTwo), wants: givenTwo},
		{name: "rotate", prepare: applied(rotating), run: applying(rotated), wants: rotated},
		{name: "delete", prepare: applied(plain), run: applying(nil)},
		{name: "delete slowly", options: slowly, prepare: applied(plain), run: applying(nil)},
		{name: "delete behind a store that is going", options: slowly, prepare: owned, run: applying(nil)},
		{name: "replace", options: slowly, prepare: applied(plain), run: applying(renamed), wants: renamed},
		{name: "import by id", prepare: existing, run: importing(func(c civosim.Credential) string { return c.ID }), wants: plain},
		{name: "import by name", prepare: existing, run: importing(func(c civosim.Credential) string { return c.Name }), wants: plain},
		{name: "data source of all", prepare: existing, run: listingAll, found: foundAll},
		{name: "ephemeral", prepare: existing, run: opening, found: foundOne},
		{name: "list resource", prepare: existing, run: querying, found: foundListed},
	}
	for attribute, value := range map[string]func(civosim.Credential) string{
		"id":            func(c civosim.Credential) string { return c.ID },
		"name":          func(c civosim.Credential) string { return c.Name },
		"access_key_id": func(c civosim.Credential) string { return c.AccessKeyID },
	} {
		all = append(all, operation{name: "data source by " + attribute, prepare: existing, found: foundOne, run: lookingUp(attribute, value)})
	}
	return all
}

// existing has the credential at Civo, made by somebody else, among others.
func existing(s *scene) {
	s.w.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1"})
	for i := range 3 {
		s.w.AddCredential(civosim.Credential{Name: fmt.Sprintf("other-%d", i), Region: "LON1"})
	}
}

func owned(s *scene) {
	applied(plain)(s)
	s.w.DeleteStore(s.w.AddStore(civosim.Store{Name: "going", OwnerID: s.i.Get("id")}).ID)
}

func refreshing(ctx context.Context, s *scene) acctest.Diagnostics { return s.p.Refresh(ctx, s.i) }

func importing(id func(civosim.Credential) string) func(context.Context, *scene) acctest.Diagnostics {
	return func(ctx context.Context, s *scene) acctest.Diagnostics {
		i, diags := s.p.Import(ctx, id(s.w.Credentials("LON1")[0]))
		if !diags.Failed() {
			s.i = i
		}
		return diags
	}
}

func lookingUp(attribute string, value func(civosim.Credential) string) func(context.Context, *scene) acctest.Diagnostics {
	return func(ctx context.Context, s *scene) (diags acctest.Diagnostics) {
		s.data, diags = s.p.Data(ctx, "civo_objectstore_credential", acctest.Object{attribute: value(s.w.Credentials("LON1")[0])})
		return diags
	}
}

func listingAll(ctx context.Context, s *scene) (diags acctest.Diagnostics) {
	s.data, diags = s.p.Data(ctx, "civo_objectstore_credentials", acctest.Object{})
	return diags
}

func opening(ctx context.Context, s *scene) (diags acctest.Diagnostics) {
	s.data, diags = s.p.Open(ctx, acctest.Object{"name": "some-name"})
	return diags
}

func querying(ctx context.Context, s *scene) (diags acctest.Diagnostics) {
	s.list, diags = s.p.List(ctx, acctest.Object{}, 0, true)
	return diags
}

func foundOne(s *scene) error {
	if !strings.Contains(s.data.String(), s.w.Credentials("LON1")[0].SecretAccessKey) {
		return fmt.Errorf("found %s", s.data)
	}
	return nil
}

func foundAll(s *scene) error {
	for _, c := range s.w.Credentials("LON1") {
		if !strings.Contains(s.data.String(), c.ID) {
			return fmt.Errorf("%s is not among %s", c.ID, s.data)
		}
	}
	return nil
}

func foundListed(s *scene) error {
	if len(s.list) != len(s.w.Credentials("LON1")) {
		return fmt.Errorf("found %d", len(s.list))
	}
	return nil
}

// fault is what goes wrong with one request of an operation.
type fault struct {
	at     int // which request, from 1
	effect civosim.Effect
}

// ctrlC is the user's interruption, which is no effect of Civo's.
const ctrlC civosim.Effect = "Ctrl-C"

// kinds of fault are all effects of the simulator, and Ctrl-C.
func faultEffects() []civosim.Effect { return append(civosim.Effects(), ctrlC) }

// start sets a scene up, and prepares it without faults.
func start(op operation) (*scene, error) {
	s := &scene{}
	options := op.options
	options.NamesRepeat = true // a double has to be seen, not refused
	options.OnRequest = s.onRequest
	server, err := civosim.Start(options)
	if err != nil {
		return nil, err
	}
	s.w = &acctest.World{Server: server, Pace: faultPace}
	s.p, err = s.w.Serve(context.Background(), acctest.Object{"token": s.w.Token(), "api_endpoint": s.w.URL(), "region": "LON1"})
	if err != nil {
		return nil, err
	}
	s.i = s.p.NewInstance()
	if op.prepare != nil {
		op.prepare(s)
	}
	s.w.ResetRecord()
	return s, nil
}

func (s *scene) onRequest(civosim.Request) {
	if s.stage.Load() && s.asked.Add(1) == s.interruptAt {
		s.interrupt()
	}
}

// log is what the provider logs. A read that was given up may still log when the operation is over.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// perform runs the operation with faults, and gives its diagnostics, its log and how long it took.
func (s *scene) perform(op operation, faults []fault) (diags acctest.Diagnostics, told string, took time.Duration) {
	var output log
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
	s.stage.Store(true)
	began := time.Now()
	diags = op.run(ctx, s)
	took = time.Since(began)
	s.stage.Store(false)
	s.w.ClearFaults()
	return diags, output.String(), took
}

// check runs one case of the table and gives the promises that it breaks.
func check(op operation, faults []fault) (broken []string) {
	s, err := start(op)
	if err != nil {
		return []string{err.Error()}
	}
	defer func() { _ = s.w.Close() }()
	breaks := func(format string, arguments ...any) { broken = append(broken, fmt.Sprintf(format, arguments...)) }

	before := s.w.Credentials("")
	known := s.i.Get("id")
	hidden := s.secrets()
	diags, told, took := s.perform(op, faults)
	hidden = append(hidden, s.secrets()...)

	for _, secret := range hidden {
		if strings.Contains(diags.String(), secret) || strings.Contains(told, secret) {
			breaks("(d) a token or secret is told: %s", diags)
		}
	}
	if limit := operationTimeout + slack; took > limit {
		breaks("(e) it took %s, more than %s", took, limit)
	}
	if n := len(s.w.Credentials("")); n > max(len(before), 1) {
		breaks("(a) there are %d credentials", n)
	}
	_, still := s.w.Credential(known)
	if known != "" && still && s.i.Get("id") != known {
		breaks("(c) %s is dropped from the state: %s", known, diags)
	}
	if s.plan != nil && known != "" && s.plan.Creates() {
		breaks("(c) a creation is planned beside %s", known)
	}
	if strings.Contains(diags.String(), "breaks a rule of Terraform") {
		breaks("a rule of Terraform is broken: %s", diags)
	}
	return append(broken, s.converge(op, len(before))...)
}

// secrets are the token and all secrets that there are now.
func (s *scene) secrets() []string {
	all := []string{s.w.Token()}
	for _, c := range s.w.Credentials("") {
		all = append(all, c.SecretAccessKey)
	}
	return all
}

// converge repeats the operation without faults, and gives what then is not as the configuration says.
func (s *scene) converge(op operation, before int) (broken []string) {
	if op.found != nil || strings.HasPrefix(op.name, "import") && !s.i.Exists() {
		if diags := op.run(context.Background(), s); diags.Failed() {
			return []string{"(f) a repetition fails: " + diags.String()}
		}
	}
	if op.found != nil {
		if err := op.found(s); err != nil {
			return []string{"(f) a repetition does not find it: " + err.Error()}
		}
		return nil
	}
	if _, diags := s.p.Run(context.Background(), s.i, op.wants); diags.Failed() {
		return []string{"(f) a repetition fails: " + diags.String()}
	}
	if op.wants == nil {
		return s.isGone()
	}
	return s.agrees(op.wants, max(before, 1))
}

// isGone gives what is left of a credential that is to be gone.
func (s *scene) isGone() (broken []string) {
	if at := s.w.Credentials(""); len(at) > 0 || s.i.Exists() {
		broken = append(broken, fmt.Sprintf("(f) it is not gone: %+v, state %s", at, s.i.State))
	}
	return broken
}

// agrees gives in what state, Civo and configuration differ.
func (s *scene) agrees(wants acctest.Object, count int) (broken []string) {
	if at := s.w.Credentials(""); len(at) != count {
		broken = append(broken, fmt.Sprintf("(a, b) there are %d credentials after a repetition: %+v", len(at), at))
	}
	mine, ok := s.w.Credential(s.i.Get("id"))
	if !ok || mine.Name != wants["name"] || mine.AccessKeyID != s.i.Get("access_key_id") || mine.Status != "ready" {
		broken = append(broken, fmt.Sprintf("(b, f) the state says %s, Civo %+v", s.i.State, mine))
	}
	kept, ok := wants["secret_in_state"].(bool)
	if (kept || !ok) && s.i.Get("secret_access_key") != mine.SecretAccessKey {
		broken = append(broken, "(f) the state's secret is not Civo's")
	}
	if plan, diags := s.p.Run(context.Background(), s.i, wants); diags.Failed() || !plan.IsEmpty() {
		broken = append(broken, fmt.Sprintf("(f) the plan after it is not empty: %v %s", plan.Changes(), diags))
	}
	return broken
}

// requestsOf counts the requests that an operation makes without faults.
func requestsOf(t *testing.T, op operation) int {
	t.Helper()
	s, err := start(op)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.w.Close() }()
	if diags, _, _ := s.perform(op, nil); diags.Failed() {
		t.Fatalf("%s fails without faults: %s", op.name, diags)
	}
	return s.w.Count()
}

// row is one case of the table.
type row struct {
	op     operation
	faults []fault
}

func (r row) String() string {
	text := r.op.name
	for _, f := range r.faults {
		text += fmt.Sprintf(", %s at request %d", f.effect, f.at)
	}
	return text
}

// atOnce is how many cases run at a time: most of the time they wait.
const atOnce = 16

// checkAll runs cases and reports those that break a promise.
func checkAll(t *testing.T, rows []row) {
	t.Helper()
	queue := make(chan row)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for r := range queue {
				if broken := check(r.op, r.faults); len(broken) > 0 {
					t.Errorf("%s:\n  %s", r, strings.Join(broken, "\n  "))
				}
			}
		})
	}
	for _, r := range rows {
		queue <- r
	}
	close(queue)
	workers.Wait()
}

func TestOneFault(t *testing.T) {
	t.Parallel()
	var rows []row
	for _, op := range operations() {
		requests := requestsOf(t, op)
		if requests == 0 {
			t.Errorf("%s makes no request", op.name)
		}
		for at := 1; at <= requests; at++ {
			for _, effect := range faultEffects() {
				rows = append(rows, row{op, []fault{{at, effect}}})
			}
		}
	}
	checkAll(t, rows)
	t.Logf("%d cases: %d operations × %d faults × each of their requests", len(rows), len(operations()), len(faultEffects()))
}

// pairsPerRun is how many pairs of faults a run of the tests tries; CIVO_SOAK sets another number.
const pairsPerRun = 400

func TestTwoFaults(t *testing.T) {
	t.Parallel()
	count, seed := pairsPerRun, uint64(time.Now().UnixNano())
	if text := os.Getenv("CIVO_SOAK"); text != "" {
		count, _ = strconv.Atoi(text)
	}
	if text := os.Getenv("CIVO_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // no secret
	all, effects := operations(), faultEffects()
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.name, b.name) })
	requests := map[string]int{}
	for _, op := range all {
		requests[op.name] = requestsOf(t, op)
	}
	var rows []row
	for range count {
		op := all[random.IntN(len(all))]
		first := 1 + random.IntN(requests[op.name])
		rows = append(rows, row{op, []fault{
			{first, effects[random.IntN(len(effects))]}, {first + 1 + random.IntN(2), effects[random.IntN(len(effects))]},
		}})
	}
	checkAll(t, rows)
	t.Logf("%d pairs of faults from CIVO_SEED=%d", count, seed)
	if t.Failed() {
		t.Logf("again: CIVO_SEED=%d CIVO_SOAK=%d go test -run TwoFaults ./internal/credential", seed, count)
	}
}
