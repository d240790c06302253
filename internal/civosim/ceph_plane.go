// The S3 data plane of a Ceph gateway: each credential is a user, and each store is a bucket of its owner.

package civosim

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/ceph/go-ceph/rgw/admin"
)

// Gateway is a Ceph Object Gateway, and a user of it with the capabilities "users=*" and "buckets=*". The simulator creates users and
// buckets there. It uses no bucket that it has not created. All regions share the gateway, so access keys and names of stores are unique.
type Gateway struct {
	URL                          string // base URL of S3 and of the admin API
	AccessKeyID, SecretAccessKey string
	// Disposable gateways keep the users and buckets when the server is closed. Otherwise, Close deletes them, with all objects.
	Disposable bool
}

// cephPlane brings a gateway in line with the server. It remembers what it has written, so that each change takes few requests.
type cephPlane struct {
	Gateway

	ctx     context.Context //nolint:containedctx // ends with the server
	server  *Server
	http    *http.Client
	admin   *admin.API
	users   map[string]Credential // by ID, as written
	buckets map[*store]Store      // as written
	synced  int
}

// gatewayTimeout limits a request to the gateway. The deletion of a bucket with many objects can take long.
const gatewayTimeout = 5 * time.Minute

func newCephPlane(ctx context.Context, s *Server) (*cephPlane, error) {
	p := &cephPlane{
		Gateway: *s.options.Gateway, ctx: ctx, server: s, users: map[string]Credential{}, buckets: map[*store]Store{},
		http: &http.Client{Timeout: gatewayTimeout, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment}},
	}
	p.URL = strings.TrimSuffix(p.URL, "/")
	var err error
	if p.admin, err = admin.New(p.URL, p.AccessKeyID, p.SecretAccessKey, p.http); err != nil {
		return nil, err
	}
	if _, err := p.admin.ListBuckets(ctx); err != nil {
		return nil, fmt.Errorf("the admin API of the gateway %s: %w", p.URL, err)
	}
	return p, nil
}

func (p *cephPlane) url() string { return p.URL }

// close deletes what the simulator has created.
func (p *cephPlane) close() error {
	defer p.http.CloseIdleConnections()
	if p.Disposable {
		return nil
	}
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.ctx = context.WithoutCancel(p.ctx)
	var failed []error
	for st := range p.buckets {
		failed = append(failed, p.removeBucket(st))
	}
	for id := range p.users {
		failed = append(failed, p.removeUser(id))
	}
	return errors.Join(failed...)
}

// sync writes the differences: first what is gone, so that its name and keys are free.
func (p *cephPlane) sync() error {
	if p.server.options.S3CreatesBuckets {
		if err := p.readBuckets(); err != nil {
			return err
		}
	}
	version := p.server.version()
	if version == p.synced {
		return nil
	}
	for st, written := range p.buckets {
		if p.server.stores.byID[st.ID] != st || st.Name != written.Name {
			if err := p.removeBucket(st); err != nil {
				return errGateway(err)
			}
		}
	}
	for id := range p.users {
		if _, ok := p.server.credentials.byID[id]; ok {
			continue
		}
		if err := p.removeOrSuspendUser(id); err != nil {
			return errGateway(err)
		}
	}
	for _, c := range p.server.credentials.byRegion[""] {
		if err := p.writeUser(c); err != nil {
			return err
		}
	}
	for _, st := range p.server.stores.byRegion[""] {
		if err := p.writeBucket(st); err != nil {
			return err
		}
	}
	p.synced = version
	return nil
}

func (p *cephPlane) removeBucket(st *store) error {
	purge := true
	err := p.admin.RemoveBucket(p.ctx, admin.Bucket{Bucket: p.buckets[st].Name, PurgeObject: &purge})
	if err != nil && !errors.Is(err, admin.ErrNoSuchBucket) {
		return err
	}
	delete(p.buckets, st)
	return nil
}

func (p *cephPlane) removeUser(id string) error {
	purge := 1
	if err := p.admin.RemoveUser(p.ctx, admin.User{ID: userID(id), PurgeData: &purge}); err != nil && !errors.Is(err, admin.ErrNoSuchUser) {
		return err
	}
	delete(p.users, id)
	return nil
}

