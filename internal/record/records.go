// The credentials and object stores of a run: creating, waiting for, and deleting them.

package record

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// record is a credential or an object store that a run has created.
type record struct {
	path    string // of its kind
	id      string // "" until it is found, if the response to the create was lost
	name    string
	keys    aws.Credentials // of a credential
	keep    bool            // needed after the question that created it
	created time.Time
	deleted bool // Civo has accepted its deletion
}

func (r *record) url() string { return r.path + "/" + url.PathEscape(r.id) }

func (r *record) noun() string {
	if r.path == storesPath {
		return "object store"
	}
	return "credential"
}

// name returns a name of this run, and labels it.
func (s *Session) name(label string) string {
	name := s.prefix + "-" + label
	s.redact.label(name, "name-"+label)
	return name
}

// key returns an access key ID of this run, and labels it.
func (s *Session) key(label string) string {
	key := randomText(20)
	s.redact.label(key, "key-"+label)
	return key
}

// secret returns a secret of this run, and labels it.
func (s *Session) secret(label string) string {
	secret := randomText(40)
	s.redact.label(secret, "secret-"+label)
	return secret
}

// create creates a record, and keeps track of everything that it may have created. It returns nil if there is no record.
func (s *Session) create(ctx context.Context, step, path, label string, body map[string]any) *record {
	body["region"] = s.config.Region
	name, _ := body["name"].(string)
	s.redact.label(name, "name-"+label)
	created := &record{path: path, name: name, created: s.config.Clock.Now()}
	created.keys.AccessKeyID, _ = body["access_key_id"].(string)
	created.keys.SecretAccessKey, _ = body["secret_access_key_id"].(string)
	if ctx.Err() != nil {
		return nil
	}
	r := s.createUnanswered(ctx, step, path, body)
	switch id := r.text("id"); {
	case r.ok() && id != "":
		s.track(created, id, label)
		s.redactAgain(r)
		return created
	case r.err == nil && r.status >= 400 && r.status < 500:
		return nil
	}
	// Whether the request was carried out is not known. The API may list what it created.
	s.lost = s.config.Clock.Now()
	_ = s.polled(ctx, shortly(), func() bool {
		items, _ := s.list(ctx, step+" (search)", path)
		for _, item := range items {
			id, _ := item["id"].(string)
			if found, _ := item["name"].(string); strings.EqualFold(found, name) && !s.redact.ids[id] {
				s.track(created, id, label)
			}
		}
		return created.id != ""
	})
	if created.id == "" {
		return nil
	}
	return created
}

// createUnanswered sends the POST. The ID in the response has no label yet, so the exchange is redacted again by redactAgain.
func (s *Session) createUnanswered(ctx context.Context, step, path string, body map[string]any) reply {
	return s.send(ctx, step, call{method: http.MethodPost, path: path, query: s.query(), body: body})
}

// redactAgain replaces the latest response, whose ID has a label now.
func (s *Session) redactAgain(r reply) {
	if s.current != nil && len(s.current.Exchanges) > 0 {
		s.current.Exchanges[len(s.current.Exchanges)-1].Response = s.redact.response(call{path: storesPath}, r)
	}
}

func (s *Session) track(created *record, id, label string) {
	created.id = id
	s.redact.ids[id] = true
	s.redact.label(id, "id-"+label)
	s.records = append(s.records, created)
}

// settle waits until a record is ready and lists contain it, so that the next question sees none of this.
func (s *Session) settle(ctx context.Context, created *record) error {
	if created == nil {
		return skip("the record could not be created")
	}
	var r reply
	isReady := false
	err := s.polled(ctx, patiently(), func() bool {
		r = s.get(ctx, stepSettle, created.url())
		isReady = r.text("status") == "ready"
		if isReady {
			items, _ := s.list(ctx, stepSettle, created.path)
			isReady = slices.ContainsFunc(items, func(item map[string]any) bool { return item["id"] == created.id })
		}
		return isReady || r.text("status") == "failed"
	})
	if err != nil {
		return err
	}
	if !isReady {
		return skip("the " + created.noun() + " did not become ready")
	}
	if created.path == credentialsPath {
		created.keys = aws.Credentials{AccessKeyID: r.text("access_key_id"), SecretAccessKey: r.text("secret_access_key_id")}
	}
	return nil
}

// stepSettle is the step of requests that only wait.
const stepSettle = "wait until ready"

// discard deletes the records that only the current question needed. What fails is deleted at the end of the run.
func (s *Session) discard(ctx context.Context) {
	for _, one := range s.records {
		if !one.keep && !one.deleted {
			s.remove(ctx, one)
		}
	}
}

// remove deletes a record without writing it down.
func (s *Session) remove(ctx context.Context, one *record) {
	r := s.send(ctx, "", call{method: http.MethodDelete, path: one.url(), query: s.query()})
	one.deleted = one.deleted || isDeletion(r)
}

