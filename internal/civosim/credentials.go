package civosim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Credential is an object store credential as it is at Civo now.
type Credential struct {
	ID              string
	Name            string
	Region          string // code, in upper case
	AccessKeyID     string
	SecretAccessKey string
	MaxSizeGB       int // 0: no limit
	Suspended       bool
	Status          string // as it would be answered now
}

// credential is a Credential with what time does to it. Its Status is the one it ends up in.
type credential struct {
	Credential

	readyAt time.Time // before: the status is Options.PendingStatus
	goneAt  time.Time // not zero: deleted, and gone from then on
}

// credentials are those of all regions.
type credentials struct {
	byID        map[string]*credential
	byRegion    index[string, *credential] // in creation order; the key "" has all regions'
	byName      index[regional, *credential]
	byAccessKey index[regional, *credential]
	leaving     []*credential // those with a goneAt
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
	cs.byID[c.ID] = c
	cs.byRegion.add(c.Region, c)
	cs.byRegion.add("", c)
	cs.byName.add(regional{c.Region, c.Name}, c)
	cs.byAccessKey.add(regional{c.Region, c.AccessKeyID}, c)
}

func (cs *credentials) remove(c *credential) {
	delete(cs.byID, c.ID)
	cs.byRegion.remove(c.Region, c)
	cs.byRegion.remove("", c)
	cs.byName.remove(regional{c.Region, c.Name}, c)
	cs.byAccessKey.remove(regional{c.Region, c.AccessKeyID}, c)
	cs.leaving = slices.DeleteFunc(cs.leaving, func(other *credential) bool { return other == c })
}

// change replaces a credential's values; its id and region stay.
func (cs *credentials) change(c *credential, to Credential) {
	cs.byName.remove(regional{c.Region, c.Name}, c)
	cs.byAccessKey.remove(regional{c.Region, c.AccessKeyID}, c)
	to.ID, to.Region = c.ID, c.Region
	c.Credential = to
	cs.byName.add(regional{c.Region, c.Name}, c)
	cs.byAccessKey.add(regional{c.Region, c.AccessKeyID}, c)
}

// now is the credential with the status it would be answered with.
func (s *Server) now(c *credential) Credential {
	seen := c.Credential
	switch {
	case !c.goneAt.IsZero():
		seen.Status = "deleting"
	case time.Now().Before(c.readyAt):
		seen.Status = s.options.PendingStatus
	}
	return seen
}

// settle removes what has gone by now. Whoever takes the lock to look at credentials or stores calls it first.
func (s *Server) settle() {
	now := time.Now()
	for _, st := range slices.Clone(s.stores.leaving) {
		if !now.Before(st.goneAt) {
			s.removeStore(st)
		}
	}
	for _, c := range slices.Clone(s.credentials.leaving) {
		if !now.Before(c.goneAt) {
			s.credentials.remove(c)
		}
	}
}

// Credentials are those of a region in creation order, or of all regions if it is "".
func (s *Server) Credentials(region string) []Credential {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	found := s.credentials.byRegion[strings.ToUpper(region)]
	list := make([]Credential, len(found))
	for i, c := range found {
		list[i] = s.now(c)
	}
	return list
}

// Credential is the one with that id, in whatever region it is.
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

// AddCredential puts a credential at Civo that no client asked for, and returns it with its blanks filled in: id, name,
// both keys, the first region and the status "ready". It checks nothing: names and access keys may be there twice. One
// with the same id is replaced.
func (s *Server) AddCredential(c Credential) Credential {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	c.ID = cmp.Or(c.ID, newID())
	c.Name = cmp.Or(c.Name, "credential-"+c.ID[:min(8, len(c.ID))])
	c.Region = cmp.Or(strings.ToUpper(c.Region), s.options.Regions[0])
	c.Status = cmp.Or(c.Status, "ready")
	fillKeys(&c)
	if old, ok := s.credentials.byID[c.ID]; ok {
		s.credentials.remove(old)
	}
	s.credentials.add(&credential{Credential: c})
	return c
}

// fillKeys makes the keys that are missing, in the form that Civo's have.
func fillKeys(c *Credential) {
	if c.AccessKeyID == "" {
		c.AccessKeyID = random(20, upper+digits)
	}
	if c.SecretAccessKey == "" {
		c.SecretAccessKey = random(40, upper+lower+digits)
	}
}