// removeOrSuspendUser removes the user of a credential that no longer exists. If the credential still owns a store, the user stays
// without a usable key.
func (p *cephPlane) removeOrSuspendUser(id string) error {
	if p.server.stores.byOwner.first(id) == nil {
		return p.removeUser(id)
	}
	written := p.users[id]
	if written.AccessKeyID == "" {
		return nil
	}
	if err := p.admin.RemoveKey(p.ctx, admin.UserKeySpec{UID: userID(id), AccessKey: written.AccessKeyID}); err != nil {
		return err
	}
	written.AccessKeyID, written.SecretAccessKey = "", ""
	p.users[id] = written
	return nil
}

// userID returns the ID of the user of a credential.
func userID(credentialID string) string { return "civosim-" + credentialID }

// writeUser makes the user of a credential have exactly the credential's key. A credential that failed or is being deleted counts as
// suspended.
func (p *cephPlane) writeUser(c *credential) error {
	wanted := Credential{
		Name: c.Name, AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey,
		Suspended: c.Suspended || c.Status != "ready" || !c.goneAt.IsZero(),
	}
	written, exists := p.users[c.ID]
	if exists && written == wanted {
		return nil
	}
	suspended, maxBuckets, generate := 0, -1, false
	if wanted.Suspended {
		suspended = 1
	}
	if p.server.options.S3CreatesBuckets {
		maxBuckets = 1000
	}
	user := admin.User{ID: userID(c.ID), DisplayName: wanted.Name, Suspended: &suspended, MaxBuckets: &maxBuckets, GenerateKey: &generate}
	write := p.admin.ModifyUser
	if !exists {
		write = p.admin.CreateUser
	}
	if _, err := write(p.ctx, user); err != nil {
		return errGateway(err)
	}
	p.users[c.ID] = Credential{AccessKeyID: written.AccessKeyID} // until all of it is written
	key := admin.UserKeySpec{UID: userID(c.ID), AccessKey: wanted.AccessKeyID, SecretKey: wanted.SecretAccessKey, GenerateKey: &generate}
	_, err := p.admin.CreateKey(p.ctx, key) // replaces the secret of a key that exists
	switch {
	case errors.Is(err, admin.ErrKeyExists):
		return conflict("database_objectstore_credential_access_key_exists", "A user of the gateway has the access key "+wanted.AccessKeyID)
	case err != nil:
		return errGateway(err)
	}
	if written.AccessKeyID != "" && written.AccessKeyID != wanted.AccessKeyID {
		if err := p.admin.RemoveKey(p.ctx, admin.UserKeySpec{UID: userID(c.ID), AccessKey: written.AccessKeyID}); err != nil {
			return errGateway(err)
		}
	}
	p.users[c.ID] = wanted
	return nil
}

// writeBucket creates the bucket of a store and sets its quota.
func (p *cephPlane) writeBucket(st *store) error {
	wanted := Store{Name: st.Name, MaxSizeGB: st.MaxSizeGB}
	written, exists := p.buckets[st]
	_, hasOwner := p.users[st.OwnerID]
	if exists && written == wanted || !hasOwner || st.Status == "failed" {
		return nil
	}
	if !exists {
		if err := p.createBucket(st); err != nil {
			return err
		}
		p.buckets[st] = Store{Name: st.Name}
	}
	enabled, kb := true, st.MaxSizeGB*kbPerGB // Ceph 16 ignores the quota in bytes
	quota := admin.QuotaSpec{UID: userID(st.OwnerID), Bucket: st.Name, Enabled: &enabled, MaxSizeKb: &kb}
	if err := p.admin.SetIndividualBucketQuota(p.ctx, quota); err != nil {
		return errGateway(err)
	}
	p.buckets[st] = wanted
	return nil
}

