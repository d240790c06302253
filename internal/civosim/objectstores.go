// Object stores.

package civosim

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Sizes in the API: a GB is 10⁶ kB, and a kB has 1024 bytes, as Ceph counts.
const (
	bytesPerKB = 1024
	kbPerGB    = 1_000_000
)

// Store is the present state of an object store. ObjectCount and UsedKB include the objects that clients have stored through
// S3. A test can set other numbers without S3: later writes through S3 add to them, and UsedKB counts toward MaxSizeGB.
type Store struct {
	ID          string
	Name        string
	Region      string // code, in Civo's spelling
	MaxSizeGB   int    // a multiple of 500
	OwnerID     string // ID of the credential that owns the store
	Status      string // as in answers
	ObjectCount int
	UsedKB      int // rounded up
}

// store is a Store whose status depends on the time. Its Status field is the final one. Its ObjectCount and UsedKB are
// without the objects that clients have stored through S3.
type store struct {
	Store

	lag

	ownOwner bool      // the owner was created with the store, and is deleted with it
	staleKey string    // access key ID that the owner had before, if answers still show it
	readyAt  time.Time // until then, the status is "creating"
	goneAt   time.Time // if not zero, the store is being deleted until then
}

// stores are the stores of all regions.
type stores struct {
	byID     map[string]*store
	byRegion index[string, *store] // in creation order; the key "" has the stores of all regions
	byName   index[regional, *store]
	byOwner  index[string, *store]
	deleting []*store // those with a goneAt
	version  int      // increases with each change
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
	ss.version++
	ss.byID[st.ID] = st
	ss.byRegion.add(st.Region, st)
	ss.byRegion.add("", st)
	ss.byName.add(regional{st.Region, st.Name}, st)
	ss.byOwner.add(st.OwnerID, st)
}

func (ss *stores) remove(st *store) {
	ss.version++
	delete(ss.byID, st.ID)
	ss.byRegion.remove(st.Region, st)
	ss.byRegion.remove("", st)
	ss.byName.remove(regional{st.Region, st.Name}, st)
	ss.byOwner.remove(st.OwnerID, st)
	ss.keep(st)
}

// keep ends the deletion of a store.
func (ss *stores) keep(st *store) {
	st.goneAt = time.Time{}
	ss.deleting = slices.DeleteFunc(ss.deleting, func(other *store) bool { return other == st })
}

// change replaces a store's values except its ID, region and owner.
func (ss *stores) change(st *store, to Store) {
	ss.version++
	ss.byName.remove(regional{st.Region, st.Name}, st)
	to.ID, to.Region, to.OwnerID = st.ID, st.Region, st.OwnerID
	st.Store = to
	ss.byName.add(regional{st.Region, st.Name}, st)
}

// storeNow returns the store with its present status.
func (s *Server) storeNow(st *store) Store {
	present := st.Store
	switch {
	case !st.goneAt.IsZero():
		present.Status = "deleting"
	case s.options.Now().Before(st.readyAt):
		present.Status = "creating"
	}
	return present
}

// Stores returns the stores of a region in creation order, or of all regions if it is "".
func (s *Server) Stores(region string) []Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	found := s.stores.byRegion[s.spelling(region)]
	list := make([]Store, len(found))
	for i, st := range found {
		list[i], _ = s.withUsage(s.storeNow(st), st) // an error of a gateway means no objects
	}
	return list
}

// AddStore adds a store without the API, and returns it. It replaces zero values by defaults: a random ID, a name, the
// owner's region or the default one, 500 GB, the status "ready" and a new credential as the owner. It replaces a store with
// the same ID. A store that is added with the status "deleting" keeps it.
func (s *Server) AddStore(st Store) Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.syncLater()
	s.settle()
	if old, ok := s.stores.byID[st.ID]; ok {
		s.removeStore(old)
	}
	if owner, ok := s.credentials.byID[st.OwnerID]; ok {
		st.Region = cmp.Or(st.Region, owner.Region)
	}
	st.Region = s.spelling(cmp.Or(st.Region, s.options.Regions[0]))
	return s.newStore(st).Store
}

// ChangeStore calls change to modify the store with that ID without the API, and reports whether it exists. ID, region and
// owner cannot be changed. A new status is final: it no longer depends on the time. A store with a new name has no objects.
// The function must not call the server.
func (s *Server) ChangeStore(id string, change func(*Store)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.syncLater()
	s.settle()
	st, ok := s.stores.byID[id]
	if !ok {
		return false
	}
	before, _ := s.withUsage(s.storeNow(st), st) // as in Stores
	after := before
	change(&after)
	after.ObjectCount += st.ObjectCount - before.ObjectCount
	after.UsedKB += st.UsedKB - before.UsedKB
	if after.Status == before.Status {
		after.Status = st.Status
	} else {
		st.readyAt = time.Time{}
		s.stores.keep(st)
	}
	s.stores.change(st, after)
	return true
}

