// Questions about credentials.

package record

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"time"
)

// errNoOwner and errNoStore skip the questions that need the credential and the store of the run.
const (
	errNoOwner = skip("the credential of the run could not be created")
	errNoSpare = skip("the other credential of the run could not be created")
	errNoStore = skip("the object store of the run could not be created")
)

func askCredential(ctx context.Context, s *Session) error {
	if err := s.reserve(ctx, 15); err != nil {
		return err
	}
	s.owner = s.create(ctx, "create", credentialsPath, owner, map[string]any{
		"name": s.name(owner), "access_key_id": s.key(owner), "secret_access_key_id": s.secret(owner),
	})
	if s.owner == nil {
		return errNoOwner
	}
	s.owner.keep = true
	if err := s.watchNew(ctx, s.owner); err != nil {
		return err
	}
	return s.settle(ctx, s.owner)
}

// watchNew reads and lists a new record for 10 seconds, and then reads it until it is ready and has its keys.
func (s *Session) watchNew(ctx context.Context, one *record) error {
	times := shortly()
	for at := 15 * time.Second; at <= waitLimit; at += 5 * time.Second {
		times = append(times, at)
	}
	return s.polled(ctx, times, func() bool {
		r := s.get(ctx, "read", one.url())
		if s.poll <= len(shortly()) {
			s.list(ctx, "list", one.path)
		}
		isComplete := one.path == storesPath || r.text("access_key_id") != "" && r.text("secret_access_key_id") != ""
		return s.poll >= len(shortly()) && (r.text("status") == "ready" && isComplete || r.text("status") == "failed")
	})
}

// watch reads and lists a record for 10 seconds.
func (s *Session) watch(ctx context.Context, one *record) error {
	return s.polled(ctx, shortly(), func() bool {
		s.get(ctx, "read", one.url())
		s.list(ctx, "list", one.path)
		return false
	})
}

// pendingStatus is the status of a record until it is ready.
func pendingStatus(a Answer) string {
	for _, step := range []string{"create", "read"} {
		for _, e := range a.steps(step) {
			if e.Response == nil || e.Response.Status >= 300 {
				continue
			}
			if status := valueOf(e.Response.Body, "status"); status != "ready" {
				return status
			}
		}
	}
	return ""
}

func askOneKey(ctx context.Context, s *Session) error {
	key, secret := s.key("given"), s.secret("given")
	withKey := s.create(ctx, "create with access key ID", credentialsPath, "with-key",
		map[string]any{"name": s.name("with-key"), "access_key_id": key})
	withSecret := s.create(ctx, "create with secret", credentialsPath, "with-secret",
		map[string]any{"name": s.name("with-secret"), "secret_access_key_id": secret})
	return firstOf(s.readSettled(ctx, "read with access key ID", withKey), s.readSettled(ctx, "read with secret", withSecret))
}

// readSettled reads a record once it is ready, unless there is none.
func (s *Session) readSettled(ctx context.Context, step string, created *record) error {
	if created == nil {
		return nil
	}
	if err := s.settle(ctx, created); err != nil {
		return err
	}
	return s.get(ctx, step, created.url()).err
}

func askNoKey(ctx context.Context, s *Session) error {
	s.spare = s.create(ctx, "create", credentialsPath, spare, map[string]any{"name": s.name(spare)})
	if s.spare == nil {
		return errNoSpare
	}
	s.spare.keep = true
	if err := s.settle(ctx, s.spare); err != nil {
		return err
	}
	return s.get(ctx, "read", s.spare.url()).err
}

// unusual are names that an API may reject or change.
func (s *Session) unusual() []struct{ step, name string } {
	return []struct{ step, name string }{
		{"upper case", strings.ToUpper(s.prefix) + "-NAME"},
		{"spaces", s.prefix + " with spaces"},
		{"64 characters", s.prefix + "-" + strings.Repeat("x", 64-len(s.prefix)-1)},
	}
}

func askCredentialNames(ctx context.Context, s *Session) error {
	return s.createUnusual(ctx, credentialsPath, nil)
}

