package notebook

import "syscall"

// ownGroup starts a process as the leader of a process group.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
