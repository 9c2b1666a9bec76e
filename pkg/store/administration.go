package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
)

// administration is the lock that changes of officers take, one after the other: what one of them decides on, such as who
// else is administrator of a region, no other one changes meanwhile.
const administration = 7264015

// CreateOfficer adds an officer with a password, for whoever runs the server: the first ones have nobody to invite them.
func (s *Store) CreateOfficer(ctx context.Context, op authz.Op, o officer.Officer, passwordHash string) (officer.Officer, error) {
	made, err := repeatable(ctx, s, op, s.seesInvited(ctx, op), func(tx *gorm.DB) (invited, error) { return addOfficer(tx, op, o, passwordHash) })
	return made.Officer, err
}

// invited is an officer who was added. First is lost in the kept answer, as it must be.
type invited struct {
	officer.Officer
	First bool `json:"-"`
}

// Invite implements officer.Store.
func (s *Store) Invite(ctx context.Context, op authz.Op, o officer.Officer, k officer.SetupKey) (officer.Officer, bool, error) {
	made, err := repeatable(ctx, s, op, s.seesInvited(ctx, op), func(tx *gorm.DB) (invited, error) {
		made, err := addOfficer(tx, op, o, "")
		if err == nil {
			err = keepSetupKey(tx, op, made.ID, k)
		}
		return made, err
	})
	if fault.CodeOf(err) == "officer.email_taken" {
		err = s.takenBy(ctx, op, o.Email, err)
	}
	return made.Officer, made.First, err
}

// takenBy is the refusal of an address that is taken: of officers elsewhere the caller learns that they are not here.
func (s *Store) takenBy(ctx context.Context, op authz.Op, email string, taken error) error {
	var row officerRow
	err := offices(s.db.WithContext(ctx), "office", op.Scope).Where("email = ?", email).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.New(fault.Conflict, "officer.registered_elsewhere").At("email")
	}
	if err != nil {
		return translate(err)
	}
	return taken
}

func (s *Store) seesInvited(ctx context.Context, op authz.Op) func(invited) error {
	return func(made invited) error { return s.seesOfficer(ctx, op, made.ID) }
}

func addOfficer(tx *gorm.DB, op authz.Op, o officer.Officer, passwordHash string) (invited, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return invited{}, fmt.Errorf("make officer id: %w", err)
	}
	o.ID, o.Active, o.Version = authz.OfficerID(id), true, 1
	err = tx.Raw(`insert into officer (id, email, name, office, password_hash, created_by) values (?, ?, ?, ?, ?, ?) returning created_at`,
		id, o.Email, o.Name, string(o.Office), passwordHash, nullID(uuid.UUID(op.Actor))).Scan(&o.CreatedAt).Error
	if err == nil {
		err = happened(tx, op, o.ID, "created", uuid.Nil)
	}
	return invited{o, true}, err
}

// happened keeps what an administrator did.
func happened(tx *gorm.DB, op authz.Op, to authz.OfficerID, kind string, grant uuid.UUID) error {
	return tx.Exec(`insert into officer_event (officer_id, kind, grant_id, actor) values (?, ?, ?, ?)`, uuid.UUID(to), kind, nullID(grant), nullID(uuid.UUID(op.Actor))).Error
}

// GrantRole gives a role without asking anybody, for whoever runs the server.
func (s *Store) GrantRole(ctx context.Context, op authz.Op, to authz.OfficerID, g officer.Grant) (officer.Grant, error) {
	g.GrantedBy = op.Actor
	visible := func(o officer.Officer) error {
		if !op.Scope.Covers(o.Office) || !o.Active {
			return officer.NotFound()
		}
		return nil
	}
	done, err := s.Administer(ctx, op, to, visible, func(officer.Standing) (officer.Change, error) { return officer.Change{Give: &g}, nil })
	return done.Grant, err
}

// Administer implements officer.Store.
func (s *Store) Administer(ctx context.Context, op authz.Op, id authz.OfficerID, visible func(officer.Officer) error, decide officer.Decide) (officer.Changed, error) {
	again := func(officer.Changed) error {
		o, err := s.GetOfficer(ctx, authz.Everywhere(), id)
		if err != nil {
			return err
		}
		return visible(o)
	}
	return repeatable(ctx, s, op, again, func(tx *gorm.DB) (officer.Changed, error) {
		at, err := standing(tx, op, id)
		if err == nil {
			err = visible(at.Officer)
		}
		if err != nil {
			return officer.Changed{}, err
		}
		change, err := decide(at)
		if err != nil {
			return officer.Changed{}, err
		}
		return administer(tx, op, id, change)
	})
}

// standing reads the officer once no other administration is under way. Whoever was deactivated while they waited for it
// changes nothing any more.
func standing(tx *gorm.DB, op authz.Op, id authz.OfficerID) (at officer.Standing, err error) {
	if err := tx.Exec("select pg_advisory_xact_lock(?)", administration).Error; err != nil {
		return at, err
	}
	if op.Actor != (authz.OfficerID{}) {
		var active bool
		if err := tx.Raw("select exists (select from officer where id = ? and active)", uuid.UUID(op.Actor)).Scan(&active).Error; err != nil {
			return at, err
		}
		if !active {
			return at, officer.Invalid()
		}
	}
	var row officerRow
	if err := tx.Where("id = ?", uuid.UUID(id)).Take(&row).Error; errors.Is(err, gorm.ErrRecordNotFound) {
		return at, officer.NotFound()
	} else if err != nil {
		return at, err
	}
	all, err := withGrants(tx, []officerRow{row})
	if err != nil {
		return at, err
	}
	at.Officer = all[0]
	var others []grantRow
	err = tx.Where(`role = ? and revoked_at is null and not pending and officer_id <> ? and officer_id in (select id from officer where active)
		and region in (select region from officer_grant where officer_id = ? and role = ?)`, string(authz.Administrator), uuid.UUID(id), uuid.UUID(id), string(authz.Administrator)).
		Find(&others).Error
	for _, g := range others {
		at.Administrators = append(at.Administrators, g.grant())
	}
	return at, err
}

