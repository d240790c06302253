// Object store credentials.

package civosim

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Credential is the present state of an object store credential. It has both keys even when answers omit them.
type Credential struct {
	ID              string
	Name            string
	Region          string // code, in Civo's spelling
	AccessKeyID     string
	SecretAccessKey string
	MaxSizeGB       int // 0: no limit
	Suspended       bool
	Status          string // as in answers
}

// credential is a Credential whose status depends on the time. Its Status field is the final one.
type credential struct {
	Credential

	lag

	readyAt time.Time // until then, the status is Options.PendingStatus
	goneAt  time.Time // if not zero, the credential is being deleted until then
}

// credentials are the credentials of all regions.
type credentials struct {
	byID        map[string]*credential
	byRegion    index[string, *credential] // in creation order; the key "" has the credentials of all regions
	byName      index[regional, *credential]
	byAccessKey index[regional, *credential]
	deleting    []*credential // those with a goneAt
	version     int           // increases with each change
}

func newCredentials() credentials {
	return credentials{
		byID:        map[string]*credential{},
		byRegion:    index[string, *credential]{},
		byName:      index[regional, *credential]{},
		byAccessKey: index[regional, *credential]{},
	}
}

func (cs *credentials) add(c *credential) {
	cs.version++
	cs.byID[c.ID] = c
	cs.byRegion.add(c.Region, c)
	cs.byRegion.add("", c)
	cs.byName.add(regional{c.Region, c.Name}, c)
	cs.byAccessKey.add(regional{c.Region, c.AccessKeyID}, c)
}

func (cs *credentials) remove(c *credential) {
	cs.version++
	delete(cs.byID, c.ID)
	cs.byRegion.remove(c.Region, c)
	cs.byRegion.remove("", c)
	cs.byName.remove(regional{c.Region, c.Name}, c)
	cs.byAccessKey.remove(regional{c.Region, c.AccessKeyID}, c)
	cs.deleting = slices.DeleteFunc(cs.deleting, func(other *credential) bool { return other == c })
}

// change replaces a credential's values except its ID and region.
func (cs *credentials) change(c *credential, to Credential) {
	cs.version++
	cs.byName.remove(regional{c.Region, c.Name}, c)
	cs.byAccessKey.remove(regional{c.Region, c.AccessKeyID}, c)
	to.ID, to.Region = c.ID, c.Region
	c.Credential = to
	cs.byName.add(regional{c.Region, c.Name}, c)
	cs.byAccessKey.add(regional{c.Region, c.AccessKeyID}, c)
}

// now returns the credential with its present status.
func (s *Server) now(c *credential) Credential {
	present := c.Credential
	switch {
	case !c.goneAt.IsZero():
		present.Status = "deleting"
	case s.options.Now().Before(c.readyAt):
		present.Status = s.options.PendingStatus
	}
	return present
}

// settle removes the objects whose deletion has completed. Every function that takes the lock to read credentials or stores
// calls it first.
func (s *Server) settle() {
	now := s.options.Now()
	for _, st := range slices.Clone(s.stores.deleting) {
		if !now.Before(st.goneAt) {
			s.removeStore(st)
		}
	}
	for _, c := range slices.Clone(s.credentials.deleting) {
		if !now.Before(c.goneAt) {
			s.credentials.remove(c)
		}
	}
	s.syncLater()
}

// Credentials returns the credentials of a region in creation order, or of all regions if it is "".
func (s *Server) Credentials(region string) []Credential {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	found := s.credentials.byRegion[s.spelling(region)]
	list := make([]Credential, len(found))
	for i, c := range found {
		list[i] = s.now(c)
	}
	return list
}

// Credential returns the credential with that ID, in any region.
func (s *Server) Credential(id string) (Credential, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	c, ok := s.credentials.byID[id]
	if !ok {
		return Credential{}, false
	}
	return s.now(c), true
}

// AddCredential adds a credential without the API, and returns it. It replaces zero values by defaults: a random ID, a
// name, random keys, the default region and the status "ready". It validates nothing, so that two credentials can have the
// same name or access key. It replaces a credential with the same ID.
func (s *Server) AddCredential(c Credential) Credential {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.syncLater()
	s.settle()
	c.ID = cmp.Or(c.ID, newID())
	c.Name = cmp.Or(c.Name, "credential-"+c.ID[:min(8, len(c.ID))])
	c.Region = s.spelling(cmp.Or(c.Region, s.options.Regions[0]))
	c.Status = cmp.Or(c.Status, "ready")
	fillKeys(&c)
	if old, ok := s.credentials.byID[c.ID]; ok {
		s.credentials.remove(old)
	}
	s.credentials.add(&credential{Credential: c})
	return c
}

