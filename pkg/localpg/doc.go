// Package localpg runs a private PostgreSQL: the database of `tanggap serve` when no address is given, and of every
// test.
//
// The server belongs to one folder and is shared by all processes that name that folder:
//
//	<folder>/data         the cluster, readable only by the account PostgreSQL runs as; "scratch" when not durable
//	<folder>/s            the unix socket; its 0700 mode is the guard, as the server trusts whoever reaches it
//	<folder>/lease        locked shared by every user for as long as it needs the server
//	<folder>/mutex        locked by whoever creates or launches
//	<folder>/supervisor   locked by the supervisor for as long as it lives
//	<folder>/log          what PostgreSQL and the supervisor say; statements and their values are never logged
//
// The first user re-executes its own program as a supervisor, which is the parent of PostgreSQL. The supervisor asks
// several times a second whether it could have the lease alone; once that held for Options.Linger it keeps the lease,
// so that nobody joins a dying server, and stops PostgreSQL. File locks vanish with their process: a user that is
// killed with SIGKILL leaves no server behind. A killed supervisor takes PostgreSQL along (parent-death signal on
// Linux; elsewhere the next user stops it), and users of a durable server launch a new one within a second.
//
// Supervise must therefore be the first line of main and of TestMain.
package localpg