// administer makes a change that was decided on.
func administer(tx *gorm.DB, op authz.Op, id authz.OfficerID, c officer.Change) (done officer.Changed, err error) {
	done.First = true
	if c.Give != nil {
		done.Grant, err = giveGrant(tx, op, id, *c.Give)
	}
	for _, grant := range c.Revoke {
		err = errors.Join(err, changeGrant(tx, op, id, grant, "grant.revoked", map[string]any{"revoked_at": gorm.Expr("now()"), "revoked_by": nullID(uuid.UUID(op.Actor))}))
	}
	for _, grant := range c.Suspend {
		err = errors.Join(err, changeGrant(tx, op, id, grant, "grant.suspended", map[string]any{"proposed_by": uuid.UUID(op.Actor), "confirmed_by": nil, "confirmed_at": nil}))
	}
	if err == nil && c.Confirm != uuid.Nil {
		err = changeGrant(tx, op, id, c.Confirm, "grant.confirmed", map[string]any{"confirmed_at": gorm.Expr("now()"), "confirmed_by": uuid.UUID(op.Actor)})
		if err == nil {
			done.Grant, err = readGrant(tx, c.Confirm)
		}
	}
	if err == nil && c.Code != nil {
		err = reopen(tx, op, id, *c.Code)
	}
	if err == nil && c.Deactivate {
		err = closeAccount(tx, op, id)
	}
	if err != nil {
		return officer.Changed{}, err
	}
	return done, accessChanged(tx, uuid.UUID(id))
}

func giveGrant(tx *gorm.DB, op authz.Op, to authz.OfficerID, g officer.Grant) (officer.Grant, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return g, fmt.Errorf("make grant id: %w", err)
	}
	made := grantRow{ID: id, OfficerID: uuid.UUID(to), Role: string(g.Role), Region: string(g.Region), ValidFrom: g.From.Time(), ValidUntil: nullDate(g.Until),
		GrantedBy: nullID(uuid.UUID(g.GrantedBy)), ProposedBy: nullID(uuid.UUID(g.ProposedBy))}
	if err := tx.Create(&made).Error; err != nil {
		return g, err
	}
	if err := happened(tx, op, to, "grant.given", id); err != nil {
		return g, err
	}
	return readGrant(tx, id)
}

func readGrant(tx *gorm.DB, id uuid.UUID) (officer.Grant, error) {
	var row grantRow
	err := tx.Where("id = ?", id).Take(&row).Error
	return row.grant(), err
}

func changeGrant(tx *gorm.DB, op authz.Op, of authz.OfficerID, grant uuid.UUID, kind string, values map[string]any) error {
	done := tx.Model(&grantRow{}).Where("id = ? and officer_id = ? and revoked_at is null", grant, uuid.UUID(of)).Updates(values)
	if done.Error != nil {
		return done.Error
	}
	if done.RowsAffected != 1 {
		return officer.NotFound()
	}
	return happened(tx, op, of, kind, grant)
}

// reopen ends the password and the sessions of an officer, and lets them set another password with a code.
func reopen(tx *gorm.DB, op authz.Op, id authz.OfficerID, k officer.SetupKey) error {
	if err := setPassword(tx, id, ""); err != nil {
		return err
	}
	return keepSetupKey(tx, op, id, k)
}

func keepSetupKey(tx *gorm.DB, op authz.Op, id authz.OfficerID, k officer.SetupKey) error {
	err := tx.Exec(`insert into setup_code (officer_id, digest, issued_by, issued_at, expires_at) values (@id, @digest, @by, @at, @until)
		on conflict (officer_id) do update set digest = excluded.digest, issued_by = excluded.issued_by, issued_at = excluded.issued_at, expires_at = excluded.expires_at`,
		map[string]any{"id": uuid.UUID(id), "digest": k.Digest[:], "by": nullID(uuid.UUID(op.Actor)), "at": k.IssuedAt, "until": k.ExpiresAt}).Error
	if err != nil {
		return err
	}
	return happened(tx, op, id, "code.issued", uuid.Nil)
}

// closeAccount takes the sessions, the code and the account itself.
func closeAccount(tx *gorm.DB, op authz.Op, id authz.OfficerID) error {
	if err := tx.Exec("update officer set active = false, version = version + 1 where id = ?", uuid.UUID(id)).Error; err != nil {
		return err
	}
	if err := tx.Exec("delete from setup_code where officer_id = ?", uuid.UUID(id)).Error; err != nil {
		return err
	}
	if err := tx.Exec("delete from session where officer_id = ?", uuid.UUID(id)).Error; err != nil {
		return err
	}
	return happened(tx, op, id, "deactivated", uuid.Nil)
}

// setPassword replaces a password, the empty hash by none, and ends all sessions.
func setPassword(tx *gorm.DB, id authz.OfficerID, hash string) error {
	if err := tx.Exec("update officer set password_hash = ?, version = version + 1 where id = ?", hash, uuid.UUID(id)).Error; err != nil {
		return err
	}
	return tx.Exec("delete from session where officer_id = ?", uuid.UUID(id)).Error
}
