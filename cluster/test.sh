#!/bin/bash
# What `make test-cluster` runs: real Slurm on this machine, two nodes of one core; subjects through Snakemake and
# through a bare job array, a job that is cancelled and goes on, a node of another type; every result has to be the
# bytes of one process. It needs root, for Debian's packages and the daemons, and ends what it started.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d /tmp/fragility-cluster-XXXXXX)
chmod 755 "$work"
fragility=$root/bin/fragility
say() { echo "test-cluster: $*"; }
fail() { say "FAILED: $*"; exit 1; }

[ "$(id -u)" = 0 ] || fail "it needs root, for the packages slurm-wlm and munge and their daemons"
if ! command -v slurmctld munged >/dev/null; then
	# A policy of 101 keeps the packages from starting daemons.
	[ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; policy=1; }
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge >"$work/apt.log" 2>&1 ||
		fail "slurm-wlm and munge cannot be installed (is there a network?): $(tail -n 1 "$work/apt.log")"
	[ -z "${policy:-}" ] || rm /usr/sbin/policy-rc.d
fi
if [ -e /etc/slurm/slurm.conf ] && ! grep -q '^ClusterName=fragilitytest$' /etc/slurm/slurm.conf; then
	fail "this machine has a Slurm of its own (/etc/slurm/slurm.conf), which stays as it is"
fi
venv=$root/.venv-cluster
if [ ! -x "$venv/bin/snakemake" ]; then
	"${PYTHON:-python3}" -m venv "$venv"
	"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$root/cluster/requirements.txt"
fi

