// Questions about object stores and their owners.

package record

import (
	"context"
	"net/http"
	"strings"
	"time"
)

func askStore(ctx context.Context, s *Session) error {
	if s.owner == nil {
		return errNoOwner
	}
	if err := s.reserve(ctx, 15); err != nil {
		return err
	}
	s.store = s.create(ctx, "create", storesPath, store, map[string]any{
		"name": s.name(store), "max_size_gb": 500, "access_key_id": s.owner.keys.AccessKeyID,
	})
	if s.store == nil {
		return errNoStore
	}
	s.store.keep = true
	return s.watchNew(ctx, s.store)
}

func askStoreRead(ctx context.Context, s *Session) error {
	if s.store == nil {
		return errNoStore
	}
	if err := s.settle(ctx, s.store); err != nil {
		return err
	}
	r := s.get(ctx, "read", s.store.url())
	if s.config.ObjectStoreEndpoint == "" {
		s.config.ObjectStoreEndpoint = s.endpointIn(r)
	}
	return r.err
}

// endpointIn returns the URL of the object stores from a store. Without a usable endpoint in it, it is the one that Civo documents.
func (s *Session) endpointIn(r reply) string {
	host := r.text("objectstore_endpoint")
	if _, after, ok := strings.Cut(host, "://"); ok {
		host = after
	}
	host, _, _ = strings.Cut(host, "/")
	host = strings.TrimPrefix(host, s.store.name+".")
	switch {
	case host == "" || strings.ContainsAny(host, "@?#"):
		return "https://objectstore." + strings.ToLower(s.config.Region) + ".civo.com"
	case strings.HasPrefix(host, "127.0.0.1:"): // a simulator
		return "http://" + host
	}
	return "https://" + host
}

// endpointForm is the form of the endpoint of a store, without the host.
func endpointForm(a Answer) string {
	r, ok := a.last("read")
	if !ok {
		return ""
	}
	endpoint := valueOf(r.Body, "objectstore_endpoint")
	if endpoint == "absent" || endpoint == "empty" {
		return endpoint
	}
	form := "host"
	if _, rest, ok := strings.Cut(endpoint, "://"); ok {
		form, endpoint = "URL", rest
	}
	if strings.Contains(endpoint, "{name-") {
		form += " with the bucket"
	}
	return form
}

func askStoreNameTaken(ctx context.Context, s *Session) error {
	if s.store == nil {
		return errNoStore
	}
	s.create(ctx, "create", storesPath, store, map[string]any{
		"name": s.store.name, "max_size_gb": 500, "access_key_id": s.owner.keys.AccessKeyID,
	})
	return ctx.Err()
}

func askStoreNames(ctx context.Context, s *Session) error {
	if s.owner == nil {
		return errNoOwner
	}
	return s.createUnusual(ctx, storesPath, map[string]any{"max_size_gb": 500, "access_key_id": s.owner.keys.AccessKeyID})
}

func askUnknownOwner(ctx context.Context, s *Session) error {
	s.create(ctx, "create", storesPath, "unowned", map[string]any{
		"name": s.name("unowned"), "max_size_gb": 500, "access_key_id": s.key("unknown"),
	})
	return ctx.Err()
}

func askUsageEmpty(ctx context.Context, s *Session) error {
	if s.store == nil {
		return errNoStore
	}
	return s.get(ctx, "stats", s.store.url()+"/stats").err
}

func askResize(ctx context.Context, s *Session) error {
	if s.store == nil {
		return errNoStore
	}
	path := s.store.url()
	err := firstOf(
		s.put(ctx, "grow", path, map[string]any{"max_size_gb": 1000}).err,
		s.put(ctx, "shrink", path, map[string]any{"max_size_gb": 500}).err,
		s.get(ctx, "read after shrink", path).err,
		s.put(ctx, "600 GB", path, map[string]any{"max_size_gb": 600}).err,
		s.get(ctx, "read after 600 GB", path).err,
	)
	s.put(ctx, "restore", path, map[string]any{"max_size_gb": 500})
	return err
}

func askOwnerKey(ctx context.Context, s *Session) error {
	if s.owner == nil || s.store == nil {
		return errNoStore
	}
	key, secret := s.key("owner-new"), s.secret("owner-new")
	r := s.put(ctx, "update", s.owner.url(), map[string]any{"access_key_id": key, "secret_access_key_id": secret})
	if r.ok() {
		s.owner.keys.AccessKeyID, s.owner.keys.SecretAccessKey = key, secret
	}
	if r.err != nil {
		return r.err
	}
	return s.polled(ctx, shortly(), func() bool {
		s.get(ctx, "read", s.store.url())
		return false
	})
}

// generated is the label of the store whose owner Civo creates.
const generated = "without-owner"

func askGeneratedOwner(ctx context.Context, s *Session) error {
	created := s.create(ctx, "create", storesPath, generated, map[string]any{"name": s.name(generated), "max_size_gb": 500})
	if created == nil {
		return skip("an object store without an owner could not be created. The quota may not allow it")
	}
	created.keep = true
	err := s.polled(ctx, append(moderately(), seconds(90, 120)...), func() bool {
		info, _ := s.get(ctx, "poll", created.url()).object()["owner_info"].(map[string]any)
		key, _ := info["access_key_id"].(string)
		return key != ""
	})
	if err != nil {
		return err
	}
	if err := s.settle(ctx, created); err != nil {
		return err
	}
	s.list(ctx, "credentials before", credentialsPath)
	return nil
}

// ownerListed is whether a list of credentials contains one whose name is that of the store, or begins with it.
func ownerListed(step string) func(Answer) string {
	return func(a Answer) string {
		r, ok := a.last(step)
		if !ok {
			return ""
		}
		object, _ := r.Body.(map[string]any)
		items, _ := object["items"].([]any)
		for _, item := range items {
			if strings.HasPrefix(valueOf(item, "name"), "{name-"+generated+"}") {
				return "yes"
			}
		}
		return "no"
	}
}

func askGeneratedOwnerDeletion(ctx context.Context, s *Session) error {
	var created *record
	for _, one := range s.records {
		if one.path == storesPath && one.keep && one != s.store {
			created = one
		}
	}
	if created == nil {
		return skip("the object store without an owner could not be created")
	}
	created.keep = false
	r := s.send(ctx, "delete", call{method: http.MethodDelete, path: created.url(), query: s.query()})
	created.deleted = isDeletion(r)
	if r.err != nil {
		return r.err
	}
	// The owner can be deleted a while after the store.
	err := s.polled(ctx, patiently(), func() bool {
		return s.get(ctx, "wait until deleted", created.url()).status == http.StatusNotFound
	})
	if err == nil {
		err = s.config.Clock.Sleep(ctx, 10*time.Second)
	}
	if err != nil {
		return err
	}
	s.list(ctx, "credentials after", credentialsPath)
	return nil
}

func askStoreDelete(ctx context.Context, s *Session) error {
	if s.store == nil {
		return errNoStore
	}
	return s.watchDeletion(ctx, s.store)
}

func askStoreNameReuse(ctx context.Context, s *Session) error {
	if s.store == nil || s.owner == nil {
		return errNoStore
	}
	s.create(ctx, "create", storesPath, "reused", map[string]any{
		"name": s.store.name, "max_size_gb": 500, "access_key_id": s.owner.keys.AccessKeyID,
	})
	return ctx.Err()
}
