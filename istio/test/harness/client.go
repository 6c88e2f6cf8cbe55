package harness

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
)

// Client speaks to one host through a gateway, from an address of its own.
type Client struct {
	t    testing.TB
	host string
	http *http.Client
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Pod is the name of the pod that answered, or empty.
func (a Answer) Pod() string {
	return a.Header.Get(PodHeader)
}

// newClient reaches the port of this machine as if it were the host's 443.
func newClient(t testing.TB, host string, port uint32, trusted *x509.CertPool) *Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(nextAddress())}}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		},
		TLSClientConfig:   &tls.Config{RootCAs: trusted},
		ForceAttemptHTTP2: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &Client{t: t, host: host, http: &http.Client{
		Timeout:       Deadline,
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send sends a request with headers, given as names and values in turn.
func (c *Client) Send(method, path string, headers ...string) Answer {
	c.t.Helper()
	answer, err := c.Try(method, path, headers...)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer
}

// Get sends a GET.
func (c *Client) Get(path string) Answer {
	c.t.Helper()
	return c.Send(http.MethodGet, path)
}

// Try is Send for what may fail, and for goroutines other than the test's own.
func (c *Client) Try(method, path string, headers ...string) (Answer, error) {
	request, err := http.NewRequest(method, "https://"+c.host+path, nil)
	if err != nil {
		return Answer{}, err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return Answer{Status: response.StatusCode, Header: response.Header, Body: string(body)}, err
}
