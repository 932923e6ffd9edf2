#!/bin/bash
# The same without Snakemake, one subject a task:
#   sbatch --array=0-99 --export=ALL,CHAPTER=ch05 cluster/array.sh
# and when all are done, from the same folder, `bin/fragility record merge receipts/ch05/*.zip`.
#SBATCH --cpus-per-task=1
#SBATCH --mem=2500M
#SBATCH --time=8:00:00
#SBATCH --requeue
#SBATCH --output=/dev/null
set -euo pipefail
FRAGILITY=${FRAGILITY:-${SLURM_SUBMIT_DIR:-.}/bin/fragility}
mkdir -p "receipts/$CHAPTER" "logs/$CHAPTER"
# SET may hold further flags, as "--set Profile=smoke".
# shellcheck disable=SC2086
exec "$FRAGILITY" record extend "$CHAPTER" --seeds "$SLURM_ARRAY_TASK_ID" ${SET:-} \
	--to "receipts/$CHAPTER/$SLURM_ARRAY_TASK_ID.zip" >> "logs/$CHAPTER/$SLURM_ARRAY_TASK_ID.log" 2>&1
