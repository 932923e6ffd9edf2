#!/bin/bash
# The same without Snakemake, one subject a task, or a block of ten with 0-99:10, which suits chapters 1 to 8:
#   sbatch --array=0-99:10 --export=ALL,CHAPTER=ch05 cluster/array.sh
# and when all are done, from the same folder, `bin/fragility record merge receipts/ch05/*.zip`.
#SBATCH --cpus-per-task=1
#SBATCH --mem=2500M
#SBATCH --time=8:00:00
#SBATCH --requeue
#SBATCH --output=/dev/null
set -euo pipefail
FRAGILITY=${FRAGILITY:-${SLURM_SUBMIT_DIR:-.}/bin/fragility}
SEEDS=$SLURM_ARRAY_TASK_ID
STEP=${SLURM_ARRAY_TASK_STEP:-1}
[ "$STEP" = 1 ] || SEEDS=$SEEDS-$((SEEDS + STEP - 1))
mkdir -p "receipts/$CHAPTER" "logs/$CHAPTER"
# SET may hold further flags, as "--set Profile=smoke".
# shellcheck disable=SC2086
exec "$FRAGILITY" record extend "$CHAPTER" --seeds "$SEEDS" ${SET:-} \
	--to "receipts/$CHAPTER/$SEEDS.zip" >> "logs/$CHAPTER/$SEEDS.log" 2>&1
