// Object stores, to the extent that the deletion of their owners requires.

package civo

import (
	"context"
	"strings"
)

const objectStoresPath = "/v2/objectstores"

// ObjectStore is an object store and its owner. Other fields are omitted.
type ObjectStore struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Status string     `json:"status"`
	Owner  StoreOwner `json:"owner_info"`
}

// StoreOwner identifies the credential that owns a store. Each field can be missing.
type StoreOwner struct {
	CredentialID string `json:"credential_id"`
	AccessKeyID  string `json:"access_key_id"`
	Name         string `json:"name"`
}

func (s ObjectStore) objectID() string { return s.ID }

// IsBeingDeleted reports whether the store has been deleted but still exists.
func (s ObjectStore) IsBeingDeleted() bool {
	return strings.HasPrefix(strings.ToLower(s.Status), "delet")
}

func (s ObjectStore) isOwnedBy(credential Credential) bool {
	if s.Owner.CredentialID != "" {
		return s.Owner.CredentialID == credential.ID
	}
	return s.Owner.AccessKeyID != "" && s.Owner.AccessKeyID == credential.AccessKeyID
}

// ObjectStores returns all object stores of a region.
func (c *Client) ObjectStores(ctx context.Context, region string) ([]ObjectStore, error) {
	list := &snapshot[ObjectStore]{byID: map[string]ObjectStore{}}
	for page, err := range pages[ObjectStore](ctx, c, objectStoresPath, region) {
		if err != nil {
			return nil, err
		}
		list.add(page.Items.items)
	}
	return list.items, nil
}

func (c *Client) storesOwnedBy(ctx context.Context, credential Credential) ([]ObjectStore, error) {
	all, err := c.ObjectStores(ctx, credential.Region)
	if err != nil {
		return nil, err
	}
	var owned []ObjectStore
	for _, store := range all {
		if store.isOwnedBy(credential) {
			owned = append(owned, store)
		}
	}
	return owned, nil
}
