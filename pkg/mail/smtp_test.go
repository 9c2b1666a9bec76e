package mail

import (
	"net/url"
	"testing"

	gomail "github.com/wneessen/go-mail"
)

// Only a server at this machine's own address may do without TLS: no other address, and no name.
func TestWhoMayDoWithoutTLS(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]gomail.TLSPolicy{
		"smtp://127.0.0.1:25": gomail.TLSOpportunistic, "smtp://[::1]:25": gomail.TLSOpportunistic,
		"smtp://10.0.0.5:25": gomail.TLSMandatory, "smtp://192.0.2.1": gomail.TLSMandatory,
		"smtp://[2001:db8::1]:25": gomail.TLSMandatory, "smtp://localhost:25": gomail.TLSMandatory,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := policyOf(u); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}