// createUnusual creates a record with each unusual name.
func (s *Session) createUnusual(ctx context.Context, path string, fields map[string]any) error {
	for _, unusual := range s.unusual() {
		body := map[string]any{"name": unusual.name}
		maps.Copy(body, fields)
		s.create(ctx, unusual.step, path, strings.ReplaceAll(unusual.step, " ", "-"), body)
		s.discard(ctx) // the quota may not suffice for several stores
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

func askNameTaken(ctx context.Context, s *Session) error {
	if s.owner == nil {
		return errNoOwner
	}
	s.create(ctx, "create", credentialsPath, owner, map[string]any{
		"name": s.owner.name, "access_key_id": s.key("again"), "secret_access_key_id": s.secret("again"),
	})
	return ctx.Err()
}

func askKeyTaken(ctx context.Context, s *Session) error {
	if s.owner == nil || s.spare == nil {
		return errNoOwner
	}
	s.create(ctx, "create", credentialsPath, "same-key", map[string]any{
		"name": s.name("same-key"), "access_key_id": s.owner.keys.AccessKeyID, "secret_access_key_id": s.secret("same-key"),
	})
	r := s.put(ctx, "update", s.spare.url(), map[string]any{
		"access_key_id": s.owner.keys.AccessKeyID, "secret_access_key_id": s.spare.keys.SecretAccessKey,
	})
	if r.ok() { // two credentials with the same key would confuse the following questions
		s.restore(ctx)
	}
	return r.err
}

// restore gives the spare credential its keys back.
func (s *Session) restore(ctx context.Context) {
	s.put(ctx, "restore", s.spare.url(), map[string]any{
		"access_key_id": s.spare.keys.AccessKeyID, "secret_access_key_id": s.spare.keys.SecretAccessKey,
	})
}

func askUpdateOneKey(ctx context.Context, s *Session) error {
	if s.spare == nil {
		return errNoSpare
	}
	defer s.restore(ctx)
	path := s.spare.url()
	return firstOf(
		s.get(ctx, "before", path).err,
		s.put(ctx, "update access key ID", path, map[string]any{"access_key_id": s.key("one")}).err,
		s.get(ctx, "read after access key ID", path).err,
		s.put(ctx, "update secret", path, map[string]any{"secret_access_key_id": s.secret("one")}).err,
		s.get(ctx, "read after secret", path).err,
	)
}

func askUpdateNull(ctx context.Context, s *Session) error {
	if s.spare == nil {
		return errNoSpare
	}
	defer s.restore(ctx)
	path := s.spare.url()
	return firstOf(
		s.get(ctx, "before", path).err,
		s.put(ctx, "update", path, map[string]any{"access_key_id": s.key("null"), "secret_access_key_id": nil}).err,
		s.get(ctx, "read", path).err,
	)
}

func askRotation(ctx context.Context, s *Session) error {
	if err := s.needS3(); err != nil {
		return err
	}
	old, secret := s.owner.keys, s.secret("rotated")
	if err := s.reserve(ctx, 3); err != nil {
		return err
	}
	r := s.put(ctx, "update", s.owner.url(), map[string]any{"access_key_id": old.AccessKeyID, "secret_access_key_id": secret})
	if !r.ok() {
		return r.err
	}
	s.owner.keys.SecretAccessKey = secret
	isRefused, isAccepted := false, false
	return s.polled(ctx, moderately(), func() bool {
		if !isRefused {
			stale := s.s3(http.MethodGet, "")
			stale.keys = old
			isRefused = s.send(ctx, "old secret", stale).status == http.StatusForbidden
		}
		if !isAccepted {
			isAccepted = s.send(ctx, "new secret", s.s3(http.MethodGet, "")).ok()
		}
		return isRefused && isAccepted
	})
}

func askInUse(ctx context.Context, s *Session) error {
	if s.owner == nil || s.store == nil {
		return errNoStore
	}
	r := s.send(ctx, "delete", call{method: http.MethodDelete, path: s.owner.url(), query: s.query()})
	if isDeletion(r) {
		s.owner.deleted = true
	}
	return r.err
}

func askCredentialDelete(ctx context.Context, s *Session) error {
	if s.spare == nil { // the owner of a store may have to wait until Civo has deleted the store
		return errNoSpare
	}
	return s.watchDeletion(ctx, s.spare)
}

// watchDeletion deletes a record, and reads and lists it for 10 seconds.
func (s *Session) watchDeletion(ctx context.Context, one *record) error {
	if err := s.reserve(ctx, 15); err != nil {
		return err
	}
	deletion := call{method: http.MethodDelete, path: one.url(), query: s.query()}
	r := s.send(ctx, "delete", deletion)
	one.deleted = one.deleted || isDeletion(r)
	if r.err != nil {
		return r.err
	}
	if err := s.watch(ctx, one); err != nil {
		return err
	}
	return s.send(ctx, "delete again", deletion).err
}