// RemoveStore removes the store with that ID at once, together with a credential that was created with it, and reports
// whether the store existed.
func (s *Server) RemoveStore(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.syncLater()
	s.settle()
	st, ok := s.stores.byID[id]
	if ok {
		s.removeStore(st)
	}
	return ok
}

// DeleteStore has the effect of a client's DELETE: the store with that ID has the status "deleting" until it is removed
// after Options.StoreGoneAfter. DeleteStore reports whether the store exists.
func (s *Server) DeleteStore(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.syncLater()
	s.settle()
	st, ok := s.stores.byID[id]
	if ok {
		s.beginDeletion(st)
	}
	return ok
}

// storeForm is the JSON form of a store.
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
	present := s.storeNow(st)
	form := storeForm{
		ID: present.ID, Name: present.Name, MaxSize: present.MaxSizeGB, Status: present.Status,
		Endpoint: s.storeEndpoint(present.Region),
	}
	if s.options.HideOwners {
		return form
	}
	if owner, ok := s.credentials.byID[present.OwnerID]; ok {
		form.Owner.AccessKeyID, form.Owner.Name = s.visible(owner).AccessKeyID, owner.Name
	}
	if st.staleKey != "" {
		form.Owner.AccessKeyID = st.staleKey
	} else if !s.options.OmitOwnerCredentialID {
		form.Owner.CredentialID = present.OwnerID
	}
	return form
}

// storeEndpoint returns the endpoint of the stores in a region. Civo, too, answers without a scheme.
func (s *Server) storeEndpoint(region string) string {
	if s.options.StoreEndpoint == "" {
		return strings.TrimPrefix(s.S3URL(), "http://")
	}
	return strings.ReplaceAll(orEmpty(s.options.StoreEndpoint, ""), "{region}", strings.ToLower(region))
}

// statsForm is the JSON form of a store's statistics.
type statsForm struct {
	UsedKB      int `json:"size_kb_utilised"`
	MaxSizeKB   int `json:"max_size_kb"`
	ObjectCount int `json:"num_objects"`
}

// storeBody is the body of a request that creates or updates a store.
type storeBody struct {
	Name        string `json:"name"`
	MaxSizeGB   int    `json:"max_size_gb"`
	Size        int    `json:"size"` // an older alias of max_size_gb
	AccessKeyID string `json:"access_key_id"`
}

// decodeStoreBody returns a body with a valid size in MaxSizeGB; 0 is a size that is missing.
func decodeStoreBody(c call) (storeBody, error) {
	body, err := decode[storeBody](c.body)
	if err != nil {
		return body, err
	}
	body.MaxSizeGB = cmp.Or(body.MaxSizeGB, body.Size)
	if body.MaxSizeGB < 0 || body.MaxSizeGB%500 != 0 {
		return body, &apiError{
			Status: http.StatusBadRequest, Code: "database_objectstore_invalid_size",
			Reason: "The size of an object store must be a multiple of 500 GB",
		}
	}
	return body, nil
}

func (s *Server) listStores(c call) (any, error) {
	return newPage(c.query, s.options, listed(s, s.stores.byRegion[c.region]), s.storeForm), nil
}

func (s *Server) getStore(c call) (any, error) {
	found, err := s.readStore(c)
	if err != nil {
		return nil, err
	}
	return s.storeForm(found), nil
}

func (s *Server) storeStats(c call) (any, error) {
	found, err := s.readStore(c)
	if err != nil {
		return nil, err
	}
	present, err := s.withUsage(found.Store, found)
	if err != nil {
		return nil, err
	}
	return statsForm{UsedKB: present.UsedKB, MaxSizeKB: present.MaxSizeGB * kbPerGB, ObjectCount: present.ObjectCount}, nil
}

