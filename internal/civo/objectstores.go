// The type ObjectStore, and reading and listing object stores.

package civo

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"slices"
	"strings"
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
	if err := json.Unmarshal(data, (*fields)(s)); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &alias); err != nil {
		return err
	}
	s.MaxSizeGB = cmp.Or(s.MaxSizeGB, alias.MaxSizeGB)
	return nil
}

func (ObjectStore) kind() kind {
	return kind{noun: "object store", path: objectStoresPath, codeNotFound: "database_objectstore_not_found", sharesNames: true}
}

func (s ObjectStore) identity() Lookup { return Lookup{ID: s.ID, Name: s.Name} }

func (s ObjectStore) status() Status { return s.Status }

func (ObjectStore) secret() Secret { return Secret{} }

// storeBody is the body of a POST or PUT. Without the size, Civo would choose it.
type storeBody struct {
	Name        string `json:"name,omitempty"`
	MaxSizeGB   int    `json:"max_size_gb"`
	AccessKeyID string `json:"access_key_id,omitempty"`
	Region      string `json:"region"`
}

func (s ObjectStore) body() any {
	if s.ID != "" { // a PUT can change only the size
		return storeBody{MaxSizeGB: s.MaxSizeGB, Region: s.Region}
	}
	return storeBody{s.Name, s.MaxSizeGB, s.Owner.AccessKeyID, s.Region}
}

func (s ObjectStore) in(region string) ObjectStore {
	s.Region = region
	return s
}

// withDefaults adds the size and the owner, which a response can omit until the store is ready. A new store keeps the name that was
// sent.
func (s ObjectStore) withDefaults(sent ObjectStore) ObjectStore {
	if sent.ID == "" {
		s.Name = sent.Name
	}
	s.MaxSizeGB = cmp.Or(s.MaxSizeGB, sent.MaxSizeGB)
	s.Owner.AccessKeyID = cmp.Or(s.Owner.AccessKeyID, sent.Owner.AccessKeyID)
	return s
}

func (s ObjectStore) addTo(to *Error) { to.Stores = append(to.Stores, s) }

// IsBeingDeleted reports whether Civo accepted the deletion of the store, but the store still exists.
func (s ObjectStore) IsBeingDeleted() bool {
	return strings.HasPrefix(strings.ToLower(string(s.Status)), "delet")
}

func (s ObjectStore) isOwnedBy(credential Credential) bool {
	if s.Owner.CredentialID != "" {
		return s.Owner.CredentialID == credential.ID
	}
	return s.Owner.AccessKeyID != "" && s.Owner.AccessKeyID == credential.AccessKeyID
}

// storesOf returns the collection of a region's object stores.
func (c *Client) storesOf(region string) *collection[ObjectStore] { return c.stores.in(c, region) }

// ObjectStorePages returns the object stores of a region page by page, each store once. It ends at the first error.
func (c *Client) ObjectStorePages(ctx context.Context, region string) iter.Seq2[[]ObjectStore, error] {
	return c.storesOf(region).newPages(ctx)
}

// ObjectStores returns all object stores in a region, each once. The list can be up to Timing.Fresh old, but is not older than the
// latest write of this client.
func (c *Client) ObjectStores(ctx context.Context, region string) ([]ObjectStore, error) {
	list, err := c.storesOf(region).all(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Clone(list.items), nil
}

// ObjectStore returns one object store. As for Credential, the result can be up to Timing.Fresh old. The error is of KindNotFound only
// if the store certainly does not exist.
func (c *Client) ObjectStore(ctx context.Context, region, id string) (ObjectStore, error) {
	return c.storesOf(region).read(ctx, id)
}

// CurrentObjectStore returns one object store without using a cached read. The error is of KindNotFound only if the store certainly does
// not exist.
func (c *Client) CurrentObjectStore(ctx context.Context, region, id string) (ObjectStore, error) {
	return c.storesOf(region).readNow(ctx, id)
}

// ObjectStoreUsage is the usage of an object store. 1 GB is 10⁶ kB.
type ObjectStoreUsage struct {
	UsedKB  int64
	Objects int64
}

// usageAnswer is the JSON of a usage. Callers may delete a store that is empty, so a missing number must not be read as 0.
type usageAnswer struct {
	UsedKB  *int64 `json:"size_kb_utilised"`
	Objects *int64 `json:"num_objects"`
}

// ObjectStoreUsage returns the current usage of an object store. The error is of KindNotFound only if the store certainly does not
// exist.
func (c *Client) ObjectStoreUsage(ctx context.Context, region, id string) (ObjectStoreUsage, error) {
	stores := c.storesOf(region)
	if err := stores.kind.checkID(id); err != nil {
		return ObjectStoreUsage{}, err
	}
	get := call{method: http.MethodGet, path: stores.kind.pathOf(id) + "/stats", region: region}
	usage, err := send[usageAnswer](ctx, c, get)
	switch {
	case isInconclusive404(err):
		return ObjectStoreUsage{}, stores.explainMissing(ctx, id, err)
	case err != nil:
		return ObjectStoreUsage{}, err
	case usage.UsedKB == nil || usage.Objects == nil || min(*usage.UsedKB, *usage.Objects) < 0:
		return ObjectStoreUsage{}, decodeError(get, http.StatusOK, "the response is not the usage of an object store")
	}
	return ObjectStoreUsage{UsedKB: *usage.UsedKB, Objects: *usage.Objects}, nil
}
