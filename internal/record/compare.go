// Comparing two recordings.

package record

import (
	"fmt"
	"strings"
)

// Difference is a fact that two recordings do not share.
type Difference struct {
	Question, Fact      string
	Recorded, Simulated string
	Unknown             unknown
}

// String returns a line that says what to change.
func (d Difference) String() string {
	return fmt.Sprintf("%s: %s: recorded %q, simulated %q. %s", d.Question, d.Fact, d.Recorded, d.Simulated, d.Unknown.advice())
}

// Compare returns the facts in which a recording differs from one of the simulator, and a line for each question without an answer in it.
func Compare(recorded, simulated Recording) (differences []Difference, unanswered []string) {
	for _, q := range questions {
		ours, asked := recorded.answer(q.id)
		theirs, _ := simulated.answer(q.id)
		if !asked || ours.Skipped != "" {
			unanswered = append(unanswered, fmt.Sprintf("%s: not answered in the recording%s", q.id, because(ours.Skipped)))
		}
		for _, f := range q.facts {
			a, b := f.of(ours), f.of(theirs)
			if a == b || a == "" || b == "" {
				continue
			}
			differences = append(differences, Difference{q.id, f.name, a, b, unknownOf(q.id, f.name)})
		}
	}
	return differences, unanswered
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}

func (r Recording) answer(id string) (Answer, bool) {
	for _, a := range r.Answers {
		if a.Question == id {
			a.region = r.Region
			return a, true
		}
	}
	return Answer{}, false
}

// unknownOf returns the unknown that a fact settles.
func unknownOf(questionID, factName string) (found unknown) {
	for _, u := range unknowns {
		for _, settled := range u.settledBy {
			if settled == questionID+"/"+factName {
				return u
			}
			if settled == questionID {
				found = u
			}
		}
	}
	return found
}

// advice says what to change in the simulator and in the client if a recording differs.
func (u unknown) advice() string {
	var parts []string
	if u.isS3 {
		parts = append(parts, "Compare with a recording of make sim-ceph. If that differs too")
	}
	switch len(u.options) {
	case 0:
		parts = append(parts, changeIn(u.isS3)+" "+inInternal(u.simulator))
	case 1:
		parts = append(parts, "Change the default of "+u.options[0]+" in internal/civosim/options.go")
	default:
		parts = append(parts, "Change the default of one of "+strings.Join(u.options, ", ")+" in internal/civosim/options.go")
	}
	if len(u.client) > 0 {
		parts = append(parts, "then check "+inInternal(u.client))
	}
	return strings.Join(parts, ", ") + fmt.Sprintf(" (%s)", u.id)
}

func changeIn(isContinued bool) string {
	if isContinued {
		return "change"
	}
	return "Change"
}

func inInternal(places []string) string { return "internal/" + strings.Join(places, ", internal/") }
