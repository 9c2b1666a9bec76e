package main

import (
	"context"
	"net/netip"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/jobs"
	"github.com/tanggap/tanggap/pkg/mail"
	"github.com/tanggap/tanggap/pkg/webhook"
)

// outgoing are the settings of what the server sends to others.
type outgoing struct {
	Receivers    []netip.Prefix `name:"webhook-networks" env:"TANGGAP_WEBHOOK_NETWORKS" placeholder:"CIDR" help:"Networks of your own in which webhooks may be received, also over http; otherwise public hosts over https only."`
	SMTP         string         `name:"smtp" env:"TANGGAP_SMTP" placeholder:"URL" help:"Mail server for reminders, smtp://user@host:587 (STARTTLS) or smtps://user@host:465. Empty: no mail."`
	SMTPPassword string         `name:"smtp-password" env:"TANGGAP_SMTP_PASSWORD" placeholder:"TEXT" help:"Password at the mail server; better set in the environment."`
	MailFrom     string         `name:"mail-from" env:"TANGGAP_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of the mail."`
}

// tell prepares what the server sends to others.
func (a *app) tell(o outgoing) error {
	door := webhook.Door{Networks: o.Receivers}
	a.services.Webhooks = &webhook.Service{Store: a.store.Feed, Door: &door, Clock: a.clock, Derive: a.derive,
		Sender: webhook.NewSender(door, a.clock, nil)}
	a.goBy(a.book.Law())
	if o.SMTP == "" {
		return nil
	}
	mailer, err := mail.NewSMTP(o.SMTP, o.SMTPPassword, o.MailFrom)
	if err != nil {
		return err
	}
	a.reminder = &mail.Reminder{Store: a.store.Mail, Mailer: mailer, Work: a.store.Tracks, Matrix: a.matrix,
		Clock: a.clock, Actor: a.store.ActorOf, Exports: func(ctx context.Context, op authz.Op) (int, error) {
			list, err := a.services.Exports.Awaiting(ctx, op)
			return len(list), err
		}}
	return nil
}

func (a *app) derive(purpose string) []byte { return a.vault.Derive(purpose) }

func (a *app) deliverer() *webhook.Deliverer {
	var sender *webhook.Sender
	if a.services.Webhooks != nil {
		sender = a.services.Webhooks.Sender
	}
	return &webhook.Deliverer{Store: a.store.Feed, Changes: a.store.Feed, Sender: sender, Clock: a.clock, Rights: a.rights,
		Derive: a.derive, Log: a.log}
}

// mails is the sending of mail; nil where no server is named.
func (a *app) mails() jobs.Mail {
	if a.reminder == nil {
		return nil
	}
	return a.reminder
}