end() {
	for f in "$work"/*.pid; do [ ! -e "$f" ] || kill "$(cat "$f")" 2>/dev/null || true; done
	[ -z "${munge:-}" ] || kill "$munge" 2>/dev/null || true
	rm -f /etc/slurm/slurm.conf
	rm -rf "$work"
}
trap end EXIT

# Jobs find slurm.conf in /etc/slurm alone.
mkdir -p /etc/slurm "$work/state"
{
	echo "ClusterName=fragilitytest
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool.%n
SlurmctldPidFile=$work/controller.pid
SlurmdPidFile=$work/%n.pid
SlurmctldLogFile=$work/controller.log
SlurmdLogFile=$work/%n.log
SlurmctldPort=17002
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
MinJobAge=86400
KillWait=5
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP"
	for n in 1 2; do
		echo "NodeName=n$n NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=$((17002 + n)) CPUs=1 RealMemory=6000 State=UNKNOWN"
	done
} >/etc/slurm/slurm.conf
if ! munge -n >/dev/null 2>&1; then
	install -d -o munge -g munge -m 0755 /run/munge
	runuser -u munge -- /usr/sbin/munged --force
	munge=$(pgrep -n munged)
fi
slurmctld
slurmd -N n1
slurmd -N n2
for _ in $(seq 30); do [ "$(sinfo -h -t idle -o %D 2>/dev/null)" = 2 ] && break; sleep 1; done
[ "$(sinfo -h -t idle -o %D)" = 2 ] || fail "the nodes do not come up: $(sinfo 2>&1 | tail -n 1)"
say "Slurm runs, two nodes of one core"

export FRAGILITY_RECORD=
smoke="--set Profile=smoke"
FRAGILITY_STORE=$work/one
export FRAGILITY_STORE
for ch in ch01 ch05; do "$fragility" run $ch $smoke --seeds 0-3 --format csv --out "$work/$ch.csv" 2>/dev/null; done
say "one process has computed chapters 1 and 5"

# Snakemake, which starts a job a block of two subjects.
export FRAGILITY_STORE=$work/store FRAGILITY_RECORD=$work/record
mkdir "$work/snakemake" && cd "$work/snakemake"
"$venv/bin/snakemake" --snakefile "$root/cluster/Snakefile" --profile "$root/cluster/slurm" --quiet all --latency-wait 5 \
	--slurm-init-seconds-before-status-checks 5 --config chapters=ch01,ch05 seeds=0-3 block=2 set=Profile=smoke >"$work/snakemake.log" 2>&1 ||
	fail "Snakemake: $(tail -n 20 "$work/snakemake.log")"
for ch in ch01 ch05; do cmp "$work/$ch.csv" results/$ch.csv || fail "Snakemake's $ch is not that of one process"; done
say "Snakemake: the bytes of one process"

# A job array, with a store of its own that is merged afterwards.
export FRAGILITY_STORE=$work/arraystore FRAGILITY_RECORD=$work/arrayrecord
mkdir "$work/array" && cd "$work/array"
CHAPTER=ch01 SET=$smoke FRAGILITY=$fragility sbatch --quiet --wait --array=0-3:2 --export=ALL "$root/cluster/array.sh" || fail "the array: $(cat logs/ch01/*.log)"
"$fragility" record merge receipts/ch01/*.zip >/dev/null
export FRAGILITY_STORE=$work/merged
"$fragility" store merge "$work/arraystore" >/dev/null
FRAGILITY_RECORD='' "$fragility" run ch01 $smoke --seeds 0-3 --stored --format csv --out merged.csv 2>/dev/null
FRAGILITY_STORE=$work/none "$fragility" run ch01 $smoke --seeds 0-3 --stored --format csv --out gathered.csv 2>/dev/null
cmp "$work/ch01.csv" gathered.csv && cmp "$work/ch01.csv" merged.csv || fail "the array's chapter 1 is not that of one process"
say "job array: the bytes of one process, from the receipts and from the merged store"

# A job that is cancelled in its training goes on where it was.
export FRAGILITY_STORE=$work/cancelled FRAGILITY_RECORD=
long="$smoke --set SSRIEpochs=3000"
export CHAPTER=ch05 SET=$long FRAGILITY=$fragility
job=$(sbatch --parsable --array=0 --export=ALL "$root/cluster/array.sh")
for _ in $(seq 90); do grep -q "epoch [0-9]* of 3000" logs/ch05/0.log 2>/dev/null && break; sleep 1; done
scancel --signal=KILL "$job" && sleep 1 && scancel "$job" 2>/dev/null || true
for _ in $(seq 30); do [ -z "$(squeue -h -j "$job" 2>/dev/null)" ] && break; sleep 1; done
kept=$("$fragility" store ls | grep -c train || true)
[ "$kept" -gt 0 ] || fail "the cancelled job kept nothing"
before=$(wc -c <logs/ch05/0.log)
sbatch --quiet --wait --array=0 --export=ALL "$root/cluster/array.sh" || fail "the job that was cancelled: $(tail -n 3 logs/ch05/0.log)"
tail -c "+$((before + 1))" logs/ch05/0.log | grep -q 'reused [1-9]' || fail "the job began anew: $(tail -n 3 logs/ch05/0.log)"
say "a cancelled job goes on"

# A node of another type: its subjects are shown as what they are, and nothing is computed.
export FRAGILITY_STORE=$work/store FRAGILITY_RECORD=$work/mixed
"$fragility" record extend ch01 $smoke --seeds 0-1 --to "$work/here.zip" >/dev/null 2>&1
GODEBUG=cpu.avx512f=off FRAGILITY_STORE=$work/otherstore "$fragility" record extend ch01 $smoke --seeds 2-3 --to "$work/there.zip" >/dev/null 2>&1
"$fragility" record merge "$work/here.zip" "$work/there.zip" >/dev/null
FRAGILITY_STORE=$work/none "$fragility" run ch01 $smoke --seeds 0-3 --stored --format csv --out "$work/mixed.csv" 2>"$work/mixed.log" || fail "$(cat "$work/mixed.log")"
grep -q 'subjects 2-3 recorded on' "$work/mixed.log" || fail "subjects of another type of node are not named: $(cat "$work/mixed.log")"
say "a node of another type: named, and not mixed"
say "passed in $SECONDS s"
