package models

import (
	"os"
	"slices"
	"strings"
)

// steering are the beginnings of the names of environment variables by which a
// user may tell the compiler and its libraries to compute otherwise: fast
// arithmetic, another set of instructions, other threads, other products of
// matrices. Results are addressed by what leads to them, and a user's
// environment is no part of that. What only tells what is going on (as TF_CPP_*
// does) may stay; TestEnvironment finds a variable that is missing here.
var steering = []string{
	"XLA_", "TF_XLA_", "TENSORFLOW_", "ONEDNN_", "DNNL_", "SLINKY_", "YNN", "XNN", "EIGEN_",
	"OMP_", "KMP_", "MKL_", "NPROC", "PJRT_NPROC", "LLVM_",
	"NVIDIA_TF32_OVERRIDE", "CUBLAS_", "CUBLASLT_", "CUDNN_", "NCCL_",
	"GOPJRT_",
}

// steers reports whether a variable changes how programs are computed.
func steers(name string) bool {
	return slices.ContainsFunc(steering, func(s string) bool { return strings.HasPrefix(name, s) })
}

// Unheeded lists the variables of the environment that a user may expect to
// change a computation here and that do not, because sessions take them out.
func Unheeded() []string {
	var names []string
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); steers(name) {
			names = append(names, name)
		}
	}
	return names
}

// shutOut takes those variables out of the process's environment, that of its C
// part as well. It comes before the plugin is loaded, which reads them once.
func shutOut() {
	for _, name := range Unheeded() {
		os.Unsetenv(name)
	}
}
