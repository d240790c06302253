// The objects in the stores of a credential.

package civosim

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"
)

// account serves the S3 requests of one credential. Its backend contains only the buckets of the stores that the credential
// owns, so that no request reaches the objects of another credential.
type account struct {
	*s3mem.Backend

	server  *Server
	owner   string // ID of the credential
	region  string
	handler http.Handler
	buckets map[string]*store // the stores whose buckets the backend contains, by name
	usage   map[string]stored // by the name of the bucket; listing a bucket for each write would be slow
}

// stored is the number of objects in a bucket and their total size in bytes.
type stored struct {
	objects int
	size    int64
}

// total returns the usage as the API reports it.
func (s stored) total() usage {
	return usage{objects: s.objects, kb: int((s.size + bytesPerKB - 1) / bytesPerKB)}
}

var _ gofakes3.Backend = (*account)(nil)

// account returns the account of a credential. It creates the account and the buckets that do not exist yet.
func (p *memoryPlane) account(ctx context.Context, c *credential) *account {
	a, ok := p.accounts[c.ID]
	if !ok {
		a = &account{
			Backend: s3mem.New(), server: p.server, owner: c.ID, region: c.Region, buckets: map[string]*store{}, usage: map[string]stored{},
		}
		// The versioning of s3mem lists deleted objects and fails for others.
		// An upload belongs to a store, so that a new store with the same name does not contain it.
		a.handler = gofakes3.New(a, gofakes3.WithoutVersioning(), gofakes3.WithUploadOwner(s3StoreID)).Server()
		p.accounts[c.ID] = a
	}
	for _, st := range p.server.stores.byOwner[c.ID] {
		_ = a.Backend.CreateBucket(ctx, st.Name) // fails only if the bucket exists
		a.buckets[st.Name] = st
	}
	return a
}

// store returns the store with this name that the account owns, or nil. S3 clients can access a store from the time it is ready until it
// no longer exists.
func (a *account) store(name string) *store {
	for _, st := range a.server.stores.byOwner[a.owner] {
		if st.Name == name && slices.Contains([]string{"ready", "deleting"}, a.server.storeNow(st).Status) {
			return st
		}
	}
	return nil
}

// storeID returns the ID of the store whose bucket is the first element of a path, or "" if the account has no such store.
func (a *account) storeID(path string) string {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.server.settle()
	bucket, _, _ := strings.Cut(strings.TrimLeft(path, "/"), "/")
	if st := a.store(bucket); st != nil {
		return st.ID
	}
	return ""
}

// isTaken reports whether another credential or another customer owns a store with this name.
func (a *account) isTaken(name string) bool {
	owner := func(st *store) bool { return st.OwnerID != a.owner }
	return slices.ContainsFunc(a.server.stores.byName[regional{a.region, name}], owner) ||
		slices.Contains(a.server.options.TakenStoreNames, name)
}

// ListBuckets returns the stores that the credential owns.
func (a *account) ListBuckets(ctx context.Context) ([]gofakes3.BucketInfo, error) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.server.settle()
	buckets, err := a.Backend.ListBuckets(ctx)
	return slices.DeleteFunc(buckets, func(b gofakes3.BucketInfo) bool { return a.store(b.Name) == nil }), err
}

// BucketExists reports whether the credential owns the store. It returns an error if another credential does. The library calls it before
// all other operations on a bucket.
func (a *account) BucketExists(ctx context.Context, name string) (bool, error) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.server.settle()
	exists := a.store(name) != nil
	if !exists && a.isTaken(name) {
		return false, errAccessDenied(ctx)
	}
	return exists, nil
}

// ListBucket returns a page of the objects in a bucket, in the order of their keys. It corrects two errors of the backend: an
// empty delimiter, which rclone sends, matches nothing. A page after a deleted object does not contain the next object.
func (a *account) ListBucket(
	ctx context.Context, bucket string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage,
) (*gofakes3.ObjectList, error) {
	asked := *prefix
	asked.HasDelimiter = asked.Delimiter != ""
	list, err := a.Backend.ListBucket(ctx, bucket, &asked, gofakes3.ListBucketPage{})
	if err != nil {
		return nil, err
	}

	var names []string
	for _, object := range list.Contents {
		names = append(names, object.Key)
	}
	for _, common := range list.CommonPrefixes {
		names = append(names, common.Prefix)
	}
	slices.Sort(names)
	names = slices.DeleteFunc(names, func(name string) bool { return page.HasMarker && name <= page.Marker })
	if int64(len(names)) > page.MaxKeys {
		names = names[:page.MaxKeys]
		list.IsTruncated, list.NextMarker = true, names[len(names)-1]
	}
	isElsewhere := func(name string) bool { _, ok := slices.BinarySearch(names, name); return !ok }
	list.Contents = slices.DeleteFunc(list.Contents, func(c *gofakes3.Content) bool { return isElsewhere(c.Key) })
	list.CommonPrefixes = slices.DeleteFunc(list.CommonPrefixes,
		func(p gofakes3.CommonPrefix) bool { return isElsewhere(p.Prefix) })
	return list, nil
}

