package main

import "syscall"

// endWithParent has the kernel end what a test started when the process of the tests is gone: killed, or out of time.
func endWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
