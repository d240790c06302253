package civosim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Store is an object store as it is at Civo now.
type Store struct {
	ID        string
	Name      string
	Region    string // code, in upper case
	MaxSizeGB int    // a multiple of 500
	OwnerID   string // id of the credential that owns it
	Status    string // as it would be answered now: "ready" or "deleting"
}

// store is a Store with what time does to it.
type store struct {
	Store

	madeOwner bool      // the owner was made with the store, and goes with it
	goneAt    time.Time // not zero: deleted, and gone from then on
}

// stores are those of all regions.
type stores struct {
	byID     map[string]*store
	byRegion index[string, *store] // in creation order; the key "" has all regions'
	byName   index[regional, *store]
	byOwner  index[string, *store]
	leaving  []*store // those with a goneAt
}

func newStores() stores {
	return stores{
		byID:     map[string]*store{},
		byRegion: index[string, *store]{},
		byName:   index[regional, *store]{},
		byOwner:  index[string, *store]{},
	}
}

func (ss *stores) add(st *store) {
	ss.byID[st.ID] = st
	ss.byRegion.add(st.Region, st)
	ss.byRegion.add("", st)
	ss.byName.add(regional{st.Region, st.Name}, st)
	ss.byOwner.add(st.OwnerID, st)
}

func (ss *stores) remove(st *store) {
	delete(ss.byID, st.ID)
	ss.byRegion.remove(st.Region, st)
	ss.byRegion.remove("", st)
	ss.byName.remove(regional{st.Region, st.Name}, st)
	ss.byOwner.remove(st.OwnerID, st)
	ss.leaving = slices.DeleteFunc(ss.leaving, func(other *store) bool { return other == st })
}

// Stores are those of a region in creation order, or of all regions if it is "".
func (s *Server) Stores(region string) []Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	found := s.stores.byRegion[strings.ToUpper(region)]
	list := make([]Store, len(found))
	for i, st := range found {
		list[i] = st.Store
	}
	return list
}

// AddStore puts a store at Civo that no client asked for, and returns it with its blanks filled in: id, name, the
// owner's region or else the first, 500 GB, the status "ready" and, without an owner, a credential of its own. One with
// the same id is replaced. A store added in status "deleting" stays so until RemoveStore.
func (s *Server) AddStore(st Store) Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if old, ok := s.stores.byID[st.ID]; ok {
		s.removeStore(old)
	}
	if owner, ok := s.credentials.byID[st.OwnerID]; ok {
		st.Region = cmp.Or(st.Region, owner.Region)
	}
	st.Region = cmp.Or(strings.ToUpper(st.Region), s.options.Regions[0])
	return s.newStore(st).Store
}

// RemoveStore makes the store with that id be gone at once, and a credential that was made with it. It reports whether
// there was one.
func (s *Server) RemoveStore(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	st, ok := s.stores.byID[id]
	if ok {
		s.removeStore(st)
	}
	return ok
}

// DeleteStore does what a client's DELETE does: the store with that id is "deleting", and gone after
// Options.StoreGoneAfter. It reports whether there is one.
func (s *Server) DeleteStore(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	st, ok := s.stores.byID[id]
	if ok {
		s.dismissStore(st)
	}
	return ok
}

// storeForm is a store in JSON.
type storeForm struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	MaxSize  int       `json:"max_size"` // GB
	Owner    ownerForm `json:"owner_info"`
	Endpoint string    `json:"objectstore_endpoint"`
	Status   string    `json:"status"`
}

type ownerForm struct {
	AccessKeyID  string `json:"access_key_id,omitempty"`
	Name         string `json:"name,omitempty"`
	CredentialID string `json:"credential_id,omitempty"`
}

func (s *Server) storeForm(st *store) storeForm {
	form := storeForm{
		ID: st.ID, Name: st.Name, MaxSize: st.MaxSizeGB, Status: st.Status,
		Owner:    ownerForm{CredentialID: st.OwnerID},
		Endpoint: "objectstore." + strings.ToLower(st.Region) + ".civo.com",
	}
	if owner, ok := s.credentials.byID[st.OwnerID]; ok {
		form.Owner.AccessKeyID, form.Owner.Name = owner.AccessKeyID, owner.Name
	}
	return form
}

// storeBody is what a client sends to create or update a store.
type storeBody struct {
	Name        string `json:"name"`
	MaxSizeGB   int    `json:"max_size_gb"`
	AccessKeyID string `json:"access_key_id"`
}