// ChangeCredential lets change work on the credential with that id, behind the client's back, and reports whether there
// is one. Its id and region stay what they are. A status that is changed stays changed, whatever time it is. The change
// must not call the server.
func (s *Server) ChangeCredential(id string, change func(*Credential)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
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
		s.credentials.leaving = slices.DeleteFunc(s.credentials.leaving, func(l *credential) bool { return l == c })
	}
	s.credentials.change(c, after)
	return true
}

// RemoveCredential makes the credential with that id be gone at once, even if a store is owned by it, and reports
// whether there was one.
func (s *Server) RemoveCredential(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	c, ok := s.credentials.byID[id]
	if ok {
		s.credentials.remove(c)
	}
	return ok
}

// FailCreates makes credentials that are created from now on end in status "failed" instead of "ready"; false ends it.
func (s *Server) FailCreates(fail bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failCreates = fail
}

// credentialForm is a credential in JSON. The field called secret_access_key_id holds the secret itself.
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
	seen := s.now(c)
	form := credentialForm{
		ID: seen.ID, Name: seen.Name, AccessKeyID: seen.AccessKeyID, SecretAccessKey: seen.SecretAccessKey,
		MaxSizeGB: seen.MaxSizeGB, Suspended: seen.Suspended, Status: seen.Status,
	}
	settled := slices.Contains([]string{"ready", "failed", "deleting"}, seen.Status)
	if s.options.HidePendingKeys && !settled {
		form.AccessKeyID, form.SecretAccessKey = "", ""
	}
	return form
}

// credentialBody is what a client sends to create or update a credential.
type credentialBody struct {
	Name            string  `json:"name"`
	AccessKeyID     *string `json:"access_key_id"`
	SecretAccessKey *string `json:"secret_access_key_id"`
	MaxSizeGB       *int    `json:"max_size_gb"`
}

// applyTo sets what the body gives; null and empty keys count as not given.
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
	return newPage(c.query, s.options, s.credentials.byRegion[c.region], s.credentialForm), nil
}

func (s *Server) getCredential(c call) (any, error) {
	found, err := s.findCredential(c)
	if err != nil {
		return nil, err
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
	made := Credential{Name: body.Name, Region: c.region}
	body.applyTo(&made)
	if !s.options.NamesRepeat && s.credentials.byName.first(regional{c.region, made.Name}) != nil {
		return nil, conflict("database_objectstore_credential_exists", "A credential called "+made.Name+" exists already")
	}
	if err := s.checkAccessKey(made, nil); err != nil {
		return nil, err
	}
	return s.credentialForm(s.newCredential(made)), nil
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
	s.credentials.change(found, changed)
	return s.credentialForm(found), nil
}

func (s *Server) deleteCredential(c call) (any, error) {
	found, err := s.findCredential(c)
	if err != nil {
		return nil, err
	}
	if owned := s.stores.byOwner.first(found.ID); owned != nil {
		return nil, conflict("objectstore_credential_in_use",
			"The credential is assigned to the object store "+owned.Name+" and cannot be deleted")
	}
	switch {
	case s.options.CredentialGoneAfter <= 0:
		s.credentials.remove(found)
	case found.goneAt.IsZero():
		found.goneAt = time.Now().Add(s.options.CredentialGoneAfter)
		s.credentials.leaving = append(s.credentials.leaving, found)
	}
	return success{Result: "success"}, nil
}

// newCredential puts a credential at Civo that a client asked for.
func (s *Server) newCredential(c Credential) *credential {
	c.ID, c.Status = newID(), "ready"
	if s.failCreates {
		c.Status = "failed"
	}
	fillKeys(&c)
	made := &credential{Credential: c, readyAt: time.Now().Add(s.options.ReadyAfter)}
	s.credentials.add(made)
	return made
}

// checkAccessKey refuses an access key that another credential of the region has.
func (s *Server) checkAccessKey(c Credential, self *credential) error {
	other := s.credentials.byAccessKey.first(regional{c.Region, c.AccessKeyID})
	if s.options.NamesRepeat || c.AccessKeyID == "" || other == nil || other == self {
		return nil
	}
	return conflict("database_objectstore_credential_access_key_exists",
		"A credential with the access key "+c.AccessKeyID+" exists already")
}

// findCredential is the one that the call names, if it is in the call's region.
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
