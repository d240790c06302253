// The options of a server and their defaults.

package civosim

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Options configures a server. The zero value is usable: no latency, credentials and stores that are ready at once, a
// random token and Civo's public regions. Where Civo's behavior is not known, the zero value is the likeliest one, and
// an option selects the other.
type Options struct {
	// Addr is the address to listen on, on loopback; "" selects a free port of 127.0.0.1.
	Addr string
	// S3Addr is the address of the S3 data plane, on loopback; "" selects a free port of 127.0.0.1.
	S3Addr string
	// Gateway is the Ceph gateway that is the S3 data plane; nil keeps the objects in memory.
	Gateway *Gateway
	// Token is the only token that the server accepts; "" generates one.
	Token string

	// Regions are the codes of the regions, in Civo's spelling. The first is the default region, used by requests that
	// have none. An empty list selects lon1, fra1, nyc1, mum1 and phx1.
	Regions []string
	// NoObjectStore are the codes of regions without object storage, case-insensitive. Nil selects phx1; an empty list
	// selects none.
	NoObjectStore []string
	// StrictRegionCase rejects region codes in another case than the one in Regions.
	StrictRegionCase bool

	// Latency is the time between the arrival of a request and its execution.
	Latency time.Duration
	// ReadyAfter is the time until a new credential is ready; with 0, it is ready in the answer to its creation.
	ReadyAfter time.Duration
	// PendingStatus is the status of a credential until it is ready; "" selects "creating", and "-" the empty status
	// that Civo has been observed to return.
	PendingStatus string
	// ShowPendingKeys includes the keys of a credential that is not ready yet in answers. By default, neither key is in
	// any answer until then.
	ShowPendingKeys bool
	// ListedAfter is the time until lists contain a new credential or store. Its creation is answered at once.
	ListedAfter time.Duration
	// ReadableAfter is the time until a new credential or store can be read by its ID; until then, the answer is a 404.
	ReadableAfter time.Duration
	// StoreReadyAfter is the time until a new store is ready; until then, its status is "creating".
	StoreReadyAfter time.Duration
	// StoreGoneAfter is the time that the deletion of a store takes. Until then, its status is "deleting" and it is still
	// owned by its credential.
	StoreGoneAfter time.Duration
	// CredentialGoneAfter is the time that the deletion of a credential takes. Until then, its status is "deleting" and
	// its name and access key are still taken.
	CredentialGoneAfter time.Duration

	// NamesRepeat accepts names and access keys of credentials that are taken, so that a test can detect a client that
	// creates a credential twice.
	NamesRepeat bool
	// TakenNameCode is the error code for a credential name that is taken; "" selects
	// "database_objectstore_credential_exists", and "-" an error without a code.
	TakenNameCode string
	// TakenStoreNames are names of stores that other customers own: they are in no list, but cannot be used.
	TakenStoreNames []string
	// RefusedDeletionStatus is the HTTP status of the answer to the deletion of a credential that owns a store: 409 (also
	// selected by 0), 500, or 200 with the result "failed".
	RefusedDeletionStatus int
	// OmitOwnerCredentialID omits credential_id from the owner_info of stores.
	OmitOwnerCredentialID bool
	// StaleOwnerKeys keeps the access key ID that the owner of a store had before it was changed in the owner_info of the
	// store, and omits credential_id. By default, owner_info shows the new one.
	StaleOwnerKeys bool

	// HideOwners omits owner_info from stores.
	HideOwners bool
	// Rename changes the names of new credentials and stores; nil keeps them as they are sent.
	Rename func(sent string) string
	// StoreEndpoint is the objectstore_endpoint of stores. It may contain {region}. "" selects the address of the S3 data
	// plane, and "-" the empty endpoint.
	StoreEndpoint string

	// S3CreatesBuckets lets S3 clients create stores. The credential whose keys sign the request owns the store. The maximum size of the
	// store is 500 GB, and it is ready immediately. By default, only the API creates stores. Civo does not document whether S3 clients can
	// create stores.
	S3CreatesBuckets bool

	// PageSize is the number of items on a page when the client does not ask for a number; 0 selects 20.
	PageSize int
	// PageCap limits the number of items on a page; 0 is no limit.
	PageCap int
	// EmptyPagePastEnd answers a request for a page past the end with that page's number and no items. By default, the
	// answer is page 1.
	EmptyPagePastEnd bool

	// RateLimit is the number of requests served per second, in bursts of as many (at least one). Further requests are
	// answered with 429. 0 is no limit.
	RateLimit float64
	// RequestsPerMinute is the number of requests served in each minute, by the clock. All answers then have the headers
	// X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset. 0 is no such limit.
	RequestsPerMinute int
	// RetryAfter adds the header Retry-After, in whole seconds, to the answers of RateLimit.
	RetryAfter bool
	// QuotaGB limits the sum of the maximum sizes of all stores, in GB; 0 selects 1,000,000.
	QuotaGB int
	// QuotaStatus is the HTTP status of the answer to a request that exceeds QuotaGB; 0 selects 403.
	QuotaStatus int

	// Now is the clock for all times above except Latency; nil selects time.Now.
	Now func() time.Time
	// RecordLimit is the number of requests that Requests returns at most, the latest ones; 0 selects 10,000, and a negative number none.
	RecordLimit int
	// OnRequest, if not nil, is called for each request just before it is answered, by several goroutines at a time.
	OnRequest func(Request)
}

// withDefaults replaces zero values by the defaults they select.
func (o Options) withDefaults() Options {
	o.Addr = cmp.Or(o.Addr, "127.0.0.1:0")
	o.S3Addr = cmp.Or(o.S3Addr, "127.0.0.1:0")
	if o.Token == "" {
		o.Token = random(50, upper+lower+digits)
	}
	if len(o.Regions) == 0 {
		o.Regions = []string{"lon1", "fra1", "nyc1", "mum1", "phx1"}
	}
	o.Regions = slices.Clone(o.Regions)
	if o.NoObjectStore == nil {
		o.NoObjectStore = []string{"phx1"}
	}
	o.PageSize = cmp.Or(o.PageSize, 20)
	o.RecordLimit = cmp.Or(o.RecordLimit, 10_000)
	if o.Now == nil {
		o.Now = time.Now
	}
	o.PendingStatus = orEmpty(o.PendingStatus, "creating")
	o.TakenNameCode = orEmpty(o.TakenNameCode, "database_objectstore_credential_exists")
	o.QuotaGB = cmp.Or(o.QuotaGB, 1_000_000)
	o.QuotaStatus = cmp.Or(o.QuotaStatus, http.StatusForbidden)
	o.RefusedDeletionStatus = cmp.Or(o.RefusedDeletionStatus, http.StatusConflict)
	return o
}

// orEmpty returns the default for "" and the empty string for "-".
func orEmpty(value, defaultValue string) string {
	switch value {
	case "":
		return defaultValue
	case "-":
		return ""
	default:
		return value
	}
}

// check returns an error for options that no server can be started with.
func (o Options) check() error {
	switch o.RefusedDeletionStatus {
	case http.StatusOK, http.StatusConflict, http.StatusInternalServerError:
		return errors.Join(checkLoopback(o.Addr), checkLoopback(o.S3Addr))
	default:
		return fmt.Errorf("the status of a refused deletion must be 200, 409 or 500, not %d", o.RefusedDeletionStatus)
	}
}