// fillKeys generates the keys that are missing, in Civo's format.
func fillKeys(c *Credential) {
	if c.AccessKeyID == "" {
		c.AccessKeyID = random(20, upper+digits)
	}
	if c.SecretAccessKey == "" {
		c.SecretAccessKey = random(40, upper+lower+digits)
	}
}

// ChangeCredential calls change to modify the credential with that ID without the API, and reports whether it exists. ID
// and region cannot be changed. A new status is final: it no longer depends on the time. The function must not call the
// server.
func (s *Server) ChangeCredential(id string, change func(*Credential)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.syncLater()
	s.settle()
	c, ok := s.credentials.byID[id]
	if !ok {
		return false
	}
	before := s.now(c)
	after := before
	change(&after)
	if after.Status == before.Status {
		after.Status = c.Status
	} else {
		c.readyAt, c.goneAt = time.Time{}, time.Time{}
		s.credentials.deleting = slices.DeleteFunc(s.credentials.deleting, func(other *credential) bool { return other == c })
	}
	s.credentials.change(c, after)
	return true
}

// RemoveCredential removes the credential with that ID at once, even if it owns a store, and reports whether it existed.
func (s *Server) RemoveCredential(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.syncLater()
	s.settle()
	c, ok := s.credentials.byID[id]
	if ok {
		s.credentials.remove(c)
	}
	return ok
}

// FailCreates changes whether the final status of new credentials is "failed" instead of "ready".
func (s *Server) FailCreates(fail bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failCreates = fail
}

// credentialForm is the JSON form of a credential. The field secret_access_key_id holds the secret itself.
type credentialForm struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	AccessKeyID     string `json:"access_key_id,omitempty"`
	SecretAccessKey string `json:"secret_access_key_id,omitempty"`
	MaxSizeGB       int    `json:"max_size_gb,omitempty"`
	Suspended       bool   `json:"suspended"`
	Status          string `json:"status"`
}

func (s *Server) credentialForm(c *credential) credentialForm {
	v := s.visible(c)
	return credentialForm{
		ID: v.ID, Name: v.Name, AccessKeyID: v.AccessKeyID, SecretAccessKey: v.SecretAccessKey,
		MaxSizeGB: v.MaxSizeGB, Suspended: v.Suspended, Status: v.Status,
	}
}

// visible returns the credential as answers show it: without keys until it is ready or has failed.
func (s *Server) visible(c *credential) Credential {
	present := s.now(c)
	pending := s.options.Now().Before(c.readyAt) || !slices.Contains([]string{"ready", "failed", "deleting"}, present.Status)
	if pending && !s.options.ShowPendingKeys {
		present.AccessKeyID, present.SecretAccessKey = "", ""
	}
	return present
}

// credentialBody is the body of a request that creates or updates a credential.
type credentialBody struct {
	Name            string  `json:"name"`
	AccessKeyID     *string `json:"access_key_id"`
	SecretAccessKey *string `json:"secret_access_key_id"`
	MaxSizeGB       *int    `json:"max_size_gb"`
}

// applyTo copies the values in the body; null and empty keys change nothing.
func (b credentialBody) applyTo(c *Credential) {
	if b.AccessKeyID != nil && *b.AccessKeyID != "" {
		c.AccessKeyID = *b.AccessKeyID
	}
	if b.SecretAccessKey != nil && *b.SecretAccessKey != "" {
		c.SecretAccessKey = *b.SecretAccessKey
	}
	if b.MaxSizeGB != nil {
		c.MaxSizeGB = *b.MaxSizeGB
	}
}

func (s *Server) listCredentials(c call) (any, error) {
	return newPage(c.query, s.options, listed(s, s.credentials.byRegion[c.region]), s.credentialForm), nil
}

func (s *Server) getCredential(c call) (any, error) {
	found, err := s.findCredential(c)
	if err != nil || s.isHidden(found.readableAt) {
		return nil, cmp.Or(err, error(errNoCredential))
	}
	return s.credentialForm(found), nil
}

