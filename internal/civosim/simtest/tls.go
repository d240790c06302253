// The data plane in memory over TLS.

package simtest

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// ServeTLS serves the data plane in memory over TLS until the test ends. It returns the URL and a file with the certificate in PEM. Some S3
// clients send other requests over TLS than over plain HTTP.
func ServeTLS(tb testing.TB, server *civosim.Server) (tlsURL, certificate string) {
	tb.Helper()
	secure := httptest.NewTLSServer(server.S3Handler())
	tb.Cleanup(secure.Close)
	certificate = filepath.Join(tb.TempDir(), "certificate.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := os.WriteFile(certificate, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return secure.URL, certificate
}