// createBucket creates a bucket as the admin user and links it to the owner, who may not be allowed to create buckets. It first checks
// that there is none, because to create one's own bucket again succeeds.
func (p *cephPlane) createBucket(st *store) error {
	_, err := p.admin.GetBucketInfo(p.ctx, admin.Bucket{Bucket: st.Name})
	if err == nil {
		return conflict("database_objectstore_exists", "The gateway has a bucket with the name "+st.Name)
	}
	if !errors.Is(err, admin.ErrNoSuchBucket) {
		return errGateway(err)
	}
	if err := p.putBucket(st.Name); err != nil {
		return err
	}
	info, err := p.admin.GetBucketInfo(p.ctx, admin.Bucket{Bucket: st.Name})
	if err == nil {
		err = p.admin.LinkBucket(p.ctx, admin.BucketLinkInput{Bucket: st.Name, BucketID: info.ID, UID: userID(st.OwnerID)})
	}
	if err != nil {
		return errors.Join(errGateway(err), p.admin.RemoveBucket(p.ctx, admin.Bucket{Bucket: st.Name}))
	}
	return nil
}

// putBucket sends the S3 request that creates a bucket.
func (p *cephPlane) putBucket(name string) error {
	request, err := http.NewRequestWithContext(p.ctx, http.MethodPut, p.URL+"/"+url.PathEscape(name), http.NoBody)
	if err != nil {
		return errGateway(err)
	}
	empty := sha256.Sum256(nil)
	hash := hex.EncodeToString(empty[:])
	request.Header.Set("X-Amz-Content-Sha256", hash)
	keys := aws.Credentials{AccessKeyID: p.AccessKeyID, SecretAccessKey: p.SecretAccessKey}
	plain := signer.NewSigner(func(o *signer.SignerOptions) { o.DisableURIPathEscaping = true })
	if err := plain.SignHTTP(p.ctx, keys, request, hash, "s3", "default", time.Now()); err != nil {
		return errGateway(err)
	}
	response, err := p.http.Do(request)
	if err != nil {
		return errGateway(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return errGateway(err)
	}
	if response.StatusCode/100 == 2 {
		return nil
	}
	var refusal struct {
		Code    string `xml:"Code"`
		Message string `xml:"Message"`
	}
	_ = xml.Unmarshal(body, &refusal) // no XML: no code
	return &apiError{
		Status: response.StatusCode, Code: cmp.Or(refusal.Code, "objectstore_gateway_failed"),
		Reason: strings.TrimSpace("The gateway does not create the bucket " + name + ". " + refusal.Message),
	}
}

// usage returns the numbers of the gateway. A bucket that S3 clients have deleted has no objects.
func (p *cephPlane) usage(st *store) (usage, error) {
	written, ok := p.buckets[st]
	if !ok {
		return usage{}, nil
	}
	info, err := p.admin.GetBucketInfo(p.ctx, admin.Bucket{Bucket: written.Name})
	switch {
	case errors.Is(err, admin.ErrNoSuchBucket):
		return usage{}, nil
	case err != nil:
		return usage{}, errGateway(err)
	}
	return usage{objects: number(info.Usage.RgwMain.NumObjects), kb: number(info.Usage.RgwMain.SizeKbUtilized)}, nil
}

// number returns 0 for a number that a response does not contain.
func number(n *uint64) int {
	if n == nil {
		return 0
	}
	return int(*n) //nolint:gosec // no bucket is that large
}

// readBuckets adds the stores of buckets that S3 clients have created, and removes those of buckets that they have deleted.
func (p *cephPlane) readBuckets() error {
	names, err := p.admin.ListBuckets(p.ctx)
	if err != nil {
		return errGateway(err)
	}
	known := map[string]bool{}
	for st, written := range p.buckets {
		known[written.Name] = true
		if !slices.Contains(names, written.Name) {
			delete(p.buckets, st)
			p.server.removeStore(st)
		}
	}
	for _, name := range names {
		if known[name] {
			continue
		}
		info, err := p.admin.GetBucketInfo(p.ctx, admin.Bucket{Bucket: name})
		if err != nil {
			return errGateway(err)
		}
		owner, ok := p.server.credentials.byID[strings.TrimPrefix(info.Owner, userID(""))]
		if !ok || userID(owner.ID) != info.Owner {
			continue // of another user of the gateway
		}
		st := p.server.newStore(Store{Name: name, Region: owner.Region, OwnerID: owner.ID})
		p.buckets[st] = Store{Name: name}
	}
	return nil
}
