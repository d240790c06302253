// Object stores.

package civo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

const objectStoresPath = "/v2/objectstores"

// ObjectStore is an object store. To S3 clients, it is a bucket.
type ObjectStore struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Region    string     `json:"-"`        // the requested region; responses do not contain it
	MaxSizeGB int        `json:"max_size"` // max_size_gb in some responses
	Status    Status     `json:"status"`
	Owner     StoreOwner `json:"owner_info"`
	Endpoint  string     `json:"objectstore_endpoint"` // a bare host in practice, a URL with the bucket in Civo's documentation
}

// StoreOwner identifies the credential that owns a store. Each field can be missing.
type StoreOwner struct {
	CredentialID string `json:"credential_id"`
	AccessKeyID  string `json:"access_key_id"`
	Name         string `json:"name"`
}

// UnmarshalJSON implements json.Unmarshaler. It accepts both names of the size, max_size and max_size_gb.
func (s *ObjectStore) UnmarshalJSON(data []byte) error {
	type fields ObjectStore // without this method
	var alias struct {
		MaxSizeGB int `json:"max_size_gb"`
	}
	if err := cmp.Or(json.Unmarshal(data, (*fields)(s)), json.Unmarshal(data, &alias)); err != nil {
		return err
	}
	s.MaxSizeGB = cmp.Or(s.MaxSizeGB, alias.MaxSizeGB)
	return nil
}

func (ObjectStore) recordType() recordType {
	return recordType{noun: "object store", path: objectStoresPath, codeNotFound: codeNoObjectStore, inObjectStorage: true, sharesNames: true}
}

// Ref returns a reference to the store.
func (s ObjectStore) Ref() Ref {
	ref := Ref{Noun: s.recordType().noun, ID: s.ID, Name: s.Name, Region: s.Region, Status: s.Status}
	switch owner := s.Owner; {
	case owner.AccessKeyID != "" && owner.Name != "":
		ref.Extra = "owned by the credential " + Quote(owner.Name) + " with the access key ID " + Quote(owner.AccessKeyID)
	case owner.AccessKeyID != "":
		ref.Extra = "owned by the credential with the access key ID " + Quote(owner.AccessKeyID)
	case owner.Name != "":
		ref.Extra = "owned by the credential " + Quote(owner.Name)
	}
	return ref
}

func (s ObjectStore) fields() map[Field]string {
	return map[Field]string{FieldID: s.ID, FieldName: s.Name}
}

// body returns the JSON of a request. Without the size, Civo would choose it.
func (s ObjectStore) body() any {
	name, owner := s.Name, s.Owner.AccessKeyID
	if s.ID != "" { // a PUT can change only the size
		name, owner = "", ""
	}
	return struct {
		Name        string `json:"name,omitempty"`
		MaxSizeGB   int    `json:"max_size_gb"`
		AccessKeyID string `json:"access_key_id,omitempty"`
		Region      string `json:"region"`
	}{name, s.MaxSizeGB, owner, s.Region}
}

func (s ObjectStore) withRegion(region string) ObjectStore {
	s.Region = region
	return s
}

func (s ObjectStore) withStatus(status Status) ObjectStore {
	s.Status = status
	return s
}

// completedBy adds the size and the owner, which a response can omit until the store is ready, and keeps the spelling of the name.
func (s ObjectStore) completedBy(sent ObjectStore) ObjectStore {
	s.Name = spelled(s.Name, sent.Name)
	s.MaxSizeGB = cmp.Or(s.MaxSizeGB, sent.MaxSizeGB)
	s.Owner.AccessKeyID = cmp.Or(s.Owner.AccessKeyID, sent.Owner.AccessKeyID)
	s.Owner.CredentialID = cmp.Or(s.Owner.CredentialID, sent.Owner.CredentialID)
	s.Owner.Name = cmp.Or(s.Owner.Name, sent.Owner.Name)
	return s
}

// compare compares the name and the owner. If no owner was sent, the name is enough, because no store had it before the POST.
func (s ObjectStore) compare(sent ObjectStore) match {
	switch wanted := sent.Owner.AccessKeyID; {
	case !sameName(s.Name, sent.Name):
		return different
	case wanted == "", s.Owner.AccessKeyID == wanted:
		return same
	case s.Owner.AccessKeyID == "":
		return unclear
	}
	return different
}

