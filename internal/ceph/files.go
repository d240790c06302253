// The files of a gateway: the configuration and the certificate. And its ports.

package ceph

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"os"
	"strings"
	"time"
)

// IDs of the cluster and of the OSD. Any UUIDs will do.
const (
	fsid  = "6d4f1c1e-5a3c-4b7e-9a56-0f3f0f6b2c11"
	osdID = "0b9e4c5a-93e2-4f0e-8a0c-6a1d8c1f7e22"
)

// monAddress returns the address of the monitor. The configuration and the monitor map must contain it in this form, because the
// servers use only version 1 of the protocol.
func monAddress(port int) string { return fmt.Sprintf("[v1:127.0.0.1:%d]", port) }

// config is the configuration of all programs. DIR and MON are replaced.
//
//nolint:dupword // names of options
const config = `[global]
fsid = ` + fsid + `
mon host = MON
auth cluster required = none
auth service required = none
auth client required = none
ms bind msgr2 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
log to file = false
log to stderr = true
err to stderr = true
log flush on exit = true
mon cluster log to file = false
admin socket =
pid file =
run dir = DIR
crash dir = DIR
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd crush update on start = false
osd class update on start = false
mon allow pool size one = true
mon data = DIR/mon
mon data avail crit = 0
osd data = DIR/osd
osd objectstore = memstore
memstore device bytes = 8G
rgw data = DIR/rgw
rgw enable apis = s3, admin
rgw thread pool size = 64
`

func (g *Gateway) writeFiles(monPort int) error {
	for _, dir := range []string{"mon", "osd", "rgw"} {
		if err := os.Mkdir(g.path(dir), 0o700); err != nil {
			return err
		}
	}
	certificate, key, err := newCertificate()
	if err != nil {
		return err
	}
	text := strings.NewReplacer("DIR", g.dir, "MON", monAddress(monPort)).Replace(config)
	return errors.Join(
		os.WriteFile(g.path("ceph.conf"), []byte(text), 0o600),
		os.WriteFile(g.Certificate, certificate, 0o600),
		os.WriteFile(g.path("key.pem"), append(key, certificate...), 0o600), // radosgw wants both in one file
	)
}

// newCertificate returns a certificate for loopback and its key, in PEM.
func newCertificate() (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().AddDate(1, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	template.Subject.CommonName = "127.0.0.1"
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	var certificatePEM, keyPEM bytes.Buffer
	err = errors.Join(
		pem.Encode(&certificatePEM, &pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.Encode(&keyPEM, &pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
	)
	return certificatePEM.Bytes(), keyPEM.Bytes(), err
}

// freePorts returns different ports of loopback that are free now. They are below those that systems use for outgoing connections, so that
// they are likely to be free until the servers use them.
func freePorts(ctx context.Context, n int) ([]int, error) {
	var ports []int
	var failed error
	for range 100 {
		port := 10_000 + mathrand.IntN(20_000) //nolint:gosec // not a secret
		socket, err := new(net.ListenConfig).Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			failed = err
			continue
		}
		defer func() { _ = socket.Close() }() //nolint:revive,gocritic // only when all ports are known, so that they differ
		if ports = append(ports, port); len(ports) == n {
			return ports, nil
		}
	}
	return nil, failed
}

// accepts reports whether a server listens on a port of loopback.
func accepts(ctx context.Context, port int) bool {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}
