// The data plane in memory over TLS.

package simtest

import (
	"encoding/pem"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// ServeTLS serves the data plane in memory over TLS until the test ends. It returns the URL and a file with the certificate in PEM. Some S3
// clients send other requests over TLS than over plain HTTP.
func ServeTLS(tb testing.TB, server *civosim.Server) (tlsURL, certificate string) {
	tb.Helper()
	target, err := url.Parse(server.S3URL())
	if err != nil {
		tb.Fatal(err)
	}
	proxy := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
	}})
	tb.Cleanup(proxy.Close)
	certificate = filepath.Join(tb.TempDir(), "certificate.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: proxy.Certificate().Raw})
	if err := os.WriteFile(certificate, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return proxy.URL, certificate
}