func (s ObjectStore) isOwnedBy(credential Credential) bool {
	if s.Owner.CredentialID != "" {
		return s.Owner.CredentialID == credential.ID
	}
	return s.Owner.AccessKeyID != "" && s.Owner.AccessKeyID == credential.AccessKeyID
}

// ObjectStores returns the collection of a region's object stores. It sends no request.
func (c *Client) ObjectStores(region string) *Collection[ObjectStore] {
	return Records[ObjectStore](c, region)
}

// ObjectStoreUsage is the usage of an object store. 1 GB is 10⁶ kB.
type ObjectStoreUsage struct {
	UsedKB  int64
	Objects int64
}

// ObjectStoreUsage returns the current usage of an object store. The error is of KindNotFound only if the store certainly does not exist.
func (c *Client) ObjectStoreUsage(ctx context.Context, region, id string) (ObjectStoreUsage, error) {
	stores := c.ObjectStores(region)
	get := c.newCall(ctx, http.MethodGet, stores.recordType.pathOf(id)+"/stats", region)
	for attempt := 0; ; attempt++ {
		usage, err := send[ObjectStoreUsage](ctx, c, get)
		if !isMissing(err) {
			return usage, err
		}
		if _, missing := stores.GetCurrent(ctx, id); missing != nil || !c.mayRepeat(ctx, attempt) {
			return ObjectStoreUsage{}, cmp.Or(missing, err)
		}
		// The store exists. Civo may not return the usage of a new one yet.
	}
}

// UnmarshalJSON implements json.Unmarshaler. Callers delete a store that is empty, so both numbers are required under their exact names.
func (u *ObjectStoreUsage) UnmarshalJSON(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	for name, number := range map[string]*int64{"size_kb_utilised": &u.UsedKB, "num_objects": &u.Objects} {
		var value *int64
		if json.Unmarshal(fields[name], &value) != nil || value == nil || *value < 0 {
			return errNotUsage
		}
		*number = *value
	}
	return nil
}

var errNotUsage = errors.New("the response does not contain the usage of an object store")

// WaitOwner waits until Civo returns the access key ID of the owner that it creates with a store, for up to Timing.Owner. It returns the
// latest known store, whose owner has no access key ID if Civo did not return it in time.
func (c *Client) WaitOwner(ctx context.Context, store ObjectStore) ObjectStore {
	ctx, cancel := context.WithTimeout(ctx, c.timing.Owner)
	defer cancel()
	for look := c.newPoller(); store.Owner.AccessKeyID == "" && look.wait(ctx) == nil; {
		if seen, err := c.ObjectStores(store.Region).GetCurrent(ctx, store.ID); err == nil {
			store = seen.completedBy(store)
		}
	}
	return store
}

// CreateObjectStore creates an object store from its name, region, size and owner. The ID must be empty. If the owner has no access key ID,
// Civo creates a credential for the store, and deletes it with the store. The store is not ready yet (see Collection.WaitReady). If the
// outcome remains unknown, the error satisfies IsUncertain.
func (c *Client) CreateObjectStore(ctx context.Context, wanted ObjectStore) (ObjectStore, error) {
	if wanted.MaxSizeGB < 1 {
		return ObjectStore{}, invalidSize(wanted.MaxSizeGB)
	}
	return c.ObjectStores(wanted.Region).createByName(ctx, wanted)
}

func invalidSize(gb int) error {
	return &Error{Kind: KindRefused, Reason: fmt.Sprintf("%d GB is not a valid size for an object store", gb)}
}

// ResizeObjectStore changes the maximum size of a store in place. The error satisfies IsUncertain if the outcome remains unknown.
func (c *Client) ResizeObjectStore(ctx context.Context, store ObjectStore, maxSizeGB int) (ObjectStore, error) {
	if maxSizeGB < 1 {
		return ObjectStore{}, invalidSize(maxSizeGB)
	}
	store.MaxSizeGB = maxSizeGB
	return c.ObjectStores(store.Region).update(ctx, store, func(found ObjectStore) bool { return found.MaxSizeGB == maxSizeGB })
}

// DeleteObjectStore deletes a store with all of its objects. It returns nil once the store does not exist, so that its name can be reused.
func (c *Client) DeleteObjectStore(ctx context.Context, store ObjectStore) error {
	defer c.invalidate() // the credential that Civo created with the store no longer exists either
	return c.ObjectStores(store.Region).delete(ctx, store, func(err error) bool { return isRefusedDeletion(err) && !Is(err, KindServerError) })
}
