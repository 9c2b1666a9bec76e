package localpg

import "syscall"

// ownProgram is this very program, even when its file was replaced or removed since it started.
func ownProgram() (string, error) { return "/proc/self/exe", nil }

// bindToParent has the kernel stop the child when the thread that made it ends, however that happens.
func bindToParent(attributes *syscall.SysProcAttr) *syscall.SysProcAttr {
	attributes.Pdeathsig = syscall.SIGINT
	return attributes
}
