// Facts: what the exchanges of an answer show. A comparison holds the facts of two recordings against each other. A fact depends neither on
// the speed of a machine nor on the numbers of placeholders.

package record

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// fact is one thing that an answer shows. of returns "" if the answer does not show it.
type fact struct {
	name string
	of   func(Answer) string
}

// steps returns the exchanges of a step.
func (a Answer) steps(step string) (found []Exchange) {
	for _, e := range a.Exchanges {
		if e.Step == step {
			found = append(found, e)
		}
	}
	return found
}

// last returns the last response of a step.
func (a Answer) last(step string) (Response, bool) {
	steps := a.steps(step)
	if len(steps) == 0 || steps[len(steps)-1].Response == nil {
		return Response{}, false
	}
	return *steps[len(steps)-1].Response, true
}

var s3Code = regexp.MustCompile(`<Code>([^<]+)</Code>`)

// code returns Civo's or S3's code for an error, or the result, or how else the response describes an error.
func (r Response) code() string {
	object, _ := r.Body.(map[string]any)
	code, _ := object["code"].(string)
	result, _ := object["result"].(string)
	switch s3 := s3Code.FindStringSubmatch(r.Text); {
	case code != "" && r.Status >= 300:
		return code
	case result != "" && result != "success":
		return result
	case s3 != nil:
		return s3[1]
	case r.Status >= 300 && r.Text != "":
		return "text"
	}
	return ""
}

func (r Response) describe() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", r.Status, unnumbered(r.code())))
}

// answered is the status and the code of the last response of a step. A quota that is exceeded is no answer.
func answered(step string) fact {
	return fact{step, func(a Answer) string {
		r, ok := a.last(step)
		if !ok || strings.HasPrefix(r.code(), "quota_") {
			return ""
		}
		return r.describe()
	}}
}

// field is a field of the last response of a step, if that is a success. The path leads to it.
func field(step string, path ...string) fact {
	return fact{step + ": " + strings.Join(path, "."), func(a Answer) string {
		r, ok := a.last(step)
		if !ok || r.Status >= 300 {
			return ""
		}
		return valueOf(r.Body, path...)
	}}
}

// valueOf returns a value in JSON as text.
func valueOf(value any, path ...string) string {
	for _, key := range path {
		object, _ := value.(map[string]any)
		var ok bool
		if value, ok = object[key]; !ok {
			return "absent"
		}
	}
	if text, ok := value.(string); ok {
		return cmp.Or(unnumbered(text), "empty")
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(encoded)
}

var numberedPlaceholder = regexp.MustCompile(`\{(\w+)-\d+( of \d+ characters)?\}`)

// unnumbered removes the numbers of placeholders.
func unnumbered(text string) string {
	return numberedPlaceholder.ReplaceAllString(text, "{another $1$2}")
}

// kept is whether a field of the last response of a step has the value that it had in an earlier step.
func kept(step, key, before string) fact {
	return fact{step + ": " + key, func(a Answer) string {
		r, ok := a.last(step)
		old, oldOK := a.last(before)
		if !ok || !oldOK || r.Status >= 300 || old.Status >= 300 {
			return ""
		}
		now, _ := r.Body.(map[string]any)
		then, _ := old.Body.(map[string]any)
		if now[key] != nil && reflect.DeepEqual(now[key], then[key]) {
			return "unchanged"
		}
		return valueOf(r.Body, key)
	}}
}

// header is a header of the last response of a step.
func header(step, name string) fact {
	return fact{step + ": header " + name, func(a Answer) string {
		r, ok := a.last(step)
		if !ok {
			return ""
		}
		return cmp.Or(unnumbered(r.Headers[name]), "absent")
	}}
}

// hasHeader is whether the last response of a step has a header.
func hasHeader(step, name string) fact {
	return fact{step + ": has " + name, func(a Answer) string {
		r, ok := a.last(step)
		if !ok {
			return ""
		}
		if r.Headers[name] == "" {
			return "no"
		}
		return "yes"
	}}
}

// condition is what a poll of a step can show. The exchanges are those of one poll, because a list can have several pages.
type condition func(poll []Exchange) bool

// since is when the polls of a step began to show something and did not stop to, as a rough class.
func since(step, what string, shows condition) fact {
	return fact{step + ": " + what, func(a Answer) string { return sinceWhen(a.polls(step), shows) }}
}

// sinceReadable is since for what a record shows, without the polls that did not find the record.
func sinceReadable(step, what string, shows condition) fact {
	return fact{step + ": " + what, func(a Answer) string {
		isMissing := func(poll []Exchange) bool { return !isSuccess(poll) }
		return sinceWhen(slices.DeleteFunc(a.polls(step), isMissing), shows)
	}}
}

func sinceWhen(polls [][]Exchange, shows condition) string {
	if len(polls) == 0 {
		return ""
	}
	first := len(polls)
	for first > 0 && shows(polls[first-1]) {
		first--
	}
	switch {
	case first == len(polls):
		return "not while watched"
	case first == 0:
		return "at once"
	}
	return classOf(time.Duration(polls[first][0].At-polls[0][0].At) * time.Millisecond)
}

// classOf returns a rough class of a time. The classes are wide, so that the speed of a machine or a network does not matter.
func classOf(took time.Duration) string {
	for _, limit := range []time.Duration{15 * time.Second, time.Minute, 5 * time.Minute} {
		if took <= limit {
			return "within " + strings.TrimSuffix(limit.String(), "0s")
		}
	}
	return "later than 5 minutes"
}

// polls returns the exchanges of a step by poll.
func (a Answer) polls(step string) (polls [][]Exchange) {
	for _, e := range a.steps(step) {
		if n := len(polls); n > 0 && polls[n-1][0].Poll == e.Poll {
			polls[n-1] = append(polls[n-1], e)
		} else {
			polls = append(polls, []Exchange{e})
		}
	}
	return polls
}

// Conditions.

func isStatus(status int) condition {
	return func(poll []Exchange) bool { return poll[0].Response != nil && poll[0].Response.Status == status }
}

func isSuccess(poll []Exchange) bool { return poll[0].Response != nil && poll[0].Response.Status < 300 }

// has reports whether a field is neither absent nor empty, or has one of the values.
func has(key string, values ...string) condition {
	return func(poll []Exchange) bool {
		if !isSuccess(poll) {
			return false
		}
		value := valueOf(poll[0].Response.Body, strings.Split(key, ".")...)
		if len(values) > 0 {
			return slices.Contains(values, value)
		}
		return value != "absent" && value != "empty" && value != "null"
	}
}

// lists reports whether the pages of a list contain an object with an ID.
func lists(id string) condition {
	return func(poll []Exchange) bool {
		for _, e := range poll {
			if e.Response == nil {
				return false
			}
			object, _ := e.Response.Body.(map[string]any)
			items, _ := object["items"].([]any)
			if slices.ContainsFunc(items, func(item any) bool { return valueOf(item, "id") == id }) {
				return true
			}
		}
		return false
	}
}

// listsNot reports whether the pages of a list do not contain an object with an ID.
func listsNot(id string) condition {
	return func(poll []Exchange) bool {
		readable := !slices.ContainsFunc(poll, func(e Exchange) bool { return e.Response == nil || e.Response.Status >= 300 })
		return readable && !lists(id)(poll)
	}
}