func (s *Server) createStore(c call) (any, error) {
	body, err := decodeStoreBody(c)
	if err != nil {
		return nil, err
	}
	switch {
	case body.Name == "":
		return nil, missing("name")
	case !isBucketName(body.Name):
		return nil, &apiError{Status: http.StatusBadRequest, Code: "parameter_name_invalid", Reason: "The specified bucket is not valid"}
	}
	body.Name = s.nameOf(body.Name)
	if s.isNameTaken(c.region, body.Name) {
		return nil, conflict("database_objectstore_exists", "An object store with the name "+body.Name+" already exists")
	}
	created := Store{Name: body.Name, Region: c.region, MaxSizeGB: body.MaxSizeGB}
	if body.AccessKeyID != "" {
		owner := s.credentials.byAccessKey.first(regional{c.region, body.AccessKeyID})
		if owner == nil || !owner.goneAt.IsZero() {
			return nil, errNoCredential
		}
		created.OwnerID = owner.ID
	}
	if err := s.checkQuota(cmp.Or(body.MaxSizeGB, 500)); err != nil {
		return nil, err
	}
	st := s.newStore(created)
	st.readyAt, st.lag = s.options.Now().Add(s.options.StoreReadyAfter), s.newLag()
	if err := s.sync(); err != nil {
		s.removeStore(st)
		return nil, err
	}
	return s.storeForm(st), nil
}

var (
	bucketName  = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{1,61})[a-z0-9]$`)
	addressForm = regexp.MustCompile(`^\d+(\.\d+){3}$`) // whatever the values of the numbers
)

// isBucketName reports whether a Ceph gateway accepts the name of a bucket.
func isBucketName(name string) bool {
	hasEmptyLabel := slices.ContainsFunc([]string{"..", ".-", "-."}, func(part string) bool { return strings.Contains(name, part) })
	return bucketName.MatchString(name) && !hasEmptyLabel && !addressForm.MatchString(name)
}

// isNameTaken reports whether a store in the region or a store of another customer has the name.
func (s *Server) isNameTaken(region, name string) bool {
	return s.stores.byName.first(regional{region, name}) != nil || slices.Contains(s.options.TakenStoreNames, name)
}

func (s *Server) updateStore(c call) (any, error) {
	found, err := s.findStore(c)
	if err != nil {
		return nil, err
	}
	body, err := decodeStoreBody(c)
	if err != nil {
		return nil, err
	}
	if !found.goneAt.IsZero() {
		return nil, conflict("database_objectstore_deleting", "The object store is being deleted")
	}
	if err := s.checkQuota(body.MaxSizeGB - found.MaxSizeGB); err != nil {
		return nil, err
	}
	found.MaxSizeGB = cmp.Or(body.MaxSizeGB, found.MaxSizeGB)
	s.stores.version++
	return s.storeForm(found), nil
}

func (s *Server) deleteStore(c call) (any, error) {
	found, err := s.findStore(c)
	if err != nil {
		return nil, err
	}
	s.beginDeletion(found)
	return result{Result: "success"}, nil
}

// newStore replaces a store's zero values by defaults and adds it.
func (s *Server) newStore(st Store) *store {
	st.ID = cmp.Or(st.ID, newID())
	st.Name = cmp.Or(st.Name, "store-"+st.ID[:min(8, len(st.ID))])
	st.MaxSizeGB = cmp.Or(st.MaxSizeGB, 500)
	st.Status = cmp.Or(st.Status, "ready")
	created := &store{Store: st}
	if st.OwnerID == "" {
		created.OwnerID, created.ownOwner = s.newOwner(st).ID, true
	}
	s.stores.add(created)
	return created
}

// newOwner creates the credential that owns a store created without one. It has the store's name unless that is taken.
func (s *Server) newOwner(st Store) *credential {
	name := st.Name
	if s.credentials.byName.first(regional{st.Region, name}) != nil {
		name += "-" + newID()[:8]
	}
	return s.newCredential(Credential{Name: name, Region: st.Region})
}

// beginDeletion begins a store's deletion. It has no effect on one that has begun.
func (s *Server) beginDeletion(st *store) {
	switch {
	case s.options.StoreGoneAfter <= 0:
		s.removeStore(st)
	case st.goneAt.IsZero():
		st.goneAt = s.options.Now().Add(s.options.StoreGoneAfter)
		s.stores.deleting = append(s.stores.deleting, st)
	}
}

func (s *Server) removeStore(st *store) {
	s.stores.remove(st)
	if owner, ok := s.credentials.byID[st.OwnerID]; ok && st.ownOwner {
		s.credentials.remove(owner)
	}
}

// findStore returns the store with the call's ID if it is in the call's region.
func (s *Server) findStore(c call) (*store, error) {
	found, ok := s.stores.byID[c.id]
	if !ok || found.Region != c.region {
		return nil, errNoStore
	}
	return found, nil
}

// readStore is like findStore for a read, which does not find a new store at first.
func (s *Server) readStore(c call) (*store, error) {
	found, err := s.findStore(c)
	if err == nil && s.isHidden(found.readableAt) {
		return nil, errNoStore
	}
	return found, err
}

var errNoStore = &apiError{
	Status: http.StatusNotFound, Code: "database_objectstore_not_found",
	Reason: "Failed to find the object store within the internal database",
}
