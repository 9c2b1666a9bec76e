package webhook

import (
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/tanggap/tanggap/pkg/clock"
)

var loopback = Door{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}

func receiver(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL
}

// What is sent is verified by the library of Standard Webhooks, with each secret of a rotation and with no other.
func TestWhatIsSentIsSigned(t *testing.T) {
	t.Parallel()
	secrets := []string{"whsec_cmFoYXNpYSBiYXJ1", "whsec_cmFoYXNpYSBsYW1h"}
	verified := map[string]error{}
	var body string
	url := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		body = string(text)
		for _, secret := range append(secrets, "whsec_bGFpbg==") {
			wh, err := standardwebhooks.NewWebhook(secret)
			if err == nil {
				err = wh.Verify(text, r.Header)
			}
			verified[secret] = err
		}
		w.WriteHeader(http.StatusAccepted)
	})
	d := NewSender(loopback, clock.System(), nil).Send(t.Context(), url, "a_1", secrets, []byte(`{"index":1}`))
	if d.Failure != "" || d.Status != http.StatusAccepted || d.Message != "a_1" || body != `{"index":1}` {
		t.Errorf("sent %q as %+v", body, d)
	}
	if verified[secrets[0]] != nil || verified[secrets[1]] != nil || verified["whsec_bGFpbg=="] == nil || len(verified) != 3 {
		t.Errorf("verified %v", verified)
	}
}

// Each way in which a receiver does not take something is told; a redirect is not followed, and what the door closes is
// not connected to, however it was let through at the registration.
func TestWhatAReceiverDoesNotTake(t *testing.T) {
	t.Parallel()
	asked := 0
	target := receiver(t, func(http.ResponseWriter, *http.Request) { asked++ })
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := silent.Addr().String()
	_ = silent.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(secure.Close)
	believed := x509.NewCertPool()
	believed.AddCert(secure.Certificate())
	for name, c := range map[string]struct {
		door    Door
		to      string
		roots   *x509.CertPool
		failure Failure
		status  int
	}{
		"an error": {loopback, receiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }), nil, Refused, 500},
		"an answer of a megabyte": {loopback, receiver(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
		}), nil, "", 200},
		"a redirect":                  {loopback, receiver(t, http.RedirectHandler(target, http.StatusTemporaryRedirect).ServeHTTP), nil, Redirected, 307},
		"nobody there":                {loopback, "http://" + address, nil, Unreachable, 0},
		"a closed door":               {Door{}, target, nil, BadAddress, 0},
		"a closed door over https":    {Door{}, secure.URL, believed, BadAddress, 0},
		"a name of a closed door":     {Door{}, strings.Replace(target, "127.0.0.1", "localhost", 1), nil, BadAddress, 0},
		"a certificate of nobody":     {loopback, secure.URL, nil, BadTLS, 0},
		"a certificate that is known": {loopback, secure.URL, believed, "", 200},
		"no address":                  {loopback, "http://\x00", nil, BadAddress, 0},
	} {
		d := NewSender(c.door, clock.System(), c.roots).Send(t.Context(), c.to, "a_1", []string{"whsec_eA=="}, []byte("{}"))
		if d.Failure != c.failure || d.Status != c.status {
			t.Errorf("%s: %q %d, want %q %d", name, d.Failure, d.Status, c.failure, c.status)
		}
	}
	if asked != 0 {
		t.Errorf("%d requests went where none should", asked)
	}
}
