// Checks of the promises after one run of an operation with faults.

package faulttest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// slack is the additional time that a busy machine may need.
const slack = time.Minute

// check runs one case of the table and returns the violations of the promises.
func (table Table) check(v variant, op Operation, faults []fault) []string {
	s, err := table.start(v, op)
	if err != nil {
		return []string{err.Error()}
	}
	defer func() { _ = s.Close() }()
	promises := table.Watch(s, op)
	known := s.Instance.Get("id")
	existed := known != "" && promises.Exists(known)
	hidden := s.secrets()
	patient := s.Driver
	if slices.ContainsFunc(faults, fault.hangs) {
		if s.Driver, err = table.driver(s, v, faults); err != nil {
			return []string{err.Error()}
		}
	}
	diags, logs, took := s.perform(op, faults)
	s.Driver = patient

	violations := checkSecrets(append(hidden, s.secrets()...), diags, logs)
	if limit := operationTimeout + slack; took > limit {
		violations = append(violations, fmt.Sprintf("the operation took %s, more than %s", took, limit))
	}
	if strings.Contains(diags.String(), acctest.RuleViolation) {
		violations = append(violations, fmt.Sprintf("a rule of Terraform is violated: %s", diags))
	}
	if op.Fails != "" && !diags.Failed() {
		violations = append(violations, "the operation succeeds, but must fail")
	}
	violations = append(violations, s.checkRefusals(known, op, promises, diags, faults)...)
	if existed {
		violations = append(violations, s.checkKnown(known, op, promises.Exists(known), diags)...)
	}
	violations = append(violations, promises.AfterFaults(diags)...)
	return append(violations, s.converge(op, promises)...)
}

// checkSecrets returns a violation for each diagnostic and log that contains the token or a secret.
func checkSecrets(hidden []string, diags acctest.Diagnostics, logs string) (violations []string) {
	for _, secret := range hidden {
		if strings.Contains(diags.String(), secret) {
			violations = append(violations, fmt.Sprintf("a diagnostic contains the token or a secret: %s", diags))
		}
		if strings.Contains(logs, secret) {
			violations = append(violations, "the log contains the token or a secret")
		}
	}
	return violations
}

// checkRefusals returns the violations about requests that Civo refused. Such a request is not repeated, and leaves nothing in the state
// that does not exist. A request that meets another operation in progress is repeated until it succeeds.
func (s *Fixture) checkRefusals(
	known string, op Operation, promises Promises, diags acctest.Diagnostics, faults []fault,
) (violations []string) {
	requests := s.Requests()
	for i, sent := range requests {
		if sent.Method == http.MethodGet || !civosim.Effect(sent.Fault).IsRefusal() {
			continue
		}
		again := func(r civosim.Request) bool { return r.Method == sent.Method && r.Path == sent.Path }
		if sent.Kind != civosim.KindDeleteCredential && slices.ContainsFunc(requests[i+1:], again) {
			violations = append(violations, fmt.Sprintf("%s %s is repeated after %s", sent.Method, sent.Path, sent.Fault))
		}
		if id := s.Instance.Get("id"); known == "" && s.Instance.Exists() && (id == "" || !promises.Exists(id)) {
			violations = append(violations, fmt.Sprintf("after %s, the state contains an object that does not exist: %s", sent.Fault, s.Instance.State))
		}
	}
	if len(faults) == 1 && faults[0].effect == civosim.EffectBusy && op.Fails == "" && diags.Failed() {
		violations = append(violations, fmt.Sprintf("another operation in progress is not waited for: %s", diags))
	}
	return violations
}

// checkKnown returns the violations about an object that existed and was in the state before the operation.
func (s *Fixture) checkKnown(id string, op Operation, exists bool, diags acctest.Diagnostics) (violations []string) {
	switch {
	case exists && s.Instance.Get("id") != id:
		violations = append(violations, fmt.Sprintf("the object %s exists, but was removed from the state: %s", id, diags))
	case !exists && !op.Deletes:
		violations = append(violations, fmt.Sprintf("the operation deleted the object %s: %s", id, diags))
	}
	if s.plan != nil && s.plan.Creates() {
		violations = append(violations, fmt.Sprintf("the plan creates a second object in addition to %s", id))
	}
	return violations
}

// secrets returns the token and all secrets at Civo.
func (s *Fixture) secrets() []string {
	all := []string{s.Token()}
	for _, c := range s.Credentials("") {
		all = append(all, c.SecretAccessKey)
	}
	return all
}

// converge repeats the operation without faults, and returns the remaining differences from the configuration.
func (s *Fixture) converge(op Operation, promises Promises) []string {
	if op.Found != nil || op.Fails != "" || op.Imports && !s.Instance.Exists() {
		if err := op.outcome(op.Run(context.Background(), s)); err != nil {
			return []string{"the next run: " + err.Error()}
		}
	}
	if op.Found != nil {
		if err := op.Found(s); err != nil {
			return []string{"the next run does not find the object: " + err.Error()}
		}
		return promises.AfterNextRun()
	}
	next := op.Next
	if next == nil {
		next = Applying(op.Wants)
	}
	if diags := next(context.Background(), s); diags.Failed() {
		return []string{"the next run fails: " + diags.String()}
	}
	return append(s.checkState(op), promises.AfterNextRun()...)
}

// checkState returns the differences between the state and the configuration.
func (s *Fixture) checkState(op Operation) []string {
	if op.Wants == nil {
		if s.Instance.Exists() {
			return []string{fmt.Sprintf("after the next run, the state still contains %s", s.Instance.State)}
		}
		return nil
	}
	if plan, diags := s.Driver.Run(context.Background(), s.Instance, op.Wants); diags.Failed() || !plan.IsEmpty() {
		var changes []string
		if plan != nil {
			changes = plan.Changes()
		}
		return []string{fmt.Sprintf("the plan after the next run changes %v: %s", changes, diags)}
	}
	return nil
}

// outcome returns an error unless the diagnostics are those of the operation without faults.
func (op Operation) outcome(diags acctest.Diagnostics) error {
	switch {
	case op.Fails == "" && diags.Failed():
		return fmt.Errorf("%s fails: %s", op.Name, diags)
	case op.Fails != "" && (!diags.Failed() || !strings.Contains(diags.String(), "ERROR: "+op.Fails)):
		return fmt.Errorf("%s does not fail with %q: %s", op.Name, op.Fails, diags)
	}
	return nil
}
