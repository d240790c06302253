// The S3 data planes.

package civosim

import (
	"context"
	"net/http"
)

// dataPlane stores the objects and serves S3 requests. There are two: in memory ([memoryPlane]), and a Ceph gateway ([cephPlane]). The
// caller of sync and usage holds the server's lock.
type dataPlane interface {
	// url returns the base URL for S3 clients.
	url() string
	// sync makes the keys and buckets equal to the credentials and stores of the server. It does nothing if they have not changed since.
	// The error is an *apiError.
	sync() error
	// usage returns what S3 clients have stored in the bucket of a store.
	usage(st *store) (usage, error)
	close() error
}

// usage is the usage of a bucket as the API reports it.
type usage struct{ objects, kb int }

func newDataPlane(ctx context.Context, s *Server) (dataPlane, error) {
	if s.options.Gateway != nil {
		return newCephPlane(ctx, s)
	}
	return newMemoryPlane(ctx, s)
}

// S3URL returns the base URL of the S3 data plane, such as http://127.0.0.1:PORT, which can be the value of CIVO_OBJECTSTORE_ENDPOINT.
// It serves the stores of all regions. Clients must use path-style addressing.
func (s *Server) S3URL() string { return s.plane.url() }

// version returns a number that increases with each change to the credentials and stores.
func (s *Server) version() int { return s.credentials.version + s.stores.version }

// sync tells the data plane about changes.
func (s *Server) sync() error { return s.plane.sync() }

// syncLater is sync for callers that return no error. If it fails, the next request to the API tries again and returns the error.
func (s *Server) syncLater() { _ = s.sync() }

// withUsage returns the store with the objects stored through S3, in addition to the numbers that tests set.
func (s *Server) withUsage(present Store, st *store) (Store, error) {
	stored, err := s.plane.usage(st)
	present.ObjectCount += stored.objects
	present.UsedKB += stored.kb
	return present, err
}

// errGateway is the error of a request to the gateway that does not succeed.
func errGateway(err error) error {
	return &apiError{Status: http.StatusInternalServerError, Code: "objectstore_gateway_failed", Reason: err.Error()}
}
