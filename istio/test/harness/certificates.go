package harness

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/url"
	"testing"
	"time"
)

// Authority issues certificates: one stands in for the mesh's own, one for the public's.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	serial      int64
}

// Certificate is one that an Authority issued, with its key, as PEM.
type Certificate struct {
	Chain []byte
	Key   []byte
}

// NewAuthority makes one with a key of its own.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "root"},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	authority := &Authority{key: newKey(t)}
	authority.certificate = authority.sign(t, template, template, &authority.key.PublicKey)
	return authority
}

// Workload issues the certificate of a service account, as Istio's control plane would.
func (a *Authority) Workload(t testing.TB, identity Identity) Certificate {
	t.Helper()
	return a.issue(t, &x509.Certificate{URIs: []*url.URL{identity.URL()}})
}

// Host issues the certificate of a public host.
func (a *Authority) Host(t testing.TB, host string) Certificate {
	t.Helper()
	return a.issue(t, &x509.Certificate{DNSNames: []string{host}})
}

// PEM is what others must trust.
func (a *Authority) PEM() []byte {
	return encode("CERTIFICATE", a.certificate.Raw)
}

// Pool is the same for Go's TLS.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// TLS is the certificate for Go's TLS.
func (c Certificate) TLS(t testing.TB) tls.Certificate {
	t.Helper()
	pair, err := tls.X509KeyPair(c.Chain, c.Key)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func (a *Authority) issue(t testing.TB, template *x509.Certificate) Certificate {
	t.Helper()
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	key := newKey(t)
	leaf := a.sign(t, template, a.certificate, &key.PublicKey)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return Certificate{Chain: encode("CERTIFICATE", leaf.Raw), Key: encode("PRIVATE KEY", secret)}
}

func (a *Authority) sign(t testing.TB, template, parent *x509.Certificate, key *ecdsa.PublicKey) *x509.Certificate {
	t.Helper()
	a.serial++
	template.SerialNumber = big.NewInt(a.serial)
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = time.Now().Add(24 * time.Hour)
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, key, a.key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func encode(kind string, raw []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw})
}