func (s *Server) listStores(c call) (any, error) {
	return newPage(c.query, s.options, s.stores.byRegion[c.region], s.storeForm), nil
}

func (s *Server) getStore(c call) (any, error) {
	found, err := s.findStore(c)
	if err != nil {
		return nil, err
	}
	return s.storeForm(found), nil
}

func (s *Server) createStore(c call) (any, error) {
	body, err := decode[storeBody](c.body)
	if err != nil {
		return nil, err
	}
	if body.Name == "" {
		return nil, missing("name")
	}
	if err := checkSize(body.MaxSizeGB); err != nil {
		return nil, err
	}
	if s.stores.byName.first(regional{c.region, body.Name}) != nil {
		return nil, conflict("database_objectstore_exists", "An object store called "+body.Name+" exists already")
	}
	made := Store{Name: body.Name, Region: c.region, MaxSizeGB: body.MaxSizeGB}
	if body.AccessKeyID != "" {
		owner := s.credentials.byAccessKey.first(regional{c.region, body.AccessKeyID})
		if owner == nil || !owner.goneAt.IsZero() {
			return nil, errNoCredential
		}
		made.OwnerID = owner.ID
	}
	return s.storeForm(s.newStore(made)), nil
}

func (s *Server) updateStore(c call) (any, error) {
	found, err := s.findStore(c)
	if err != nil {
		return nil, err
	}
	body, err := decode[storeBody](c.body)
	if err != nil {
		return nil, err
	}
	if err := checkSize(body.MaxSizeGB); err != nil {
		return nil, err
	}
	if !found.goneAt.IsZero() {
		return nil, conflict("database_objectstore_deleting", "The object store is being deleted")
	}
	found.MaxSizeGB = cmp.Or(body.MaxSizeGB, found.MaxSizeGB)
	return s.storeForm(found), nil
}

func (s *Server) deleteStore(c call) (any, error) {
	found, err := s.findStore(c)
	if err != nil {
		return nil, err
	}
	s.dismissStore(found)
	return success{Result: "success"}, nil
}

// newStore fills in a store's blanks and puts it at Civo.
func (s *Server) newStore(st Store) *store {
	st.ID = cmp.Or(st.ID, newID())
	st.Name = cmp.Or(st.Name, "store-"+st.ID[:min(8, len(st.ID))])
	st.MaxSizeGB = cmp.Or(st.MaxSizeGB, 500)
	st.Status = cmp.Or(st.Status, "ready")
	made := &store{Store: st}
	if st.OwnerID == "" {
		made.OwnerID, made.madeOwner = s.newOwner(st).ID, true
	}
	s.stores.add(made)
	return made
}

// newOwner makes a credential for a store that was created without one, and is called as the store if that is free.
func (s *Server) newOwner(st Store) *credential {
	name := st.Name
	if s.credentials.byName.first(regional{st.Region, name}) != nil {
		name += "-" + newID()[:8]
	}
	return s.newCredential(Credential{Name: name, Region: st.Region})
}

// dismissStore begins a store's deletion; one that has begun goes on as it was.
func (s *Server) dismissStore(st *store) {
	switch {
	case s.options.StoreGoneAfter <= 0:
		s.removeStore(st)
	case st.goneAt.IsZero():
		st.Status = "deleting"
		st.goneAt = time.Now().Add(s.options.StoreGoneAfter)
		s.stores.leaving = append(s.stores.leaving, st)
	}
}

func (s *Server) removeStore(st *store) {
	s.stores.remove(st)
	if owner, ok := s.credentials.byID[st.OwnerID]; ok && st.madeOwner {
		s.credentials.remove(owner)
	}
}

// findStore is the one that the call names, if it is in the call's region.
func (s *Server) findStore(c call) (*store, error) {
	found, ok := s.stores.byID[c.id]
	if !ok || found.Region != c.region {
		return nil, &apiError{
			Status: http.StatusNotFound, Code: "database_objectstore_not_found",
			Reason: "Failed to find the object store within the internal database",
		}
	}
	return found, nil
}

// checkSize refuses a size that Civo does not sell; 0 is the size not given.
func checkSize(gb int) error {
	if gb >= 0 && gb%500 == 0 {
		return nil
	}
	return &apiError{
		Status: http.StatusBadRequest, Code: "database_objectstore_invalid_size",
		Reason: "The size of an object store has to be a multiple of 500 GB",
	}
}
