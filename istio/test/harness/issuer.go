package harness

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Issuer signs editors' tokens, and serves the keys by which they are judged.
type Issuer struct {
	t      testing.TB
	server *httptest.Server
	key    ed25519.PrivateKey
}

const keyID = "test"

// Claims are those of a token, by their name.
type Claims map[string]any

// NewIssuer makes one with a key of its own.
func NewIssuer(t testing.TB) *Issuer {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	set, err := json.Marshal(map[string]any{"keys": []any{map[string]string{
		"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": keyID, "x": segment(public),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(set) }))
	t.Cleanup(server.Close)
	return &Issuer{t: t, server: server, key: private}
}

// Token signs the claims of a role, and those given, which replace others of their name.
func (i *Issuer) Token(role string, others Claims) string {
	i.t.Helper()
	claims := Claims{
		"iss":  "https://identity.example.com",
		"aud":  "vitrina",
		"sub":  "someone",
		"role": role,
		"exp":  time.Now().Add(time.Hour).Unix(),
	}
	for name, value := range others {
		claims[name] = value
	}
	signed := i.encode(map[string]string{"alg": "EdDSA", "typ": "JWT", "kid": keyID}) + "." + i.encode(claims)
	return signed + "." + segment(ed25519.Sign(i.key, []byte(signed)))
}

func (i *Issuer) encode(value any) string {
	i.t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		i.t.Fatal(err)
	}
	return segment(text)
}

func segment(raw []byte) string {
	return base64.RawURLEncoding.EncodeToString(raw)
}