func (s *Server) createCredential(c call) (any, error) {
	body, err := decode[credentialBody](c.body)
	if err != nil {
		return nil, err
	}
	if body.Name == "" {
		return nil, missing("name")
	}
	created := Credential{Name: s.nameOf(body.Name), Region: c.region}
	body.applyTo(&created)
	if !s.options.NamesRepeat && s.credentials.byName.first(regional{c.region, created.Name}) != nil {
		return nil, conflict(s.options.TakenNameCode, "A credential with the name "+created.Name+" already exists")
	}
	if err := s.checkAccessKey(created, nil); err != nil {
		return nil, err
	}
	added := s.newCredential(created)
	if err := s.sync(); err != nil {
		s.credentials.remove(added)
		return nil, err
	}
	return s.credentialForm(added), nil
}

func (s *Server) updateCredential(c call) (any, error) {
	found, err := s.findCredential(c)
	if err != nil {
		return nil, err
	}
	body, err := decode[credentialBody](c.body)
	if err != nil {
		return nil, err
	}
	if !found.goneAt.IsZero() {
		return nil, conflict("database_objectstore_credential_deleting", "The credential is being deleted")
	}
	changed := found.Credential
	body.applyTo(&changed)
	if err := s.checkAccessKey(changed, found); err != nil {
		return nil, err
	}
	if s.options.StaleOwnerKeys && changed.AccessKeyID != found.AccessKeyID {
		for _, owned := range s.stores.byOwner[found.ID] {
			owned.staleKey = cmp.Or(owned.staleKey, found.AccessKeyID)
		}
	}
	before := found.Credential
	s.credentials.change(found, changed)
	if err := s.sync(); err != nil {
		s.credentials.change(found, before)
		return nil, err
	}
	return s.credentialForm(found), nil
}

func (s *Server) deleteCredential(c call) (any, error) {
	found, err := s.findCredential(c)
	if err != nil {
		return nil, err
	}
	if owned := s.stores.byOwner.first(found.ID); owned != nil {
		return s.refuseDeletion("The credential owns the object store " + owned.Name)
	}
	switch {
	case s.options.CredentialGoneAfter <= 0:
		s.credentials.remove(found)
	case found.goneAt.IsZero():
		found.goneAt = s.options.Now().Add(s.options.CredentialGoneAfter)
		s.credentials.deleting = append(s.credentials.deleting, found)
		s.credentials.version++
	}
	return result{Result: "success"}, nil
}

// refuseDeletion answers the deletion of a credential that owns a store.
func (s *Server) refuseDeletion(reason string) (any, error) {
	switch s.options.RefusedDeletionStatus {
	case http.StatusOK:
		return result{Result: "failed"}, nil
	case http.StatusInternalServerError:
		return nil, &apiError{
			Status: http.StatusInternalServerError, Code: "database_objectstore_credential_deleted_failed", Reason: reason,
		}
	default:
		return nil, conflict("database_objectstore_credential_inuse_by_objectstore", reason)
	}
}

// newCredential adds a credential that becomes ready, or fails, after Options.ReadyAfter.
func (s *Server) newCredential(c Credential) *credential {
	c.ID, c.Status = newID(), "ready"
	if s.failCreates {
		c.Status = "failed"
	}
	fillKeys(&c)
	created := &credential{Credential: c, lag: s.newLag(), readyAt: s.options.Now().Add(s.options.ReadyAfter)}
	s.credentials.add(created)
	return created
}

// checkAccessKey returns an error if another credential in the region has the same access key.
func (s *Server) checkAccessKey(c Credential, self *credential) error {
	other := s.credentials.byAccessKey.first(regional{c.Region, c.AccessKeyID})
	if s.options.NamesRepeat || c.AccessKeyID == "" || other == nil || other == self {
		return nil
	}
	return conflict("database_objectstore_credential_access_key_exists",
		"A credential with the access key "+c.AccessKeyID+" already exists")
}

// findCredential returns the credential with the call's ID if it is in the call's region.
func (s *Server) findCredential(c call) (*credential, error) {
	found, ok := s.credentials.byID[c.id]
	if !ok || found.Region != c.region {
		return nil, errNoCredential
	}
	return found, nil
}

var errNoCredential = &apiError{
	Status: http.StatusNotFound, Code: "database_objectstore_credential_not_found",
	Reason: "Failed to find the object store credential within the internal database",
}

func missing(field string) error {
	return &apiError{
		Status: http.StatusBadRequest, Code: "parameter_" + field + "_missing",
		Reason: "The field " + field + " is required",
	}
}

func conflict(code, reason string) error {
	return &apiError{Status: http.StatusConflict, Code: code, Reason: reason}
}
