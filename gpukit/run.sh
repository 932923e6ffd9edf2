#!/bin/sh
# Holds fragility on this machine's NVIDIA GPU against the CPU's numbers that lie here, and prints a table.
#
#   ./run.sh          with JAX's CUDA plugin, from the active Python environment
#   ./run.sh FILE.so  with that PJRT plugin, whatever it computes on
#
# After LIMIT seconds (600) nothing of it runs any more, nor after a fault or an interruption.
# It ends with 0 where all passes, with 1 where something does not, and with 2 where it could not begin.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2
log=$PWD/gpu-kit.log

refuse() {
	echo "run.sh: $*" >&2
	exit 2
}

# sites lists the folders that have Python's packages.
sites() {
	for root in "${VIRTUAL_ENV:-}" "${CONDA_PREFIX:-}"; do
		[ -z "$root" ] || ls -d "$root"/lib*/python3*/site-packages 2>/dev/null
	done
	python3 -c 'import sys; print("\n".join(sys.path))' 2>/dev/null
}

# find_plugin prints the first CUDA plugin in them.
find_plugin() {
	sites | while IFS= read -r site; do
		for cuda in 13 12; do
			if [ -f "$site/jax_plugins/xla_cuda$cuda/xla_cuda_plugin.so" ]; then
				echo "$site/jax_plugins/xla_cuda$cuda/xla_cuda_plugin.so"
				break 2
			fi
		done
	done
}

# gpus lists what there is to compute on.
gpus() {
	timeout 20 nvidia-smi -L 2>/dev/null | grep '^GPU' || ls /dev/nvidia[0-9]* /dev/dxg 2>/dev/null
}

command -v timeout >/dev/null || refuse "the command timeout (of the coreutils) was not found; without it nothing could end what hangs"
if [ $# -gt 0 ]; then
	plugin=$1 name=$(basename "$1") device="the plugin $1"
	[ -f "$plugin" ] || refuse "there is no plugin $plugin"
else
	device=$(gpus)
	[ -n "$device" ] || refuse "no NVIDIA GPU was found: nvidia-smi lists none, and there is no /dev/nvidia0"
	plugin=$(find_plugin) name=pjrt_c_api_cuda_plugin.so
	[ -n "$plugin" ] || refuse "no CUDA plugin of JAX was found in VIRTUAL_ENV, CONDA_PREFIX or python3's sys.path: activate an environment that has jax[cuda12] or jax[cuda13], or name a PJRT plugin (./run.sh FILE.so)"
fi

links=$(mktemp -d) || refuse "no temporary folder could be made"
child=
stop() {
	[ -z "$child" ] || { kill "$child" 2>/dev/null; wait "$child"; }
	exit 130
}
trap 'rm -rf "$links"' EXIT
trap stop INT TERM HUP

# The plugin under a name that is looked for. It finds its libraries in ../nvidia, seen from where it seems to lie,
# and what compiles for the GPU where a CUDA toolkit has it, in ../nvidia/bin and ../nvidia/nvvm.
case $plugin in /*) ;; *) plugin=$PWD/$plugin ;; esac
mkdir "$links/plugin" "$links/nvidia" && ln -s "$plugin" "$links/plugin/$name" || refuse "no links could be made in $links"
packages=$(dirname "$(dirname "$(dirname "$plugin")")")
for part in "$packages"/nvidia/* "$packages"/nvidia/cuda_nvcc/bin "$packages"/nvidia/cuda_nvcc/nvvm "$packages"/nvidia/cu13/bin "$packages"/nvidia/cu13/nvvm; do
	[ ! -d "$part" ] || ln -s "$part" "$links/nvidia/" 2>/dev/null
	[ ! -d "$part/lib" ] || LD_LIBRARY_PATH=$part/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
done
export PJRT_PLUGIN_LIBRARY_PATH="$links/plugin" LD_LIBRARY_PATH="${LD_LIBRARY_PATH:-}" CUDA_VISIBLE_DEVICES="${CUDA_VISIBLE_DEVICES:-0}"

line() { printf '%-12s %-6s %8s %8s %8s  %s\n' "$@"; }

echo "On:     $device"
echo "Plugin: $plugin"
echo "CPU:    $(cat "$here/about.txt")"
echo
line check result seconds "CPU's" faster remark
failed=0
end=$(($(date +%s) + ${LIMIT:-600} - 5)) # what does not heed a signal has five seconds
set -- "$here"/reference/*.json
while [ $# -gt 0 ]; do
	name=$(basename "$1" .json) name=${name#*-}
	left=$((end - $(date +%s)))
	[ $# -eq 1 ] || left=$((left / 2)) # so that none takes the time of all
	if [ $left -lt 1 ]; then
		status=124
	else
		timeout -k 5 $left "$here/fragility" gpu-kit check "$1" 2>>"$log" &
		child=$!
		wait $child
		status=$?
		child=
	fi
	case $status in
	0) ;;
	1) failed=1 ;; # and the row says why
	124 | 130) failed=1 && line "$name" TIME "$left" - - "it was ended after so many seconds" ;;
	*) failed=1 && line "$name" FAULT - - - "the process ended with status $status; see $log" ;;
	esac
	shift
done
exit $failed