// CreateBucket creates a store that the credential owns, if Options.S3CreatesBuckets is set. Otherwise, it rejects the request. To S3
// clients, a store that is not ready does not exist, but its name is taken.
func (a *account) CreateBucket(ctx context.Context, name string) error {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.server.settle()
	owner, ok := a.server.credentials.byID[a.owner]
	isGone := !ok || !owner.goneAt.IsZero() // deleted since the request was authenticated
	switch {
	case !a.server.options.S3CreatesBuckets, isGone:
		return errAccessDenied(ctx)
	case a.store(name) != nil:
		return nil
	case a.server.isNameTaken(a.region, name):
		return gofakes3.ResourceError(gofakes3.ErrBucketAlreadyExists, name)
	}
	a.server.newStore(Store{Name: name, Region: a.region, OwnerID: a.owner}) // the next request creates its bucket (see memoryPlane.account)
	return nil
}

// DeleteBucket rejects all requests, because only the Civo API deletes stores.
func (a *account) DeleteBucket(ctx context.Context, _ string) error { return errAccessDenied(ctx) }

// HeadObject returns an object without its contents. It checks the bucket, because the library does not call BucketExists for the source of
// a copy.
func (a *account) HeadObject(ctx context.Context, bucket, key string) (*gofakes3.Object, error) {
	exists, err := a.BucketExists(ctx, bucket)
	if err != nil {
		return nil, err
	}
	if !exists {
		return nil, gofakes3.BucketNotFound(bucket)
	}
	return a.Backend.HeadObject(ctx, bucket, key)
}

// PutObject stores an object, unless the store would exceed its maximum size or the conditions of the request are not met. The lock makes
// the checks and the write atomic.
func (a *account) PutObject(
	ctx context.Context, bucket, key string, meta map[string]string, input io.Reader, size int64,
) (gofakes3.PutObjectResult, error) {
	body, err := gofakes3.ReadAll(input, size) // before the lock: a client can be slow
	if err != nil {
		return gofakes3.PutObjectResult{}, err
	}

	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.server.settle()
	st := a.store(bucket)
	if st == nil || st.ID != s3StoreID(ctx) { // another store can have the name by now
		return gofakes3.PutObjectResult{}, gofakes3.BucketNotFound(bucket)
	}
	var replaced int64
	etag := ""
	old, err := a.Backend.HeadObject(ctx, bucket, key)
	exists := err == nil
	if exists {
		replaced, etag = old.Size, hex.EncodeToString(old.Hash)
	}
	if err := gofakes3.CheckWriteConditions(ctx, exists, etag); err != nil {
		return gofakes3.PutObjectResult{}, err
	}
	held := a.usage[bucket]
	used := int64(st.UsedKB)*bytesPerKB + held.size - replaced
	if used+int64(len(body)) > int64(st.MaxSizeGB)*kbPerGB*bytesPerKB {
		return gofakes3.PutObjectResult{}, s3Error(ctx, http.StatusForbidden, "QuotaExceeded", "The object store is full")
	}
	result, err := a.Backend.PutObject(ctx, bucket, key, meta, bytes.NewReader(body), int64(len(body)))
	if err == nil {
		if !exists {
			held.objects++
		}
		held.size += int64(len(body)) - replaced
		a.usage[bucket] = held
	}
	return result, err
}

// DeleteObject deletes an object, if it exists.
func (a *account) DeleteObject(ctx context.Context, bucket, key string) (gofakes3.ObjectDeleteResult, error) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	old, missing := a.Backend.HeadObject(ctx, bucket, key)
	result, err := a.Backend.DeleteObject(ctx, bucket, key)
	if missing == nil && err == nil {
		held := a.usage[bucket]
		a.usage[bucket] = stored{held.objects - 1, held.size - old.Size}
	}
	return result, err
}

// DeleteMulti deletes objects with DeleteObject, which the backend's own DeleteMulti does not call.
func (a *account) DeleteMulti(ctx context.Context, bucket string, keys ...string) (gofakes3.MultiDeleteResult, error) {
	var result gofakes3.MultiDeleteResult
	for _, key := range keys {
		if _, err := a.DeleteObject(ctx, bucket, key); err != nil {
			return result, err
		}
		result.Deleted = append(result.Deleted, gofakes3.ObjectID{Key: key})
	}
	return result, nil
}

// CopyObject copies an object with PutObject, which the backend's own CopyObject does not call.
func (a *account) CopyObject(
	ctx context.Context, fromBucket, fromKey, toBucket, toKey string, meta map[string]string,
) (gofakes3.CopyObjectResult, error) {
	from, err := a.GetObject(ctx, fromBucket, fromKey, nil)
	if err != nil {
		return gofakes3.CopyObjectResult{}, err
	}
	_, err = a.PutObject(ctx, toBucket, toKey, meta, from.Contents, from.Size)
	return gofakes3.CopyObjectResult{
		ETag: `"` + hex.EncodeToString(from.Hash) + `"`, LastModified: gofakes3.NewContentTime(time.Now()),
	}, err
}

// removeOldBuckets removes the buckets of stores that no longer exist, or that have another name, with their objects.
func (a *account) removeOldBuckets() {
	ctx := context.Background()
	for name, st := range a.buckets {
		if a.server.stores.byID[st.ID] == st && st.Name == name {
			continue
		}
		if list, err := a.Backend.ListBucket(ctx, name, nil, gofakes3.ListBucketPage{}); err == nil {
			for _, object := range list.Contents {
				_, _ = a.Backend.DeleteObject(ctx, name, object.Key) // fails only if there is no bucket
			}
		}
		_ = a.Backend.DeleteBucket(ctx, name) // as above
		delete(a.buckets, name)
		delete(a.usage, name)
	}
}

func errAccessDenied(ctx context.Context) error {
	return s3Error(ctx, http.StatusForbidden, "AccessDenied", "Access Denied")
}