// isDeletion reports whether the API has accepted a deletion.
func isDeletion(r reply) bool {
	return r.ok() && (r.text("result") == "success" || r.text("result") == "")
}

const (
	cleanLimit = 5 * time.Minute
	cleanPause = 2 * time.Second
	// lagLimit is how long lists may lack a record that was just created.
	lagLimit = 30 * time.Second
)

// clean deletes everything that the run has created: what it knows of, and what has one of its names. Its error reports what is left.
func (s *Session) clean(ctx context.Context) error {
	s.current = nil
	if len(s.records) == 0 && s.lost.IsZero() {
		return nil
	}
	s.print("Deleting everything that this run created")
	end := s.config.Clock.Now().Add(cleanLimit)
	for told := false; ; {
		left, complete := s.cleanOnce(ctx)
		now := s.config.Clock.Now()
		if complete && len(left) == 0 && now.Sub(s.lost) > lagLimit {
			s.print("Deleted everything that this run created")
			return nil
		}
		if ctx.Err() != nil || now.After(end) {
			return s.leftover(left, complete)
		}
		switch {
		case told:
		case !complete:
			s.print("      The lists cannot be read. Trying again for up to %.0f minutes", cleanLimit.Minutes())
		case len(left) > 0:
			s.print("      Waiting until Civo has deleted %s", describe(left))
		default:
			s.print("      The response to a create was lost. Searching for its object for %.0f seconds", lagLimit.Seconds())
		}
		told = true
		if err := s.config.Clock.Sleep(ctx, cleanPause); err != nil {
			return s.leftover(left, complete)
		}
	}
}

// cleanOnce deletes what exists, the stores first. It returns what may still exist, and whether it could read both lists.
func (s *Session) cleanOnce(ctx context.Context) (left []*record, complete bool) {
	complete = true
	for _, path := range []string{storesPath, credentialsPath} {
		found, ok := s.find(ctx, path, s.prefix)
		complete = complete && ok
		for _, one := range s.records {
			if one.path == path && !slices.ContainsFunc(found, func(f *record) bool { return f.id == one.id }) && !s.isGone(ctx, one, ok) {
				found = append(found, one)
			}
		}
		for _, one := range found {
			s.remove(ctx, one)
		}
		left = append(left, found...)
	}
	return left, complete
}

// isGone reports whether a record that no list contains does not exist: the API does not find it, and it was deleted or is not new. If the
// list could not be read, an accepted deletion has to be enough.
func (s *Session) isGone(ctx context.Context, one *record, isListRead bool) bool {
	if !isListRead {
		return one.deleted
	}
	if !one.deleted && s.config.Clock.Now().Sub(one.created) < lagLimit {
		return false
	}
	r := s.send(ctx, "", call{method: http.MethodGet, path: one.url(), query: s.query()})
	return r.err == nil && r.status == http.StatusNotFound
}

// find returns the records of a kind whose names begin with a prefix, and whether it could read the whole list.
func (s *Session) find(ctx context.Context, path, prefix string) (found []*record, complete bool) {
	items, complete := s.list(ctx, "", path)
	for _, item := range items {
		id, _ := item["id"].(string)
		name, _ := item["name"].(string)
		if id != "" && hasPrefixFold(name, prefix) {
			found = append(found, &record{path: path, id: id, name: name})
		}
	}
	return found, complete
}

// leftover returns an error with the commands that delete what is left.
func (s *Session) leftover(left []*record, complete bool) error {
	text := "could not delete everything"
	if len(left) > 0 {
		text += ". To delete what is left, run these commands in this order:\n" + s.commands(left)
	}
	if !complete || !s.lost.IsZero() {
		text += fmt.Sprintf("\nThe lists may be incomplete. Later, delete every object store and credential in region %s whose name begins with %s",
			s.config.Region, s.prefix)
	}
	return errors.New(text)
}

// commands returns the commands that delete records, the stores first.
// The lines contain nothing but the commands: not every shell ignores a comment, and the token must not be sent to another host.
func (s *Session) commands(records []*record) string {
	var lines, names []string
	for _, path := range []string{storesPath, credentialsPath} {
		for _, one := range records {
			if one.path == path {
				lines = append(lines, fmt.Sprintf(`  curl -sS -X DELETE -H "Authorization: bearer $CIVO_TOKEN" '%s%s?%s'`, s.config.Endpoint, one.url(), s.query().Encode()))
				names = append(names, one.noun()+" "+shown(one.name))
			}
		}
	}
	return strings.Join(lines, "\n") + "\nThey delete " + strings.Join(names, ", ") + "." +
		"\nWhile an object store is being deleted, Civo can reject the deletion of its owner. In that case, repeat the command later."
}

// shown returns a name without characters that change a terminal.
func shown(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, name)
}

func describe(records []*record) string {
	var names []string
	for _, one := range records {
		names = append(names, shown(one.name))
	}
	return strings.Join(names, ", ")
}
