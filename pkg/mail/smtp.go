package mail

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTP is a mail server.
type SMTP struct {
	client *gomail.Client
	from   string
}

// sendFor bounds each exchange with the server.
const sendFor = 15 * time.Second

// NewSMTP reads where mail goes: smtps://user@host:465 is TLS from the first byte, smtp://user@host:587 begins with
// STARTTLS. A server at this machine's own address may do without.
func NewSMTP(address, password, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Path != "" {
		return nil, errors.New("TANGGAP_SMTP is not an address such as smtp://user@mail.example:587")
	}
	if err := gomail.NewMsg().From(from); err != nil {
		return nil, errors.New("TANGGAP_MAIL_FROM is not an e-mail address")
	}
	options := []gomail.Option{gomail.WithTimeout(sendFor), gomail.WithTLSPolicy(policyOf(u))}
	if u.Scheme == "smtps" {
		options = append(options, gomail.WithSSL())
	}
	if port := u.Port(); port != "" {
		n, err := strconv.Atoi(port)
		if err != nil {
			return nil, fmt.Errorf("port of TANGGAP_SMTP: %w", err)
		}
		options = append(options, gomail.WithPort(n))
	}
	if user := u.User.Username(); user != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(user),
			gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("TANGGAP_SMTP: %w", err)
	}
	return &SMTP{client: client, from: from}, nil
}

func policyOf(u *url.URL) gomail.TLSPolicy {
	host, err := netip.ParseAddr(u.Hostname())
	if err == nil && host.IsLoopback() {
		return gomail.TLSOpportunistic
	}
	return gomail.TLSMandatory
}

// Send implements Mailer.
func (s *SMTP) Send(ctx context.Context, to, subject, text string) State {
	m := gomail.NewMsg()
	if m.From(s.from) != nil || m.To(to) != nil {
		return Refused
	}
	m.Subject(subject)
	m.SetBodyString(gomail.TypeTextPlain, text)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	err := s.client.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() { // then only the farewell failed
		return Sent
	}
	return stateOf(err)
}

// stateOf tells what a failure means. Only a server that answered for good has refused; one that went away after the
// end of the text may have taken it.
func stateOf(err error) State {
	const permanent = 500
	var sending *gomail.SendError
	switch {
	case !errors.As(err, &sending):
		return Waiting
	case sending.ErrorCode() >= permanent:
		return Refused
	case sending.Reason == gomail.ErrSMTPDataClose && sending.ErrorCode() == 0:
		return Sending
	}
	return Waiting
}
