// Simulators with a Ceph gateway.

package simtest

import (
	"context"
	"sync"
	"testing"

	"github.com/ceph/go-ceph/rgw/admin"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/ceph"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// startGateway starts one gateway for all tests of a package, because a start takes long. The gateway stops with the process.
var startGateway = sync.OnceValues(func() (*ceph.Gateway, error) { return ceph.Start(context.Background()) })

// Ceph returns a running gateway and the option that makes it the data plane of a simulator. It skips the test if the programs are not
// installed. The tests of a package share the gateway: access keys and names of stores must be unique. A simulator deletes its users and
// buckets when it is closed.
func Ceph(tb testing.TB) (gateway *ceph.Gateway, option *civosim.Gateway) {
	tb.Helper()
	if err := ceph.Check(); err != nil {
		tb.Skip(err)
	}
	gateway, err := startGateway()
	if err != nil {
		tb.Fatal(err)
	}
	return gateway, &civosim.Gateway{URL: gateway.URL, AccessKeyID: gateway.AccessKeyID, SecretAccessKey: gateway.SecretAccessKey}
}

// SetQuota sets the quota of a bucket of a credential in bytes, and disables it with 0. The simulator sets larger quotas only.
func SetQuota(tb testing.TB, gateway *ceph.Gateway, credentialID, bucket string, bytes int) {
	tb.Helper()
	api, err := admin.New(gateway.URL, gateway.AccessKeyID, gateway.SecretAccessKey, nil)
	if err != nil {
		tb.Fatal(err)
	}
	enabled, kb := bytes > 0, bytes/1024
	quota := admin.QuotaSpec{UID: "civosim-" + credentialID, Bucket: bucket, Enabled: &enabled, MaxSizeKb: &kb}
	if err := api.SetIndividualBucketQuota(tb.Context(), quota); err != nil {
		tb.Fatal(err)
	}
}
